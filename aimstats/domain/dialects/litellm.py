"""LiteLLM's words: a price key is a base with modifiers in any order, an id a path with region, size and quality."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

_MODIFIER = re.compile(
    r"_above_(?P<thousands>\d{1,6})k_tokens"
    r"|_above_(?P<hours>\d+)hr"
    r"|_above_(?P<seconds>\d{1,5})s_interval"
    r"|_above_(?P<width>\d{1,5})_and_(?P<height>\d{1,5})_pixels"
    r"|_(?P<plan>priority|flex|batches|batch_requests)(?![a-z])"
    r"|_(?P<hit>cache_hit)(?![a-z])"
    r"|(?:_and)?_(?P<premium>premium_image)"
    r"|_(?P<lines>\d{3,4}p)(?![a-z])"
)
PLANS: Final = {"priority": "priority", "flex": "flex", "batches": "batch", "batch_requests": "batch"}

BASES: Final[dict[str, tuple[str, str]]] = {
    # base -> meter, stated unit; what depends on the record's mode is in `base_by_mode`
    "input_cost_per_token": ("input", "token"),
    "output_cost_per_token": ("output", "token"),
    "output_cost_per_reasoning_token": ("reasoning", "token"),
    "cache_read_input_token_cost": ("cache_read", "token"),
    "cache_creation_input_token_cost": ("cache_write", "token"),
    "cache_read_input_audio_token_cost": ("cache_read_audio", "token"),
    "cache_read_input_token_cost_per_audio_token": ("cache_read_audio", "token"),
    "cache_read_input_image_token_cost": ("cache_read_image", "token"),
    "cache_creation_input_audio_token_cost": ("cache_write_audio", "token"),
    "input_cost_per_audio_token": ("input_audio", "token"),
    "output_cost_per_audio_token": ("output_audio", "token"),
    "input_cost_per_image_token": ("input_image", "token"),
    "output_cost_per_image_token": ("output_image", "token"),
    "input_cost_per_video_token": ("input_video", "token"),
    "output_cost_per_video_token": ("output_video", "token"),
    "citation_cost_per_token": ("citation", "token"),
    "input_cost_per_character": ("input_character", "character"),
    "output_cost_per_character": ("output_character", "character"),
    "input_cost_per_audio_per_second": ("input_audio", "second"),
    "output_cost_per_audio_per_second": ("output_audio", "second"),
    "input_cost_per_video_per_second": ("input_video", "second"),
    "output_cost_per_video_per_second": ("output_video", "second"),
    "input_cost_per_query": ("request", "request"),
    "input_cost_per_request": ("request", "request"),
    "code_interpreter_cost_per_session": ("session", "session"),
    "ocr_cost_per_page": ("ocr_page", "page"),
    "annotation_cost_per_page": ("page", "page"),
    "file_search_cost_per_1k_calls": ("file_search", "1K requests"),
    "file_search_cost_per_gb_per_day": ("file_storage", "GB day"),
    "vector_store_cost_per_gb_per_day": ("file_storage", "GB day"),
}
ALTERNATIVES: Final = {"input_character": "input", "output_character": "output"}
"""Billed per character *or* per token: a receipt picks one."""
MODAL_BASES: Final = frozenset(f"{side}_cost_per_{unit}" for side in ("input", "output") for unit in ("second", "image", "pixel"))

SECONDS_BY_MODE: Final = {
    "audio_transcription": ("input_audio", ""),
    "video_generation": ("output_video", ""),
    "audio_speech": ("output_audio", "output_audio"),
}
MAKES_IMAGES: Final = ("image_generation", "image_edit")

TYPES: Final[dict[str, str | None]] = {
    "chat": "text",
    "completion": "text",
    "responses": "text",
    "embedding": "embedding",
    "rerank": "rerank",
    "image_generation": "image",
    "image_edit": "image",
    "video_generation": "video",
    "audio_speech": "speech",
    "audio_transcription": "transcription",
    "moderation": "moderation",
    "moderations": "moderation",
    "ocr": "other",
    "realtime": None,
    "search": None,
    "vector_store": None,
    "container": None,
}
MODALITIES: Final = {word: word for word in ("text", "image", "audio", "video", "pdf")} | {"code": "text"}
INPUT_FLAGS: Final = {
    "vision": "image", "image_input": "image", "embedding_image_input": "image", "audio_input": "audio",
    "video_input": "video", "pdf_input": "pdf",
}  # fmt: skip
MERGED_FLAGS: Final = {
    # fact -> the flag that may deny it, the flags that imply it
    "tool_call": ("function_calling", ("tool_choice", "parallel_function_calling")),
    "structured_output": ("response_schema", ("native_structured_output",)),
    "reasoning": ("reasoning", ("adaptive_thinking",)),
}

_REGION = re.compile(r"(?:us|eu|apac|global|global-standard|[a-z]{2}(?:-gov)?-[a-z]+-\d)\Z")
_SIZE = re.compile(r"(?<!\d)(\d{1,9}|max)-x-(\d{1,9}|max)\Z")
_STEPS = re.compile(r"(?<!\d)(\d{1,9}|max)-steps\Z")
_COMMITMENT = re.compile(r"(?<!\d)\d{1,9}-month-commitment\Z")
_QUALITIES: Final = frozenset({"standard", "hd", "low", "medium", "high"})


@dataclass(frozen=True, slots=True)
class PriceName:
    """A price key of LiteLLM, taken apart: the base and what its modifiers say."""

    base: str
    plan: str = "standard"
    min_context_tokens: int = 0
    conditions: dict[str, str] = field(default_factory=dict)
    cache_hit: bool = False
    one_hour: bool = False

    @property
    def is_known(self) -> bool:
        """Whether the base is one that we know."""
        return self.base in BASES or self.base in MODAL_BASES

    def meter(self, meter: str) -> str:
        """The base's meter as the modifiers change it."""
        if self.one_hour:
            return "cache_write_1h" if meter == "cache_write" else ""
        if self.cache_hit:
            return "cache_read" if meter == "input" else ""
        return meter


def parse_price_name(key: str) -> PriceName:
    """Take a price key apart; tiers come with any number.

    >>> parse_price_name("cache_read_input_token_cost_above_272k_tokens_priority")
    PriceName(base='cache_read_input_token_cost', plan='priority', min_context_tokens=272000, conditions={}, \
cache_hit=False, one_hour=False)
    >>> parse_price_name("output_cost_per_image_above_512_and_512_pixels_and_premium_image").conditions
    {'min_pixels': '262144', 'quality': 'premium'}
    """
    plan, tier, conditions, hit, hour = "standard", 0, {}, False, False
    base = key
    for match in _MODIFIER.finditer(key):
        part = match.groupdict()
        if part["hours"] and part["hours"] != "1":
            continue
        base = base.replace(match[0], "", 1)
        plan = PLANS.get(part["plan"] or "", plan)
        tier = int(part["thousands"]) * 1_000 if part["thousands"] else tier
        hit, hour = hit or bool(part["hit"]), hour or bool(part["hours"])
        if part["seconds"]:
            conditions["duration_s"] = f">{part['seconds']}"
        if part["width"]:
            conditions["min_pixels"] = str(int(part["width"]) * int(part["height"]))
        if part["premium"]:
            conditions["quality"] = "premium"
        if part["lines"]:
            conditions["resolution"] = part["lines"]
    return PriceName(base, plan, tier, conditions, hit, hour)


@dataclass(frozen=True, slots=True)
class IdPath:
    """What the segments before the last of an id define."""

    region: str = ""
    conditions: dict[str, str] = field(default_factory=dict)
    is_provisioned: bool = False


def parse_id(external_id: str) -> IdPath:
    """Region, image size, quality, steps and commitment that an id's path states; `*` is every region.

    >>> parse_id("azure/hd/1024-x-1792/dall-e-3").conditions
    {'quality': 'hd', 'resolution': '1024x1792'}
    >>> parse_id("bedrock/us-gov-west-1/amazon.nova-pro-v1:0").region
    'us-gov-west-1'
    """
    region, conditions, provisioned = "", {}, False
    for segment in external_id.split("/")[:-1]:
        if size := _SIZE.match(segment):
            conditions["resolution"] = f"{size[1]}x{size[2]}" if size[1] != "max" else "max"
        elif steps := _STEPS.match(segment):
            conditions["steps"] = steps[1]
        elif segment in _QUALITIES:
            conditions["quality"] = segment
        elif _COMMITMENT.match(segment):
            provisioned = True
        elif _REGION.match(segment):
            region = segment
    return IdPath(region, conditions, provisioned)


def meter_of(name: PriceName, amount: Decimal, amounts: Mapping[str, Decimal], mode: str, path: IdPath) -> tuple[str, str, str]:
    """Meter, stated unit, and the meter that it stands for alternatively.

    `amounts` are all amounts of the record by key. ('', 'dropped', '') is a figure that repeats the other side or says
    nothing; ('', '', '') one whose meaning in this mode is not known.
    """
    if name.base in BASES:
        meter, unit = BASES[name.base]
        return meter, unit, ALTERNATIVES.get(meter, "")
    side, _, kind = name.base.partition("_cost_per_")
    other = amounts.get(f"output_cost_per_{kind}" if side == "input" else f"input_cost_per_{kind}")
    dropped = "", "dropped", ""
    if kind == "second":
        one_price = path.is_provisioned or mode == "audio_transcription"
        if side == "output" and one_price and other is not None and amount in (0, other):
            return dropped
        if path.is_provisioned:
            return "capacity", "provisioned second", ""
        meter, alternative = SECONDS_BY_MODE.get(mode, ("", ""))
        return meter, "second" if meter else "", alternative
    if kind == "pixel":
        if side == "output" and amount == 0 and other is not None:
            return dropped
        return ("image", "pixel", "") if mode in MAKES_IMAGES else ("", "", "")
    makes_images = mode in MAKES_IMAGES
    return ("input_image" if side == "input" and not (makes_images and other is None) else "image"), "image", ""
