"""How much an event of `/changes` weighs: one formula, written in api.md, so that what matters can come first."""

from __future__ import annotations

from decimal import Decimal
from math import log2
from typing import Final

FARTHEST: Final = 4.0
"""Sixteen times as much weighs as much as it gets; so does a price where it was free, and the reverse."""
RESTATED: Final = 0.1
"""Of a figure that another source states, where nobody changed a word."""
STATUSES: Final = {"retired": 3.0, "deprecated": 2.0}
_STEPS: Final = {"model_added": 2.0, "retirement_date_changed": 2.0}


def how_far(kind: str, ratio: Decimal | None, after: str | None) -> float:
    """How far it went, from 0 to 4: of a price by how many halvings or doublings, of anything else by what it is.

    >>> how_far("price_changed", Decimal("0.25"), "2"), how_far("price_changed", Decimal("100"), "2")
    (2.0, 4.0)
    >>> how_far("price_changed", None, "2"), how_far("status_changed", None, "retired"), how_far("model_merged", None, "a/b")
    (4.0, 3.0, 1.0)
    """
    if kind.startswith("price_"):
        return min(FARTHEST, abs(log2(ratio))) if ratio else FARTHEST
    if kind == "status_changed":
        return STATUSES.get(after or "", 1.0)
    return _STEPS.get(kind, 1.0)


def weight(far: float, *, is_own: bool, share: float, offers: int, is_restated: bool = False) -> Decimal:
    """`far * (own + share) * log2(1 + offers)`, a tenth of it where it is restated; to three decimals.

    `is_own`: the developer itself sells it, or it is of the model itself; `share` of the model's offers that moved so,
    from 0 to 1.

    >>> weight(2.0, is_own=True, share=0.5, offers=3), weight(2.0, is_own=False, share=0.1, offers=3)
    (Decimal('6.000'), Decimal('0.400'))
    """
    found = far * (is_own + share) * log2(1 + max(offers, 1)) * (RESTATED if is_restated else 1)
    return round(Decimal(found), 3)
