"""Rows and columns as NDJSON and CSV: the one place that writes them, whatever the rows are."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

from flask import Response

from aimstats.catalogue import wire
from aimstats.catalogue.columns.declarations import Collection, Column
from aimstats.catalogue.columns.kinds import NUMBER, TEXT
from aimstats.catalogue.engine.query import Query
from aimstats.domain.money import plain
from aimstats.extensions.answers import Stamp, streamed

NDJSON: Final = "application/x-ndjson; charset=utf-8"
CSV: Final = "text/csv; charset=utf-8; header=present"
RISKY_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a text cell that starts so for a formula (api.md, Lists)."""

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Rows(Generic[R]):
    """All rows of an answer in batches: what file they make, and how one is read. `objects` are a batch's JSON, `value` is what
    stands in a column."""

    name: str
    query: Query
    stamp: Stamp
    columns: Sequence[Column]
    batches: Callable[[], Iterable[Sequence[R]]]
    objects: Callable[[Sequence[R]], Iterable[bytes]]
    value: Callable[[R, Column], Any]

    def ndjson(self) -> Response:
        """An object a line."""

        def make() -> Iterator[bytes]:
            for batch in self.batches():
                yield b"".join(row + b"\n" for row in self.objects(batch))

        name = f"{self.name}.ndjson"
        return streamed(name, self.query.text, self.stamp, make, media_type=NDJSON, file_name=name)

    def csv(self) -> Response:
        """A column a field."""
        raw = bool(self.query.own.get("raw"))

        def make() -> Iterator[bytes]:
            # With the first rows: nothing is sent before these are there.
            head = _lines([[column.key for column in self.columns]])
            for batch in self.batches():
                yield head + _lines([cell(self.value(row, column), column, raw=raw) for column in self.columns] for row in batch)
                head = b""
            yield head

        name = f"{self.name}.csv"
        return streamed(name, self.query.text, self.stamp, make, media_type=CSV, file_name=name)


def columns_of(collection: Collection, fields: Sequence[str]) -> list[Column]:
    """The columns of the CSV that `fields` asks for, in its order: each itself, those of a group, or what stands at a key inside
    an open structure (a score); all of them where it names none."""
    if not fields:
        return list(collection.csv_columns)
    found: dict[str, Column] = {}
    for name in fields:
        own = [column for column in collection.csv_columns if column.key == name or column.key.startswith(f"{name}.")]
        if not own:
            own = [_inner(column, name) for column in collection.csv_columns if name.startswith(f"{column.key}.")]
        found |= {column.key: column for column in own}
    return list(found.values())


def _inner(column: Column, name: str) -> Column:
    """What stands at a key inside a structure as a column of its own."""
    return replace(column, key=name, kind=NUMBER if column.kind.name == "scores" else TEXT, lookups=())


def cell(value: Any, column: Column, *, raw: bool) -> str:
    """One CSV cell: empty where unknown; text that a spreadsheet would run is made harmless unless `raw`."""
    if value is None:
        return ""
    if isinstance(value, Mapping) or (column.kind.name == "structure" and isinstance(value, (list, tuple))):
        return wire.dumps(value).decode()
    text = _text(value)
    is_number = column.kind.numeric or (isinstance(value, (int, Decimal)) and not isinstance(value, bool))
    return f"'{text}" if not raw and not is_number and text.startswith(RISKY_STARTS) else text


def _text(value: Any) -> str:
    """A value as CSV has it; parts of a list are divided by `;`.

    >>> _text(True), _text(Decimal("1E+3")), _text(["a", "b"])
    ('true', '1000', 'a;b')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    return ";".join(map(_text, value)) if isinstance(value, (list, tuple)) else str(value)


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode("utf-8", "replace")
