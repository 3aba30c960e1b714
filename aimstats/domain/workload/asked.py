"""The workload that is asked for: what one request takes and how many there are, checked as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from aimstats.domain.prices import parse_window

MAX_QUANTITY: Final = 10**12
MINUTES: Final = 1_440
WHOLE_DAY: Final = (1 << MINUTES) - 1
TTLS: Final = ("5m", "1h")
PLANS_ASKED: Final = ("standard", "flex", "priority", "fast")
"""The plans of what is not batch."""
BATCH: Final = "batch"
WEB_SEARCH_CONTEXT: Final = "medium"

_QUANTITY = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,6})?", re.ASCII)
_HOURS = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9]-(?:(?:[01][0-9]|2[0-3])[0-5][0-9]|2400)", re.ASCII)

QUANTITIES: Final = (
    "input_tokens", "output_tokens", "web_searches", "images", "output_image_tokens", "seconds", "characters", "pages",
)  # fmt: skip
"""What can be priced; shares, plans and conditions only say how."""


class WorkloadError(ValueError):
    """A workload that cannot be priced as a whole: `errors` names the parameters that do not go together."""

    def __init__(self, errors: Sequence[Mapping[str, str]]) -> None:
        super().__init__("; ".join(f"{error['parameter']}: {error['message']}" for error in errors))
        self.errors = tuple(errors)


def read_quantity(text: str) -> Decimal:
    """A number from 0 to 10**12 with six decimals at most. Raises ValueError for anything else.

    >>> read_quantity("1500.5")
    Decimal('1500.5')
    """
    if not _QUANTITY.fullmatch(text) or (value := Decimal(text)) > MAX_QUANTITY:
        raise ValueError("must be a number from 0 to 1000000000000 with six decimals at most, such as 1500")
    return value


def read_share(text: str) -> Decimal:
    """A share from 0 to 1 with six decimals at most. Raises ValueError for anything else."""
    if not _QUANTITY.fullmatch(text) or (value := Decimal(text)) > 1:
        raise ValueError("must be a share from 0 to 1 with six decimals at most, such as 0.95")
    return value


def read_hours(text: str) -> str:
    """Hours of the day in UTC, such as 0900-1700; they may wrap midnight. Raises ValueError for anything else.

    >>> read_hours("2200-0600")
    '2200-0600'
    """
    if not _HOURS.fullmatch(text):
        raise ValueError("must be hours in UTC, such as 0900-1700")
    return text.replace("2400", "0000")


def minutes_of(window: str) -> int:
    """The minutes of the day that a window covers, as a set of bits.

    >>> minutes_of("2300-0100").bit_count()
    120
    """
    span = parse_window(window)
    length = (span.end - span.start) % MINUTES or MINUTES
    turned = ((1 << length) - 1) << span.start
    return (turned | turned >> MINUTES) & WHOLE_DAY


@dataclass(frozen=True)
class Workload:
    """Quantities are of one request; `input_tokens` is all of the prompt, `output_tokens` holds the reasoning.

    `cache_hit` and `cache_write` are shares of the input, `batch_share` of the requests; `plan` is for the others. `seconds`
    are of input for transcription, of output for speech and video.
    """

    requests: Decimal = Decimal(1)
    input_tokens: Decimal = Decimal(0)
    output_tokens: Decimal = Decimal(0)
    cache_hit: Decimal = Decimal(0)
    cache_write: Decimal = Decimal(0)
    cache_ttl: str = TTLS[0]
    batch_share: Decimal = Decimal(0)
    plan: str = "standard"
    reasoning_tokens: Decimal = Decimal(0)
    web_searches: Decimal = Decimal(0)
    utc_hours: tuple[str, ...] = ()
    images: Decimal = Decimal(0)
    output_image_tokens: Decimal = Decimal(0)
    seconds: Decimal = Decimal(0)
    characters: Decimal = Decimal(0)
    pages: Decimal = Decimal(0)
    resolution: str = ""
    quality: str = ""
    audio: str = ""

    def problems(self) -> Iterator[dict[str, str]]:
        """What does not go together, naming each parameter of it."""
        if self.cache_hit + self.cache_write > 1:
            for name in ("cache_hit", "cache_write"):
                yield {"parameter": name, "message": "cache_hit and cache_write are shares of one input: together 1 at most"}
        if self.reasoning_tokens > self.output_tokens:
            for name in ("reasoning_tokens", "output_tokens"):
                yield {"parameter": name, "message": "reasoning_tokens are a part of output_tokens: they cannot be more"}
        if not any(getattr(self, name) for name in QUANTITIES):
            for name in ("input_tokens", "output_tokens"):
                message = f"there is nothing to price: give a preset, or at least one of {', '.join(QUANTITIES)}"
                yield {"parameter": name, "message": message}

    @cached_property
    def parts(self) -> tuple[tuple[str, Decimal], ...]:
        """The plans that the requests are billed on, each with its share of them."""
        rest = (self.plan, 1 - self.batch_share)
        return tuple(part for part in ((BATCH, self.batch_share), rest) if part[1])

    @cached_property
    def minutes(self) -> int:
        """The minutes of the day in which the requests come, as a set of bits."""
        found = 0
        for window in self.utc_hours:
            found |= minutes_of(window)
        return found or WHOLE_DAY

    @cached_property
    def conditions(self) -> tuple[tuple[str, str], ...]:
        """What is known of the conditions that prices may name."""
        asked = (("resolution", self.resolution), ("quality", self.quality), ("audio", self.audio))
        given = [(name, value.casefold()) for name, value in asked if value]
        return (*given, ("search_context", WEB_SEARCH_CONTEXT))

    @cached_property
    def pixels(self) -> int | None:
        """The pixels of one image, where the resolution says them."""
        width, _, height = self.resolution.casefold().partition("x")
        if not (width.isascii() and height.isascii() and width.isdigit() and height.isdigit()) or len(self.resolution) > 13:
            return None
        return int(width) * int(height)

    @cached_property
    def measures(self) -> Mapping[str, Decimal]:
        """What one request takes of each thing that a price can be for; nothing that it takes none of."""
        written = self.output_tokens - self.reasoning_tokens
        pixels = self.images * (self.pixels or 0)
        found = {
            "input": self.input_tokens * (1 - self.cache_hit - self.cache_write),
            "cache_read": self.input_tokens * self.cache_hit,
            "cache_write": self.input_tokens * self.cache_write,
            "output": self.output_tokens, "written": written, "reasoning": self.reasoning_tokens,
            "image": self.images, "pixel": pixels, "output_image": self.output_image_tokens,
            "second": self.seconds, "character": self.characters, "page": self.pages,
            "web_search": self.web_searches, "request": Decimal(1),
        }  # fmt: skip
        return {name: amount for name, amount in found.items() if amount}

    @cached_property
    def shape(self) -> tuple[Any, ...]:
        """All that decides which prices apply, but the length of the prompt: workloads of one shape differ in amounts alone."""
        plans = tuple(plan for plan, _ in self.parts)
        hours = self.minutes if self.minutes != WHOLE_DAY else 0
        return (frozenset(self.measures), plans, self.cache_ttl, hours, self.conditions, self.pixels or 0)


FIELDS: Final = tuple(field.name for field in fields(Workload))


def workload_of(stated: Mapping[str, Any]) -> Workload:
    """The workload of these values (by field name, the others as they are by default). Raises WorkloadError."""
    found = Workload(**stated)
    errors = list(found.problems())
    if errors:
        raise WorkloadError(errors)
    return found
