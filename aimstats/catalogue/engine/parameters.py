"""The URL parameters of a list: what each is called, may hold and means; made from the columns, once for all doors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from aimstats.catalogue.columns.declarations import BASES, Collection, Column, Lookup
from aimstats.catalogue.columns.kinds import MAX_TEXT_CHARACTERS, Schema, choice, read_text
from aimstats.catalogue.engine.cursor import MAX_CHARACTERS, read_cursor
from aimstats.domain.likeness import suggestion
from aimstats.domain.spans import instant_text

MAX_LIMIT: Final = 500
DEFAULT_LIMIT: Final = 50
MAX_VALUES: Final = 100
MAX_SORTS: Final = 5
MAX_FIELDS: Final = 50
MAX_DAYS_AHEAD: Final = 366
SCORE_PREFIX: Final = "scores."

Sort = tuple[tuple[str, bool], ...]
"""Keys with whether each is descending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One URL parameter. `read` parses one value (ValueError says what it may be); `lookup` is None where it is no
    filter. `write` is the one text of a value that may be spelled in several ways."""

    name: str
    help: str
    schema: Schema
    read: Callable[[str], Any]
    write: Callable[[Any], str] | None = None
    repeatable: bool = False
    column: Column | None = None
    lookup: Lookup | None = None
    orders: bool = False


def _read_limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not 1 <= int(text) <= MAX_LIMIT:
        raise ValueError(f"must be a whole number from 1 to {MAX_LIMIT}")
    return int(text)


def _read_as_of(text: str) -> date:
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a day, such as 2026-03-01") from None


def _read_known_at(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.upper().replace(" ", "+"))
        if len(text) < 20 or text[10] not in "Tt" or at.tzinfo is None:
            raise ValueError
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("must be a time with its offset (RFC 3339), such as 2026-03-01T12:00:00Z") from None


def _sort_reader(collection: Collection) -> Callable[[str], Sort]:
    scores = SCORE_PREFIX[:-1] in collection.by_key

    def read(text: str) -> Sort:
        keys: dict[str, bool] = {}
        for part in text.split(","):
            key = part.removeprefix("-")
            known = key in collection.sort_keys or (scores and key.startswith(SCORE_PREFIX) and key != SCORE_PREFIX)
            if not known:
                raise ValueError(f"cannot sort by {key[:60]!r}: it may be one of {', '.join(collection.sort_keys)}")
            if key in keys:
                raise ValueError(f"names {key!r} twice")
            keys[read_text(key)] = part.startswith("-")
        if len(keys) > MAX_SORTS:
            raise ValueError(f"may name {MAX_SORTS} keys at most")
        return tuple(keys.items())

    return read


def _fields_reader(collection: Collection) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        names = tuple(text.split(",", MAX_FIELDS))
        if len(names) > MAX_FIELDS:
            raise ValueError(f"may name {MAX_FIELDS} fields at most")
        for name in names:
            if not collection.has_field(name):
                raise ValueError(f"there is no field {name[:60]!r}{suggestion(name[:60], collection.by_key)}")
        return names

    return read


def _sort_pattern(collection: Collection) -> str:
    keys = "|".join(key.replace(".", r"\.") for key in collection.sort_keys)
    scores = r"|scores\.[a-z0-9][a-z0-9._-]{0,80}" if SCORE_PREFIX[:-1] in collection.by_key else ""
    return f"^-?({keys}{scores})$"


def _fields_schema(collection: Collection) -> Schema:
    """Names of fields and of groups of fields; inside open structures, any."""
    names: dict[str, None] = {}
    for column in collection.columns:
        if column.served:
            names |= dict.fromkeys((column.key.partition(".")[0], column.key))
    inside = "|".join(column.key.replace(".", r"\.") for column in collection.columns if column.served and column.kind.is_open)
    one: Schema = {"type": "string", "enum": list(names)}
    if inside:
        one = {"anyOf": [one, {"type": "string", "pattern": rf"^({inside})\.[A-Za-z0-9._-]{{1,60}}$"}]}
    return {"type": "array", "items": one, "minItems": 1, "maxItems": MAX_FIELDS}


def _days() -> tuple[Parameter, Parameter]:
    return (
        Parameter(
            name="as_of",
            help=f"What was in force at the end of this UTC day; up to {MAX_DAYS_AHEAD} days ahead.",
            schema={"type": "string", "format": "date"},
            read=_read_as_of,
        ),
        Parameter(
            name="known_at",
            help="What this catalogue had seen by then, under today's rules; stale and dated as at that instant.",
            schema={"type": "string", "format": "date-time"},
            read=_read_known_at,
            write=instant_text,
        ),
    )


@lru_cache(maxsize=32)
def parameters(collection: Collection) -> Mapping[str, Parameter]:
    """Every parameter of a list, by name: the general ones, then the filters in the order of the columns."""
    basis = choice(BASES)
    general = [
        Parameter(
            name="q",
            help="Words that the row's id, name, aliases, developer or providers hold; all must be found.",
            schema={
                "type": "string",
                "minLength": 1,
                "maxLength": MAX_TEXT_CHARACTERS,
                "pattern": "^[^\\x00-\\x1f\\x7f]+$",
            },
            read=read_text,
        ),
        Parameter(
            name="sort",
            help="Keys to sort by, comma-separated, -key for descending; blanks come last both ways. "
            f"Unless it is given, the best match first, or {collection.default_sort}.",
            schema={"type": "string", "pattern": _sort_pattern(collection)},
            read=_sort_reader(collection),
        ),
        Parameter(
            name="limit",
            help="How many rows a page has.",
            schema={"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
            read=_read_limit,
        ),
        Parameter(
            name="cursor",
            help="Where the page begins: the text of meta.next.",
            schema={"type": "string", "maxLength": MAX_CHARACTERS, "pattern": "^[A-Za-z0-9_-]+$"},
            read=read_cursor,
        ),
        Parameter(
            name="fields",
            help="Only these fields, comma-separated, such as id,cost.input.",
            schema=_fields_schema(collection),
            read=_fields_reader(collection),
        ),
    ]
    if collection.has_days:
        general.extend(_days())
    if collection.has_basis:
        sentence = "Whose price counts: the developer's own, the cheapest offer's, or the median of the offers."
        general.append(Parameter(name="basis", help=sentence, schema={**basis.parameter, "default": BASES[0]}, read=basis.read))
    filters = [
        Parameter(
            name=name,
            help=f"{column.help} {lookup.phrase}",
            schema=column.kind.parameter,
            read=column.kind.read,
            repeatable=lookup.repeatable,
            column=column,
            lookup=lookup,
        )
        for name, (column, lookup) in collection.filters.items()
    ]
    return {parameter.name: parameter for parameter in (*general, *filters)}


def last_day(now: datetime) -> date:
    """The last day that `as_of` may name."""
    return now.astimezone(UTC).date() + timedelta(days=MAX_DAYS_AHEAD)
