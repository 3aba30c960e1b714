"""What listings tell beside a model of the seller itself: its API, its documentation, the variables that hold its key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aimstats.resolution.inputs import ListingView


def seller_told(listings: Iterable[ListingView]) -> dict[str, Any]:
    """`{"seller": {"docs", "api_base", "environment_variables", "source", "url"}}` of the first listing whose source tells any
    of it beside the model; empty where none does."""
    for listing in listings:
        for claim in listing.current:
            told = claim.value.get("evidence") or {} if claim.kind == "identity" else {}
            facts = {
                "docs": told.get("provider_doc"),
                "api_base": told.get("provider_api"),
                "environment_variables": (told.get("provider_env") or "").split(),
            }
            if any(facts.values()):
                return {"seller": facts | {"source": listing.source.id, "url": claim.url or claim.document.url}}
    return {}
