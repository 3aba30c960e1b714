"""Which picture a link to a page shows elsewhere (Open Graph): one a kind of page, drawn once by `python -m tools.cards`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 1200
HEIGHT: Final = 630
DEFAULT: Final = "models"


@dataclass(frozen=True, slots=True)
class Card:
    """What a picture says, its figure, and the pages that show it, by the names of their routes."""

    title: str
    said: str
    figure: str
    routes: tuple[str, ...]


CARDS: Final[Mapping[str, Card]] = {
    "models": Card("AI models and their prices", "At every host, each figure with its sources.", "models", ("models",)),
    "model": Card(
        "One model, at every host", "Prices, limits, scores and history, and who says so.", "models",
        ("model", "developer", "provider"),
    ),
    "costs": Card("What a workload costs", "Every model, with the receipt.", "costs", ("costs", "compare")),
    "scores": Card(
        "Price against score", "What nothing beats on both; ranks with their intervals.", "points",
        ("frontier", "benchmarks", "benchmark"),
    ),
    "changes": Card(
        "What changed, what ends", "New models, moved prices, retirements, contradictions.", "board",
        ("changes", "deprecations", "disagreements"),
    ),
}  # fmt: skip
_BY_ROUTE: Final = {route: name for name, card in CARDS.items() for route in card.routes}


def card_of(route: str) -> str:
    """The file of the picture of a page, by the name of its route.

    >>> card_of("frontier"), card_of("sources")
    ('card-scores.png', 'card-models.png')
    """
    return f"card-{_BY_ROUTE.get(route, DEFAULT)}.png"
