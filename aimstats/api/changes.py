"""`/api/v1/changes`: what publications changed, as JSON, CSV and NDJSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, Response, request

from aimstats.api.lists import CSV, JSON, NDJSON, RISKY_STARTS, meta
from aimstats.api.openapi import RAW
from aimstats.api.refusals import register_refusals
from aimstats.api.words import refuse_unpublished
from aimstats.catalogue import wire
from aimstats.catalogue.changes import CHANGES, PARAMETERS, Change, all_changes, changes_page
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.catalogue.engine.query import Query, parse
from aimstats.catalogue.engine.table import instant
from aimstats.domain.money import plain
from aimstats.extensions import current_database
from aimstats.extensions.answers import answer, streamed
from aimstats.extensions.current import current_catalogue, current_holder, stamp_of

changing: Final = Blueprint("api_changes", __name__, url_prefix="/api/v1")
register_refusals(changing)


def _asked(*own: Parameter) -> Query:
    query = parse(CHANGES, request.args.lists(), now=datetime.now(UTC), only=PARAMETERS, own=own)
    refuse_unpublished(current_catalogue(), query)
    return query


@changing.get("/changes")
def changes() -> Response:
    """A page of events, newest first."""
    query = _asked()
    catalogue = current_catalogue()

    def make() -> bytes:
        current_holder().refuse_while_away()
        with current_database().engine.connect() as connection:
            page = changes_page(connection, catalogue, query)
        since = current_holder().stale_since
        about = {"total": page.total, "limit": query.limit, "next": page.next, **meta(catalogue, query)}
        about |= {"stale_since": instant(since)} if since else {}
        return wire.dumps({"data": [_object(query, change) for change in page.changes], "meta": about})

    return answer("changes.json", query.text, stamp_of(catalogue), make, media_type=JSON)


@changing.get("/changes.ndjson")
def changes_ndjson() -> Response:
    """Every event, an object a line."""
    query = _asked()
    catalogue, engine = current_catalogue(), current_database().engine
    current_holder().refuse_while_away()

    def make() -> Iterator[bytes]:
        for batch in all_changes(engine, catalogue, query):
            yield b"".join(wire.dumps(_object(query, change)) + b"\n" for change in batch)

    name = "changes.ndjson"
    return streamed(name, query.text, stamp_of(catalogue), make, media_type=NDJSON, file_name=name)


@changing.get("/changes.csv")
def changes_csv() -> Response:
    """Every event, a column a field."""
    query = _asked(RAW)
    catalogue, engine = current_catalogue(), current_database().engine
    current_holder().refuse_while_away()
    keys = [column.key for column in CHANGES.csv_columns if not query.fields or column.key in query.fields]
    raw = bool(query.own.get("raw"))

    def make() -> Iterator[bytes]:
        head = _lines([keys])
        for batch in all_changes(engine, catalogue, query):
            yield head + _lines(_cells(change, keys, raw=raw) for change in batch)
            head = b""
        yield head

    name = "changes.csv"
    return streamed(name, query.text, stamp_of(catalogue), make, media_type=CSV, file_name=name)


def _object(query: Query, change: Change) -> dict[str, Any]:
    return wire.trimmed(change.body(), query.fields) if query.fields else change.body()


def _cells(change: Change, keys: Iterable[str], *, raw: bool) -> list[str]:
    """An event's cells: empty where unknown; text that a spreadsheet would run is made harmless unless `raw`."""
    stated = change.body() | {"from": change.before, "to": change.after}
    stated["ratio"] = None if change.ratio is None else plain(change.ratio)
    stated["weight"] = plain(change.weight)
    texts = ("" if stated[key] is None else str(stated[key]) for key in keys)
    return [f"'{text}" if text.startswith(RISKY_STARTS) and not raw else text for text in texts]


def _lines(rows: Iterable[list[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode("utf-8", "replace")
