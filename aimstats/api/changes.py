"""`/api/v1/changes`: what publications changed, as JSON, CSV and NDJSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, Response, request

from aimstats.api.describing import RAW
from aimstats.api.lists import JSON, meta
from aimstats.api.refusals import register_refusals
from aimstats.api.rows import Rows, columns_of
from aimstats.catalogue import wire
from aimstats.catalogue.changes import CHANGES, PARAMETERS, Change, all_changes, changes_page
from aimstats.catalogue.columns.declarations import Column
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.catalogue.engine.query import Query, parse
from aimstats.catalogue.engine.table import instant
from aimstats.extensions import current_database
from aimstats.extensions.answers import answer
from aimstats.extensions.current import current_catalogue, current_holder, stamp_of
from aimstats.extensions.words import refuse_unpublished

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
    return _rows(_asked()).ndjson()


@changing.get("/changes.csv")
def changes_csv() -> Response:
    """Every event, a column a field."""
    return _rows(_asked(RAW)).csv()


def _rows(query: Query) -> Rows[Change]:
    catalogue, engine = current_catalogue(), current_database().engine
    current_holder().refuse_while_away()
    return Rows(
        "changes",
        query,
        stamp_of(catalogue),
        columns_of(CHANGES, query.fields),
        lambda: all_changes(engine, catalogue, query),
        lambda batch: (wire.dumps(_object(query, change)) for change in batch),
        _value,
    )


def _value(change: Change, column: Column) -> Any:
    """What stands in a column: amounts as they were written, not as the numbers that they are."""
    as_written = {"from": change.before, "to": change.after, "ratio": change.ratio, "weight": change.weight}
    return as_written[column.key] if column.key in as_written else change.body()[column.key]


def _object(query: Query, change: Change) -> dict[str, Any]:
    return wire.trimmed(change.body(), query.fields) if query.fields else change.body()
