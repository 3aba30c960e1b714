"""OpenRouter's `pricing` object, the same for models and for endpoints: US dollars a unit as decimal strings."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aimstats.domain.absence import Absence
from aimstats.domain.prices import Price, PriceKey, price
from scrapy_project.base.record import Record

METERS: Final[dict[str, tuple[str, str]]] = {
    # key -> meter, unit; `image` and `image_output` are decided by `_image_unit`
    "prompt": ("input", "token"),
    "completion": ("output", "token"),
    "internal_reasoning": ("reasoning", "token"),
    "input_cache_read": ("cache_read", "token"),
    "input_cache_write": ("cache_write", "token"),
    "input_cache_write_1h": ("cache_write_1h", "token"),
    "audio": ("input_audio", "token"),
    "audio_output": ("output_audio", "token"),
    "input_audio_cache": ("cache_read_audio", "token"),
    "image_token": ("input_image", "token"),
    "image": ("input_image", "image"),
    "image_output": ("image", "image"),
    "request": ("request", "request"),
    "web_search": ("web_search", "request"),
}
VARIABLE: Final = Decimal(-1)
"""Routers state -1: it depends on the model that they choose, and is never a price."""
MOST_TOKEN_RATIO: Final = 32
"""The reference says "per input image", the documents mostly repeat the token price under `image` (17 of 17 in June
2026). No model's image token costs 32 times its text token, no image less than 32 tokens: the ratio tells."""


def openrouter_prices(pricing: Record, plan: str = "standard") -> tuple[Price, ...]:
    """The prices with their overrides (long prompts, daily UTC windows); of entries for one key the later wins.

    `discount` is left to the caller: the stated figures have it taken off already. Rule: OpenRouter's reference,
    PricingOverride.
    """
    overrides = pricing.records("overrides", priced=True)
    base = {key: value for key in METERS if (value := pricing.number(key)) is not None}
    found: dict[PriceKey, Price] = {stated.key: stated for stated in _stated(pricing, base, base, plan, 0, "")}
    for override in overrides:
        tokens = override.count("min_prompt_tokens")
        window = _window(override)
        amounts = {key: value for key in METERS if (value := override.number(key)) is not None}
        if override.left or window is None or not (tokens or window):
            for key in list(override.left) or ["condition"]:
                override.unknown(key)
            override.left.clear()
            continue
        found |= {stated.key: stated for stated in _stated(override, amounts, base, plan, tokens or 0, window)}
    pricing.close()
    return tuple(found.values())


def _stated(
    record: Record, amounts: dict[str, Decimal], base: dict[str, Decimal], plan: str, tokens: int, window: str
) -> Iterator[Price]:
    for key, amount in amounts.items():
        meter, unit = METERS[key]
        if key == "image":
            unit = _image_unit(amount, amounts.get("prompt", base.get("prompt")))
        elif key == "image_output":
            unit = _image_unit(amount, amounts.get("completion", base.get("completion")))
            meter = "output_image" if unit == "token" else meter
        if amount < 0 and amount != VARIABLE:
            record.unknown(key, "a negative amount")
            continue
        yield price(
            meter,
            None if amount == VARIABLE else amount,
            unit,
            plan=plan,
            min_context_tokens=tokens,
            window=window,
            absent=Absence.VARIABLE if amount == VARIABLE else None,
        )


def _image_unit(amount: Decimal, of_text: Decimal | None) -> str:
    return "token" if of_text is not None and amount <= of_text * MOST_TOKEN_RATIO else "image"


def _window(override: Record) -> str | None:
    """`HHMM-HHMM` from the integers `utc_start` and `utc_end`; '' where neither is stated, None for what is no time."""
    start, end = override.number("utc_start"), override.number("utc_end")
    if start is None and end is None:
        return ""
    times = [_time(value) for value in (start, end)]
    return None if None in times else "-".join(time for time in times if time)


def _time(value: Decimal | None) -> str | None:
    """An hhmm integer as four digits; 2400 is midnight.

    >>> _time(Decimal(30)), _time(Decimal(2400)), _time(Decimal(1661))
    ('0030', '0000', None)
    """
    if value is None or value != value.to_integral_value() or not 0 <= value <= 2400:
        return None
    hours, minutes = divmod(int(value), 100)
    return f"{hours % 24:02d}{minutes:02d}" if minutes < 60 and (hours < 24 or minutes == 0) else None
