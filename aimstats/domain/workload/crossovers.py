"""Where one offer becomes cheaper than another as a workload changes: exact points, jumps of tiers and limits included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any, Final

from aimstats.domain.workload.asked import Workload
from aimstats.domain.workload.bills import Bill, Refusal, bill_of
from aimstats.domain.workload.receipts import Quantities, exact_total
from aimstats.domain.workload.tariffs import Limits, Tariff

LONGEST_PROMPT: Final = 1_000_000
"""How far the length of the prompt goes, in tokens, where no limit of the offers is known."""
_AMOUNTS: Final = ("requests", "input_tokens", "output_tokens", "cache_hit", "cache_write", "batch_share", "reasoning_tokens")

Line = tuple[Fraction, Fraction]
"""A total as a function of the point: what it is at 0, and by how much it grows."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A point at which the order of the totals changes: the ids before and after it, cheapest first. `jump`: a total leaps there,
    or an offer is no longer possible; else the totals that change places are equal at it."""

    at: Fraction
    before: tuple[str, ...]
    after: tuple[str, ...]
    jump: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """One way to change a workload: from 0 to `most`, the workload at a point, and the points where tiers and limits begin."""

    most: Callable[[Workload, Sequence[Tariff]], Fraction]
    at: Callable[[Workload, Fraction], Workload]
    edges: Callable[[Workload, Tariff], Iterator[Fraction]]


def _fractions(workload: Workload, **changes: Any) -> Workload:
    exact: dict[str, Any] = {name: Fraction(getattr(workload, name)) for name in _AMOUNTS}
    return replace(workload, **exact | changes)


def _cached(workload: Workload, share: Fraction) -> Workload:
    return _fractions(workload, cache_hit=share)


def _answered(workload: Workload, share: Fraction) -> Workload:
    """The same number of tokens, this share of them in the answer; reasoning keeps its part of the answer."""
    tokens = Fraction(workload.input_tokens + workload.output_tokens)
    output = tokens * share
    thought = Fraction(workload.reasoning_tokens) / Fraction(workload.output_tokens) if workload.output_tokens else Fraction(0)
    return _fractions(workload, input_tokens=tokens - output, output_tokens=output, reasoning_tokens=output * thought)


def _prompted(workload: Workload, tokens: Fraction) -> Workload:
    return _fractions(workload, input_tokens=tokens)


def _edges_of_answer(workload: Workload, tariff: Tariff) -> Iterator[Fraction]:
    tokens = Fraction(workload.input_tokens + workload.output_tokens)
    if tokens:
        prompts = [*tariff.schedule.tiers, *([tariff.limits.input] if tariff.limits.input is not None else [])]
        yield from (1 - Fraction(prompt) / tokens for prompt in prompts)
        if tariff.limits.output is not None:
            yield Fraction(tariff.limits.output) / tokens


def _edges_of_prompt(workload: Workload, tariff: Tariff) -> Iterator[Fraction]:
    yield from map(Fraction, tariff.schedule.tiers)
    if tariff.limits.input is not None:
        yield Fraction(tariff.limits.input)
    if tariff.limits.context is not None:
        yield tariff.limits.context - Fraction(workload.output_tokens)


def _longest(limits: Limits) -> int | None:
    return limits.input if limits.input is not None else limits.context


ALONG: Final[Mapping[str, Axis]] = {
    "cached_share": Axis(lambda workload, _: 1 - Fraction(workload.cache_write), _cached, lambda workload, tariff: iter(())),
    "output_share": Axis(lambda workload, tariffs: Fraction(1), _answered, _edges_of_answer),
    "prompt_length": Axis(
        lambda workload, tariffs: Fraction(max((_longest(one.limits) or 0 for one in tariffs), default=0) or LONGEST_PROMPT),
        _prompted,
        _edges_of_prompt,
    ),
}
"""What may change: the share of the input that is read from the cache, the share of the answer in all tokens, the prompt."""


def crossings(tariffs: Sequence[tuple[str, Tariff]], workload: Workload, along: str) -> list[Crossing]:
    """The points along an axis (see `ALONG`) where the order of these offers changes, each named by the id beside it."""
    axis = ALONG[along]
    most = axis.most(workload, [tariff for _, tariff in tariffs])
    edges = {edge for _, tariff in tariffs for edge in axis.edges(workload, tariff) if 0 < edge < most}
    pieces = [
        (start, end, {name: _lines(tariff, workload, axis, start, end) for name, tariff in tariffs})
        for start, end in pairwise(sorted({Fraction(0), most, *edges}))
    ]
    found: list[Crossing] = []
    before: tuple[str, ...] | None = None
    left: dict[str, Fraction] = {}
    for start, end, lines in pieces:
        points = sorted({start, end, *_crossed(lines, start, end)})
        for low, high in pairwise(points):
            after = _order(lines, (low + high) / 2)
            if before is not None and after != before:
                right = {name: _value(lines[name], low) for name in after}
                found.append(Crossing(low, before, after, jump=low == start and left != right))
            before = after
        left = {name: _value(lines[name], end) for name in before or ()}
    return found


def _lines(tariff: Tariff, workload: Workload, axis: Axis, start: Fraction, end: Fraction) -> list[Line]:
    """The total between two edges: one line, or one for each of several ways of billing; none where it is not possible."""
    middle = axis.at(workload, (start + end) / 2)
    if not tariff.limits.allow(middle.input_tokens, middle.output_tokens):
        return []
    bill = bill_of(tariff.schedule, middle, tariff.schedule.reach(middle.input_tokens))
    if isinstance(bill, Refusal):
        return []
    near, far = start + (end - start) / 4, start + (end - start) * 3 / 4
    near_quantities, far_quantities = Quantities(axis.at(workload, near)), Quantities(axis.at(workload, far))
    lines = []
    for choice in bill.choices or ((),):
        one = Bill((*bill.charges, *choice))
        low, high = exact_total(tariff, one, near_quantities), exact_total(tariff, one, far_quantities)
        growth = (high - low) / (far - near)
        lines.append((low - growth * near, growth))
    return lines


def _value(lines: Sequence[Line], point: Fraction) -> Fraction:
    return min(base + growth * point for base, growth in lines)


def _order(lines: Mapping[str, Sequence[Line]], point: Fraction) -> tuple[str, ...]:
    """The ids by total, then by name; those that are not possible are left out."""
    return tuple(sorted((name for name, own in lines.items() if own), key=lambda name: (_value(lines[name], point), name)))


def _crossed(lines: Mapping[str, Sequence[Line]], start: Fraction, end: Fraction) -> Iterator[Fraction]:
    """Where any two lines meet."""
    every = {line for own in lines.values() for line in own}
    for (base, growth), (other, further) in combinations(every, 2):
        if growth != further and start < (point := (other - base) / (growth - further)) < end:
            yield point
