"""Offers in the order of what a workload costs at them: roughly first, exactly where two lie close together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
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
        return self._spread(self.totals.rough)

    def _spread(self, of_classes: Sequence[float]) -> list[float]:
        """By offer what its class has, `UNPRICED` where a limit lets no such request pass."""
        found = list(map(of_classes.__getitem__, self._class_at))
        for offer in self.not_possible:
            found[offer] = UNPRICED
        return found

    def rough_at(self, offers: Sequence[int]) -> list[float]:
        """The totals at these offers."""
        not_possible = self.not_possible
        totals = map(self.totals.rough.__getitem__, map(self._class_at.__getitem__, offers))
        if not_possible.isdisjoint(offers):
            return list(totals)
        return [UNPRICED if offer in not_possible else total for offer, total in zip(offers, totals, strict=True)]

    def exact(self, offer: int) -> int:
        """The total at an offer that has one, in units of 10**-12 US dollars."""
        return self.totals.exact(self._class_at[offer])

    def figures(self, offer: int) -> tuple[str, ...]:
        """The numbers of the receipt at an offer that has a total, as texts: the total, then quantity and amount of each line."""
        return self.totals.figures(self._class_at[offer])

    def bill(self, offer: int) -> Bill:
        """The bill at an offer that has a total."""
        bill = self.totals.compiled.bills[self.tariffs.schedule_of[offer]]
        assert isinstance(bill, Bill)
        return bill

    def reason(self, offer: int) -> str:
        """Why an offer has no total."""
        return NOT_POSSIBLE if offer in self.not_possible else self.totals.compiled.reason_at[offer]

    @cached_property
    def _charged(self) -> list[float]:
        """The totals of all offers that cost anything."""
        return self._spread([total or UNPRICED for total in self.totals.rough])

    def least_of(self, models: Iterable[int]) -> list[float]:
        """By model the least total of the offers that are compared and cost anything; `UNPRICED` where there is none."""
        charged, compared_in = self._charged, self.tariffs.compared_in
        return [min(compared_in[model](charged)) for model in models]

    def cheapest(self, offers: Sequence[int]) -> int | None:
        """The cheapest of these offers (in the order of their ids) that costs anything; None where none has a total."""
        totals = list(map(self._charged.__getitem__, offers))
        least = min(totals, default=UNPRICED)
        if least == UNPRICED:
            return None
        most = closest(least)
        close = [offer for offer, total in zip(offers, totals, strict=True) if total <= most]
        class_at = self._class_at
        if len({class_at[offer] for offer in close}) == 1:
            return close[0]
        return min(close, key=lambda offer: (self.exact(offer), offer))


class Ranking:
    """Rows by total, then by id. They are sorted roughly at once; a stretch of them is put into exact order when asked for, and
    only then it is asked of which offers they are."""

    def __init__(self, priced: Priced, labels: Sequence[int], totals: Sequence[float], offer_of: Callable[[int], int]) -> None:
        """`labels` come in the order of their ids, each with its rough total; those that have none are left out. `offer_of` finds
        the offer of a label that has one."""
        self._priced = priced
        self._labels = labels
        self._offer_of = offer_of
        self._order = [place for place, total in enumerate(totals) if total != UNPRICED]
        self._order.sort(key=totals.__getitem__)
        self._totals = list(map(totals.__getitem__, self._order))

    def __len__(self) -> int:
        return len(self._order)

    def between(self, start: int, end: int) -> list[Entry]:
        """The rows of these places, in exact order."""
        end = min(end, len(self))
        if start >= end:
            return []
        low, high = self._apart_before(start), self._apart_after(end)
        return self._exactly(low, high)[start - low : end - low]

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
        labels = [self._labels[place] for place in self._order[low:high]]
        entries = [(label, self._offer_of(label)) for label in labels]
        return sorted(entries, key=lambda entry: (self._priced.exact(entry[1]), entry[0]))

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
