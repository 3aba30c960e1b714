"""Days of lifecycle events that moved since the last reading: one or two of a page are news, a third of it is a fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aimstats.checks.figures import field_of
from aimstats.checks.items import Finding
from aimstats.checks.thresholds import ENDED_DAYS, MOVED_DATES, MOVED_DATES_SHARE, MOVED_DAYS
from aimstats.domain.claims import ClaimRow, Flat, ListingKey, ListingRows, json_value


@dataclass(frozen=True, slots=True)
class Day:
    """The date of an event, aware UTC, and how exact it is."""

    at: datetime
    precision: str

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Day:
        """The day that a claim states, which has one."""
        return cls(datetime.fromisoformat(value["at"]), value["precision"])

    def is_same(self, other: Day) -> bool:
        """Whether both may be one day: less than a day apart, or in one month where one of them is a month.

        >>> month = {"at": "2026-09-01T00:00:00+00:00", "precision": "month"}
        >>> day = {"at": "2026-09-14T00:00:00+00:00", "precision": "exact"}
        >>> Day.of(month).is_same(Day.of(day)), Day.of(day).is_same(Day.of(month | {"precision": "exact"}))
        (True, False)
        """
        if "month" in (self.precision, other.precision) and f"{self.at:%Y-%m}" == f"{other.at:%Y-%m}":
            return True
        return abs(self.at - other.at) < timedelta(days=float(MOVED_DAYS.value))


Days = Mapping[tuple[ListingKey, str], list[Day]]
"""The days of a document's events by listing and event: of one event there may be several."""


def _days(listings: Iterable[ListingRows]) -> Days:
    found: dict[tuple[ListingKey, str], list[Day]] = defaultdict(list)
    for listing in listings:
        for claim in listing.claims:
            if claim.kind == "lifecycle" and (value := json_value(claim.value))["at"]:
                found[listing.key, field_of(claim.kind, claim.key)].append(Day.of(value))
    return found


def ended_already(flat: Flat, before: Days, now: datetime) -> Iterator[tuple[ListingRows, ClaimRow, Finding]]:
    """The retirements that state another day than the one on which their listing, as of `now`, ended already."""
    last = now - timedelta(days=float(ENDED_DAYS.value))
    stated = _days(flat.listings)
    for listing in flat.listings:
        known = before.get((listing.key, "retired"), [])
        left = [day for day in known if not any(day.is_same(other) for other in stated.get((listing.key, "retired"), []))]
        past = [day for day in left if day.precision == "exact" and day.at < last]
        for claim in listing.claims if past else ():
            if claim.kind != "lifecycle" or field_of(claim.kind, claim.key) != "retired":
                continue
            value = json_value(claim.value)
            if value["at"] and not any(Day.of(value).is_same(day) for day in known):
                reason = (
                    f"retired {value['at'][:10]}; it was retired on {past[0].at:%Y-%m-%d} already: another row, or a wrong year"
                )
                yield listing, claim, Finding("ended_already", reason)


def dates_moved(flat: Flat, before: Days) -> Finding | None:
    """Many of the events that both readings date state another day now."""
    compared = moved = 0
    example = ""
    for place, days in _days(flat.listings).items():
        known = before.get(place, [])
        left = [day for day in known if not any(day.is_same(other) for other in days)]
        new = [day for day in days if not any(day.is_same(other) for other in known)]
        compared += min(len(days), len(known))
        moved += min(len(left), len(new))
        if left and new and not example:
            example = f"{place[1]} of {place[0][2]} from {left[0].at:%Y-%m-%d} to {new[0].at:%Y-%m-%d}"
    if moved < MOVED_DATES.value or moved < compared * MOVED_DATES_SHARE.value:
        return None
    reason = (
        f"{moved} of {compared} dates of lifecycle events moved at once ({example}): columns changed places, or another year?"
    )
    return Finding("dates_moved", reason)
