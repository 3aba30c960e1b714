"""What is wrong with one figure: absurd by itself, moved too far, far from what everybody else says."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple

from aimstats.checks.figures import COSTS, Figure, factor, is_far
from aimstats.checks.others import Others
from aimstats.checks.peers import Peers
from aimstats.checks.thresholds import (
    BESIDE_A_SLIP,
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
    CONFIRMED_WITHIN,
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
    FAR_FROM_OTHERS,
    MOVED_COST,
    MOVED_LIMIT,
    MOVED_PRICE,
    MOVED_SCORE,
    MOVED_SCORE_TO,
    MOVED_SIZE,
    TOKENS_OF_AN_IMAGE,
    UNLIKE_ITS_SELLER,
    Threshold,
)
from aimstats.domain.claims import json_value
from aimstats.domain.money import plain
from aimstats.domain.prices import MTOK, PriceKey, parse_price_key


class Finding(NamedTuple):
    """A check that failed, and why in words that a person can act on."""

    check: str
    reason: str


UNIT_SLIPS: Final = frozenset(
    {"too_dear", "dear_for_its_size", "dear_for_its_kind", "too_cheap", "far_from_others", "unlike_its_seller"}
)
"""Checks whose failure says that a listing's prices stand in another unit; one misfiled price of an image does not."""

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
    if figure.part:
        return f"{COSTS[figure.part]} in {figure.claim.key}"
    if not figure.is_price:
        return figure.claim.key
    key = parse_price_key(figure.claim.key)
    return f"{key.meter} price" if key.plan == "standard" else f"{key.meter} price ({key.plan})"


def absurd(figure: Figure) -> Finding | None:
    """What cannot be true whatever else is known."""
    if figure.part:
        return _absurd_cost(figure)
    if not figure.is_price or figure.now == 0:
        return None
    key = parse_price_key(figure.claim.key)
    if key.currency != "USD":
        return None
    said = f"{dollars(figure.now)} per {key.base_unit} as {what(figure)}"
    cheapest, dearest = _BOUNDS[key.base_unit]
    if figure.now > dearest.value:
        return Finding(
            "too_dear", f"{said}: no model costs more than {dollars(dearest.value)}; probably a price per another unit"
        )
    least = _CHEAPEST.get((key.meter, key.base_unit), CHEAPEST_CACHE if key.meter.startswith("cache_read") else cheapest)
    if least is CHEAPEST_TEXT and _DRAWS_OR_TRANSCRIBES.search(figure.listing.key[2]):
        least = CHEAPEST_MEDIA
    if key.base_unit == "image" and (figure.now < least.value or _is_worth_tokens(figure, key.meter)):
        return Finding("cheap_for_an_image", f"{said}: no image costs so little; probably the price of a token")
    if figure.now < least.value:
        what_is = "no model that draws or transcribes" if least is CHEAPEST_MEDIA else "nothing but free"
        return Finding("too_cheap", f"{said}: {what_is} is so cheap; probably a price per another unit")
    if key.base_unit != MTOK:
        return None
    if figure.now > DEAREST_SIZED.value and says_its_size(figure.listing.key[2]):
        return Finding("dear_for_its_size", f"{said}: no model of a stated size costs that; probably a price per another unit")
    if key.meter in ("input", "output") and figure.now > DEAREST_EMBEDDING.value and embeds(figure):
        return Finding(
            "dear_for_its_kind", f"{said}: no model that embeds or reranks costs that; probably a price per another unit"
        )
    return None


def _is_worth_tokens(figure: Figure, meter: str) -> bool:
    """Whether a generated image costs no more than some tokens that the same model writes."""
    written = next((claim.usd for claim in figure.listing.claims if claim.key == _WRITTEN), None) or Decimal(0)
    return meter == "image" and figure.now * 1_000_000 < TOKENS_OF_AN_IMAGE.value * written


def _absurd_cost(figure: Figure) -> Finding | None:
    dearest, cheapest = (DEAREST_RUN, CHEAPEST_RUN) if figure.part == "run_cost_usd" else (DEAREST_TASK, CHEAPEST_TASK)
    said = f"{dollars(figure.now)} as {what(figure)}"
    if figure.now > dearest.value:
        return Finding("too_dear", f"{said}: nobody spent more than {dollars(dearest.value)} on it; probably another unit")
    if 0 < figure.now < cheapest.value:
        return Finding("too_cheap", f"{said}: nothing but free is so cheap; probably another unit")
    return None


def is_confirmed(figure: Figure, others: Others) -> bool:
    """Whether another source says about the same of this offer; the rest may lag behind."""
    return any(
        figure.now == said or (min(figure.now, said) > 0 and not is_far(figure.now, said, CONFIRMED_WITHIN.value))
        for said in others.all_of_the_offer(figure)
    )


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
    if figure.part:
        return _moved_cost(figure, figure.before)
    if not figure.is_price:
        ratio = factor(figure.now, figure.before)
        is_score = figure.claim.kind == "score"
        limit = MOVED_SCORE if is_score else MOVED_LIMIT if figure.claim.key.startswith("limit") else MOVED_SIZE
        if ratio is None or not is_far(figure.now, figure.before, limit.value):
            return None
        if is_score and max(figure.now, figure.before) <= MOVED_SCORE_TO.value:
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


def _moved_cost(figure: Figure, before: Decimal) -> Finding | None:
    change = f"{what(figure)} went from {dollars(before)} to {dollars(figure.now)}"
    if figure.now == 0:
        return Finding("free_now", f"{change}: accept it if it is")
    ratio = factor(figure.now, before)
    if ratio is not None and is_far(figure.now, before, MOVED_COST.value):
        return Finding("moved", f"{change}, {_times(ratio)}: probably another unit")
    return None


def disagrees(figure: Figure, others: Others) -> Finding | None:
    """A new price that lies a unit away from what other sources say of the offer, or other sellers ask for the model."""
    if not figure.is_first or not figure.is_price or figure.claim.usd is None or figure.now == 0:
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


def is_near_others(figure: Figure, others: Others) -> bool:
    """Whether others say about as much of the offer, or ask about as much for the model."""
    said = others.of_the_offer(figure) or others.of_the_model(figure)
    return said is not None and said > 0 and not is_far(figure.now, said, BESIDE_A_SLIP.value)


def unlike_its_seller(figure: Figure, others: Others, peers: Peers) -> Finding | None:
    """A new price far beyond everything that the seller asks for its other models, which nobody else states."""
    if not figure.is_first or not figure.is_price or figure.claim.usd is None or figure.now == 0:
        return None
    if is_confirmed(figure, others) or is_near_others(figure, others):
        return None
    found = peers.of(figure)
    if found is None:
        return None
    said = f"{what(figure)} {dollars(figure.now)} is"
    rest = "in this list, and nobody else states it: probably another unit"
    own = peers.own(figure)
    if own.cheapest > found.dearest * UNLIKE_ITS_SELLER.value:
        apart = f"{said} {_times(figure.now / found.dearest)} than the dearest other ({dollars(found.dearest)})"
        return Finding("unlike_its_seller", f"{apart} {rest}")
    if own.dearest * UNLIKE_ITS_SELLER.value < found.cheapest:
        apart = f"{said} {_times(figure.now / found.cheapest)} than the cheapest other ({dollars(found.cheapest)})"
        return Finding("unlike_its_seller", f"{apart} {rest}")
    return None
