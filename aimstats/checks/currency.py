"""Another currency taken for dollars: many prices that all stand at one factor of what their seller asked before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from aimstats.checks.figures import Figure, factor
from aimstats.checks.thresholds import (
    EXCHANGE_HIGH,
    EXCHANGE_LOW,
    EXCHANGE_NONE,
    ROUND_STEP,
    ROUND_WITHIN,
    SELLER_NAMES,
    TOGETHER_SHARE,
    UNIFORM_FIGURES,
    UNIFORM_MANY,
    UNIFORM_NAMES,
    UNIFORM_SHARE,
    UNIFORM_WITHIN,
)
from aimstats.domain.reasons import Reason

_Factor = tuple[Decimal, str]
"""How many times dearer a price is, and the id of its listing."""


def exchanged(members: Iterable[Figure]) -> OneFactor | None:
    """Most prices of a document moved by one factor."""
    moved = _by_one_factor(_factors(members))
    return None if moved is None or moved.is_sale else moved


def exchanged_sellers(figures: Iterable[Figure]) -> list[tuple[str, OneFactor, list[Figure]]]:
    """Each seller of a catalogue whose prices all stand at one factor of what they were, with its prices.

    A round factor is the seller's own change of its list.
    """
    sellers: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.claim.usd is not None:
            sellers[figure.listing.key[0]].append(figure)
    found = []
    for seller, members in sellers.items():
        moved = _by_one_factor(_factors(members))
        if moved is not None and not moved.is_round and moved.names >= SELLER_NAMES.value:
            found.append((seller, moved, members))
    return found


def _factors(members: Iterable[Figure]) -> list[_Factor]:
    return [
        (ratio, figure.listing.key[2])
        for figure in members
        if figure.before is not None and (ratio := factor(figure.now, figure.before)) is not None
    ]


class OneFactor(NamedTuple):
    """Prices that all stand at one factor: of how many names, whether a person would choose the factor, and why."""

    names: int
    factor: Decimal
    is_round: bool
    reason: Reason

    @property
    def is_sale(self) -> bool:
        """Whether few names moved by a round factor."""
        return self.is_round and self.names < UNIFORM_NAMES.value


def _by_one_factor(factors: Collection[_Factor]) -> OneFactor | None:
    """A currency taken for dollars: nearly all stand at one factor that an exchange rate may have.

    A round factor of a part of the prices is a sale.
    """
    changed = [one for one in factors if one[0] != 1]
    is_part = False
    if len(changed) >= UNIFORM_MANY.value and len(changed) >= len(factors) * TOGETHER_SHARE.value:
        is_part = len(changed) < len(factors) * UNIFORM_SHARE.value
        factors = changed
    if len(factors) < UNIFORM_FIGURES.value:
        return None
    middle = median(ratio for ratio, _ in factors)
    if not EXCHANGE_LOW.value <= middle <= EXCHANGE_HIGH.value or abs(middle - 1) <= EXCHANGE_NONE.value:
        return None
    alike = [name for ratio, name in factors if abs(ratio - middle) <= middle * UNIFORM_WITHIN.value]
    if len(alike) < len(factors) * UNIFORM_SHARE.value:
        return None
    is_round = _is_round(middle)
    if is_part and is_round:
        return None
    reason = Reason("one_factor", number=len(alike), total=len(factors), factor=f"{middle:.3f}")
    return OneFactor(len(set(alike)), middle, is_round, reason)


def _is_round(ratio: Decimal) -> bool:
    rest = ratio % ROUND_STEP.value
    return min(rest, ROUND_STEP.value - rest) <= ROUND_WITHIN.value
