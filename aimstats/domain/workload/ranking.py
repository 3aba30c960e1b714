"""Totals of one workload for thousands of schedules at once: which rates apply is found once a shape, amounts each time, and
exactly only where it decides."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aimstats.domain.workload.asked import Workload
from aimstats.domain.workload.bills import Bill, Measure, Refusal, bill_of
from aimstats.domain.workload.receipts import AMOUNT_PLACES, Quantities, roughly, total_of
from aimstats.domain.workload.tariffs import Schedule

SHAPES_KEPT: Final = 32
BILLS_KEPT: Final = 32
"""Of one schedule."""
UNDECIDED: Final = 1e-10
"""Rough totals that differ by less, in US dollars and as a part of the greater, are told apart exactly."""


@dataclass(slots=True)
class Compiled:
    """What applies to the workloads of one shape, by schedule: groups whose charges have the same measures, each measure with
    their prices; those with a choice; those refused."""

    bills: list[Bill | Refusal] = field(default_factory=list)
    groups: list[tuple[tuple[Measure, ...], list[int], list[list[float]]]] = field(default_factory=list)
    choosing: list[int] = field(default_factory=list)


class Totals:
    """The totals of one workload by schedule: `rough` in US dollars, None where there is none."""

    def __init__(self, schedules: Sequence[Schedule], compiled: Compiled, workload: Workload) -> None:
        self.quantities = Quantities(workload)
        self.bills = compiled.bills
        self._schedules = schedules
        self._exact: dict[int, int] = {}
        self.rough: list[float | None] = [None] * len(schedules)
        for measures, indices, columns in compiled.groups:
            scaled = [self.quantities.scaled(measure) for measure in measures]
            for index, total in zip(indices, roughly(scaled, columns), strict=True):
                self.rough[index] = total
        for index in compiled.choosing:
            self.rough[index] = self.exact(index) / 10**AMOUNT_PLACES

    def exact(self, index: int) -> int:
        """The total of a schedule that has one, in units of 10**-12 US dollars."""
        found = self._exact.get(index)
        if found is None:
            bill = self.bills[index]
            assert isinstance(bill, Bill)
            found = self._exact[index] = total_of(self._schedules[index], bill, self.quantities)[0]
        return found


def are_close(less: float, more: float) -> bool:
    """Whether the order of two rough totals must be settled exactly."""
    return more - less <= UNDECIDED + UNDECIDED * more


class Ranker:
    """Totals of workloads by schedule. What applies is kept for the latest shapes; safe to use from several threads, as each
    entry is complete before it is kept."""

    def __init__(self, schedules: Sequence[Schedule]) -> None:
        self.schedules = schedules
        self._edges = sorted({tier for schedule in schedules for tier in schedule.tiers})
        self._compiled: OrderedDict[tuple[Any, ...], Compiled] = OrderedDict()
        self._bills: list[dict[tuple[Any, ...], Bill | Refusal]] = [{} for _ in schedules]
        self._numbers: dict[float, float] = {}

    def compiled(self, workload: Workload) -> Compiled:
        """What applies to all workloads of this one's shape whose prompts reach the same tiers."""
        place = bisect_left(self._edges, workload.input_tokens)
        at_edge = place < len(self._edges) and self._edges[place] == workload.input_tokens
        key = (workload.shape, place, at_edge)
        found = self._compiled.get(key)
        if found is None:
            found = self._compile(workload)
            self._compiled[key] = found
            while len(self._compiled) > SHAPES_KEPT:
                self._compiled.popitem(last=False)
        return found

    def totals(self, workload: Workload) -> Totals:
        """The totals of a workload."""
        return Totals(self.schedules, self.compiled(workload), workload)

    def _compile(self, workload: Workload) -> Compiled:
        found = Compiled()
        groups: dict[tuple[Measure, ...], tuple[list[int], list[list[float]]]] = {}
        for index, schedule in enumerate(self.schedules):
            bill = self._bill(index, schedule, workload)
            found.bills.append(bill)
            if isinstance(bill, Refusal):
                continue
            if bill.choices:
                found.choosing.append(index)
                continue
            indices, rates = groups.setdefault(tuple(charge.measure for charge in bill.charges), ([], []))
            indices.append(index)
            rates.append([self._number(float(schedule.rates[charge.rate].amount)) for charge in bill.charges])
        found.groups = [
            (measures, indices, [list(column) for column in zip(*rates, strict=True)])
            for measures, (indices, rates) in groups.items()
        ]
        return found

    def _bill(self, index: int, schedule: Schedule, workload: Workload) -> Bill | Refusal:
        """The bill of a schedule, kept by what of the workload's shape matters to it."""
        needs, plans, ttl, hours, conditions, pixels = workload.shape
        key = (
            needs, plans, ttl, hours if schedule.has_windows else 0, (conditions, pixels) if schedule.has_conditions else 0,
            schedule.reach(workload.input_tokens),
        )  # fmt: skip
        kept = self._bills[index]
        bill = kept.get(key)
        if bill is None:
            if len(kept) >= BILLS_KEPT:
                kept.clear()
            bill = kept[key] = bill_of(schedule, workload, key[-1])
        return bill

    def _number(self, value: float) -> float:
        """One object for equal numbers: thousands of prices are the same few."""
        return self._numbers.setdefault(value, value)
