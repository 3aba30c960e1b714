"""Reading a document's records without losing a key: what is taken is typed, what is left over is counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.facts import is_date, is_fact
from aimstats.domain.items import DocumentRefusedError
from aimstats.domain.money import NumberRefusedError, decimal_of, json_of
from aimstats.domain.prices import Price, PriceKey
from aimstats.domain.text import clean_text

MAX_ID_CHARACTERS: Final = 500
MAX_UNKNOWN_PATHS: Final = 200
"""A hostile document may hold any number of keys; beyond these they are counted together."""

_WORDS_OF_PRICE: Final = frozenset({"cost", "costs", "price", "prices", "pricing", "rate", "rates", "multiplier", "multipliers"})
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_UNUSABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def is_usable_id(text: object) -> bool:
    """Whether a raw id can be kept: 1 to 500 characters, no control character, no lone surrogate.

    >>> is_usable_id("gpt-4o"), is_usable_id(""), is_usable_id("a" + chr(0))
    (True, False, False)
    """
    return isinstance(text, str) and 0 < len(text) <= MAX_ID_CHARACTERS and text.strip() != "" and not _UNUSABLE.search(text)


def names_a_price(key: str) -> bool:
    """Whether an unknown key's name says that it is about money (ledger.md, Runs and documents).

    >>> names_a_price("input_cost_per_joule"), names_a_price("temperature"), names_a_price("peakRate")
    (True, False, True)
    """
    return any(word.lower() in _WORDS_OF_PRICE for word in _WORD.findall(key))


def day_start(day: str) -> datetime | None:
    """The instant at which a `YYYY-MM-DD` begins in UTC; None for what is no day of the calendar.

    >>> str(day_start("2025-02-28")), day_start("2025-02-31"), day_start("2025-02")
    ('2025-02-28 00:00:00+00:00', None, None)
    """
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC) if _DAY.match(day) else None
    except ValueError:
        return None


class Tally:
    """What a spider did not take of a document: unknown keys by path, records that are no listing by reason."""

    def __init__(self) -> None:
        self.unknown: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()

    def count_unknown(self, path: str) -> None:
        """Count one key or value that the spider does not know."""
        path = clean_text(path, 120) or "?"
        if path not in self.unknown and len(self.unknown) >= MAX_UNKNOWN_PATHS:
            path = "(further paths)"
        self.unknown[path] += 1

    def skip(self, reason: str) -> None:
        """Count one record that is no listing."""
        self.skipped[reason] += 1


def json_document(body: bytes, what: str) -> Any:
    """What the JSON of a body holds; raises DocumentRefusedError, naming `what` the document should be."""
    try:
        return json_of(body)
    except ValueError as error:
        raise DocumentRefusedError(f"{what}: not JSON: {clean_text(str(error), 200)}") from error


def json_object(body: bytes, what: str) -> dict[str, Any]:
    """The JSON object that a body holds; raises DocumentRefusedError."""
    data = json_document(body, what)
    if not isinstance(data, dict):
        raise DocumentRefusedError(f"{what}: a JSON object is expected, found {type(data).__name__}")
    return data


def json_list(body: bytes, what: str) -> list[Any]:
    """The JSON list that a body holds, with something in it; raises DocumentRefusedError."""
    data = json_document(body, what)
    if not isinstance(data, list) or not data:
        raise DocumentRefusedError(f"{what}: a JSON list with records is expected, found {type(data).__name__}")
    return data


class Record:
    """One object of a document, read key by key.

    Each method takes its key out and gives the value in the type asked for, None or empty where it is missing, null
    or of another type (the last is counted). `close` counts what nobody took. An unknown key that names a price, or
    any unknown key of a record that is `priced`, makes the record and those around it `incomplete`.
    """

    def __init__(self, value: Mapping[str, Any], path: str, tally: Tally, parent: Record | None = None, *, priced: bool = False):
        self.left = dict(value)
        self.path = path
        self.tally = tally
        self.parent = parent
        self.priced = priced
        self.incomplete = False

    def take(self, key: str) -> Any:
        """The raw value, None where it is missing."""
        return self.left.pop(key, None)

    def ignore(self, *keys: str) -> None:
        """Known keys that state nothing we keep."""
        for key in keys:
            self.left.pop(key, None)

    def unknown(self, key: str, problem: str = "") -> None:
        """Count a key (with what is wrong with its value) and mark the record incomplete if it is about prices."""
        self.tally.count_unknown(f"{self.path}.{key}: {problem}" if problem else f"{self.path}.{key}")
        if self.priced or names_a_price(key):
            self.mark_incomplete()

    def mark_incomplete(self) -> None:
        """A price of this record is not understood: its totals are "at least"."""
        self.incomplete = True
        if self.parent is not None:
            self.parent.mark_incomplete()

    def text(self, key: str) -> str:
        """Clean display text."""
        value = self.take(key)
        if isinstance(value, str):
            return clean_text(value)
        if value is not None:
            self.unknown(key, "not a text")
        return ""

    def date(self, key: str) -> str:
        """`YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
        value = self.text(key)
        if value and not is_date(value):
            self.unknown(key, "not a date")
            return ""
        return value

    def flag(self, key: str) -> bool | None:
        """Stated yes or no."""
        value = self.take(key)
        if value is None or isinstance(value, bool):
            return value
        self.unknown(key, "not true or false")
        return None

    def number(self, key: str) -> Decimal | None:
        """A finite number, from a number or its text, exactly as stated."""
        return self.as_number(key, self.take(key))

    def as_number(self, key: str, value: Any) -> Decimal | None:
        """The value as a finite number; what is none is counted under the key."""
        if value is None:
            return None
        if not isinstance(value, bool) and isinstance(value, int | Decimal | str):
            try:
                return decimal_of(value)
            except NumberRefusedError:
                pass
        self.unknown(key, "not a number")
        return None

    def amount(self, key: str) -> Decimal | None:
        """A number that is not negative."""
        value = self.number(key)
        if value is not None and value < 0:
            self.unknown(key, "a negative amount")
            return None
        return value

    def count(self, key: str) -> int | None:
        """A positive whole number; a stated 0 means unknown and gives None."""
        value = self.number(key)
        if value is None or value == 0:
            return None
        if value < 0 or value != value.to_integral_value() or value >= 10**15:
            self.unknown(key, "not a whole number")
            return None
        return int(value)

    def texts(self, key: str) -> list[str]:
        """Clean texts in the order stated, each once; entries that are no text are counted."""
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.unknown(key, "not a list")
            return []
        if any(not isinstance(entry, str) for entry in value):
            self.unknown(key, "not a list of texts")
        return [text for text in dict.fromkeys(clean_text(entry) for entry in value if isinstance(entry, str)) if text]

    def words(self, key: str, allowed: Mapping[str, str]) -> list[str]:
        """Texts translated by a table; words that it does not know are counted."""
        known = []
        for word in self.texts(key):
            if word.lower() in allowed:
                known.append(allowed[word.lower()])
            else:
                self.unknown(key, f"the word {clean_text(word, 30)!r}")
        return list(dict.fromkeys(known))

    def record(self, key: str, *, priced: bool = False) -> Record | None:
        """An object inside this one."""
        value = self.take(key)
        if isinstance(value, dict):
            return self.child(value, key, priced=priced)
        if value is not None:
            self.unknown(key, "not an object")
        return None

    def records(self, key: str, *, priced: bool = False) -> list[Record]:
        """The objects of a list inside this one."""
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.unknown(key, "not a list")
            return []
        if any(not isinstance(entry, dict) for entry in value):
            self.unknown(key, "not a list of objects")
        return [self.child(entry, f"{key}[]", priced=priced) for entry in value if isinstance(entry, dict)]

    def child(self, value: Mapping[str, Any], key: str, *, priced: bool = False) -> Record:
        """A part of this record: what is unknown in it makes this one incomplete too."""
        return Record(value, f"{self.path}.{key}", self.tally, self, priced=priced or self.priced)

    def facts(self, stated: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the stated facts that say something; a value that its field cannot have is counted."""
        kept: dict[str, Any] = {}
        for key, value in stated.items():
            if value is None or value == "" or value == []:
                continue
            if is_fact(key, value):
                kept[key] = value
            else:
                self.unknown(key, "a value that the field cannot have")
        return kept

    def close(self) -> None:
        """Count the keys that nobody took; null states nothing."""
        for key, value in self.left.items():
            if value is not None:
                self.unknown(key)
        self.left.clear()


def distinct_prices(prices: Iterable[Price], record: Record) -> tuple[Price, ...]:
    """The prices without repetitions; contradictory figures for one price key and start are counted and none of them is kept."""
    kept, contradictory = stated_once(prices)
    for key in contradictory:
        record.unknown(key, "contradictory figures for one price key")
        record.mark_incomplete()
    return kept


def stated_once(prices: Iterable[Price]) -> tuple[tuple[Price, ...], list[str]]:
    """The prices of each key and start that has one figure, each once, and the keys that have several."""
    stated: dict[tuple[PriceKey, datetime | None], list[Price]] = {}
    for price in prices:
        stated.setdefault((price.key, price.valid_from), []).append(price)
    figures = {place: {(price.normalised, price.absent) for price in found} for place, found in stated.items()}
    kept = tuple(found[0] for place, found in stated.items() if len(figures[place]) == 1)
    return kept, [str(key) for (key, start), found in figures.items() if len(found) > 1]
