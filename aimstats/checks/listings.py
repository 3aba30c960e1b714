"""What is wrong between the figures of one listing: plans, caches and columns that cannot stand beside each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Final

from aimstats.checks.figures import Figure, is_far
from aimstats.checks.items import (
    UNIT_SLIPS,
    Finding,
    absurd,
    disagrees,
    dollars,
    is_confirmed,
    is_near_others,
    moved,
    unlike_its_seller,
    what,
)
from aimstats.checks.others import Others
from aimstats.checks.peers import Peers
from aimstats.checks.thresholds import (
    AUDIO_ABOVE_INPUT,
    BATCH_ABOVE_STANDARD,
    CACHE_READ_ABOVE_INPUT,
    CACHE_READ_BELOW_INPUT,
    CACHE_READ_DISCOUNT,
    CACHE_WRITE_ABOVE_INPUT,
    CACHE_WRITE_BELOW_INPUT,
    IMAGE_ABOVE_INPUT,
    MEDIA_BELOW_INPUT,
    OTHER_TERMS,
    OUTPUT_ABOVE_INPUT,
    OUTPUT_BELOW_INPUT,
    PRIORITY_ABOVE_STANDARD,
    Threshold,
)
from aimstats.domain.claims import json_value
from aimstats.domain.prices import parse_price_key

Findings = dict[Figure, Finding]
_OTHER_PLAN: Final[dict[str, Threshold]] = {
    "batch": BATCH_ABOVE_STANDARD,
    "flex": BATCH_ABOVE_STANDARD,
    "priority": PRIORITY_ABOVE_STANDARD,
    "fast": PRIORITY_ABOVE_STANDARD,
}
_OTHER_METER: Final[dict[str, tuple[Threshold | None, Threshold]]] = {
    # meter -> (at least, at most) times the input price
    "cache_read": (CACHE_READ_BELOW_INPUT, CACHE_READ_DISCOUNT),
    "cache_write": (CACHE_WRITE_BELOW_INPUT, CACHE_WRITE_ABOVE_INPUT),
    "cache_write_1h": (CACHE_WRITE_BELOW_INPUT, CACHE_WRITE_ABOVE_INPUT),
    "output": (None, OUTPUT_ABOVE_INPUT),
    "reasoning": (MEDIA_BELOW_INPUT, OUTPUT_ABOVE_INPUT),
    "output_audio": (MEDIA_BELOW_INPUT, OUTPUT_ABOVE_INPUT),
    "output_image": (MEDIA_BELOW_INPUT, OUTPUT_ABOVE_INPUT),
    "input_audio": (MEDIA_BELOW_INPUT, AUDIO_ABOVE_INPUT),
    "input_video": (MEDIA_BELOW_INPUT, AUDIO_ABOVE_INPUT),
    "input_image": (MEDIA_BELOW_INPUT, IMAGE_ABOVE_INPUT),
}
_NEAR_DOLLARS: Final = frozenset({"EUR", "GBP", "CHF", "CAD", "AUD", "CNY"})
"""Currencies of which a dollar is a few: prices in them are a unit away from those in dollars only by mistake."""
_WRITES_ONE_WORD: Final = re.compile(r"guard|moderation|shield|safety|embed|rerank|classif", re.IGNORECASE)


def judge_listing(figures: Sequence[Figure], others: Others, peers: Peers) -> Findings:
    """The figures of one listing that must not be published, with the first check that each fails."""
    fresh = [figure for figure in figures if figure.is_fresh]
    found: Findings = {}
    for figure in fresh:
        finding = moved(figure, others) or absurd(figure) or disagrees(figure, others) or unlike_its_seller(figure, others, peers)
        if finding is not None:
            found[figure] = finding
    prices = [figure for figure in figures if figure.is_price and figure.now > 0]
    for one, other, finding in (*_exchanged(fresh, others), *_impossible(prices), *_on_other_terms(prices)):
        for figure in (one, other):
            if figure.is_fresh and not is_confirmed(figure, others):
                found.setdefault(figure, finding)
    if any(finding.check in UNIT_SLIPS for finding in found.values()):
        slipped = {parse_price_key(figure.claim.key).base_unit for figure in found if figure.is_price}
        for figure in fresh:
            if figure.is_price and parse_price_key(figure.claim.key).base_unit in slipped and is_beside(figure, others):
                reason = f"{what(figure)} {dollars(figure.now)} stands in a new listing beside a price in a wrong unit"
                found.setdefault(figure, Finding("beside_a_slip", reason))
    return found


def is_beside(figure: Figure, others: Others) -> bool:
    """Whether a new price shares the fate of one in a wrong unit: nobody else says about as much."""
    return figure.is_price and figure.is_first and figure.now > 0 and not is_near_others(figure, others)


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


def _impossible(prices: Sequence[Figure]) -> Iterator[tuple[Figure, Figure, Finding]]:
    """Pairs of prices of one listing that cannot both be right; a step of a history is held against the one of its time."""
    by_start = {(figure.claim.key, figure.claim.valid_from): figure for figure in prices}
    latest = {figure.claim.key: figure for figure in prices}

    def beside(figure: Figure, key: str) -> Figure | None:
        same = by_start.get((key, figure.claim.valid_from))
        return same or (latest.get(key) if figure is latest[figure.claim.key] else None)

    for figure in prices:
        meter, plan, rest = figure.claim.key.split("|", 2)
        base = beside(figure, f"{meter}|standard|{rest}")
        if base is not None and plan in _OTHER_PLAN and _is_above(figure, base, _OTHER_PLAN[plan]):
            yield (*_pair(figure, base), Finding("plans", _reason(figure, base)))
        base = beside(figure, f"input|{plan}|{rest}")
        if base is None or meter not in _OTHER_METER:
            continue
        least, most = _OTHER_METER[meter]
        if _is_above(figure, base, most) or (least is not None and figure.now < base.now * least.value):
            yield (*_pair(figure, base), Finding("meters", _reason(figure, base)))
        elif meter == "output" and figure.now <= base.now * OUTPUT_BELOW_INPUT.value and _writes_text(figure):
            yield figure, base, Finding("columns", f"{_reason(figure, base)}; text models ask more for output: a swapped column?")


def _on_other_terms(prices: Sequence[Figure]) -> Iterator[tuple[Figure, Figure, Finding]]:
    """Pairs of one meter and currency on different terms, of which the new one is a unit away from all the others."""
    by_meter: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure in prices:
        key = parse_price_key(figure.claim.key)
        currency = "USD" if key.currency in _NEAR_DOLLARS else key.currency
        by_meter[figure.claim.key.split("|", 1)[0], currency].append(figure)
    for members in by_meter.values():
        for figure in members:
            rest = [other for other in members if other.claim.key != figure.claim.key] if figure.is_first else []
            rest = [other for other in rest if not other.is_first] or rest
            rest = [other for other in rest if _is_list_price(other)] or rest
            if not rest:
                continue
            nearest = min(rest, key=lambda other: max(figure.now / other.now, other.now / figure.now))
            if is_far(figure.now, nearest.now, OTHER_TERMS.value):
                is_alone = not any(
                    other is not nearest and not is_far(other.now, nearest.now, OTHER_TERMS.value) for other in rest
                )
                finding = Finding("terms", f"{_reason(figure, nearest)}: probably another unit")
                yield figure, nearest if is_alone else figure, finding


def _is_list_price(figure: Figure) -> bool:
    key = parse_price_key(figure.claim.key)
    return key.plan == "standard" and not key.promotional


def _pair(figure: Figure, base: Figure) -> tuple[Figure, Figure]:
    """The two that may be wrong; where only the derived one can be (priority, a cache), that one twice."""
    key = parse_price_key(figure.claim.key)
    is_derived = key.plan in ("priority", "fast") or key.meter.startswith("cache_write")
    if key.meter == "cache_read":
        is_derived = figure.now > base.now and not _is_above(figure, base, CACHE_READ_ABOVE_INPUT)
    return (figure, figure) if is_derived and figure.is_fresh else (figure, base)


def _is_above(figure: Figure, base: Figure, limit: Threshold) -> bool:
    return figure.now > base.now * limit.value


def _reason(figure: Figure, base: Figure) -> str:
    ratio: Decimal = figure.now / base.now
    many = f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2f}" if ratio >= Decimal("0.1") else f"1/{1 / ratio:,.0f}"
    return f"{what(figure)} {dollars(figure.now)} is {many} times the {what(base)} {dollars(base.now)}"


def _writes_text(figure: Figure) -> bool:
    """Whether nothing says that the model answers with less than text (a guard, an embedding)."""
    stated = {claim.key: json_value(claim.value) for claim in figure.listing.claims if claim.key in ("type", "name")}
    named = f"{figure.listing.key[2]} {stated.get('name', '')}"
    return stated.get("type", "text") == "text" and _WRITES_ONE_WORD.search(named) is None
