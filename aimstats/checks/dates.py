"""A table of dates whose columns changed places, which shows in the order of its dates; another day by itself is news."""

from __future__ import annotations

from datetime import datetime

from aimstats.checks.thresholds import SWAPPED_DATES, SWAPPED_DATES_SHARE
from aimstats.domain.claims import Flat, HeldTogether, Kept, ListingRows, json_value
from aimstats.domain.reasons import Reason

DATES = "dates of lifecycle events"
_BEFORE_THE_END = ("announced", "legacy", "deprecated")


def keep_swapped_dates(flat: Flat) -> None:
    """Keep all dates of a document back where an end lies before what comes before it in a good part of its listings."""
    dated = [listing for listing in flat.listings if listing.claims and _days(listing)]
    compared = [listing for listing in dated if _ends_and_begins(listing)]
    wrong = [listing for listing in compared if _is_wrong(listing)]
    if len(wrong) < SWAPPED_DATES.value or len(wrong) < len(compared) * SWAPPED_DATES_SHARE.value:
        return
    covers = tuple(Kept(listing.key, listing.ordinal, "lifecycle") for listing in dated)
    for listing in dated:
        listing.claims = [claim for claim in listing.claims if claim.kind != "lifecycle"]
    reason = Reason("dates_swapped", number=len(wrong), total=len(compared))
    flat.together.append(HeldTogether(DATES, "dates_swapped", reason, covers, waits=False))


def _days(listing: ListingRows) -> list[tuple[str, datetime]]:
    events = [(claim.key.split("#", 1)[0], json_value(claim.value)) for claim in listing.claims if claim.kind == "lifecycle"]
    return [(event, datetime.fromisoformat(value["at"])) for event, value in events if value["at"]]


def _ends_and_begins(listing: ListingRows) -> bool:
    events = {event for event, _ in _days(listing)}
    return "retired" in events and not events.isdisjoint(_BEFORE_THE_END)


def _is_wrong(listing: ListingRows) -> bool:
    days = _days(listing)
    ends = [at for event, at in days if event == "retired"]
    return any(at.date() > end.date() for event, at in days if event in _BEFORE_THE_END for end in ends)
