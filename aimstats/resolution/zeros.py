"""A catalogue's 0 for a model that other sellers charge for: catalogues write 0 where they do not know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aimstats.domain.absence import Absence
from aimstats.domain.meters import TEXT
from aimstats.resolution.figures import ChosenPrice, Prices
from aimstats.resolution.grouping import OfferGroup
from aimstats.resolution.inputs import CATALOGUE_RANK

CHARGING_SELLERS: Final = 3
"""How many other sellers ask money for a model before a catalogue's 0 is no price (2026-11: of 112 metered offers at 0 it
turns 49 into gaps; some of them are free in truth, and no document of their seller that is read says so)."""


def unsay_free(offers: Sequence[tuple[OfferGroup, Prices]]) -> None:
    """Turn the zeros of metered offers into `not_published` where only catalogues state them and three other sellers charge.

    What the seller itself states as free, in a copy of its page too, is free.
    """
    charging = {group.key.provider for group, prices in offers if is_charged(prices)}
    for group, prices in offers:
        if len(charging - {group.key.provider}) >= CHARGING_SELLERS:
            for figure in free_by_hearsay(group, prices):
                figure.usd, figure.absent = None, Absence.NOT_PUBLISHED


def is_charged(prices: Prices) -> bool:
    """Whether the offer's text costs anything."""
    return any(figure.usd for figure in _asked(prices))


def free_by_hearsay(group: OfferGroup, prices: Prices) -> list[ChosenPrice]:
    """The zeros of a metered offer that costs nothing, where nobody but catalogues says so."""
    if any(figure.usd for figure in prices.figures) or any(row.billing != "metered" for row in group.listings):
        return []
    return [figure for figure in prices.figures if figure.usd == 0] if all(map(_is_hearsay, _asked(prices))) else []


def _asked(prices: Prices) -> list[ChosenPrice]:
    return [prices.headline[meter] for meter in TEXT if meter in prices.headline]


def _is_hearsay(figure: ChosenPrice) -> bool:
    """Whether nobody but catalogues states the figure."""
    stated = [figure.winner, *figure.others]
    return all(one.listing.trust >= CATALOGUE_RANK for one in stated if one.claim.usd == 0)
