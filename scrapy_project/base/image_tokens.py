"""Which tokens a list means by its one price of `output`, where a model answers with images."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.money import NumberRefusedError, decimal_of

LEAST_IMAGE_RATIO: Final = 20
"""Image tokens cost 60 to 240 times the text that is read, text tokens at most 9 times: of the models that write both, models.dev
and genai-prices give the former as `output` in 8 records, the latter in 32 (2026-11)."""


def is_of_images(prices: Mapping[str, Any], input_key: str, output_key: str) -> bool:
    """Whether the output price of a model that makes images is for image tokens: it is far above the input price.

    >>> is_of_images({"input": Decimal("0.3"), "output": "30"}, "input", "output")
    True
    >>> is_of_images({"input": Decimal("0.3"), "output": Decimal("2.5")}, "input", "output")
    False
    """
    read, written = (_number(prices.get(key)) for key in (input_key, output_key))
    return bool(read and written and read > 0 and written >= read * LEAST_IMAGE_RATIO)


def _number(value: Any) -> Decimal | None:
    """The number, stated as one or as its text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        return decimal_of(value)
    except NumberRefusedError:
        return None
