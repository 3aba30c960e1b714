"""A list in its three forms: a page of JSON, and all rows as CSV or NDJSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from flask import Response

from aimstats.api.evidence import Listings, of_offers
from aimstats.api.rows import Rows, columns_of
from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.declarations import Column, at
from aimstats.catalogue.engine.query import Query
from aimstats.catalogue.engine.select import matching, select
from aimstats.catalogue.holder import CatalogueHolder
from aimstats.domain.absence import Absence
from aimstats.domain.spans import instant_text
from aimstats.extensions.answers import Stamp, answer, answer_is_partial
from aimstats.extensions.current import current_holder

JSON: Final = "application/json; charset=utf-8"
BATCH_ROWS: Final = 200


def meta(catalogue: Catalogue, query: Query, *, is_list: bool = True) -> dict[str, Any]:
    """What every answer says of itself; of a day before anything was read also that it is, and a list of another day how much is
    known of it."""
    absent = {"absent": Absence.BEFORE_FIRST_EVIDENCE.value} if catalogue.is_before_evidence else {}
    return {
        "dataset_version": catalogue.version.dataset,
        "rules_version": catalogue.version.rules_version,
        "as_of": query.as_of.isoformat() if query.as_of else None,
        "known_at": stated_known_at(query),
        **absent,
        **(_dated_share(catalogue) if is_list else {}),
    }


def _dated_share(catalogue: Catalogue) -> dict[str, Any]:
    """Of another day: of how many models a price is known of it, out of those that are here today."""
    if catalogue.as_of is None:
        return {}
    return {"priced": {"models": catalogue.priced_models, "of": len(current_holder().current().models)}}


def stated_known_at(query: Query) -> str | None:
    """The `known_at` that was asked for, in UTC, as exact as it was given."""
    return None if query.known_at is None else instant_text(query.known_at)


def json_page(catalogue: Catalogue, query: Query, stamp: Stamp, *, notes: Mapping[str, Any], fleeting: bool = False) -> Response:
    """One page of a list. `notes` are added to its `meta`; a `fleeting` list may change without a new version."""

    def make() -> bytes:
        page = select(catalogue, query)
        about = {"total": page.total, "limit": query.limit, "next": page.next, **meta(catalogue, query), **notes}
        listings = evidence_of(current_holder(), catalogue, query, page.rows)
        if None in listings.values():
            answer_is_partial()
        rows = b",".join(objects(query, page.rows, listings))
        return b'{"data":[%b],"meta":%b}' % (rows, wire.dumps(about))

    door = f"{query.collection.name}.json"
    return answer(door, query.text, stamp, make, media_type=JSON, max_age_s=60 if fleeting else 300)


def ndjson_file(catalogue: Catalogue, query: Query, stamp: Stamp) -> Response:
    """Every row, an object a line."""
    return _rows(catalogue, query, stamp).ndjson()


def csv_file(catalogue: Catalogue, query: Query, stamp: Stamp) -> Response:
    """Every row, a column a field."""
    return _rows(catalogue, query, stamp).csv()


def _rows(catalogue: Catalogue, query: Query, stamp: Stamp) -> Rows[Row]:
    holder = current_holder()
    return Rows(
        query.collection.name,
        query,
        stamp,
        columns_of(query.collection, query.fields),
        lambda: _batches(catalogue, query),
        lambda rows: objects(query, rows, evidence_of(holder, catalogue, query, rows)),
        _value,
    )


def _value(row: Row, column: Column) -> Any:
    """What stands in a column of the list, or at a key inside one of its structures."""
    try:
        return row[column.key]
    except KeyError:
        return at(row.body, column.key)


def evidence_of(holder: CatalogueHolder, catalogue: Catalogue, query: Query, rows: Sequence[Row]) -> Listings:
    """The evidence of rows that have any, unless `fields` leaves it out."""
    column = query.collection.by_key.get("evidence")
    wanted = column is not None and _asked_for(column, query.fields) and bool(rows)
    return of_offers(holder, catalogue, rows) if wanted else {}


def objects(query: Query, rows: Sequence[Row], listings: Listings) -> Iterator[bytes]:
    """The JSON object of each row, with its evidence, trimmed to the fields asked for."""
    for row in rows:
        if query.fields:
            added = {"evidence": listings[row.id]} if listings else {}
            yield wire.dumps(wire.trimmed({**row.body, **added}, query.fields))
        elif listings:
            yield b'%b,"evidence":%b}' % (row.json[:-1], wire.dumps(listings[row.id]))
        else:
            yield row.json


def _asked_for(column: Column, fields: Sequence[str]) -> bool:
    """Whether a column is among the fields, or `fields` leaves nothing out."""
    return not fields or any(
        column.key == name or column.key.startswith(f"{name}.") or name.startswith(f"{column.key}.") for name in fields
    )


def _batches(catalogue: Catalogue, query: Query) -> Iterator[list[Row]]:
    """All rows, unless a limit is asked for."""
    rows = iter(matching(catalogue, query))
    if query.has("limit"):
        rows = islice(rows, query.limit)
    while batch := list(islice(rows, BATCH_ROWS)):
        yield batch
