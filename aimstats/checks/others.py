"""What others say: other sources of the same offer, other sellers of the same model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from sqlalchemy import Connection, text

from aimstats.checks.figures import Figure
from aimstats.checks.thresholds import SELLERS_NEEDED, SELLERS_OF_A_MEDIAN
from aimstats.domain.claims import ListingKey, ListingRows

_FIGURES = """
select a.model, a.provider, a.host, a.region, a.offer_variant as variant, l.source, c.key, c.usd
from assignment a join listing l on l.id = a.listing_id join claim c on c.listing_id = l.id
where a.observed_to is null and a.model = any(:models) and c.kind = 'price' and c.observed_to is null
  and c.usd is not null and c.valid_to is null
"""


class Meant(NamedTuple):
    """What a listing means: the keys of its offer that sources share."""

    provider: str
    host: str
    model: str
    variant: str
    region: str


Meaning = Callable[[ListingRows], Meant | None]
"""Gives what a listing means by the rules of identity, None for what is no model."""


class _Said(NamedTuple):
    source: str
    meant: Meant
    usd: Decimal


class Others:
    """The figures of everybody else about the models of one run, from the ledger and from the run's own new listings."""

    def __init__(self, connection: Connection, source: str, meaning: Meaning, judged: Iterable[Figure]) -> None:
        self._source = source
        self._meant: dict[tuple[ListingKey, int], Meant | None] = {}
        self._said: dict[tuple[str, str], list[_Said]] = defaultdict(list)
        judged = list(judged)
        for figure in judged:
            place = (figure.listing.key, figure.listing.ordinal)
            if place not in self._meant:
                self._meant[place] = meaning(figure.listing)
        models = sorted({meant.model for meant in self._meant.values() if meant})
        if not models:
            return
        for row in connection.execute(text(_FIGURES), {"models": models}):
            meant = Meant(row.provider, row.host, row.model, row.variant, row.region)
            self._said[row.model, row.key].append(_Said(row.source, meant, row.usd))
        for figure in judged:
            own = self.meant(figure)
            if own and figure.is_first and figure.claim.usd is not None:
                self._said[own.model, figure.claim.key].append(_Said(source, own, figure.claim.usd))

    def meant(self, figure: Figure) -> Meant | None:
        """What the figure's listing means."""
        return self._meant.get((figure.listing.key, figure.listing.ordinal))

    def all_of_the_offer(self, figure: Figure) -> list[Decimal]:
        """Everything that other sources say of the same offer under the same price key."""
        meant = self.meant(figure)
        if meant is None:
            return []
        said = self._said.get((meant.model, figure.claim.key), ())
        return [other.usd for other in said if other.source != self._source and other.meant == meant]

    def of_the_offer(self, figure: Figure) -> Decimal | None:
        """The median of what other sources say of the same offer under the same price key."""
        stated = self.all_of_the_offer(figure)
        return median(stated) if stated else None

    def of_the_model(self, figure: Figure) -> Decimal | None:
        """What other sellers ask for the model under the same price key: their median, of few the nearest; None of too few."""
        meant = self.meant(figure)
        if meant is None:
            return None
        said = self._said.get((meant.model, figure.claim.key), ())
        stated = [other for other in said if other.meant.provider != meant.provider and other.usd > 0]
        sellers = {other.meant.provider for other in stated}
        if len(sellers) >= SELLERS_OF_A_MEDIAN.value:
            return median(other.usd for other in stated)
        if len(sellers) < SELLERS_NEEDED.value or figure.now == 0:
            return None
        return min((other.usd for other in stated), key=lambda usd: max(usd / figure.now, figure.now / usd))
