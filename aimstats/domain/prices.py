"""A price as a source states it: what is billed, on which terms, how much; and its normalised figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from aimstats.domain.absence import Absence
from aimstats.domain.meters import METERS
from aimstats.domain.meters import MTOK as MTOK
from aimstats.domain.money import canonical, plain

UNITS: Final[dict[str, tuple[str, Decimal]]] = {
    # stated unit -> (base unit, factor to the figure in the base unit)
    MTOK: (MTOK, Decimal(1)),
    "1K tokens": (MTOK, Decimal(1_000)),
    "token": (MTOK, Decimal(1_000_000)),
    "1M tokens hour": ("1M tokens hour", Decimal(1)),
    "1M characters": ("1M characters", Decimal(1)),
    "1K characters": ("1M characters", Decimal(1_000)),
    "character": ("1M characters", Decimal(1_000_000)),
    "image": ("image", Decimal(1)),
    "1K images": ("image", Decimal("0.001")),
    "1M pixels": ("1M pixels", Decimal(1)),
    "pixel": ("1M pixels", Decimal(1_000_000)),
    "second": ("second", Decimal(1)),
    "minute": ("second", Decimal(1) / Decimal(60)),
    "audio hour": ("second", Decimal(1) / Decimal(3_600)),
    "hour": ("hour", Decimal(1)),
    "provisioned second": ("hour", Decimal(3_600)),
    "video": ("video", Decimal(1)),
    "page": ("page", Decimal(1)),
    "1K pages": ("page", Decimal("0.001")),
    "request": ("request", Decimal(1)),
    "1K requests": ("request", Decimal("0.001")),
    "session": ("session", Decimal(1)),
    "month": ("month", Decimal(1)),
    "GB day": ("GB day", Decimal(1)),
    "step": ("step", Decimal(1)),
}
"""Audio and video seconds are `second` (an hour of them is an `audio hour`); capacity billed by time (plan provisioned) is per
`hour`."""

PLANS: Final = ("standard", "batch", "flex", "priority", "fast", "free", "provisioned", "subscription")

CONDITIONS: Final = (
    "resolution", "quality", "steps", "duration_s", "max_duration_s", "max_results", "audio", "search_context",
    "min_pixels", "unit_of",
)  # fmt: skip
"""The closed list of conditions (ledger.md, Price)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceKey:
    """What makes two prices of one listing different: the key of a series.

    `window` is a UTC interval `"HHMM-HHMM"` (may wrap midnight) or ''. `unit` is a base unit of `UNITS`; '' stands for
    the meter's own. `conditions` are (name, value) pairs, sorted.
    """

    meter: str
    plan: str = "standard"
    min_context_tokens: int = 0
    window: str = ""
    conditions: tuple[tuple[str, str], ...] = ()
    currency: str = "USD"
    promotional: bool = False
    unit: str = ""

    def __str__(self) -> str:
        """The canonical text, e.g. `input|standard|0|||USD|` or `input_audio/second|batch|200000||quality=hd|USD|promotional`."""
        meter = f"{self.meter}/{self.unit}" if self.unit else self.meter
        conditions = "&".join(f"{name}={value}" for name, value in self.conditions)
        promotional = "promotional" if self.promotional else ""
        return f"{meter}|{self.plan}|{self.min_context_tokens}|{self.window}|{conditions}|{self.currency}|{promotional}"

    @property
    def base_unit(self) -> str:
        """The unit of the normalised figure."""
        return self.unit or METERS[self.meter].unit

    @property
    def is_headline(self) -> bool:
        """Standard plan, lowest tier, no window, no condition, US dollars, the meter's own unit, not promotional."""
        return (
            self.plan == "standard"
            and not self.min_context_tokens
            and not (self.window or self.conditions or self.promotional or self.unit)
            and self.currency == "USD"
        )


@lru_cache(maxsize=8_192)
def parse_price_key(text: str) -> PriceKey:
    """The key that `str(PriceKey)` wrote; raises ValueError for any other text.

    >>> parse_price_key("input/second|batch|200000||quality=hd|USD|promotional").conditions
    (('quality', 'hd'),)
    """
    meter, plan, min_context, window, conditions, currency, promotional = text.split("|")
    meter, _, unit = meter.partition("/")
    pairs = tuple((name, value) for name, _, value in (pair.partition("=") for pair in conditions.split("&") if pair))
    return PriceKey(
        meter=meter, plan=plan, min_context_tokens=int(min_context), window=window, conditions=pairs, currency=currency,
        promotional=bool(promotional), unit=unit,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One stated price. Exactly one of `amount` (in `unit`, as stated) and `absent` is given.

    `allowance` is e.g. `{"quantity": "5000", "period": "month", "shared_with": "..."}`; `alternative_of` names the meter
    that is billed instead (per character *or* per token); `derived_from` says the stated multiplier that this price was
    computed with; `valid_from`/`valid_to` are the source's own instants (aware UTC, half open).
    """

    key: PriceKey
    amount: Decimal | None = None
    unit: str = MTOK
    absent: Absence | None = None
    allowance: dict[str, str] | None = None
    alternative_of: str = ""
    derived_from: str = ""
    incomplete: bool = False
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    url: str | None = None

    @property
    def normalised(self) -> Decimal | None:
        """The canonical figure in the key's base unit and currency; None when absent."""
        return None if self.amount is None else canonical(self.amount * UNITS[self.unit][1])

    @property
    def usd(self) -> Decimal | None:
        """The canonical figure in US dollars per base unit; None when absent or in another currency."""
        return self.normalised if self.key.currency == "USD" else None

    def value(self) -> dict[str, Any]:
        """What the ledger holds of it: amounts as strings, nothing that is default."""
        stated: dict[str, Any] = {"unit": self.unit}
        if self.amount is not None:
            stated["amount"] = plain(self.amount)
        if self.absent is not None:
            stated["absent"] = self.absent.value
        if self.allowance:
            stated["allowance"] = self.allowance
        if self.alternative_of:
            stated["alternative_of"] = self.alternative_of
        if self.derived_from:
            stated["derived_from"] = self.derived_from
        return stated


def price(
    meter: str,
    amount: Decimal | None,
    unit: str | None = None,
    *,
    plan: str = "standard",
    min_context_tokens: int = 0,
    window: str = "",
    conditions: dict[str, str] | None = None,
    currency: str = "USD",
    promotional: bool = False,
    absent: Absence | None = None,
    **rest: Any,
) -> Price:
    """A price from its parts; the unit defaults to the meter's own, conditions are sorted, a foreign unit enters the key.

    Raises ValueError for a meter, unit, plan or condition that is not in the tables, a negative amount, or when not
    exactly one of `amount` and `absent` is given.

    >>> str(price("input", Decimal("0.000003"), "token").key)
    'input|standard|0|||USD|'
    >>> price("input", Decimal("0.000003"), "token").usd
    Decimal('3')
    """
    if meter not in METERS or plan not in PLANS:
        raise ValueError(f"no such meter or plan: {meter!r}, {plan!r}")
    unit = unit or METERS[meter].unit
    if unit not in UNITS:
        raise ValueError(f"no such unit: {unit!r}")
    pairs = tuple(sorted((conditions or {}).items()))
    if any(name not in CONDITIONS or any(mark in value for mark in "|&=/") for name, value in pairs):
        raise ValueError(f"no such condition: {pairs!r}")
    if (amount is None) == (absent is None):
        raise ValueError("a price has either an amount or a reason of its absence")
    if amount is not None and amount < 0:
        raise ValueError(f"a negative price: {amount}")
    base = UNITS[unit][0]
    key = PriceKey(
        meter=meter, plan=plan, min_context_tokens=min_context_tokens, window=window, conditions=pairs, currency=currency,
        promotional=promotional, unit="" if base == METERS[meter].unit else base,
    )  # fmt: skip
    return Price(key=key, amount=amount, unit=unit, absent=absent, **rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A daily UTC interval in minutes after midnight; `end` may lie before `start` (it wraps midnight)."""

    start: int
    end: int
    hours: Decimal = field(init=False, default=Decimal(24))

    def __post_init__(self) -> None:
        minutes = (self.end - self.start) % 1440 or 1440
        object.__setattr__(self, "hours", Decimal(minutes) / 60)


def parse_window(text: str) -> Window:
    """The interval of a key's `window`.

    >>> parse_window("1630-0030").hours
    Decimal('8')
    """
    start, _, end = text.partition("-")
    return Window(start=int(start[:2]) * 60 + int(start[2:]), end=int(end[:2]) * 60 + int(end[2:]))
