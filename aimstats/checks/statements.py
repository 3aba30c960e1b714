"""What cannot be true of dates and limits, whatever else is known: placeholders, and an end before what comes before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from aimstats.checks.findings import Finding
from aimstats.checks.thresholds import (
    FIRST_YEAR,
    LONGEST_LIMIT,
    YEARS_AHEAD,
    YEARS_AHEAD_MEASURED,
    YEARS_AHEAD_RELEASED,
)
from aimstats.domain.claims import ClaimRow, ListingRows, json_value
from aimstats.domain.reasons import Reason

_DATES: Final = ("release_date", "last_updated", "knowledge")
_LIMITS: Final = ("limit.context", "limit.input", "limit.output")
_WATCHED: Final = frozenset((*_DATES, *_LIMITS))
_DAYS_OF_A_YEAR: Final = Decimal("365.25")

Found = Iterator[tuple[ClaimRow, Finding]]


@dataclass(frozen=True, slots=True)
class _Fact:
    """A fact with its claim."""

    claim: ClaimRow
    value: Any


def untrue(listing: ListingRows, now: datetime) -> Found:
    """The claims of a listing that must not be published, each with its reason; `now` is the wall clock's (aware UTC)."""
    facts = {
        claim.key: _Fact(claim, json_value(claim.value))
        for claim in listing.claims
        if claim.kind == "fact" and claim.key in _WATCHED
    }
    yield from _facts(facts, now)
    yield from _lifecycle(listing, facts.get("release_date"), now)
    for claim in listing.claims:
        if claim.kind == "score":
            measured_on = json_value(claim.value).get("measured_on")
            if measured_on and (finding := _date("measured_on", measured_on, now, YEARS_AHEAD_MEASURED.value)):
                yield claim, finding
        elif claim.kind == "price":
            for instant in (claim.valid_from, claim.valid_to):
                if instant is None:
                    continue
                if finding := _date(Reason("date_of_price"), instant.isoformat(), now, YEARS_AHEAD.value):
                    yield claim, finding


def _date(what: str, stated: str, now: datetime, years_ahead: Decimal) -> Finding | None:
    """A date that no model has: before there were any, or years from now."""
    if int(stated[:4]) < FIRST_YEAR.value:
        return Finding("placeholder_date", Reason("too_early", date=what, day=stated[:10], year=str(FIRST_YEAR.value)))
    last = now + timedelta(days=float(years_ahead * _DAYS_OF_A_YEAR))
    if stated[:10] > last.date().isoformat()[: len(stated)]:
        reason = Reason("too_far_ahead", date=what, day=stated[:10], today=f"{now:%Y-%m-%d}")
        return Finding("placeholder_date", reason)
    return None


def _facts(facts: Mapping[str, _Fact], now: datetime) -> Found:
    for key, fact in facts.items():
        if key in _DATES:
            finding = _date(key, fact.value, now, YEARS_AHEAD_RELEASED.value)
        elif fact.value > LONGEST_LIMIT.value:
            finding = Finding("placeholder", Reason("beyond_every_model", limit=key, value=f"{fact.value:,}"))
        else:
            continue
        if finding is not None:
            yield fact.claim, finding


def _lifecycle(listing: ListingRows, released: _Fact | None, now: datetime) -> Found:
    events = [(claim, json_value(claim.value)) for claim in listing.claims if claim.kind == "lifecycle"]
    dated = [(claim, value["at"], value["precision"]) for claim, value in events if value["at"]]
    for claim, at, _ in dated:
        if finding := _date(claim.key.split("#", 1)[0], at, now, YEARS_AHEAD.value):
            yield claim, finding
    for claim, at, precision in dated:
        if not claim.key.startswith("retired") or precision != "exact":
            continue
        for earlier, when, _ in dated:
            if earlier.key.startswith(("announced", "legacy", "deprecated")) and when[:10] > at[:10]:
                reason = Reason("ends_before_notice", day=at[:10], event=earlier.key, other=when[:10])
                yield from ((one, Finding("order", reason)) for one in (claim, earlier))
        if released is not None and released.value > at[: len(released.value)]:
            reason = Reason("ends_before_release", day=at[:10], other=released.value)
            yield from ((one, Finding("order", reason)) for one in (claim, released.claim))
