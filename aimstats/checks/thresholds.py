"""Every threshold of the gate in one table, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit of the gate and why it stands where it stands."""

    value: Decimal
    reason: str


DEAREST_TOKENS: Final = Threshold(
    Decimal(2_000),
    "US dollars per million tokens; the dearest genuine model ever listed costs 600 (o1-pro, output), "
    "a per-1K figure read as per-token starts at 1,000 times an ordinary price",
)
FEWEST_LISTINGS_SHARE: Final = Threshold(
    Decimal("0.5"),
    "share of the listings of the document's last reading; catalogues grow and shrink by a few per cent a day, "
    "half of one gone is a truncated document",
)
FEWEST_LISTINGS: Final = Threshold(Decimal(8), "listings before; smaller documents may halve without anything being wrong")
