"""The price cells of Google's Gemini page: amounts by modality, by length of the prompt, by resolution, with free allowances."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aimstats.domain.meters import METERS
from aimstats.domain.prices import MTOK
from scrapy_project.base.price_cells import NUMBER, number_of

MODALITIES: Final = {
    "text": "", "thinking": "", "image": "image", "images": "image", "video": "video", "audio": "audio",
}  # fmt: skip

_AMOUNT = re.compile(rf"(?:US)?\$\s?({NUMBER})([^$]*?)(?=(?:US)?\$|\Z)", re.DOTALL)
_EQUIVALENTS = re.compile(
    r"\(\$[^)]{0,200}\)|\bor \$[\d.]{1,20}\s?/\s?\w+|(?:,\s?|\s)?\bequivalent to\b.*", re.IGNORECASE | re.DOTALL
)
_EQUIVALENT = re.compile(
    rf"\$({NUMBER})\s{{1,9}}per\s{{1,9}}([\d.]{{1,9}}K(?:/[\d.]{{1,9}}K){{0,9}})\s{{1,9}}image", re.IGNORECASE
)
_SAME = re.compile(r"(?:same as standard|[\s_*])+", re.IGNORECASE)
_PROMPTS = re.compile(r"prompts\s{0,9}(<=|≤|>)\s{0,9}(\d{1,9})k", re.IGNORECASE)
_PARENTHESIS = re.compile(r"\(([^()]*)\)")
_PER_IMAGE = re.compile(r"\bper\s{1,9}(?:([\d.]{1,9}K(?:/[\d.]{1,9}K){0,9})\s{1,9})?image", re.IGNORECASE)
_RESOLUTION = re.compile(r"\b(\d{1,9}[pk])\b", re.IGNORECASE)
_ALLOWANCE = re.compile(
    r"(?<![\d,])([\d,]{1,20})\s?(prompts per month|requests per month|RPD)"
    r"\s?\(free(?:,\s?(?:limit )?shared (?:with|across) ([^)]{0,200}))?\),?"
    r"\s?then\s?(\$[\d.]+ / [\d,]+ [a-z ]+)"
)


class CellError(ValueError):
    """A part of a cell whose meaning is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """One amount of a cell, with what it is for."""

    meter: str
    value: Decimal
    unit: str
    min_context_tokens: int = 0
    resolution: str = ""


def amounts_of(cell: str, base: str, unit: str) -> Iterator[Amount]:
    """The amounts of a price cell whose row means the meter `base` and whose column the `unit`.

    Equivalents ("or $0.005/min", "equivalent to $0.045 per image") repeat a token price and are left out (`equivalents_of`).
    Raises CellError for a part that is not understood.

    >>> [(found.meter, str(found.value)) for found in amounts_of("$0.50 (text / image) $1.00 (audio)", "input", "1M tokens")]
    [('input', '0.50'), ('input_audio', '1.00')]
    >>> [found.min_context_tokens for found in amounts_of("$2, prompts <= 200k $4, prompts > 200k", "input", "1M tokens")]
    [0, 200000]
    """
    stated_only = _EQUIVALENTS.sub("", cell)
    parts = _AMOUNT.findall(stated_only)
    if not parts or _SAME.sub("", _AMOUNT.sub("", stated_only)):
        raise CellError(f"no amount: {cell[:60]}")
    for stated, words in parts:
        yield from _amount(number_of(stated), words, base, unit)


def equivalents_of(cell: str) -> Iterator[tuple[str, Decimal]]:
    """(resolution, amount) of what a cell says that one image comes to, by resolution.

    >>> said = "$60.00 (images) Equivalent to $0.045 per 0.5K image*, $0.24 per 1K/2K image"
    >>> [(size, str(value)) for size, value in equivalents_of(said)]
    [('0.5K', '0.045'), ('1K', '0.24'), ('2K', '0.24')]
    """
    for stated, sizes in _EQUIVALENT.findall(cell.lower().partition("equivalent to")[2]):
        for size in sizes.upper().split("/"):
            yield size, number_of(stated)


def _amount(value: Decimal, words: str, base: str, unit: str) -> Iterator[Amount]:
    if "tokens per hour" in words:
        if "/ 1,000,000 tokens per hour" not in words:
            raise CellError(f"storage of another quantity: {words[:60]}")
        yield Amount(meter="cache_storage", value=value, unit="1M tokens hour")
    elif per_image := _PER_IMAGE.search(words):
        meter = "image" if base == "output" else f"{base}_image"
        for resolution in (per_image[1] or "").split("/"):
            yield Amount(meter=meter, value=value, unit="image", resolution=resolution)
    elif prompts := _PROMPTS.search(words):
        longer = int(prompts[2]) * 1_000 if prompts[1] == ">" else 0
        yield Amount(meter=base, value=value, unit=unit, min_context_tokens=longer)
    elif remark := _PARENTHESIS.search(words):
        yield from _remarked(value, remark[1], words[remark.end() :], base, unit)
    elif re.sub(r"(/ 1,000,000 tokens|per song|[\s*,.])", "", words):
        raise CellError(f"words behind an amount: {words[:60]}")
    else:
        yield Amount(meter=base, value=value, unit=unit)


def _remarked(value: Decimal, remark: str, after: str, base: str, unit: str) -> Iterator[Amount]:
    """An amount with its modalities or resolutions in parentheses."""
    if base == "output_video":
        resolutions = _RESOLUTION.findall(remark)
        if not resolutions:
            raise CellError(f"no resolution: {remark[:60]}")
        for resolution in resolutions:
            yield Amount(meter=base, value=value, unit=unit, resolution=resolution.lower())
        return
    kinds = []
    for word in re.split(r"\s{0,9}(?:/|,|\band\b)\s{0,9}", remark.strip()):
        if word.lower() not in MODALITIES:
            raise CellError(f"no such modality: {word[:60]}")
        kinds.append(MODALITIES[word.lower()])
    if kinds == ["image"] and "*" in after and value < Decimal("0.01"):
        # The footnote behind the mark states tokens an image: so small an amount is the price of one image.
        yield Amount(meter=f"{base}_image", value=value, unit="image")
        return
    for kind in dict.fromkeys([""] if "" in kinds else kinds):
        meter = f"{base}_{kind}" if kind else base
        if meter not in METERS:
            raise CellError(f"no such meter: {meter}")
        yield Amount(meter=meter, value=value, unit=unit)


def grounding_of(cell: str) -> tuple[str, dict[str, str]] | None:
    """The price text and the free allowance of a grounding cell; None where it states neither.

    >>> grounding_of("1,500 RPD (free, limit shared with Flash RPD), then $35 / 1,000 grounded prompts")
    ('$35 / 1,000 grounded prompts', {'quantity': '1500', 'period': 'day', 'shared_with': 'Flash RPD'})
    """
    found = _ALLOWANCE.search(cell)
    if not found:
        return None
    allowance = {"quantity": found[1].replace(",", ""), "period": "day" if found[2] == "RPD" else "month"}
    if found[3]:
        allowance["shared_with"] = found[3].strip()
    return found[4].strip(), allowance


UNIT_OF_HEADER: Final = {
    "per 1m tokens": (MTOK, ""), "per image": ("image", "image"), "per second": ("second", "output_video"),
    "per request": ("request", "request"),
}  # fmt: skip
"""What the header of the paid column says: the unit, and the meter where the rows name models instead of meters."""
