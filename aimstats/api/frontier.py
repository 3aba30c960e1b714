"""`/api/v1/frontier`: which models nothing beats on cost and score, as JSON, CSV and NDJSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, Response, request

from aimstats.api.describing import RAW
from aimstats.api.lists import csv_file, json_page, ndjson_file
from aimstats.api.refusals import register_refusals
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.frontier import FRONTIER, OWN, PARAMETERS
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.catalogue.engine.query import Query, parse
from aimstats.catalogue.frontier import frontier as points_of
from aimstats.extensions.answers import Stamp
from aimstats.extensions.current import current_holder, stamp_of
from aimstats.extensions.words import refuse_unpublished

weighing: Final = Blueprint("api_frontier", __name__, url_prefix="/api/v1")
register_refusals(weighing)


def _asked(own: Sequence[Parameter] = ()) -> tuple[Catalogue, Query, Stamp, dict[str, Any]]:
    """The catalogue with the points, what of them is asked for, and what is said beside them."""
    query = parse(FRONTIER, request.args.lists(), now=datetime.now(UTC), only=PARAMETERS, own=(*OWN, *own))
    holder = current_holder()
    catalogue = holder.at(query.as_of, query.known_at)
    refuse_unpublished(catalogue, query)
    found = points_of(catalogue, holder.scores(catalogue), query)
    return catalogue.including(found.table), found.query, stamp_of(catalogue), found.notes()


@weighing.get("/frontier")
def frontier() -> Response:
    """A page of points, the cheapest first."""
    catalogue, query, stamp, notes = _asked()
    return json_page(catalogue, query, stamp, notes=notes)


@weighing.get("/frontier.ndjson")
def frontier_ndjson() -> Response:
    """Every point, an object a line."""
    return ndjson_file(*_asked()[:3])


@weighing.get("/frontier.csv")
def frontier_csv() -> Response:
    """Every point, a column a field."""
    return csv_file(*_asked((RAW,))[:3])
