"""Another currency taken for dollars: many prices that all stand at one factor of what they were, or of what others say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from aimstats.checks.figures import Figure, factor
from aimstats.checks.items import Finding
from aimstats.checks.others import Others
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

_Factor = tuple[Decimal, str]
"""How many times dearer a price is, and the id of its listing."""
_OTHERS_SAY = "what other sources say"


def exchanged(members: Iterable[Figure]) -> Finding | None:
    """Most prices of a document moved by one factor."""
    moved = _by_one_factor(_factors(members), "before")
    return moved and moved.finding


def apart_together(figures: Iterable[Figure], others: Others) -> Finding | None:
    """Most new prices stand at one factor of what others say: another currency."""
    moved = _by_one_factor(_apart(figures, others), _OTHERS_SAY)
    return moved and moved.finding


def exchanged_sellers(figures: Iterable[Figure], others: Others) -> dict[Figure, Finding]:
    """The prices of one seller of a catalogue that all stand at one factor of what they were, or of what others say.

    A round factor is the seller's own change of its list.
    """
    sellers: dict[tuple[int, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.is_price and figure.claim.usd is not None:
            sellers[figure.document, figure.listing.key[0]].append(figure)
    found: dict[Figure, Finding] = {}
    for members in sellers.values():
        for finding in (_by_one_factor(_factors(members), "before"), _by_one_factor(_apart(members, others), _OTHERS_SAY)):
            if finding is not None and not finding.is_round and finding.names >= SELLER_NAMES.value:
                reason = f"of {members[0].listing.key[0]}, {finding.reason}"
                found |= {figure: Finding("one_factor", reason) for figure in members if figure.is_fresh}
    return found


def _factors(members: Iterable[Figure]) -> list[_Factor]:
    return [
        (ratio, figure.listing.key[2])
        for figure in members
        if figure.before is not None and (ratio := factor(figure.now, figure.before)) is not None
    ]


def _apart(members: Iterable[Figure], others: Others) -> list[_Factor]:
    """How many times what other sources say of the offer each new price is."""
    found: list[_Factor] = []
    for figure in members:
        if figure.is_price and figure.before is None and figure.claim.usd is not None:
            said = others.of_the_offer(figure)
            ratio = factor(figure.now, said) if said else None
            if ratio is not None:
                found.append((ratio, figure.listing.key[2]))
    return found


class _OneFactor(NamedTuple):
    """Prices that all stand at one factor: of how many names, whether a person would choose the factor, and the words."""

    names: int
    is_round: bool
    reason: str

    @property
    def finding(self) -> Finding | None:
        """What is wrong with a document of such prices: nothing where few names moved by a round factor, a sale."""
        is_sale = self.is_round and self.names < UNIFORM_NAMES.value
        return None if is_sale else Finding("one_factor", self.reason)


def _by_one_factor(factors: Collection[_Factor], than: str) -> _OneFactor | None:
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
    reason = f"{len(alike)} of {len(factors)} prices are {middle:.3f} times {than}: probably another currency"
    return _OneFactor(len(set(alike)), is_round, reason)


def _is_round(ratio: Decimal) -> bool:
    rest = ratio % ROUND_STEP.value
    return min(rest, ROUND_STEP.value - rest) <= ROUND_WITHIN.value
