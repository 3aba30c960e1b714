"""What others say: other sources of the same offer, other sellers of the same model, as witnesses of where a price went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from aimstats.checks.figures import Figure, ratio_of
from aimstats.checks.impossible import impossible
from aimstats.checks.thresholds import CONFIRMED_WITHIN, SELLERS_NEEDED, SELLERS_OF_A_MEDIAN
from aimstats.domain.claims import Flat, ListingKey, ListingRows
from aimstats.domain.staleness import STALE_AFTER

_FIGURES: Final = """
select a.model, a.provider, a.host, a.region, a.offer_variant as variant, l.source, c.document_id, l.id as listing, c.key, c.usd,
       l.provider as stated_provider, l.host as stated_host, l.external_id, l.region as stated_region,
       l.variant as stated_variant, l.ordinal,
       coalesce(extract(epoch from cast(:at as timestamptz) - d.checked_at)
                <= :factor * 3600 * cast(s.body->>'cadence_hours' as numeric), false) as is_fresh
from assignment a join listing l on l.id = a.listing_id join claim c on c.listing_id = l.id
join document d on d.id = c.document_id join source s on s.id = d.source
where a.observed_to is null and a.model = any(:models) and c.kind = 'price' and c.observed_to is null
  and c.usd is not null and c.valid_to is null and (c.valid_from is null or c.valid_from <= :at)
  and not exists (select from held h where h.listing_id = c.listing_id and h.document_id = c.document_id
                  and h.ended_at is null and h.item->>'kind' = 'price' and h.item->>'key' = c.key)
"""
_COVERED: Final = "select document_id, covers from held where ended_at is null and covers is not null"
_SAME: Final = Decimal("0.001")
"""Figures so near to each other, by share, are one."""


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
    is_fresh: bool


class Witnesses(NamedTuple):
    """Others' figures: of other sources about the offer, and of other sellers of the model (one each)."""

    offer: tuple[Decimal, ...]
    sellers: tuple[Decimal, ...]

    def distance(self, price: Decimal) -> Decimal | None:
        """How many times a price is away from the others' middle (of few: from the nearest); None where there are none.

        Other sources of the offer come before other sellers: they speak of the same thing.
        """
        stated = self.offer or self.sellers
        if not stated:
            return None
        if len(stated) >= SELLERS_OF_A_MEDIAN.value:
            return ratio_of(price, median(stated))
        return min(ratio_of(price, other) for other in stated)

    @property
    def are_enough(self) -> bool:
        """Whether they may contradict: of two sellers that differ by a unit nobody knows which is wrong."""
        return bool(self.offer) or len(self.sellers) >= SELLERS_NEEDED.value

    def confirm(self, price: Decimal) -> bool:
        """Whether one of them says about the same; the rest may lag behind."""
        return any(ratio_of(price, other) <= CONFIRMED_WITHIN.value for other in (*self.offer, *self.sellers))


class Others:
    """The figures of everybody else about the models of one run, from the ledger and from this reading itself.

    What is frozen, since its successor is held, tells nothing; what is stale is no witness of a move.
    """

    def __init__(
        self,
        connection: Connection,
        source: str,
        meaning: Meaning,
        judged: Iterable[Figure],
        flats: Mapping[int, Flat],
        at: datetime,
    ) -> None:
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
        rows = connection.execute(text(_FIGURES), {"models": models, "at": at, "factor": STALE_AFTER}).all()
        covered = _covered(connection)
        now = _stated_now(flats, {row.document_id for row in rows if row.source == source})
        for row in rows:
            if not covered.isdisjoint(_series(row)):
                continue
            meant = Meant(row.provider, row.host, row.model, row.variant, row.region)
            usd, is_fresh = row.usd, row.is_fresh
            if row.document_id in flats:
                # What this very reading says of it is the newest there is; what it says no more is nobody's word.
                usd, is_fresh = now.get((row.document_id, _place(row), row.key)), True
            if usd is not None:
                self._said[row.model, row.key].append(_Said(row.source, meant, usd, is_fresh))
        for figure in judged:
            own = self.meant(figure)
            if own and figure.is_first and figure.claim.usd is not None and impossible(figure) is None:
                self._said[own.model, figure.claim.key].append(_Said(source, own, figure.claim.usd, True))

    def meant(self, figure: Figure) -> Meant | None:
        """What the figure's listing means."""
        return self._meant.get((figure.listing.key, figure.listing.ordinal))

    def witnesses(self, figure: Figure, *, elsewhere: bool = False) -> Witnesses:
        """Who can say where the price went: fresh, and not still stating the figure that is being left.

        `elsewhere`: of other sources only, where most of this reading is in doubt.
        """
        return self._chosen(figure, lambda said: said.is_fresh and not _is_same(said.usd, figure.before), elsewhere)

    def everybody(self, figure: Figure, *, elsewhere: bool = False) -> Witnesses:
        """All others, those included that were not read lately or still state the figure that is being left."""
        return self._chosen(figure, lambda said: True, elsewhere)

    def states_free(self, figure: Figure) -> bool:
        """Whether another source says that the offer is free."""
        return any(said.usd == 0 and said.is_fresh for said in self._of_offer(figure))

    def _of_offer(self, figure: Figure) -> list[_Said]:
        meant = self.meant(figure)
        said = self._said.get((meant.model, figure.claim.key), ()) if meant else ()
        return [other for other in said if other.source != self._source and other.meant == meant]

    def _chosen(self, figure: Figure, counts: Callable[[_Said], bool], elsewhere: bool) -> Witnesses:
        meant = self.meant(figure)
        if meant is None:
            return Witnesses((), ())
        offer = [other.usd for other in self._of_offer(figure) if other.usd > 0 and counts(other)]
        sellers: dict[str, list[Decimal]] = defaultdict(list)
        for other in self._said.get((meant.model, figure.claim.key), ()):
            if elsewhere and other.source == self._source:
                continue
            if other.meant.provider != meant.provider and other.usd > 0 and counts(other):
                sellers[other.meant.provider].append(other.usd)
        return Witnesses(tuple(offer), tuple(median(stated) for stated in sellers.values()))


def _covered(connection: Connection) -> set[tuple[int, int, str, str]]:
    return {
        (row.document_id, listing, kind, key)
        for row in connection.execute(text(_COVERED))
        for listing, kind, key in row.covers
    }  # fmt: skip


def _series(row: Any) -> set[tuple[int, int, str, str]]:
    return {(row.document_id, row.listing, *rest) for rest in (("", ""), ("price", ""), ("price", row.key))}


def _place(row: Any) -> tuple[ListingKey, int]:
    key = (row.stated_provider, row.stated_host, row.external_id, row.stated_region, row.stated_variant)
    return key, row.ordinal


def _stated_now(flats: Mapping[int, Flat], documents: Iterable[int]) -> dict[tuple[int, tuple[ListingKey, int], str], Decimal]:
    """What this reading says, by document, listing and price key; what cannot be true is left out."""
    found = {}
    for document in documents:
        for listing in flats[document].listings if document in flats else ():
            for claim in listing.claims:
                if claim.kind != "price" or claim.usd is None or claim.valid_to is not None:
                    continue
                if impossible(Figure(document, listing, claim, claim.usd, None)) is None:
                    found[document, (listing.key, listing.ordinal), claim.key] = claim.usd
    return found


def _is_same(usd: Decimal, before: Decimal | None) -> bool:
    return before is not None and abs(usd - before) <= _SAME * max(usd, before)
