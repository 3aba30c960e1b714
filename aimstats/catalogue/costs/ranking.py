"""Offers in the order of what a workload costs at them: roughly first, exactly where two lie close together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property

from aimstats.catalogue.costs.tariffs import Tariffs
from aimstats.domain.workload import Bill, Workload
from aimstats.domain.workload.bills import NOT_POSSIBLE
from aimstats.domain.workload.ranking import UNPRICED, Totals, are_close, closest
from aimstats.domain.workload.receipts import AMOUNT_PLACES

Entry = tuple[int, int]
"""A row of the answer: its label (the place of a model or of an offer) and the offer that the total is of."""


class Priced:
    """The totals of one workload at offers: `rough` to some fifteen digits, `UNPRICED` where there is none."""

    def __init__(self, tariffs: Tariffs, workload: Workload) -> None:
        self.tariffs = tariffs
        self.totals: Totals = tariffs.ranker.totals(workload)
        self._class_at = self.totals.compiled.class_at
        self.not_possible = tariffs.not_possible(workload)

    @cached_property
    def rough(self) -> list[float]:
        """The totals of all offers."""
        found = list(map(self.totals.rough.__getitem__, self._class_at))
        for offer in self.not_possible:
            found[offer] = UNPRICED
        return found

    def exact(self, offer: int) -> int:
        """The total at an offer that has one, in units of 10**-12 US dollars."""
        return self.totals.exact(self._class_at[offer])

    def bill(self, offer: int) -> Bill:
        """The bill at an offer that has a total."""
        bill = self.totals.compiled.bills[self.tariffs.schedule_of[offer]]
        assert isinstance(bill, Bill)
        return bill

    def reason(self, offer: int) -> str:
        """Why an offer has no total."""
        return NOT_POSSIBLE if offer in self.not_possible else self.totals.compiled.reason_at[offer]

    def cheapest_of(self, models: Sequence[int]) -> list[int]:
        """By model the cheapest of the offers that are compared; where none has a total, the first, which says why; else -1."""
        rough, alone_of, compared_of = self.rough, self.tariffs.alone_of, self.tariffs.compared_of
        found = []
        for model in models:
            offer = alone_of[model]
            if offer < 0 and (compared := compared_of[model]):
                cheapest = self.cheapest(compared)
                offer = next((one for one in compared if rough[one] == UNPRICED), -1) if cheapest is None else cheapest
            found.append(offer if offer < 0 or rough[offer] else -1)
        return found

    def cheapest(self, offers: Sequence[int]) -> int | None:
        """The cheapest of these offers (in the order of their ids) that costs anything; None where none has a total."""
        rough = self.rough
        totals = [rough[offer] or UNPRICED for offer in offers]
        ascending = sorted(totals)
        least = ascending[0] if ascending else UNPRICED
        if least == UNPRICED:
            return None
        most = closest(least)
        if len(ascending) > 1 and ascending[1] > most:
            return offers[totals.index(least)]
        close = [offer for offer, total in zip(offers, totals, strict=True) if total <= most]
        class_at = self._class_at
        if len(close) == 1 or all(class_at[offer] == class_at[close[0]] for offer in close):
            return close[0]
        return min(close, key=lambda offer: (self.exact(offer), offer))


class Ranking:
    """Rows by total, then by id. They are sorted roughly at once; a stretch of them is put into exact order when asked for."""

    def __init__(self, priced: Priced, labels: Sequence[int], offers: Sequence[int]) -> None:
        """`labels` come in the order of their ids, each with its offer; those without a total are counted in `unpriced`."""
        self._priced = priced
        totals = list(map(priced.rough.__getitem__, offers))
        self.unpriced = Counter([priced.reason(offer) for offer, total in zip(offers, totals, strict=True) if total == UNPRICED])
        known = [place for place, total in enumerate(totals) if total != UNPRICED]
        known.sort(key=totals.__getitem__)
        self._totals = [totals[place] for place in known]
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
