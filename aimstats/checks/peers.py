"""What a seller's other models cost in the same document: the range in which a new price is to lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from aimstats.checks.figures import Figure
from aimstats.checks.thresholds import PEERS_NEEDED


class Range(NamedTuple):
    """The cheapest and the dearest price of a meter, free ones left out."""

    cheapest: Decimal
    dearest: Decimal


@dataclass(slots=True)
class _Prices:
    """Each name's own range of one meter, and the ends of all of them: the two cheapest and the two dearest names."""

    by_name: dict[str, Range] = field(default_factory=dict)

    def add(self, name: str, price: Decimal) -> None:
        own = self.by_name.get(name, Range(price, price))
        self.by_name[name] = Range(min(own.cheapest, price), max(own.dearest, price))

    def close(self) -> _Ends:
        lowest = sorted((own.cheapest, name) for name, own in self.by_name.items())[:2]
        highest = sorted(((own.dearest, name) for name, own in self.by_name.items()), reverse=True)[:2]
        return _Ends(frozenset(self.by_name), tuple(lowest), tuple(highest))


class _Ends(NamedTuple):
    names: frozenset[str]
    lowest: tuple[tuple[Decimal, str], ...]
    highest: tuple[tuple[Decimal, str], ...]

    def without(self, name: str) -> Range | None:
        """The range of the other names; None of too few."""
        if len(self.names) - (name in self.names) < PEERS_NEEDED.value:
            return None
        cheapest = next(price for price, whose in self.lowest if whose != name)
        dearest = next(price for price, whose in self.highest if whose != name)
        return Range(cheapest, dearest)


class Peers:
    """The prices of a run by document, seller and meter: those that stood before where there are enough, else all of them."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        prices: dict[tuple[object, ...], _Prices] = defaultdict(_Prices)
        self._own: dict[tuple[object, ...], Range] = {}
        for figure in figures:
            if figure.claim.kind != "price" or figure.claim.usd is None:
                continue
            if figure.now > 0:
                own = self._own.get(self._own_place(figure), Range(figure.now, figure.now))
                self._own[self._own_place(figure)] = Range(min(own.cheapest, figure.now), max(own.dearest, figure.now))
            for place in self._places(figure):
                if figure.now > 0:
                    prices[*place, False].add(figure.listing.key[2], figure.now)
                if figure.before:
                    prices[*place, True].add(figure.listing.key[2], figure.before)
        self._ends = {place: found.close() for place, found in prices.items()}

    @staticmethod
    def _places(figure: Figure) -> tuple[tuple[object, ...], tuple[object, ...]]:
        """The seller's own prices first, then those of the whole document."""
        meter = figure.claim.key.split("|", 1)[0]
        return (figure.document, figure.listing.key[0], meter), (figure.document, None, meter)

    @staticmethod
    def _own_place(figure: Figure) -> tuple[object, ...]:
        return figure.document, figure.listing.key, figure.claim.key.split("|", 1)[0]

    def own(self, figure: Figure) -> Range:
        """The range of the figure's own listing: a long song is dear, a short one shows that it is no slip."""
        return self._own.get(self._own_place(figure), Range(figure.now, figure.now))

    def of(self, figure: Figure) -> Range | None:
        """The range of what the seller's other models cost, else the document's; None where too few have a price."""
        for place in self._places(figure):
            for is_standing in (True, False):
                ends = self._ends.get((*place, is_standing))
                found = ends.without(figure.listing.key[2]) if ends else None
                if found is not None:
                    return found
        return None
