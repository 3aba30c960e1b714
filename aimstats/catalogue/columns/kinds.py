"""What the values of a column are: how they are read, served, compared, and parsed from a parameter."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from aimstats.domain.likeness import suggestion
from aimstats.domain.money import canonical, plain

MAX_TEXT_CHARACTERS: Final = 200
MAX_NUMBER: Final = 10**12

Schema = Mapping[str, Any]

_NUMBER = re.compile(r"[+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_COUNT = re.compile(r"[+]?[0-9]{1,13}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?", re.ASCII)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f]")
BECAUSE: Final[Schema] = {
    "type": ["object", "null"],
    "description": "The reason as a code with its values, which are texts, numbers or reasons of this shape; null where there is "
    "no code.",
    "properties": {"code": {"type": "string", "description": "Which sentence it is."}},
    "additionalProperties": {"type": ["string", "integer", "object"]},
}
"""The schema of a reason (`aimstats.domain.reasons`)."""
DATE_PATTERN: Final = "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"


def read_text(text: str) -> str:
    """The text of a parameter. Raises ValueError when it is too long or holds control characters."""
    if len(text) > MAX_TEXT_CHARACTERS:
        raise ValueError(f"must have at most {MAX_TEXT_CHARACTERS} characters")
    if _UNPRINTABLE.search(text):
        raise ValueError("must not hold control characters")
    return text


def read_flag(text: str) -> bool:
    """`true` or `false`. Raises ValueError for anything else."""
    if text not in ("true", "false"):
        raise ValueError("must be true or false")
    return text == "true"


def read_count(text: str) -> int:
    """A whole number from 0 to 10**12. Raises ValueError for anything else."""
    if not _COUNT.fullmatch(text) or int(text) > MAX_NUMBER:
        raise ValueError("must be a whole number, such as 200000")
    return int(text)


def read_number(text: str) -> Decimal:
    """A decimal number from 0 to 10**12. Raises ValueError for anything else.

    >>> read_number("0.075")
    Decimal('0.075')
    """
    if len(text) > 64 or not _NUMBER.fullmatch(text) or (value := Decimal(text)) > MAX_NUMBER:
        raise ValueError("must be a number from 0 to 1000000000000, such as 0.075")
    return value


def read_date(text: str) -> str:
    """A date as precise as it is given. Raises ValueError for anything else."""
    if not _DATE.fullmatch(text):
        raise ValueError("must be a date, such as 2025-09-29, 2025-09 or 2025")
    return text


@lru_cache(maxsize=65_536)
def decimal_of_stored(text: str) -> Decimal:
    """The number that a resolved row holds as text; equal texts share one object."""
    return canonical(Decimal(text))


def as_stated(value: Any) -> Any:
    """The value as the resolved row holds it."""
    return value


def _interned(value: Any) -> Any:
    """The text as one shared object: thousands of rows hold the same few."""
    return sys.intern(value)


def _interned_all(values: list[Any]) -> tuple[Any, ...]:
    return tuple(map(sys.intern, values))


def _fold(value: str) -> str:
    return value.casefold()


def _flag_text(value: bool) -> str:
    return "true" if value else "false"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """One kind of value.

    `schema` describes it in an answer, `parameter` as a URL parameter; `stored` turns what a resolved row holds into
    the value that is compared; `read` parses a parameter (ValueError says what it may be); `text` writes a value for
    links, cursors and CSV, and `of_text` takes that back; `order` is what it sorts by; `many` values are lists, each
    entry of which can be asked for. `is_open`: objects whose inner keys the data decides; `missing`: by which word rows without a
    value are asked for.
    """

    name: str
    schema: Schema
    parameter: Schema = field(default_factory=dict)
    stored: Callable[[Any], Any] = as_stated
    read: Callable[[str], Any] = read_text
    text: Callable[[Any], str] = str
    of_text: Callable[[str], Any] = as_stated
    order: Callable[[Any], Any] = as_stated
    many: bool = False
    numeric: bool = False
    sortable: bool = True
    is_open: bool = False
    missing: str | None = None


_ANY_TEXT: Final = {
    "type": "string",
    "minLength": 1,
    "maxLength": MAX_TEXT_CHARACTERS,
    "pattern": "^[^\\x00-\\x1f\\x7f]+$",
}
_ANY_NUMBER: Final = {"type": "number", "minimum": 0, "maximum": MAX_NUMBER}

TEXT: Final = Kind(name="text", stored=_interned, schema={"type": "string"}, parameter=_ANY_TEXT, order=_fold)
KEY: Final = Kind(name="key", stored=_interned, schema={"type": "string"}, parameter=_ANY_TEXT)
"""Like TEXT, but ordered by code point: ids."""
TEXTS: Final = Kind(
    name="texts",
    schema={"type": "array", "items": {"type": "string"}},
    parameter=_ANY_TEXT,
    stored=_interned_all,
    text=";".join,
    many=True,
    sortable=False,
)
FLAG: Final = Kind(
    name="flag",
    schema={"type": "boolean"},
    parameter={"type": "boolean"},
    read=read_flag,
    text=_flag_text,
    of_text=read_flag,
)
COUNT: Final = Kind(
    name="count",
    schema={"type": "integer"},
    parameter={"type": "integer", "minimum": 0, "maximum": MAX_NUMBER},
    read=read_count,
    of_text=int,
    numeric=True,
)
MONEY: Final = Kind(
    name="money",
    schema={"type": "number"},
    parameter=_ANY_NUMBER,
    stored=decimal_of_stored,
    read=read_number,
    text=plain,
    of_text=read_number,
    numeric=True,
)
NUMBER: Final = Kind(
    name="number",
    schema={"type": "number"},
    parameter=_ANY_NUMBER,
    stored=decimal_of_stored,
    read=read_number,
    text=plain,
    of_text=read_number,
    numeric=True,
)
SHARE: Final = Kind(
    name="share",
    schema={"type": "number", "minimum": 0, "maximum": 1},
    text=str,
    of_text=float,
    numeric=True,
)
DATE: Final = Kind(
    name="date",
    stored=_interned,
    schema={"type": "string", "pattern": DATE_PATTERN},
    parameter={"type": "string", "pattern": DATE_PATTERN},
    read=read_date,
)
INSTANT: Final = Kind(name="instant", schema={"type": "string", "format": "date-time"})


STATED_BY: Final[dict[str, Any]] = {
    "type": ["object", "null"],
    "description": "By shown figure (`cost.input`, `limit.context`, `retirement_date`) who states it, where; null while the "
    "evidence cannot be read.",
    "additionalProperties": {
        "type": "object",
        "properties": {
            "source": {"type": "string", "description": "The source's id."},
            "url": {"type": ["string", "null"], "description": "The page or document that states it."},
        },
        "required": ["source", "url"],
    },
}
"""Who states each figure of an answer."""


def in_order(values: tuple[str, ...]) -> Callable[[list[str]], tuple[str, ...]]:
    """A set of the words in their own order, whatever order a source lists them in: two rows that have the same are the same."""
    places = {value: place for place, value in enumerate(values)}

    def stored(found: list[str]) -> tuple[str, ...]:
        return _interned_all(sorted(found, key=lambda word: places.get(word, len(places))))

    return stored


def choice(values: tuple[str, ...], *, many: bool = False, missing: str | None = None) -> Kind:
    """A text of a closed list (or a list of them): anything else in a parameter is refused, naming the list."""
    asked = values if missing is None else (*values, missing)

    def read(text: str) -> str:
        if text not in asked:
            raise ValueError(f"must be one of {', '.join(asked)}{suggestion(text, asked)}")
        return text

    one: Schema = {"type": "string", "enum": list(asked)}
    if many:
        stated: Schema = {"type": "array", "items": {"type": "string"}}
        return Kind(
            name="texts",
            schema=stated,
            parameter=one,
            stored=in_order(values),
            read=read,
            text=";".join,
            many=True,
            sortable=False,
        )
    return Kind(name="choice", schema={"type": "string"}, parameter=one, stored=_interned, read=read, missing=missing)


def structure(schema: Schema, *, is_open: bool = False) -> Kind:
    """A part of an answer that is no single value: it is served, not filtered or sorted."""
    return Kind(name="structure", schema=schema, sortable=False, is_open=is_open)
