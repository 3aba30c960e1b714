"""What cannot be true of a price by itself, whatever else is known: held however long it stands."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from aimstats.checks.figures import Figure
from aimstats.checks.findings import Finding, dollars, what
from aimstats.checks.thresholds import (
    CHEAPEST_CACHE,
    CHEAPEST_CHARACTERS,
    CHEAPEST_HOUR,
    CHEAPEST_IMAGE,
    CHEAPEST_IMAGE_READ,
    CHEAPEST_MADE_IMAGE,
    CHEAPEST_MEDIA,
    CHEAPEST_REQUEST,
    CHEAPEST_RUN,
    CHEAPEST_TASK,
    CHEAPEST_TEXT,
    CHEAPEST_TIME,
    CHEAPEST_TOKENS,
    DEAREST_CHARACTERS,
    DEAREST_EMBEDDING,
    DEAREST_HOUR,
    DEAREST_IMAGE,
    DEAREST_REQUEST,
    DEAREST_RUN,
    DEAREST_SIZED,
    DEAREST_TASK,
    DEAREST_TIME,
    DEAREST_TOKENS,
    TOKENS_OF_AN_IMAGE,
    Threshold,
)
from aimstats.domain.claims import json_value
from aimstats.domain.prices import MTOK, PriceKey, parse_price_key
from aimstats.domain.reasons import Reason

_BOUNDS: Final[dict[str, tuple[Threshold, Threshold]]] = {
    MTOK: (CHEAPEST_TOKENS, DEAREST_TOKENS),
    "1M tokens hour": (CHEAPEST_TOKENS, DEAREST_TOKENS),
    "1M characters": (CHEAPEST_CHARACTERS, DEAREST_CHARACTERS),
    "1M pixels": (CHEAPEST_CHARACTERS, DEAREST_CHARACTERS),
    "image": (CHEAPEST_IMAGE, DEAREST_IMAGE),
    "page": (CHEAPEST_IMAGE, DEAREST_IMAGE),
    "step": (CHEAPEST_IMAGE, DEAREST_IMAGE),
    "request": (CHEAPEST_REQUEST, DEAREST_REQUEST),
    "session": (CHEAPEST_REQUEST, DEAREST_REQUEST),
    "video": (CHEAPEST_REQUEST, DEAREST_REQUEST),
    "second": (CHEAPEST_TIME, DEAREST_TIME),
    "hour": (CHEAPEST_HOUR, DEAREST_HOUR),
    "month": (CHEAPEST_HOUR, DEAREST_HOUR),
    "GB day": (CHEAPEST_HOUR, DEAREST_HOUR),
}
_CHEAPEST: Final[dict[tuple[str, str], Threshold]] = {
    # meter, base unit -> the least that is not free; other token prices: CHEAPEST_TOKENS
    ("input", MTOK): CHEAPEST_TEXT,
    ("output", MTOK): CHEAPEST_TEXT,
    ("image", "image"): CHEAPEST_MADE_IMAGE,
    ("input_image", "image"): CHEAPEST_IMAGE_READ,
}
_WRITTEN: Final = str(PriceKey(meter="output"))
_EMBEDS: Final = re.compile(r"embed|rerank", re.IGNORECASE)
_DRAWS_OR_TRANSCRIBES: Final = re.compile(r"whisper|transcri|flux|diffusion|sdxl|(?<![a-z])asr(?![a-z])", re.IGNORECASE)
_SIZE: Final = re.compile(r"(?<![a-z0-9.])\d{1,3}(?:\.\d+)?b(?![a-z0-9])", re.IGNORECASE)


def says_its_size(external_id: str) -> bool:
    """Whether an id states how many parameters the model has: open weights, which nobody sells dearly.

    >>> says_its_size("watsonx/core42/jais-13b-chat"), says_its_size("openai/o1-pro"), says_its_size("gpt-4b2")
    (True, False, False)
    """
    return _SIZE.search(external_id) is not None


def embeds(figure: Figure) -> bool:
    """Whether the model's id or stated type says that it embeds or reranks text."""
    stated = next((json_value(claim.value) for claim in figure.listing.claims if claim.key == "type"), "")
    return stated in ("embedding", "rerank") or _EMBEDS.search(figure.listing.key[2]) is not None


def impossible(figure: Figure) -> Finding | None:
    """What cannot be true whatever else is known."""
    if figure.part:
        return _impossible_cost(figure)
    if not figure.is_price or figure.now == 0:
        return None
    key = parse_price_key(figure.claim.key)
    if key.currency != "USD":
        return None
    cheapest, dearest = _BOUNDS[key.base_unit]
    if figure.now > dearest.value:
        return Finding("too_dear", Reason("too_dear", stated=_stated(figure, key), most=dollars(dearest.value)))
    least = _CHEAPEST.get((key.meter, key.base_unit), CHEAPEST_CACHE if key.meter.startswith("cache_read") else cheapest)
    if least is CHEAPEST_TEXT and _DRAWS_OR_TRANSCRIBES.search(figure.listing.key[2]):
        least = CHEAPEST_MEDIA
    if key.base_unit == "image" and (figure.now < least.value or _is_worth_tokens(figure, key.meter)):
        return Finding("cheap_for_an_image", Reason("too_cheap_for_an_image", stated=_stated(figure, key)))
    if figure.now < least.value:
        code = "too_cheap_for_media" if least is CHEAPEST_MEDIA else "too_cheap"
        return Finding("too_cheap", Reason(code, stated=_stated(figure, key)))
    if key.base_unit != MTOK:
        return None
    if figure.now >= DEAREST_SIZED.value and says_its_size(figure.listing.key[2]):
        return Finding("dear_for_its_size", Reason("too_dear_for_its_size", stated=_stated(figure, key)))
    if key.meter in ("input", "output") and figure.now > DEAREST_EMBEDDING.value and embeds(figure):
        return Finding("dear_for_its_kind", Reason("too_dear_for_its_kind", stated=_stated(figure, key)))
    return None


def _stated(figure: Figure, key: PriceKey) -> Reason:
    return Reason("stated_as", price=dollars(figure.now), unit=key.base_unit, figure=what(figure))


def _is_worth_tokens(figure: Figure, meter: str) -> bool:
    """Whether a generated image costs no more than some tokens that the same model writes."""
    written = next((claim.usd for claim in figure.listing.claims if claim.key == _WRITTEN), None) or Decimal(0)
    return meter == "image" and figure.now * 1_000_000 < TOKENS_OF_AN_IMAGE.value * written


def _impossible_cost(figure: Figure) -> Finding | None:
    dearest, cheapest = (DEAREST_RUN, CHEAPEST_RUN) if figure.part == "run_cost_usd" else (DEAREST_TASK, CHEAPEST_TASK)
    stated = Reason("spent_as", price=dollars(figure.now), figure=what(figure))
    if figure.now > dearest.value:
        return Finding("too_dear", Reason("cost_too_dear", stated=stated, most=dollars(dearest.value)))
    if 0 < figure.now < cheapest.value:
        return Finding("too_cheap", Reason("cost_too_cheap", stated=stated))
    return None
