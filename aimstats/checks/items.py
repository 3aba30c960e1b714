"""What is wrong with one figure: absurd by itself, moved too far, far from what everybody else says."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple

from aimstats.checks.figures import Figure, factor, is_far
from aimstats.checks.others import Others
from aimstats.checks.thresholds import (
    CHEAPEST_IMAGE,
    CHEAPEST_IMAGE_READ,
    CHEAPEST_TEXT,
    CHEAPEST_TOKENS,
    CONFIRMED_WITHIN,
    DEAREST_CHARACTERS,
    DEAREST_EMBEDDING,
    DEAREST_IMAGE,
    DEAREST_SIZED,
    DEAREST_TIME,
    DEAREST_TOKENS,
    FAR_FROM_OTHERS,
    MOVED_LIMIT,
    MOVED_PRICE,
    MOVED_SCORE,
    Threshold,
)
from aimstats.domain.claims import json_value
from aimstats.domain.money import plain
from aimstats.domain.prices import MTOK, parse_price_key


class Finding(NamedTuple):
    """A check that failed, and why in words that a person can act on."""

    check: str
    reason: str


UNIT_SLIPS: Final = frozenset({"too_dear", "dear_for_its_size", "dear_for_its_kind", "too_cheap", "far_from_others"})
"""Checks whose failure says that a listing's prices stand in another unit; one misfiled price of an image does not."""

_DEAREST: Final[dict[str, Threshold]] = {
    MTOK: DEAREST_TOKENS,
    "1M tokens hour": DEAREST_TOKENS,
    "1M characters": DEAREST_CHARACTERS,
    "1M pixels": DEAREST_CHARACTERS,
    "image": DEAREST_IMAGE,
    "page": DEAREST_IMAGE,
    "request": DEAREST_IMAGE,
    "step": DEAREST_IMAGE,
    "video": DEAREST_IMAGE,
    "second": DEAREST_TIME,
}
_CHEAPEST: Final[dict[tuple[str, str], Threshold]] = {
    # meter, base unit -> the least that is not free; other token prices: CHEAPEST_TOKENS
    ("input", MTOK): CHEAPEST_TEXT,
    ("output", MTOK): CHEAPEST_TEXT,
    ("image", "image"): CHEAPEST_IMAGE,
    ("input_image", "image"): CHEAPEST_IMAGE_READ,
}
_EMBEDS: Final = re.compile(r"embed|rerank", re.IGNORECASE)
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


def dollars(amount: Decimal) -> str:
    """Money in a reason: `$0.25`."""
    return f"${plain(amount)}"


def _times(ratio: Decimal) -> str:
    """How far apart, as a person says it: `1,000 times dearer`."""
    many = ratio if ratio >= 1 else 1 / ratio
    shown = f"{many:,.0f}" if many >= 10 else f"{many:.1f}"
    return f"{shown} times {'dearer' if ratio >= 1 else 'cheaper'}"


def what(figure: Figure) -> str:
    """The figure's name in a reason: `output (batch) price`."""
    if not figure.is_price:
        return figure.claim.key
    key = parse_price_key(figure.claim.key)
    return f"{key.meter} price" if key.plan == "standard" else f"{key.meter} price ({key.plan})"


def absurd(figure: Figure) -> Finding | None:
    """What cannot be true whatever else is known."""
    if not figure.is_price or figure.now == 0:
        return None
    key = parse_price_key(figure.claim.key)
    if key.currency != "USD":
        return None
    said = f"{dollars(figure.now)} per {key.base_unit} as {what(figure)}"
    dearest = _DEAREST.get(key.base_unit)
    if dearest is not None and figure.now > dearest.value:
        return Finding(
            "too_dear", f"{said}: no model costs more than {dollars(dearest.value)}; probably a price per another unit"
        )
    least = _CHEAPEST.get((key.meter, key.base_unit), CHEAPEST_TOKENS if key.base_unit == MTOK else None)
    if least is not None and figure.now < least.value and key.base_unit == "image":
        return Finding("cheap_for_an_image", f"{said}: no image costs so little; probably the price of a token")
    if least is not None and figure.now < least.value:
        return Finding("too_cheap", f"{said}: nothing but free is so cheap; probably a price per another unit")
    if key.base_unit != MTOK:
        return None
    if figure.now > DEAREST_SIZED.value and says_its_size(figure.listing.key[2]):
        return Finding("dear_for_its_size", f"{said}: no model of a stated size costs that; probably a price per another unit")
    if key.meter in ("input", "output") and figure.now > DEAREST_EMBEDDING.value and embeds(figure):
        return Finding(
            "dear_for_its_kind", f"{said}: no model that embeds or reranks costs that; probably a price per another unit"
        )
    return None


def is_confirmed(figure: Figure, others: Others) -> bool:
    """Whether other sources say about the same of this offer."""
    said = others.of_the_offer(figure)
    if said is None:
        return False
    return figure.now == said or (min(figure.now, said) > 0 and not is_far(figure.now, said, CONFIRMED_WITHIN.value))


def is_correction(figure: Figure, others: Others) -> bool:
    """Whether the figure comes back to what others ask for the model, from a place far off."""
    said = others.of_the_offer(figure) or others.of_the_model(figure)
    if said is None or not (figure.before and figure.now and said):
        return False
    return is_far(figure.before, said, FAR_FROM_OTHERS.value) and not is_far(figure.now, said, MOVED_PRICE.value)


def moved(figure: Figure, others: Others) -> Finding | None:
    """A known figure that became free, or moved further than figures do, without others saying so."""
    if figure.before is None or figure.before == figure.now:
        return None
    if not figure.is_price:
        ratio = factor(figure.now, figure.before)
        limit = MOVED_SCORE if figure.claim.kind == "score" else MOVED_LIMIT
        if ratio is None or not is_far(figure.now, figure.before, limit.value):
            return None
        change = f"went from {plain(figure.before)} to {plain(figure.now)}"
        return Finding("moved", f"{what(figure)} {change}: probably another unit")
    if is_confirmed(figure, others) or is_correction(figure, others):
        return None
    if figure.now == 0:
        return Finding("free_now", f"{what(figure)} was {dollars(figure.before)} and is stated as free: accept it if it is")
    ratio = factor(figure.now, figure.before)
    if ratio is not None and is_far(figure.now, figure.before, MOVED_PRICE.value):
        change = f"{what(figure)} went from {dollars(figure.before)} to {dollars(figure.now)}, {_times(ratio)}"
        return Finding("moved", f"{change}, and no other source says so: probably another unit or column")
    return None


def disagrees(figure: Figure, others: Others) -> Finding | None:
    """A new price that lies a unit away from what other sources say of the offer, or other sellers ask for the model."""
    if figure.before is not None or not figure.is_price or figure.claim.usd is None or figure.now == 0:
        return None
    for said, whose in (
        (others.of_the_offer(figure), "what other sources say of this offer"),
        (others.of_the_model(figure), "what other sellers ask for this model"),
    ):
        if not said:
            continue
        if is_far(figure.now, said, FAR_FROM_OTHERS.value):
            apart = _times(figure.now / said)
            reason = f"{what(figure)} {dollars(figure.now)} is {apart} than {whose} ({dollars(said)}): probably another unit"
            return Finding("far_from_others", reason)
        return None
    return None
