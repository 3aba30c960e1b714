"""What is wrong between the figures of one listing: plans, caches and columns that cannot stand beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Final

from aimstats.checks.figures import Figure, is_far
from aimstats.checks.items import UNIT_SLIPS, Finding, absurd, disagrees, dollars, is_confirmed, moved, what
from aimstats.checks.others import Others
from aimstats.checks.thresholds import (
    BATCH_ABOVE_STANDARD,
    BESIDE_A_SLIP,
    CACHE_READ_ABOVE_INPUT,
    CACHE_READ_DISCOUNT,
    CACHE_WRITE_ABOVE_INPUT,
    OUTPUT_ABOVE_INPUT,
    OUTPUT_BELOW_INPUT,
    PRIORITY_ABOVE_STANDARD,
    Threshold,
)
from aimstats.domain.claims import json_value
from aimstats.domain.prices import MTOK, parse_price_key

Findings = dict[Figure, Finding]
_OTHER_PLAN: Final[dict[str, Threshold]] = {
    "batch": BATCH_ABOVE_STANDARD,
    "flex": BATCH_ABOVE_STANDARD,
    "priority": PRIORITY_ABOVE_STANDARD,
}
_OTHER_METER: Final[dict[str, Threshold]] = {
    "cache_read": CACHE_READ_DISCOUNT,
    "cache_write": CACHE_WRITE_ABOVE_INPUT,
    "cache_write_1h": CACHE_WRITE_ABOVE_INPUT,
    "output": OUTPUT_ABOVE_INPUT,
}
_WRITES_ONE_WORD: Final = re.compile(r"guard|moderation|shield|safety|embed|rerank|classif", re.IGNORECASE)


def judge_listing(figures: Sequence[Figure], others: Others) -> Findings:
    """The figures of one listing that must not be published, with the first check that each fails."""
    fresh = [figure for figure in figures if figure.is_fresh]
    found: Findings = {}
    for figure in fresh:
        finding = moved(figure, others) or absurd(figure) or disagrees(figure, others)
        if finding is not None:
            found[figure] = finding
    prices = {figure.claim.key: figure for figure in figures if figure.is_price and figure.now > 0}
    for one, other, finding in (*_exchanged(fresh, others), *_impossible(prices)):
        for figure in (one, other):
            if figure.is_fresh and not is_confirmed(figure, others):
                found.setdefault(figure, finding)
    if any(finding.check in UNIT_SLIPS for finding in found.values()):
        found |= {figure: finding for figure, finding in _beside(fresh, others) if figure not in found}
    return found


def _beside(fresh: Sequence[Figure], others: Others) -> Iterator[tuple[Figure, Finding]]:
    """New token prices beside one in a wrong unit, unless others say about the same."""
    for figure in fresh:
        if figure.before is not None or not figure.is_price or figure.now == 0:
            continue
        if parse_price_key(figure.claim.key).base_unit != MTOK:
            continue
        said = others.of_the_offer(figure) or others.of_the_model(figure)
        if not said or is_far(figure.now, said, BESIDE_A_SLIP.value):
            reason = f"{what(figure)} {dollars(figure.now)} stands in a new listing beside a price in a wrong unit"
            yield figure, Finding("beside_a_slip", reason)


def _exchanged(fresh: Sequence[Figure], others: Others) -> Iterator[tuple[Figure, Figure, Finding]]:
    """Pairs that hold each other's former figure, or each other's figure at other sources."""
    prices = [figure for figure in fresh if figure.is_price and figure.now > 0]
    for one, other in combinations(prices, 2):
        if one.now == other.now or not one.claim.key.endswith("|USD|") or not other.claim.key.endswith("|USD|"):
            continue
        former, latter = one.before, other.before
        if former is None and latter is None:
            former, latter = others.of_the_offer(one), others.of_the_offer(other)
        if former is not None and latter is not None and (one.now, other.now) == (latter, former):
            reason = (
                f"{what(one)} and {what(other)} have changed places ({dollars(former)} and {dollars(latter)}): a swapped column"
            )
            yield one, other, Finding("swapped", reason)


def _impossible(prices: Mapping[str, Figure]) -> Iterator[tuple[Figure, Figure, Finding]]:
    """Pairs of prices of one listing that cannot both be right."""
    for key, figure in prices.items():
        meter, plan, rest = key.split("|", 2)
        base = prices.get(f"{meter}|standard|{rest}")
        if base is not None and plan in _OTHER_PLAN and _is_above(figure, base, _OTHER_PLAN[plan]):
            yield (*_pair(figure, base), Finding("plans", _reason(figure, base)))
        base = prices.get(f"input|{plan}|{rest}")
        if base is None or meter not in _OTHER_METER:
            continue
        if _is_above(figure, base, _OTHER_METER[meter]):
            yield (*_pair(figure, base), Finding("meters", _reason(figure, base)))
        elif meter == "output" and figure.now <= base.now * OUTPUT_BELOW_INPUT.value and _writes_text(figure):
            yield figure, base, Finding("columns", f"{_reason(figure, base)}; text models ask more for output: a swapped column?")


def _pair(figure: Figure, base: Figure) -> tuple[Figure, Figure]:
    """The two that may be wrong; where only the derived one can be (priority, a cache), that one twice."""
    key = parse_price_key(figure.claim.key)
    is_derived = key.plan == "priority" or key.meter.startswith("cache_write")
    if key.meter == "cache_read":
        is_derived = not _is_above(figure, base, CACHE_READ_ABOVE_INPUT)
    return (figure, figure) if is_derived and figure.is_fresh else (figure, base)


def _is_above(figure: Figure, base: Figure, limit: Threshold) -> bool:
    return figure.now > base.now * limit.value


def _reason(figure: Figure, base: Figure) -> str:
    ratio: Decimal = figure.now / base.now
    many = f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2f}"
    return f"{what(figure)} {dollars(figure.now)} is {many} times the {what(base)} {dollars(base.now)}"


def _writes_text(figure: Figure) -> bool:
    """Whether nothing says that the model answers with less than text (a guard, an embedding)."""
    stated = {claim.key: json_value(claim.value) for claim in figure.listing.claims if claim.key in ("type", "name")}
    named = f"{figure.listing.key[2]} {stated.get('name', '')}"
    return stated.get("type", "text") == "text" and _WRITES_ONE_WORD.search(named) is None
