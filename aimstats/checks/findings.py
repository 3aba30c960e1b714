"""What a check found and whether time ends it, and the parts of reasons that speak of figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from aimstats.checks.figures import COSTS, Figure
from aimstats.domain.money import plain
from aimstats.domain.prices import parse_price_key
from aimstats.domain.reasons import Reason


class Finding(NamedTuple):
    """A check that failed, and why in words that a person can act on.

    `days`: published when readings on so many days state it; None: not before its source, others or a person say otherwise.
    """

    check: str
    reason: Reason
    days: int | None = None


UNIT_SLIPS: Final = frozenset(
    {"too_dear", "dear_for_its_size", "dear_for_its_kind", "too_cheap", "far_from_others", "unlike_its_seller"}
)
"""Checks whose failure says that a listing's prices stand in another unit; one misfiled price of an image does not."""
CERTAIN_SLIPS: Final = UNIT_SLIPS - {"unlike_its_seller"}
"""Those that leave no doubt: what only is unlike its seller's other models condemns nothing beside it."""


def dollars(amount: Decimal) -> str:
    """Money in a reason: `$0.25`."""
    return f"${plain(amount)}"


def so_many(ratio: Decimal) -> str:
    """How far apart, whichever way.

    >>> so_many(Decimal("0.1")), so_many(Decimal("8.25")), so_many(Decimal(1000))
    ('10', '8.2', '1,000')
    """
    many = ratio if ratio >= 1 else 1 / ratio
    return f"{many:,.0f}" if many >= 10 else f"{many:.1f}".removesuffix(".0")


def times_apart(ratio: Decimal) -> Reason:
    """How far apart, as a person says it: `1,000 times dearer`."""
    return Reason("dearer" if ratio >= 1 else "cheaper", times=so_many(ratio))


def what(figure: Figure) -> str:
    """The figure's name in a reason: `output price (batch)`."""
    if figure.part:
        return Reason(COSTS[figure.part], benchmark=figure.claim.key)
    if not figure.is_price:
        return figure.claim.key
    key = parse_price_key(figure.claim.key)
    if key.plan == "standard":
        return Reason("price_of", meter=key.meter)
    return Reason("price_on_plan", meter=key.meter, plan=key.plan)


def went(figure: Figure, before: str, now: str) -> Reason:
    """That the figure is another one than before."""
    return Reason("went", figure=what(figure), before=before, now=now)


def mark_of(figure: Figure) -> Reason:
    """What is said beside a figure that is published because its source stated it long enough."""
    if figure.before and figure.now:
        return Reason("moved_alone", times=so_many(figure.now / figure.before))
    return Reason("alone")
