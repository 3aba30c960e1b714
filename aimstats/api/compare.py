"""`/api/v1/compare`: two to ten models side by side, a row a field, and what a workload costs with each; as JSON, CSV, NDJSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, Response, request

from aimstats.api.describing import RAW
from aimstats.api.lists import JSON, meta
from aimstats.api.refusals import register_refusals
from aimstats.api.rows import Rows
from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.declarations import Column
from aimstats.catalogue.columns.kinds import FLAG, TEXT, TEXTS
from aimstats.catalogue.comparison import Comparison, comparison
from aimstats.catalogue.costs.crossovers import LIST_PARAMETERS, OWN
from aimstats.catalogue.costs.questions import COSTS
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.catalogue.engine.query import Query, parse
from aimstats.catalogue.engine.table import instant
from aimstats.extensions.answers import answer
from aimstats.extensions.current import current_holder, stamp_of

_OWN: Final = {"field": TEXT, "label": TEXT, "unit": TEXT, "group": TEXT, "differs": FLAG, "best": TEXT, "disputed": TEXTS}
_COLUMNS: Final = [Column(key=key, label=key, help="", kind=kind) for key, kind in _OWN.items()]
BEFORE_MODELS: Final = tuple(_COLUMNS[:4])
AFTER_MODELS: Final = tuple(_COLUMNS[4:])
"""The columns of the CSV around those of the models."""

comparing: Final = Blueprint("api_compare", __name__, url_prefix="/api/v1")
register_refusals(comparing)


def _asked(*own: Parameter) -> tuple[Catalogue, Query, Comparison]:
    query = parse(COSTS, request.args.lists(), now=datetime.now(UTC), only=LIST_PARAMETERS, own=(*OWN, *own))
    catalogue = current_holder().at(query.as_of, query.known_at)
    return catalogue, query, comparison(catalogue, query)


@comparing.get("/compare")
def compare() -> Response:
    """A row a field; a workload that the query states is one of them."""
    catalogue, query, found = _asked()

    def make() -> bytes:
        since = current_holder().stale_since
        about: dict[str, Any] = {"offers": {name: one.offer for name, one in found.receipts.items()}, "unpriced": found.unpriced}
        about |= meta(catalogue, query) | ({"stale_since": instant(since)} if since else {})
        return wire.dumps({"data": [row.body() for row in found.rows], "meta": about})

    return answer("compare.json", query.text, stamp_of(catalogue), make, media_type=JSON)


@comparing.get("/compare.ndjson")
def compare_ndjson() -> Response:
    """Every field, an object a line."""
    return _rows(*_asked()).ndjson()


@comparing.get("/compare.csv")
def compare_csv() -> Response:
    """Every field, a column a model."""
    return _rows(*_asked(RAW)).csv()


def _rows(catalogue: Catalogue, query: Query, found: Comparison) -> Rows[dict[str, Any]]:
    bodies = [row.body() for row in found.rows]
    own = [Column(key=row.id, label=str(row["name"]), help="", kind=TEXT) for row in found.models]
    columns = [*BEFORE_MODELS, *own, *AFTER_MODELS]
    names = {row.id for row in found.models}
    return Rows(
        "compare",
        query,
        stamp_of(catalogue),
        columns,
        lambda: [bodies],
        lambda batch: map(wire.dumps, batch),
        lambda body, column: body["values"][column.key] if column.key in names else body[column.key],
    )
