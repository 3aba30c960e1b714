"""The chosen figure of each price key of one offer, and which of them are its headline."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from aimstats.domain.absence import Absence
from aimstats.domain.prices import PriceKey
from aimstats.resolution.choice import Candidate
from aimstats.resolution.inputs import HeldView, ListingView


@dataclass(slots=True)
class ChosenPrice:
    """The shown figure of one price key: in US dollars per base unit, or the reason why there is none."""

    key: PriceKey
    winner: Candidate
    others: list[Candidate]
    usd: Decimal | None = None
    absent: Absence | None = None


@dataclass(slots=True)
class Prices:
    """All figures of one offer and which of them are its headline, by meter."""

    figures: list[ChosenPrice] = field(default_factory=list)
    headline: dict[str, ChosenPrice] = field(default_factory=dict)
    withheld: dict[str, tuple[ListingView, int, HeldView]] = field(default_factory=dict)
    """By price key what is held where no figure stands: of which listing, in which document, why."""
    windowed: bool = False
