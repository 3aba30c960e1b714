"""What a model costs by the piece: a second, an image, a page, a million characters, under the plainest stated conditions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aimstats.resolution.figures import ChosenPrice

PIECES: Final = {"second": "second", "image": "image", "page": "page", "1M characters": "character"}
"""Base unit -> the field of `cost` that has its price."""
TAKING: Final = frozenset({"transcription"})
"""Types that are paid for what they take in; the others for what they make. Characters and pages are taken in by all."""
READ_IN: Final = ("input_image", "input_video", "input_audio")
PLAIN_FIRST: Final = {
    "resolution": ("720p", "1280x720", "1k", "1024x1024", "standard", "1080p", "1920x1080", "480p", "512x512", "2k", "4k"),
    "quality": ("standard", "medium", "auto", "hd", "high", "low"),
    "audio": ("on", "with", "true", "yes", "off", "without", "false", "no"),
}
"""Of conditions that one seller prices apart, the one that most sellers take where nothing is said, first."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The price of one piece in US dollars, and the conditions under which it holds."""

    field: str
    usd: Decimal
    conditions: dict[str, str]


def pieces_of(figures: Iterable[ChosenPrice], model_type: str) -> list[Piece]:
    """The pieces that the offer is priced by on plan standard.

    Of several prices of a unit it is the one of the lowest tier, not promotional, with the fewest conditions, and of those the
    plainest (`PLAIN_FIRST`), then the cheapest. What a model reads in has no price of its own here, but where it transcribes.
    """
    by_field: dict[str, list[tuple[tuple[object, ...], ChosenPrice]]] = defaultdict(list)
    for figure in figures:
        key = figure.key
        field = PIECES.get(key.base_unit)
        if field is None or figure.usd is None or key.plan != "standard" or key.currency != "USD":
            continue
        if "unit_of" in dict(key.conditions) or (key.meter in READ_IN and model_type not in TAKING):
            continue
        place = (
            key.min_context_tokens,
            key.promotional,
            bool(key.window),
            len(key.conditions),
            _plainness(key.conditions),
            figure.usd,
            str(key),
        )
        by_field[field].append((place, figure))
    found = []
    for field, rows in sorted(by_field.items()):
        _, best = min(rows, key=lambda row: row[0])
        assert best.usd is not None
        found.append(Piece(field, best.usd, dict(best.key.conditions)))
    return found


def _plainness(conditions: Iterable[tuple[str, str]]) -> tuple[int, ...]:
    ranks = []
    for name, value in conditions:
        order = PLAIN_FIRST.get(name, ())
        ranks.append(order.index(value.lower()) if value.lower() in order else len(order))
    return tuple(ranks)
