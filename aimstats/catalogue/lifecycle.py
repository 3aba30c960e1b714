"""Where a model or an offer stands in its life: from lifecycle claims, never from a floor or a placeholder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from aimstats.catalogue.grouping import UNDATED
from aimstats.catalogue.views import SELLER_KINDS, ClaimView, ListingView
from aimstats.domain.spans import end_of_month
from aimstats.identity import Name, resolve


def _at(claim: ClaimView) -> datetime | None:
    """When the event takes place; one that is stated by its month, at the month's end."""
    text = claim.value.get("at")
    if not text:
        return None
    instant = datetime.fromisoformat(text)
    return end_of_month(instant) if claim.value["precision"] == "month" else instant


def _meant(stated: str, listing: ListingView) -> str:
    """The model id that a replacement's name means at its seller; the name itself where it means no model."""
    named = Name(source=listing.source.id, provider=listing.provider_stated, external_id=stated)
    return resolve(named).model or stated


def life_of(listings: Iterable[ListingView], at: datetime) -> dict[str, Any]:
    """`deprecation_date`, `retirement_date`, `retirement_not_before`, `replacements` and whether it is deprecated or retired.

    Of several sources the first in the order of trust states an event; dates are `YYYY-MM-DD`.
    """
    dates: dict[str, datetime] = {}
    replacements: list[str] = []
    floor: datetime | None = None
    deprecated = False
    for listing in sorted(listings, key=lambda row: row.sorting):
        for claim in sorted(listing.current, key=lambda claim: claim.key):
            if claim.kind != "lifecycle":
                continue
            event, when, precision = claim.key.partition("#")[0], _at(claim), claim.value["precision"]
            if precision == "floor":
                floor = floor or when
            elif event in ("retired", "redirected") and when is not None:
                dates.setdefault("retired", when)
            elif event in ("announced", "deprecated") and when is not None:
                dates.setdefault("deprecated", when)
            if event in ("deprecated", "legacy") and (when is None or when <= at):
                deprecated = True
            for stated in claim.value.get("replacements", ()):
                name = _meant(stated, listing)
                if name not in replacements:
                    replacements.append(name)
    retired = dates.get("retired")
    return {
        "deprecation_date": dates["deprecated"].date().isoformat() if "deprecated" in dates else None,
        "retirement_date": retired.date().isoformat() if retired else None,
        "retirement_not_before": floor.date().isoformat() if floor and not retired else None,
        "replacements": replacements,
        "deprecated": deprecated or retired is not None or ("deprecated" in dates and dates["deprecated"] <= at),
        "retired": retired is not None and retired <= at,
    }


def status_of(life: dict[str, Any], stated: str | None) -> str:
    """`preview active deprecated retired`: the lifecycle's word first, then what the source states."""
    if life["retired"] or stated == "retired":
        return "retired"
    if life["deprecated"] or stated == "deprecated":
        return "deprecated"
    return "preview" if stated == "preview" else "active"


def model_life(listings: list[ListingView], first_party: frozenset[str], at: datetime) -> dict[str, Any]:
    """The life of the model itself, from its developer's own provider alone.

    The undated listing speaks for the model; without one the model retires when the last of its snapshots does.
    """
    own = [row for row in listings if row.provider in first_party and not row.variant and row.source.kind in SELLER_KINDS]
    undated = [row for row in own if row.snapshot in UNDATED]
    if undated or not own:
        return life_of(undated, at)
    by_snapshot = [life_of([row for row in own if row.snapshot == name], at) for name in {row.snapshot for row in own}]
    if all(life["retirement_date"] for life in by_snapshot):
        return max(by_snapshot, key=lambda life: life["retirement_date"])
    return life_of([], at)
