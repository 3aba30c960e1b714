"""What is wrong between the figures of one listing: plans, caches and columns that cannot stand beside each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Final

from aimstats.checks.figures import Figure, ratio_of
from aimstats.checks.findings import CERTAIN_SLIPS, Finding, dollars, what
from aimstats.checks.moves import is_near_others
from aimstats.checks.others import Others
from aimstats.checks.thresholds import (
    AUDIO_ABOVE_INPUT,
    BATCH_ABOVE_STANDARD,
    CACHE_READ_ABOVE_INPUT,
    CACHE_READ_BELOW_INPUT,
    CACHE_READ_DISCOUNT,
    CACHE_WRITE_ABOVE_INPUT,
    CACHE_WRITE_BELOW_INPUT,
    DAYS_STATED,
    IMAGE_ABOVE_INPUT,
    MEDIA_BELOW_INPUT,
    MOVED_PRICE,
    OTHER_TERMS,
    OUTPUT_ABOVE_INPUT,
    OUTPUT_BELOW_INPUT,
    PRIORITY_ABOVE_STANDARD,
    Threshold,
)
from aimstats.domain.claims import json_value
from aimstats.domain.prices import parse_price_key
from aimstats.domain.reasons import Reason

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


def judge_pairs(figures: Sequence[Figure], others: Others) -> Findings:
    """The prices of one listing that cannot stand beside its others, with the first check that each fails.

    Only what is new, or moved so far that it may be another unit, is held: a move of less is the seller's own.
    """
    prices = [figure for figure in figures if figure.is_price and figure.now > 0]
    found: Findings = {}
    for one, other, finding in (*_impossible(prices), *_on_other_terms(prices)):
        for figure in (one, other):
            if figure.is_fresh and _may_be_wrong(figure) and not others.witnesses(figure).confirm(figure.now):
                found.setdefault(figure, finding)
    return found


def beside_impossible(figures: Sequence[Figure], found: Findings, others: Others) -> Findings:
    """The new prices of a listing in the base unit of one that stands in a wrong unit, but for those that others confirm."""
    slipped = {
        parse_price_key(figure.claim.key).base_unit
        for figure, finding in found.items()
        if figure.is_price and finding.check in CERTAIN_SLIPS
    }
    beside: Findings = {}
    for figure in figures:
        if figure in found or not is_beside(figure, others) or parse_price_key(figure.claim.key).base_unit not in slipped:
            continue
        reason = Reason("beside_a_wrong_unit", figure=what(figure), price=dollars(figure.now))
        beside[figure] = Finding("beside_a_slip", reason)
    return beside


def is_beside(figure: Figure, others: Others) -> bool:
    """Whether a new price shares the fate of one in a wrong unit: nobody else says about as much."""
    return figure.is_price and figure.is_fresh and figure.is_first and figure.now > 0 and not is_near_others(figure, others)


def _may_be_wrong(figure: Figure) -> bool:
    return not figure.before or ratio_of(figure.now, figure.before) >= MOVED_PRICE.value


def exchanged(prices: Sequence[Figure]) -> bool:
    """Whether two prices of a listing hold each other's former figure."""
    fresh = [figure for figure in prices if figure.is_price and figure.is_fresh and figure.now > 0 and figure.before]
    return any(
        one.now != other.now and (one.now, other.now) == (other.before, one.before) for one, other in combinations(fresh, 2)
    )


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
            yield (*_pair(figure, base), Finding("plans", _ratio(figure, base)))
        base = beside(figure, f"input|{plan}|{rest}")
        if base is None or meter not in _OTHER_METER:
            continue
        least, most = _OTHER_METER[meter]
        if _is_above(figure, base, most) or (least is not None and figure.now < base.now * least.value):
            yield (*_pair(figure, base), Finding("meters", _ratio(figure, base)))
        elif meter == "output" and figure.now <= base.now * OUTPUT_BELOW_INPUT.value and _writes_text(figure):
            yield figure, base, Finding("columns", Reason("swapped_column", ratio=_ratio(figure, base)))


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
            nearest = min(rest, key=lambda other: ratio_of(figure.now, other.now))
            if ratio_of(figure.now, nearest.now) >= OTHER_TERMS.value:
                is_alone = not any(
                    other is not nearest and ratio_of(other.now, nearest.now) < OTHER_TERMS.value for other in rest
                )
                reason = Reason("on_other_terms", ratio=_ratio(figure, nearest))
                finding = Finding("terms", reason, int(DAYS_STATED.value))
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


def _ratio(figure: Figure, base: Figure) -> Reason:
    ratio: Decimal = figure.now / base.now
    many = f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2f}" if ratio >= Decimal("0.1") else f"1/{1 / ratio:,.0f}"
    stated = {"figure": what(figure), "price": dollars(figure.now), "other": what(base), "base": dollars(base.now)}
    return Reason("times_the_other", **stated, times=many)


def _writes_text(figure: Figure) -> bool:
    """Whether nothing says that the model answers with less than text (a guard, an embedding)."""
    stated = {claim.key: json_value(claim.value) for claim in figure.listing.claims if claim.key in ("type", "name")}
    named = f"{figure.listing.key[2]} {stated.get('name', '')}"
    return stated.get("type", "text") == "text" and _WRITES_ONE_WORD.search(named) is None
