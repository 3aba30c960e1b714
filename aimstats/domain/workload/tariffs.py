"""The tariff of one offer: its rates as they are stated, where each comes from, and what it lacks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from sys import intern
from typing import Any, Final, NamedTuple

from aimstats.domain.money import canonical
from aimstats.domain.prices import MTOK, UNITS
from aimstats.domain.workload.asked import minutes_of
from aimstats.domain.workload.sellers import FROM_THE_THRESHOLD, SPEECH_TOKENS_A_SECOND, THINKING_COVERS_OUTPUT

PART: Final = "unit_of"
"""The condition of a price for a part or addition (an annotation of a page, a file of a model): no workload names it."""
NOT_OFFERED: Final = "not_offered"
RATE_PLACES: Final = 30
"""Decimals that an amount may have: 12 significant digits, the first of them at the 15th decimal at the latest."""

THINGS: Final[Mapping[str, tuple[str, int]]] = {
    # stated unit -> what is counted, how many of them the unit holds
    MTOK: ("token", 1_000_000),
    "1K tokens": ("token", 1_000),
    "token": ("token", 1),
    "1M characters": ("character", 1_000_000),
    "1K characters": ("character", 1_000),
    "character": ("character", 1),
    "image": ("image", 1),
    "1K images": ("image", 1_000),
    "1M pixels": ("pixel", 1_000_000),
    "pixel": ("pixel", 1),
    "second": ("second", 1),
    "minute": ("second", 60),
    "audio hour": ("second", 3_600),
    "page": ("page", 1),
    "1K pages": ("page", 1_000),
    "request": ("request", 1),
    "1K requests": ("request", 1_000),
}
"""Units of what a workload may hold; the others (sessions, storage, capacity) are no part of one."""


class Rate(NamedTuple):
    """One price in US dollars as it is stated; `tier` is its `min_context_tokens`, `minutes` those of its daily window."""

    meter: str
    plan: str
    tier: int
    window: str
    conditions: tuple[tuple[str, str], ...]
    unit: str
    amount: Decimal
    promotional: bool
    alternative_of: str

    @property
    def thing(self) -> str:
        """What is counted: tokens, characters, images, pixels, seconds, pages or requests."""
        return THINGS[self.unit][0]

    @property
    def things(self) -> int:
        """How many of them one unit holds."""
        return THINGS[self.unit][1]

    @property
    def minutes(self) -> int:
        """The minutes of the day in which it holds; 0 where it names no window."""
        return _minutes(self.window)


def scaled_amount(amount: Decimal) -> int:
    """A price in units of the last decimal that one may have."""
    return int(amount.scaleb(RATE_PLACES))


@lru_cache(maxsize=256)
def _minutes(window: str) -> int:
    return minutes_of(window) if window else 0


class Mark(NamedTuple):
    """Where a rate comes from and what must be said of it; amounts of others are in US dollars per the rate's unit."""

    source: str = ""
    document: int | None = None
    url: str | None = None
    derived: str | None = None
    held: Mapping[str, str] | None = None
    until: str | None = None
    allowance: Mapping[str, str] | None = None
    disputed: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True)
class Schedule:
    """What decides which rate is charged, the same for all offers that state the same.

    `absent` says by meter why there is no price; `inclusive`: a tier holds from its number of tokens on; `stores`: keeping a
    cache costs by the hour; `closed` are plans with the tiers of them that are stated as not offered.
    """

    rates: tuple[Rate, ...]
    absent: tuple[tuple[str, str], ...] = ()
    billing: str = "metered"
    type: str = "text"
    inclusive: bool = False
    thinking_covers_output: bool = False
    speech_tokens_a_second: int = 0
    stores: bool = False
    closed: tuple[tuple[str, int], ...] = ()
    incomplete: bool = False

    @cached_property
    def by_meter(self) -> Mapping[tuple[str, str, str], tuple[int, ...]]:
        """The places of its rates by meter, thing that is counted, and plan; the highest tier first."""
        places: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for index in sorted(range(len(self.rates)), key=lambda index: -self.rates[index].tier):
            rate = self.rates[index]
            places[rate.meter, rate.thing, rate.plan].append(index)
        return {key: tuple(found) for key, found in places.items()}

    @cached_property
    def scaled(self) -> tuple[int, ...]:
        """The amounts of its rates in units of the last decimal that one may have."""
        return tuple(scaled_amount(rate.amount) for rate in self.rates)

    @cached_property
    def rough(self) -> tuple[float, ...]:
        """The amounts of its rates to some fifteen digits."""
        return tuple(float(rate.amount) for rate in self.rates)

    @cached_property
    def tiers(self) -> tuple[int, ...]:
        """Its thresholds, ascending."""
        return tuple(sorted({rate.tier for rate in self.rates if rate.tier} | {tier for _, tier in self.closed}))

    @cached_property
    def has_windows(self) -> bool:
        """Whether the hour of the day matters."""
        return any(rate.window for rate in self.rates)

    @cached_property
    def has_conditions(self) -> bool:
        """Whether anything but meter, plan, tier and hour decides a price, or pixels are billed."""
        return any(rate.conditions or rate.thing == "pixel" for rate in self.rates)

    def reach(self, prompt_tokens: Decimal) -> int:
        """The highest tier that a prompt reaches; 0 where it reaches none."""
        passed = (bisect_right if self.inclusive else bisect_left)(self.tiers, prompt_tokens)
        return self.tiers[passed - 1] if passed else 0

    @cached_property
    def base_plan(self) -> str:
        """The plan that stands where the one asked for is not sold: standard, or that of an offer that is free."""
        plans = {rate.plan for rate in self.rates}
        return "free" if "standard" not in plans and "free" in plans else "standard"


class Limits(NamedTuple):
    """The tokens of a request at most; None where it is unknown, which lets everything pass."""

    context: int | None = None
    input: int | None = None
    output: int | None = None

    def allow(self, input_tokens: Decimal, output_tokens: Decimal) -> bool:
        """Whether such a request can be made."""
        sides = ((input_tokens, self.input), (output_tokens, self.output), (input_tokens + output_tokens, self.context))
        return all(most is None or tokens <= most for tokens, most in sides)


NO_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Tariff:
    """The schedule of one offer with a mark for each of its rates."""

    offer: str
    model: str | None
    provider: str
    schedule: Schedule
    marks: tuple[Mark, ...]
    limits: Limits = NO_LIMITS


def tariff_of(offer: Mapping[str, Any], model_type: str = "text") -> Tariff:
    """The tariff of a resolved offer, whose prices are those in force; prices in other currencies only say why there is none."""
    rates, stores, closed = [], False, set[tuple[str, int]]()
    absent = dict[str, str]((offer.get("cost") or {}).get("absent") or {})
    for price in offer.get("prices") or ():
        if price["usd"] is not None:
            unit, amount = _stated(price)
            if unit in THINGS and PART not in (price["conditions"] or {}):
                rates.append((_rate(price, unit, amount), _mark(price, unit)))
            stores = stores or price["meter"] == "cache_storage"
        elif price["absent"] == NOT_OFFERED and price["min_context_tokens"] and price["meter"] in ("input", "output"):
            closed.add((price["plan"], price["min_context_tokens"]))
        elif price["absent"] and price["plan"] == "standard" and not price["min_context_tokens"]:
            absent.setdefault(price["meter"], price["absent"])
    rates.sort(key=lambda row: row[0])
    provider = offer["provider"]
    schedule = Schedule(
        rates=tuple(rate for rate, _ in rates),
        absent=tuple(sorted(absent.items())),
        billing=offer.get("billing") or "metered",
        type=model_type,
        inclusive=provider in FROM_THE_THRESHOLD,
        thinking_covers_output=provider in THINKING_COVERS_OUTPUT,
        speech_tokens_a_second=SPEECH_TOKENS_A_SECOND.get(provider, (0,))[0],
        stores=stores,
        closed=tuple(sorted(closed)),
        incomplete=bool((offer.get("cost") or {}).get("incomplete")),
    )
    limit = offer.get("limit") or {}
    limits = Limits(*(limit.get(side) for side in Limits._fields))
    return Tariff(offer["id"], offer.get("model"), provider, schedule, tuple(mark for _, mark in rates), limits)


def _stated(price: Mapping[str, Any]) -> tuple[str, Decimal]:
    """Unit and amount as the source states them, at twelve significant digits."""
    stated = price.get("stated") or {"unit": price["unit"], "amount": price["usd"]}
    return stated["unit"], _amount(str(stated["amount"]))


@lru_cache(maxsize=16_384)
def _amount(text: str) -> Decimal:
    return canonical(Decimal(text))


def _rate(price: Mapping[str, Any], unit: str, amount: Decimal) -> Rate:
    return Rate(
        meter=intern(price["meter"]),
        plan=intern(price["plan"]),
        tier=price["min_context_tokens"],
        window=intern(price["window"] or ""),
        conditions=tuple(sorted((name, str(value).casefold()) for name, value in (price["conditions"] or {}).items())),
        unit=intern(unit),
        amount=amount,
        promotional=price["promotional"],
        alternative_of=price["alternative_of"] or "",
    )


@lru_cache(maxsize=8_192)
def _plain_mark(source: str, document: int | None, url: str | None, derived: str | None, until: str | None) -> Mark:
    """One object for equal marks: a document marks thousands of prices."""
    return Mark(source=source, document=document, url=url, derived=derived, until=until)


def _mark(price: Mapping[str, Any], unit: str) -> Mark:
    factor = UNITS[unit][1]
    others = price.get("disputed") or ()
    derived = price["derived_from"] or ("an undated name of the same model" if price["inherited"] else None)
    plain = _plain_mark(price["source"], price.get("document"), price.get("url"), derived, price["valid_to"])
    if not (price.get("held") or price["allowance"] or others):
        return plain
    return plain._replace(
        held=price.get("held"),
        allowance=price["allowance"],
        disputed=tuple((other["source"], canonical(_amount(str(other["usd"])) / factor)) for other in others),
    )
