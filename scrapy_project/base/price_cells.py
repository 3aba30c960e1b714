"""The price cells of providers' pages: the amount, the unit and nothing else; what says more is refused, never cut down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aimstats.domain.money import NumberRefusedError, decimal_of
from aimstats.domain.text import clean_text

NOTHING: Final = frozenset({"", "-", "–", "—", "\\", "n/a", "none", "--"})
"""What a page writes into a cell that states nothing."""
FREE: Final = frozenset({"free", "free of charge", "limited-time free"})

NUMBER: Final = r"(?:\d[\d,.'’]{0,40}(?:[ \u00a0\u202f]\d{3}(?!\d)){0,8}|\.\d{1,40})"
"""What may be the number of an amount; `number_of` judges it."""

MAX_CELL_CHARACTERS: Final = 5_000
"""No cell is longer; the patterns here may look at a character of it more than once."""

_AMOUNT = re.compile(rf"(?<![A-Za-z−-])(?:US)?\$\s?({NUMBER})(?![A-Za-z%])|(?<![\w.,'’$])({NUMBER})\s?\$(?!\s?[\d.])")
_PLAIN = re.compile(r"(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+")
_UNIT_MARK = re.compile(r"/|\bper\b", re.IGNORECASE)
_PER_DAY = re.compile(r"\s{0,9}(?:/|\bper\b)\s{0,9}day\b", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d)[,\u00a0\u202f ](?=\d{3}(?!\d))")
_COUNT = re.compile(
    r"(?<![\w.,])(\d[\d,.]{0,40}(?:[ \u00a0\u202f]\d{3}(?!\d)){0,8})(?:\s{0,9}(million|thousand|[kKmM]))?"
    r"(?![\w%]|\s?\d|\s{0,9}(?:million|billion))"
)
_SCALES: Final = {"": 1, "k": 1_000, "m": 1_000_000, "thousand": 1_000, "million": 1_000_000}
_MORE = re.compile(
    r"\d|[~≈<>≤≥%+€£¥₹₩]|\b(?:from|to|up|starting|about|approx\w*|around|between|or|off|was|discount\w*|each|every|hundred|thousand"
    r"|million|billion|[km]?tok(?:en)?s?|char(?:acter)?s?|images?|seconds?|minutes?|hours?|months?|years?|cents?|eur|cny|rmb|credits?"
    r"|cad|aud|gbp|jpy|inr|hkd|sgd)\b",
    re.IGNORECASE,
)
"""What beside an amount and its unit says that the amount is not simply the price: a bound, a range, a discount, another unit."""
_UNITS: Final = {
    "mt": "1M tokens", "mtok": "1M tokens", "m tokens": "1M tokens", "m token": "1M tokens", "1m tokens": "1M tokens",
    "1000000 tokens": "1M tokens", "million tokens": "1M tokens", "1 million tokens": "1M tokens",
    "input mtok": "1M tokens", "output mtok": "1M tokens", "1m input tokens": "1M tokens", "1m output tokens": "1M tokens",
    "1k tokens": "1K tokens", "1000 tokens": "1K tokens", "1m characters": "1M characters", "1k characters": "1K characters",
    "1000 characters": "1K characters", "image": "image", "images": "image", "1k images": "1K images",
    "1000 images": "1K images", "video": "video", "s": "second", "sec": "second", "second": "second", "audio second": "second",
    "min": "minute", "minute": "minute", "hr": "hour", "hour": "hour", "session-hour": "hour", "page": "page",
    "1k pages": "1K pages", "1000 pages": "1K pages", "request": "request", "call": "request", "use": "request",
    "1k calls": "1K requests", "1000 calls": "1K requests", "1k searches": "1K requests", "1000 searches": "1K requests",
    "1k requests": "1K requests", "1000 requests": "1K requests", "1000 search queries": "1K requests",
    "1000 grounded prompts": "1K requests",
    "1k results": "1K requests", "1k urls": "1K requests", "song": "request", "gb day": "GB day", "gb-day": "GB day",
    "gib day": "GB day",
}  # fmt: skip
_HOURS: Final = frozenset({"hour", "hr", "h"})
_NO_UNITS: Final = frozenset({"container"})
"""What a further "per" may name without changing what is billed."""


def amounts(text: str) -> list[Decimal]:
    """All dollar amounts of a text, in order, exactly as stated.

    Raises NumberRefusedError for an amount with separators that are no thousands', or that goes on ("$1,5", "$3k", "$2e-6").

    >>> amounts("$2.50 or $1,000"), amounts("1$"), amounts("$.075"), amounts("2.50"), amounts("CA$3")
    ([Decimal('2.50'), Decimal('1000')], [Decimal('1')], [Decimal('0.075')], [], [])
    """
    _refuse_long(text)
    return [number_of(before or after) for before, after in _AMOUNT.findall(text)]


def _refuse_long(text: str) -> None:
    if len(text) > MAX_CELL_CHARACTERS:
        raise NumberRefusedError(f"a cell of {len(text):,} characters: {clean_text(text[:60], 60)!r}")


def number_of(stated: str) -> Decimal:
    """The number of an amount; raises NumberRefusedError for separators that are no thousands' ("1,5", "0,125")."""
    stated = stated.rstrip(".,'’")
    if not _PLAIN.fullmatch(stated):
        raise NumberRefusedError(f"separators that are no thousands': {clean_text(stated, 60)!r}")
    return decimal_of(stated.replace(",", ""))


def amount(text: str) -> Decimal | None:
    """The one dollar amount of a cell; 0 for a cell that says free; None where it states none.

    Raises NumberRefusedError for a cell of several amounts, a bound, a range, a discount or another currency.

    >>> amount("$5 / MTok"), amount("Free"), amount("-")
    (Decimal('5'), Decimal('0'), None)
    """
    if text.strip().lower() in FREE:
        return Decimal(0)
    found = amounts(text)
    if len(found) > 1:
        raise NumberRefusedError(f"several amounts: {clean_text(text, 60)!r}")
    if found and (more := _MORE.search(_without_units(text))):
        raise NumberRefusedError(f"more than an amount ({more[0]}): {clean_text(text, 60)!r}")
    return found[0] if found else None


def unit_of(text: str) -> str | None:
    """The stated unit of an amount (a key of `aimstats.domain.prices.UNITS`); None where none is named.

    Raises NumberRefusedError for a unit that is not known.

    >>> unit_of("$5 / MTok"), unit_of("$10 per 1,000 searches"), unit_of("$0.30 /video"), unit_of("$5")
    ('1M tokens', '1K requests', 'video', None)
    """
    _refuse_long(text)
    stated = [(words, _unit_of_words(words)) for words in _phrases(text)]
    if not stated:
        return None
    (_, unit), *others = stated
    for words, _ in others:
        if unit == "1M tokens" and words[0] in _HOURS:
            unit = "1M tokens hour"
        elif words[0] not in _NO_UNITS:
            unit = None
    if unit is None:
        raise NumberRefusedError(f"no such unit: {clean_text(text, 60)!r}")
    return unit


def _phrases(text: str) -> Iterator[list[str]]:
    """The words behind each "/" or "per", up to a comma or parenthesis."""
    flat = _THOUSANDS.sub("", _AMOUNT.sub(" ", _PER_DAY.sub(" day", text)))
    for part in _UNIT_MARK.split(flat)[1:]:
        if words := re.split(r"[(),;:$*†‡]", part.lower(), maxsplit=1)[0].split():
            yield words


def _unit_of_words(words: list[str]) -> str | None:
    for length in range(min(len(words), 4), 0, -1):
        if unit := _UNITS.get(" ".join(words[:length])):
            return None if any(character.isdigit() for word in words[length:] for character in word) else unit
    return None


def _without_units(text: str) -> str:
    """What a cell says beside its amounts and units."""
    first, *others = _UNIT_MARK.split(_THOUSANDS.sub("", _AMOUNT.sub(" ", _PER_DAY.sub(" day", text))))
    return " ".join([first, *("".join(re.split(r"([(),;:$*†‡])", part, maxsplit=1)[1:]) for part in others)])


def count_of(text: str) -> int | None:
    """The whole number of a text such as `262,144 tokens`, `200k tokens` or `1M`, k and M being decimal.

    >>> count_of("262,144 tokens"), count_of("200k tokens"), count_of("1M"), count_of("long"), count_of("1 million tokens")
    (262144, 200000, 1000000, None, 1000000)
    """
    found = _COUNT.search(text[:MAX_CELL_CHARACTERS])
    if not found:
        return None
    stated = re.sub(r"[ \u00a0\u202f]", ",", found[1].rstrip(".,"))
    if not _PLAIN.fullmatch(stated):
        return None
    value = decimal_of(stated.replace(",", "")) * _SCALES[(found[2] or "").lower()]
    return int(value) if value == value.to_integral_value() and value > 0 else None
