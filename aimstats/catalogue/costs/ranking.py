"""Offers in the order of what a workload costs at them: roughly first, exactly where two lie close together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property

from aimstats.catalogue.costs.tariffs import Tariffs
from aimstats.domain.workload import Bill, Refusal, Workload
from aimstats.domain.workload.bills import NOT_POSSIBLE
from aimstats.domain.workload.ranking import Totals, are_close
from aimstats.domain.workload.receipts import AMOUNT_PLACES

Entry = tuple[int, int]
"""A row of the answer: its label (the place of a model or of an offer) and the offer that the total is of."""


class Priced:
    """The totals of one workload at offers: `rough` to some fifteen digits, None where there is none."""

    def __init__(self, tariffs: Tariffs, workload: Workload) -> None:
        self.tariffs = tariffs
        self.totals: Totals = tariffs.ranker.totals(workload)
        self._possible = tariffs.possible(workload)

    @cached_property
    def rough(self) -> list[float | None]:
        """The totals of all offers."""
        return self.rough_of(range(len(self.tariffs.offers)))

    def rough_of(self, offers: Sequence[int]) -> list[float | None]:
        """The totals of these offers."""
        totals, possible = self.totals.rough, self._possible
        schedule_of, limits_of = self.tariffs.schedule_of, self.tariffs.limits_of
        return [totals[schedule_of[offer]] if possible[limits_of[offer]] else None for offer in offers]

    def exact(self, offer: int) -> int:
        """The total at an offer that has one, in units of 10**-12 US dollars."""
        return self.totals.exact(self.tariffs.schedule_of[offer])

    def bill(self, offer: int) -> Bill:
        """The bill at an offer that has a total."""
        bill = self.totals.bills[self.tariffs.schedule_of[offer]]
        assert isinstance(bill, Bill)
        return bill

    def reason(self, offer: int) -> str:
        """Why an offer has no total."""
        if not self._possible[self.tariffs.limits_of[offer]]:
            return NOT_POSSIBLE
        refusal = self.totals.bills[self.tariffs.schedule_of[offer]]
        assert isinstance(refusal, Refusal)
        return refusal.reason

    def cheapest(self, offers: Sequence[int]) -> int | None:
        """The cheapest of these offers that costs anything, by total, then by id; None where none has a total."""
        rough = self.rough
        if len(offers) == 1:
            return offers[0] if rough[offers[0]] else None
        priced = [(total, offer) for offer in offers if (total := rough[offer])]
        if len(priced) < 2:
            return priced[0][1] if priced else None
        priced.sort()
        least, best = priced[0]
        if not are_close(least, priced[1][0]):
            return best
        schedule_of = self.tariffs.schedule_of
        close = [offer for total, offer in priced if are_close(least, total)]
        if all(schedule_of[offer] == schedule_of[best] for offer in close):
            return min(close)
        return min(close, key=lambda offer: (self.exact(offer), offer))


class Ranking:
    """Rows by total, then by id. They are sorted roughly at once; a stretch of them is put into exact order when asked for."""

    def __init__(self, priced: Priced, labels: Sequence[int], offers: Sequence[int]) -> None:
        """`labels` come in the order of their ids, each with its offer; those without a total are counted in `unpriced`."""
        self._priced = priced
        totals = priced.rough_of(offers)
        self.unpriced = Counter(priced.reason(offers[place]) for place, total in enumerate(totals) if total is None)
        known = [place for place, total in enumerate(totals) if total is not None]
        known.sort(key=totals.__getitem__)  # type: ignore[arg-type]  # none of them is None
        self._totals: list[float] = [totals[place] for place in known]  # type: ignore[misc]
        self._entries: list[Entry] = [(labels[place], offers[place]) for place in known]

    def __len__(self) -> int:
        return len(self._entries)

    def between(self, start: int, end: int) -> list[Entry]:
        """The rows of these places, in exact order."""
        end = min(end, len(self))
        if start >= end:
            return []
        low, high = self._apart_before(start), self._apart_after(end)
        return self._exactly(low, high)[start - low : end - low]

    def all(self, start: int, step: int) -> Iterator[list[Entry]]:
        """The rows from a place on, in exact order, so many at a time."""
        for place in range(start, len(self), step):
            yield self.between(place, place + step)

    def after(self, total: Decimal, label_of: Sequence[str], identifier: str) -> int:
        """The place behind the row of this total and id, which need not be there."""
        sought = int(total.scaleb(AMOUNT_PLACES))
        about = float(total)
        low = bisect_left(self._totals, True, key=lambda other: other >= about or are_close(other, about))
        high = bisect_right(self._totals, False, key=lambda other: not (other <= about or are_close(about, other)))
        low, high = self._apart_before(low), self._apart_after(high)
        before = [
            entry
            for entry in self._exactly(low, high)
            if (self._priced.exact(entry[1]), label_of[entry[0]]) <= (sought, identifier)
        ]
        return low + len(before)

    def _exactly(self, low: int, high: int) -> list[Entry]:
        return sorted(self._entries[low:high], key=lambda entry: (self._priced.exact(entry[1]), entry[0]))

    def _apart_before(self, place: int) -> int:
        """The first place at or before this one that is certainly dearer than what stands before it."""
        while 0 < place < len(self) and are_close(self._totals[place - 1], self._totals[place]):
            place -= 1
        return place

    def _apart_after(self, place: int) -> int:
        """The first place at or behind this one that is certainly dearer than what stands before it."""
        while 0 < place < len(self) and are_close(self._totals[place - 1], self._totals[place]):
            place += 1
        return place
