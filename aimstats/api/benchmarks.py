"""`/api/v1/benchmarks`: what is measured; one benchmark's scores in their ranks; models by a composite of several."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from aimstats.api.describing import RAW
from aimstats.api.lists import csv_file, json_page, ndjson_file
from aimstats.api.refusals import register_refusals
from aimstats.catalogue.benchmarks import benchmark_table
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.benchmarks import BENCHMARKS
from aimstats.catalogue.columns.composite import COMPOSITE, USE
from aimstats.catalogue.columns.scores import EDITION, SCORED
from aimstats.catalogue.composite import composite_table
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.catalogue.engine.query import Query, QueryError, parse
from aimstats.catalogue.engine.table import instant
from aimstats.catalogue.scores import editions_of, scored_table
from aimstats.extensions.answers import Stamp
from aimstats.extensions.current import current_holder, stamp_of
from aimstats.extensions.words import refuse_unpublished

measuring: Final = Blueprint("api_benchmarks", __name__, url_prefix="/api/v1")
register_refusals(measuring)


def _listed(own: Sequence[Parameter] = ()) -> tuple[Catalogue, Query, Stamp]:
    """The benchmarks; where `use` weighs them, the models by it."""
    is_composite = any(text.strip() for text in request.args.getlist(USE.name))
    query = parse(COMPOSITE if is_composite else BENCHMARKS, request.args.lists(), now=datetime.now(UTC), own=(USE, *own))
    holder = current_holder()
    catalogue = holder.at(query.as_of, query.known_at)
    refuse_unpublished(catalogue, query)
    scores = holder.scores(catalogue)
    table = composite_table(catalogue, scores, query.own[USE.name]) if is_composite else benchmark_table(catalogue, scores)
    return catalogue.including(table), query, stamp_of(catalogue)


def _one(identifier: str, own: Sequence[Parameter] = ()) -> tuple[Catalogue, Query, Stamp, dict[str, Any]]:
    """The scores of one benchmark, and what is said of it beside them."""
    query = parse(SCORED, request.args.lists(), now=datetime.now(UTC), own=(EDITION, *own))
    holder = current_holder()
    catalogue = holder.at(query.as_of, query.known_at)
    refuse_unpublished(catalogue, query)
    if identifier not in catalogue.benchmarks:
        raise NotFound(f"There is no benchmark {identifier!r}.")
    scores = holder.scores(catalogue)
    editions = editions_of(scores, identifier)
    edition = query.own.get(EDITION.name)
    if edition is not None and edition not in editions:
        known = ", ".join(filter(None, editions)) or "none: leave it out"
        raise QueryError([{"parameter": EDITION.name, "message": f"may be one of {known}"}])
    listed = catalogue.including(benchmark_table(catalogue, scores)).row("benchmarks", identifier)
    notes = {"benchmark": listed.body if listed else None, "editions": editions}
    table = scored_table(catalogue, scores, identifier, edition)
    return catalogue.including(table), query, stamp_of(catalogue, identifier), notes


def _notes() -> dict[str, Any]:
    since = current_holder().stale_since
    return {"stale_since": instant(since)} if since else {}


@measuring.get("/benchmarks")
def benchmarks() -> Response:
    """A page of benchmarks, or of models by a composite of them."""
    return json_page(*_listed(), notes=_notes())


@measuring.get("/benchmarks.ndjson")
def benchmarks_ndjson() -> Response:
    """All of them, an object a line."""
    return ndjson_file(*_listed())


@measuring.get("/benchmarks.csv")
def benchmarks_csv() -> Response:
    """All of them, a column a field."""
    return csv_file(*_listed((RAW,)))


@measuring.get("/benchmarks/<identifier>")
def benchmark(identifier: str) -> Response:
    """A page of the scores of one benchmark, in their ranks."""
    catalogue, query, stamp, notes = _one(identifier)
    return json_page(catalogue, query, stamp, notes=notes | _notes())


@measuring.get("/benchmarks/<identifier>.ndjson")
def benchmark_ndjson(identifier: str) -> Response:
    """All scores of one benchmark, an object a line."""
    return ndjson_file(*_one(identifier)[:3])


@measuring.get("/benchmarks/<identifier>.csv")
def benchmark_csv(identifier: str) -> Response:
    """All scores of one benchmark, a column a field."""
    return csv_file(*_one(identifier, (RAW,))[:3])
