"""What a listing means before it is written: the gate compares it with others by that."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from aimstats.checks.others import Meaning, Meant
from aimstats.domain.claims import ListingRows, json_value
from aimstats.domain.items import Source
from aimstats.ingest.assignments import NAMING_FACTS, meaning_of


def meaning_for(source: Source) -> Meaning:
    """The rules of identity for listings of one source."""

    def meant(listing: ListingRows) -> Meant | None:
        provider, host, external_id, region, variant = listing.key
        identity: dict[str, Any] = next((json_value(claim.value) for claim in listing.claims if claim.kind == "identity"), {})
        facts = {
            claim.key: json_value(claim.value) for claim in listing.claims if claim.kind == "fact" and claim.key in NAMING_FACTS
        }
        stated = SimpleNamespace(
            id=0, source=source.id, provider=provider, host=host, external_id=external_id, region=region, variant=variant,
            is_page_name=listing.is_page_name, source_kind=source.kind, identity=identity, facts=facts,
        )  # fmt: skip
        row = meaning_of(stated)
        if row["model"] is None:
            return None
        return Meant(row["provider"], row["host"], row["model"], row["offer_variant"], row["region"])

    return meant
