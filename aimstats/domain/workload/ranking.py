"""Totals of one workload for thousands of schedules at once: which rates apply is found once a shape, amounts each time, and
exactly only where it decides."""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final, TypeVar

from aimstats.domain.workload.asked import Workload
from aimstats.domain.workload.bills import NOT_BILLED, Bill, Charge, Measure, Refusal, bill_of
from aimstats.domain.workload.receipts import AMOUNT_PLACES, Quantities, amounts_of, charges_of, decimal_text, roughly
from aimstats.domain.workload.tariffs import Schedule

_T = TypeVar("_T")

SHAPES_KEPT: Final = 64
BILLS_KEPT: Final = 12
"""Of one schedule."""
UNDECIDED: Final = 1e-10
"""Rough totals that differ by less, in US dollars and as a part of the greater, are told apart exactly."""
UNPRICED: Final = inf
"""The rough total of what has none."""
_NOT_BILLED: Final = Refusal(NOT_BILLED)


@dataclass(slots=True)
class Compiled:
    """What applies to the workloads of one shape.

    Schedules that are charged at equal prices are one class (-1 for those refused): `class_at` by holder of one; `example` is a
    schedule of each class. `groups` are runs of classes in their order: those whose charges have the same measures, each measure
    with their prices; a number of classes that have a choice instead. `reason_at` says by holder why there is no bill; "" where
    there is one.
    """

    bills: list[Bill | Refusal]
    class_at: list[int]
    reason_at: list[str]
    example: list[int] = field(default_factory=list)
    groups: list[tuple[tuple[Measure, ...], list[array[float]]] | int] = field(default_factory=list)


class Totals:
    """The totals of one workload by class: `rough` in US dollars, the last of them that of the class -1."""

    def __init__(self, schedules: Sequence[Schedule], compiled: Compiled, workload: Workload) -> None:
        self.quantities = Quantities(workload)
        self.compiled = compiled
        self._schedules = schedules
        self._amounts: dict[int, tuple[tuple[Charge, ...], list[int]]] = {}
        self._figures: dict[int, tuple[str, ...]] = {}
        self.rough: list[float] = []
        for group in compiled.groups:
            if isinstance(group, int):
                first = len(self.rough)
                self.rough += [self.exact(number) / 10**AMOUNT_PLACES for number in range(first, first + group)]
            else:
                measures, columns = group
                self.rough += roughly([self.quantities.scaled(measure) for measure in measures], columns)
        self.rough.append(UNPRICED)

    def exact(self, number: int) -> int:
        """The total of a class, in units of 10**-12 US dollars."""
        return sum(self._charged(number)[1])

    def figures(self, number: int) -> tuple[str, ...]:
        """What a receipt of a class states as numbers: the total, then the quantity and the amount of each charge."""
        found = self._figures.get(number)
        if found is None:
            charges, amounts = self._charged(number)
            texts = [decimal_text(sum(amounts), AMOUNT_PLACES)]
            for charge, amount in zip(charges, amounts, strict=True):
                texts += (self.quantities.text(charge.measure), decimal_text(amount, AMOUNT_PLACES))
            found = self._figures[number] = tuple(texts)
        return found

    def _charged(self, number: int) -> tuple[tuple[Charge, ...], list[int]]:
        """The charges of a class and their amounts, by the example of it."""
        found = self._amounts.get(number)
        if found is None:
            place = self.compiled.example[number]
            schedule, bill = self._schedules[place], self.compiled.bills[place]
            assert isinstance(bill, Bill)
            charges = charges_of(schedule, bill, self.quantities)
            found = self._amounts[number] = charges, amounts_of(schedule, charges, self.quantities)
        return found


def are_close(less: float, more: float) -> bool:
    """Whether the order of two rough totals must be settled exactly."""
    return more <= closest(less)


def closest(less: float) -> float:
    """The greatest rough total that may be no more than this one."""
    return less + UNDECIDED * (1 + less)


class Ranker:
    """Totals of workloads by schedule. What applies is kept for the latest shapes; safe to use from several threads: one
    finds what applies to a shape, the others wait for it."""

    def __init__(self, schedules: Sequence[Schedule], holders: Sequence[int]) -> None:
        """`holders` have each the schedule at that place; -1 has none."""
        self.schedules = schedules
        self._edges = sorted({tier for schedule in schedules for tier in schedule.tiers})
        self._holder_count = len(holders)
        self._tiered = [index for index, schedule in enumerate(schedules) if schedule.tiers]
        self._flat = [index for index, schedule in enumerate(schedules) if not schedule.tiers]
        self._holders_of: list[list[int]] = [[] for _ in schedules]
        for place, schedule in enumerate(holders):
            if schedule >= 0:
                self._holders_of[schedule].append(place)
        self._compiled: OrderedDict[tuple[Any, ...], Compiled] = OrderedDict()
        self._making = threading.RLock()
        self._bills: list[dict[tuple[Any, ...], Bill | Refusal]] = [{} for _ in schedules]
        self._same: dict[Any, Any] = {}

    def totals(self, workload: Workload) -> Totals:
        """The totals of a workload."""
        return Totals(self.schedules, self.compiled(workload), workload)

    def compiled(self, workload: Workload) -> Compiled:
        """What applies to all workloads of this one's shape whose prompts reach the same tiers."""
        place = bisect_left(self._edges, workload.input_tokens)
        at_edge = place < len(self._edges) and self._edges[place] == workload.input_tokens
        return self._kept((workload.shape, place, at_edge), lambda: self._with_tiers(workload))

    def _with_tiers(self, workload: Workload) -> Compiled:
        """What applies to schedules without tiers, which is the same for prompts of any length, and to those with tiers."""
        flat = self._kept(workload.shape, lambda: self._compile(self._nothing(), self._flat, workload))
        copied = Compiled(flat.bills[:], flat.class_at[:], flat.reason_at[:], flat.example[:], flat.groups[:])
        return self._compile(copied, self._tiered, workload)

    def _kept(self, key: tuple[Any, ...], make: Callable[[], Compiled]) -> Compiled:
        found = self._compiled.get(key)
        if found is None:
            with self._making:
                found = self._compiled.get(key)
                if found is None:
                    found = self._compiled[key] = make()
                while len(self._compiled) > SHAPES_KEPT:
                    self._compiled.popitem(last=False)
        return found

    def _nothing(self) -> Compiled:
        return Compiled([_NOT_BILLED] * len(self.schedules), [-1] * self._holder_count, [NOT_BILLED] * self._holder_count)

    def _compile(self, found: Compiled, indices: Sequence[int], workload: Workload) -> Compiled:
        """Add what applies to these schedules."""
        groups: dict[tuple[Measure, ...], dict[tuple[float, ...], list[int]]] = {}
        choosing = []
        for index in indices:
            schedule = self.schedules[index]
            bill = found.bills[index] = self._bill(index, schedule, workload)
            if isinstance(bill, Bill) and bill.choices:
                choosing.append(index)
            elif isinstance(bill, Bill):
                prices = tuple([schedule.rough[charge.rate] for charge in bill.charges])
                measures = self._one(tuple([charge.measure for charge in bill.charges]))
                groups.setdefault(measures, {}).setdefault(prices, []).append(index)
            reason = bill.reason if isinstance(bill, Refusal) else ""
            for place in self._holders_of[index]:
                found.reason_at[place] = reason
        for measures, classes in groups.items():
            found.groups.append((measures, [array("d", column) for column in zip(*classes, strict=True)]))
            for members in classes.values():
                self._add_class(found, members)
        for index in choosing:
            self._add_class(found, [index])
        found.groups.append(len(choosing))
        return found

    def _add_class(self, compiled: Compiled, members: Sequence[int]) -> None:
        number = len(compiled.example)
        compiled.example.append(members[0])
        for index in members:
            for place in self._holders_of[index]:
                compiled.class_at[place] = number

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
            bill = self._one(bill_of(schedule, workload, key[-1]))
            kept[self._one(key)] = bill
        return bill

    def _one(self, value: _T) -> _T:
        """One object for equal ones: thousands of schedules have the same few bills and prices."""
        one: _T = self._same.setdefault(value, value)
        return one
