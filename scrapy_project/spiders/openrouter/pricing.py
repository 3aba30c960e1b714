"""OpenRouter's `pricing` object, the same for models and for endpoints: US dollars a unit as decimal strings."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from aimstats.domain.absence import Absence
from aimstats.domain.dialects.openrouter import METERS, VARIABLE, image_unit
from aimstats.domain.prices import Price, PriceKey, price
from scrapy_project.base.record import Record


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
            unit = image_unit(amount, amounts.get("prompt", base.get("prompt")))
        elif key == "image_output":
            unit = image_unit(amount, amounts.get("completion", base.get("completion")))
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
