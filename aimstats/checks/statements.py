"""What cannot be true of dates, counts and scores, whatever else is known: placeholders, other units, wrong order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from aimstats.checks.findings import Finding
from aimstats.checks.thresholds import (
    FEWEST_PARAMETERS,
    FIRST_YEAR,
    LONGEST_LIMIT,
    MOST_DIMENSIONS,
    MOST_PARAMETERS,
    OUTPUT_ABOVE_CONTEXT,
    YEARS_AHEAD,
    YEARS_AHEAD_MEASURED,
    YEARS_AHEAD_RELEASED,
)
from aimstats.domain.claims import ClaimRow, ListingRows, json_value

_DATES: Final = ("release_date", "last_updated", "knowledge")
_WATCHED: Final = frozenset(
    (*_DATES, "limit.context", "limit.input", "limit.output", "parameters.total", "parameters.active", "embedding_dimensions")
)
_MOST: Final = {"percent": Decimal(100), "share": Decimal(1)}
"""The largest score of a unit."""
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
            yield from ((claim, finding) for finding in _score(json_value(claim.value), now))
        elif claim.kind == "price":
            for instant in (claim.valid_from, claim.valid_to):
                if instant is not None and (finding := _date("a price's date", instant.isoformat(), now, YEARS_AHEAD.value)):
                    yield claim, finding


def _date(what: str, stated: str, now: datetime, years_ahead: Decimal) -> Finding | None:
    """A date that no model has: before there were any, or years from now."""
    if int(stated[:4]) < FIRST_YEAR.value:
        return Finding("placeholder_date", f"{what} {stated[:10]} lies before {FIRST_YEAR.value}: probably a placeholder")
    last = now + timedelta(days=float(years_ahead * _DAYS_OF_A_YEAR))
    if stated[:10] > last.date().isoformat()[: len(stated)]:
        return Finding("placeholder_date", f"{what} {stated[:10]} lies too far ahead of {now:%Y-%m-%d}: probably a placeholder")
    return None


def _facts(facts: Mapping[str, _Fact], now: datetime) -> Found:
    for key, fact in facts.items():
        finding = _date(key, fact.value, now, YEARS_AHEAD_RELEASED.value) if key in _DATES else _count(key, fact.value)
        if finding is not None:
            yield fact.claim, finding
    context, output = facts.get("limit.context"), facts.get("limit.output")
    if context and output and output.value > context.value * OUTPUT_ABOVE_CONTEXT.value:
        reason = f"limit.output {output.value:,} is {output.value // context.value:,} times limit.context {context.value:,}"
        for fact in (context, output):
            yield fact.claim, Finding("limits", f"{reason}: probably thousands as units")
    total, active = facts.get("parameters.total"), facts.get("parameters.active")
    if total and active and active.value > total.value:
        reason = f"parameters.active {active.value:,} are more than parameters.total {total.value:,}"
        for fact in (total, active):
            yield fact.claim, Finding("parameters", f"{reason}: another unit or another field")


def _count(key: str, value: int) -> Finding | None:
    if key.startswith("limit.") and value > LONGEST_LIMIT.value:
        return Finding("placeholder", f"{key} {value:,} is beyond every model: a placeholder or another unit")
    if key.startswith("parameters.") and not FEWEST_PARAMETERS.value <= value <= MOST_PARAMETERS.value:
        return Finding("parameters", f"{key} {value:,} is the size of no model: probably millions or billions as units")
    if key == "embedding_dimensions" and value > MOST_DIMENSIONS.value:
        return Finding("dimensions", f"{key} {value:,} is beyond every model: another field?")
    return None


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
                reason = f"retired {at[:10]} lies before {earlier.key} {when[:10]}: dates have changed places"
                yield from ((one, Finding("order", reason)) for one in (claim, earlier))
        if released is not None and released.value > at[: len(released.value)]:
            reason = f"retired {at[:10]} lies before release_date {released.value}: one of the dates is wrong"
            yield from ((one, Finding("order", reason)) for one in (claim, released.claim))


def _score(stated: Mapping[str, Any], now: datetime) -> Iterator[Finding]:
    value = Decimal(stated["value"])
    most = _MOST.get(stated.get("unit", ""))
    if most is not None and value > most:
        yield Finding("beyond_its_unit", f"a score of {value} {stated['unit']} is more than {most}: another unit")
    low, high = (Decimal(stated[end]) if end in stated else None for end in ("ci_low", "ci_high"))
    if (low is not None and low > value) or (high is not None and high < value):
        shown = f"{'' if low is None else low} to {'' if high is None else high}"
        yield Finding("interval", f"the interval {shown} does not enclose the score {value}: another unit or other columns")
    run, task = (Decimal(stated[cost]) if cost in stated else None for cost in ("run_cost_usd", "cost_per_task_usd"))
    if run is not None and task is not None and run < task:
        yield Finding("costs", f"a run for ${run} has tasks for ${task}: one of them is in another unit")
    if "measured_on" in stated:
        finding = _date("measured_on", stated["measured_on"], now, YEARS_AHEAD_MEASURED.value)
        if finding is not None:
            yield finding
