"""`/api/v1/costs`: models or offers by the cost of a workload, each with its receipt; and where their order turns."""

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
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.costs import COSTS, CostQuestion, CostRow, all_costs, ask, cost_page, crossovers
from aimstats.catalogue.costs.crossovers import LIST_PARAMETERS
from aimstats.catalogue.costs.crossovers import OWN as CROSSOVER_PARAMETERS
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.catalogue.engine.query import Query, parse
from aimstats.catalogue.engine.table import instant
from aimstats.domain.money import plain
from aimstats.extensions.answers import answer, streamed
from aimstats.extensions.current import current_holder, stamp_of

costing: Final = Blueprint("api_costs", __name__, url_prefix="/api/v1")
register_refusals(costing)


def _notes() -> dict[str, Any]:
    """What is said of an answer only while the database is away."""
    since = current_holder().stale_since
    return {"stale_since": instant(since)} if since else {}


def _asked(*own: Parameter) -> tuple[CostQuestion, Catalogue]:
    """What is asked, and of which day."""
    question = ask(request.args.lists(), now=datetime.now(UTC), own=own)
    catalogue = current_holder().at(question.query.as_of, question.query.known_at)
    refuse_unpublished(catalogue, question.query)
    return question, catalogue


@costing.get("/costs")
def costs() -> Response:
    """A page of costs, cheapest first."""
    question, catalogue = _asked()
    query = question.query

    def make() -> bytes:
        page = cost_page(catalogue, question)
        about = {"total": page.total, "limit": query.limit, "next": page.next, "unpriced": page.unpriced}
        return wire.dumps({"data": [_object(query, row) for row in page.rows], "meta": about | meta(catalogue, query) | _notes()})

    return answer("costs.json", query.text, stamp_of(catalogue), make, media_type=JSON)


@costing.get("/costs.ndjson")
def costs_ndjson() -> Response:
    """Every row, an object a line."""
    question, catalogue = _asked()
    query = question.query

    def make() -> Iterator[bytes]:
        for rows in all_costs(catalogue, question):
            yield b"".join(wire.dumps(_object(query, row)) + b"\n" for row in rows)

    name = "costs.ndjson"
    return streamed(name, query.text, stamp_of(catalogue), make, media_type=NDJSON, file_name=name)


@costing.get("/costs.csv")
def costs_csv() -> Response:
    """Every row, a column a field; the receipt's lines as JSON."""
    question, catalogue = _asked(RAW)
    query = question.query
    keys = [column.key for column in COSTS.csv_columns if not query.fields or column.key in query.fields]
    raw = bool(query.own.get("raw"))

    def make() -> Iterator[bytes]:
        yield _lines([keys])
        for rows in all_costs(catalogue, question):
            yield _lines(_cells(row.body(), keys, raw=raw) for row in rows)

    name = "costs.csv"
    return streamed(name, query.text, stamp_of(catalogue), make, media_type=CSV, file_name=name)


@costing.get("/costs/crossovers")
def costs_crossovers() -> Response:
    """Where the order of a few models turns along cached share, share of the answer, and length of the prompt."""
    query = parse(COSTS, request.args.lists(), now=datetime.now(UTC), only=LIST_PARAMETERS, own=CROSSOVER_PARAMETERS)
    catalogue = current_holder().at(query.as_of, query.known_at)
    found = crossovers(catalogue, query)

    def make() -> bytes:
        about = {"offers": found.offers, "unpriced": found.unpriced} | meta(catalogue, query) | _notes()
        return wire.dumps({"data": list(found.bodies()), "meta": about})

    return answer("crossovers.json", query.text, stamp_of(catalogue), make, media_type=JSON)


def _object(query: Query, row: CostRow) -> dict[str, Any]:
    return wire.trimmed(row.body(), query.fields) if query.fields else row.body()


def _cells(body: dict[str, Any], keys: Iterable[str], *, raw: bool) -> Iterator[str]:
    """A row's cells: empty where unknown; text that a spreadsheet would run is made harmless unless `raw`."""
    for key in keys:
        value = body[key]
        if value is None:
            yield ""
        elif key in ("disputed", "lines"):
            yield wire.dumps(value).decode()
        elif key == "total":
            yield plain(value)
        else:
            text = ("true" if value else "false") if isinstance(value, bool) else str(value)
            yield f"'{text}" if text.startswith(RISKY_STARTS) and not raw else text


def _lines(rows: Iterable[Iterable[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode("utf-8", "replace")
