"""The rows of costs: each with its receipt, in the order of the totals, page by page or all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.costs.forms import forms_of
from aimstats.catalogue.costs.questions import CostQuestion
from aimstats.catalogue.costs.ranking import Entry, Priced, Ranking
from aimstats.catalogue.costs.rows import CostRow
from aimstats.catalogue.costs.tariffs import ENDED, NO_OFFER, tariffs_of
from aimstats.catalogue.engine.bits import flags_of, rows_of
from aimstats.catalogue.engine.cursor import Cursor
from aimstats.catalogue.engine.select import Selection
from aimstats.domain.money import plain
from aimstats.domain.workload import Bill, Tariff
from aimstats.domain.workload.ranking import UNPRICED
from aimstats.domain.workload.receipts import AMOUNT_PLACES, Quantities, receipt_of_bill

BATCH_ROWS: Final = 200
BEHIND_ALL: Final = "\U0010ffff"
"""Sorts behind every id."""


@dataclass(frozen=True, slots=True)
class CostPage:
    """A page of costs: `total` rows have a receipt; of the others `unpriced` says by reason how many there are.

    `first` is the place of the page's first row, from 0 on, `least` the first row of all, and `free` how many rows cost nothing.
    """

    rows: tuple[CostRow, ...]
    total: int
    next: str | None
    unpriced: Mapping[str, int]
    first: int
    least: CostRow | None
    free: int


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page of costs whose rows are JSON texts; the rest as in `CostPage`."""

    rows: list[str]
    total: int
    next: str | None
    unpriced: Mapping[str, int]


class _Answer:
    """One question worked out: which rows there are, and their order."""

    def __init__(self, catalogue: Catalogue, question: CostQuestion) -> None:
        self.catalogue = catalogue
        self.question = question
        self.tariffs = tariffs_of(catalogue)
        self.priced = Priced(self.tariffs, question.workload)
        self.without: Counter[str] = Counter()
        self.labels = catalogue.models.ids if question.per == "model" else catalogue.offers.ids
        matching = Selection(catalogue, question.models).bits
        if question.per != "model":
            self.ranking = self._by_offer(flags_of(matching, len(catalogue.models)))
        elif question.query.basis == "cheapest":
            self.ranking = self._by_cheapest(matching)
        else:
            self.ranking = self._by_own(matching)

    @property
    def unpriced(self) -> dict[str, int]:
        """How many rows have no total, by reason."""
        return dict(sorted((+self.without).items()))

    @cached_property
    def free(self) -> int:
        """How many rows cost nothing: the first ones."""
        return self.ranking.after(Decimal(0), self.labels, BEHIND_ALL)

    @property
    def paid(self) -> int:
        """How many rows cost something."""
        return len(self.ranking) - self.free

    def between(self, start: int, end: int) -> list[Entry]:
        """The rows of these places in the order that is asked for."""
        if not self.question.free_last:
            return self.ranking.between(start, end)
        last = self.ranking.between(max(0, start - self.paid), min(max(0, end - self.paid), self.free))
        return [*self.ranking.between(start + self.free, end + self.free), *last]

    @property
    def start(self) -> int:
        """Where the page begins."""
        cursor = self.question.query.cursor
        if cursor is None:
            return 0
        total = Decimal(cursor.values[0] or 0)
        place = self.ranking.after(total, self.labels, cursor.id)
        if not self.question.free_last:
            return place
        return place - self.free if total else place + self.paid

    def row(self, entry: Entry) -> CostRow:
        """The row of an entry, with its receipt."""
        return CostRow(self.catalogue, receipt_of_bill(*self._billed(entry)))

    def printed(self, entries: Sequence[Entry]) -> list[str]:
        """The rows of entries as JSON, with the fields that are asked for."""
        if fields := self.question.query.fields:
            return [wire.dumps(wire.trimmed(self.row(entry).body(), fields)).decode() for entry in entries]
        forms = forms_of(self.catalogue)
        return [forms.row(*self._billed(entry), self.priced.figures(entry[1])) for entry in entries]

    def _billed(self, entry: Entry) -> tuple[Tariff, Bill, Quantities]:
        tariff = self.tariffs.offers[entry[1]]
        assert tariff is not None
        return tariff, self.priced.bill(entry[1]), self.priced.totals.quantities

    def next_after(self, place: int, entries: Sequence[Entry]) -> str | None:
        """The cursor of a page that begins at a place and holds these rows; None where it is the last one."""
        return self._cursor_at(entries[-1]) if entries and place + len(entries) < len(self.ranking) else None

    def _cursor_at(self, entry: Entry) -> str:
        total = plain(Decimal(self.priced.exact(entry[1])).scaleb(-AMOUNT_PLACES))
        query = self.question.query
        return str(Cursor(self.catalogue.version.dataset, query.order_text, (total,), self.labels[entry[0]]))

    def _by_own(self, matching: int) -> Ranking:
        """Each model of the set with the offer whose price stands for it."""
        for reason, ownless in self.tariffs.ownless.items():
            self.without[reason] += (matching & ownless).bit_count()
            matching &= ~ownless
        models, own_of = rows_of(matching), self.tariffs.own_of
        return self._ranked(models, list(map(own_of.__getitem__, models)), own_of.__getitem__)

    def _by_cheapest(self, matching: int) -> Ranking:
        """Each model of the set with the cheapest of the offers that are compared; of those that are not free, the first says why
        there is none."""
        compared_of, priced = self.tariffs.compared_of, self.priced
        models = rows_of(matching & self.tariffs.compared)
        totals = priced.least_of(models)
        lacking = [compared_of[model] for model, total in zip(models, totals, strict=True) if total == UNPRICED]
        firsts = priced.rough_at([compared[0] for compared in lacking])
        refused = [compared[0] if first else self._refused(compared) for compared, first in zip(lacking, firsts, strict=True)]
        self.without.update([priced.reason(offer) if offer >= 0 else NO_OFFER for offer in refused])
        self.without[NO_OFFER] += matching.bit_count() - len(models)

        def cheapest(model: int) -> int:
            offer = priced.cheapest(compared_of[model])
            assert offer is not None
            return offer

        return Ranking(priced, models, totals, cheapest)

    def _refused(self, offers: Sequence[int]) -> int:
        """The first of these offers that is not free; -1 where all are."""
        return next((offer for offer, total in zip(offers, self.priced.rough_at(offers), strict=True) if total), -1)

    def _by_offer(self, matching: bytes) -> Ranking:
        """Every offer of the matching models; of these providers alone where the question names any. Those that have ended while
        their model goes on are counted alone."""
        providers = set(self.question.models.filters.get("provider", ()))
        model_of, sellers = self.tariffs.model_of, self.catalogue.offers.values["provider"]
        found = [place for place in self.tariffs.sold if matching[model_of[place]]]
        if providers:
            found = [place for place in found if sellers[place] in providers]
        living = [place for place in found if place not in self.tariffs.ended]
        self.without[ENDED] += len(found) - len(living)
        return self._ranked(living, living, lambda offer: offer)

    def _ranked(self, labels: list[int], offers: list[int], offer_of: Callable[[int], int]) -> Ranking:
        """The order of labels each of which has its offer; those without a total are counted."""
        totals = self.priced.rough_at(offers)
        lacking = [offer for offer, total in zip(offers, totals, strict=True) if total == UNPRICED]
        self.without.update([self.priced.reason(offer) for offer in lacking])
        return Ranking(self.priced, labels, totals, offer_of)


def cost_page(catalogue: Catalogue, question: CostQuestion, *, start: int | None = None) -> CostPage:
    """The page that a question asks for; from the place `start` on, where that is given in the place of a cursor."""
    answer = _Answer(catalogue, question)
    place, limit = answer.start if start is None else start, question.query.limit
    entries, least = answer.between(place, place + limit), answer.between(0, 1)
    return CostPage(
        rows=tuple(map(answer.row, entries)),
        total=len(answer.ranking),
        next=answer.next_after(place, entries),
        unpriced=answer.unpriced,
        first=place,
        least=answer.row(least[0]) if least else None,
        free=answer.free,
    )


def printed_page(catalogue: Catalogue, question: CostQuestion) -> PrintedPage:
    """The page that a question asks for, its rows as JSON."""
    answer = _Answer(catalogue, question)
    place = answer.start
    entries = answer.between(place, place + question.query.limit)
    return PrintedPage(
        rows=answer.printed(entries),
        total=len(answer.ranking),
        next=answer.next_after(place, entries),
        unpriced=answer.unpriced,
    )


def all_costs(catalogue: Catalogue, question: CostQuestion) -> Iterator[list[CostRow]]:
    """Every row in its order, some at a time: what a CSV or NDJSON file holds; only so many where a limit is asked for."""
    answer = _Answer(catalogue, question)
    start, end = answer.start, len(answer.ranking)
    if question.query.has("limit"):
        end = min(end, start + question.query.limit)
    for place in range(start, end, BATCH_ROWS):
        yield [answer.row(entry) for entry in answer.between(place, min(place + BATCH_ROWS, end))]
