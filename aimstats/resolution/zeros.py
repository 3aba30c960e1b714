"""A catalogue's 0 of a seller that charges for its other models is no price: catalogues write 0 where they do not know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aimstats.domain.absence import Absence
from aimstats.domain.meters import TEXT
from aimstats.resolution.figures import ChosenPrice, Prices
from aimstats.resolution.grouping import OfferGroup
from aimstats.resolution.inputs import CATALOGUE_RANK

GIVING: Final = frozenset({"gigachat", "poolside", "privatemode-ai", "publicai", "sarvam", "subconscious", "zeldoc"})
"""Sellers by the meter of which no document names any price above 0 (2026-11): that they give their models away may be true."""
CHARGING_SELLERS: Final = 3
"""How many other sellers ask money for a model before a catalogue's 0 at such a seller is no price either."""
LOCAL: Final = frozenset({"atomic-chat", "lmstudio", "ollama"})
"""Programs that run a model on one's own machine: nobody bills there, and nobody gives anything away."""


def unsay_free(offers: Sequence[tuple[OfferGroup, Prices]]) -> None:
    """Turn the zeros of metered offers that only catalogues state into `not_published`, and those of one's own machine into
    `not_billed`.

    What the seller itself states as free, in a copy of its page too, is free.
    """
    charging = {group.key.provider for group, prices in offers if is_charged(prices)}
    for group, prices in offers:
        if is_doubted(group.key.provider, len(charging - {group.key.provider})):
            for figure in free_by_hearsay(group, prices):
                figure.usd = None
                figure.absent = Absence.NOT_BILLED if group.key.provider in LOCAL else Absence.NOT_PUBLISHED


def is_doubted(provider: str, charging: int) -> bool:
    """Whether zeros that only catalogues state of a seller are no price, where so many others charge for the model."""
    return provider not in GIVING or charging >= CHARGING_SELLERS


def is_charged(prices: Prices) -> bool:
    """Whether the offer's text costs anything."""
    return any(figure.usd for figure in _asked(prices))


def free_by_hearsay(group: OfferGroup, prices: Prices) -> list[ChosenPrice]:
    """The zeros of a metered or local offer that costs nothing, where nobody but catalogues says so."""
    is_metered = group.key.provider in LOCAL or all(row.billing == "metered" for row in group.listings)
    if not is_metered or any(figure.usd for figure in prices.figures):
        return []
    zeros = [figure for figure in prices.figures if figure.usd == 0 and figure.key.plan != "free"]
    return zeros if all(map(_is_hearsay, _asked(prices))) else []


def _asked(prices: Prices) -> list[ChosenPrice]:
    return [prices.headline[meter] for meter in TEXT if meter in prices.headline]


def _is_hearsay(figure: ChosenPrice) -> bool:
    """Whether nobody but catalogues states the figure."""
    stated = [figure.winner, *figure.others]
    return all(one.listing.trust >= CATALOGUE_RANK for one in stated if one.claim.usd == 0)
