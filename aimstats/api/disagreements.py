"""`/api/v1/disagreements`: figures of which sources say different things, as JSON, CSV and NDJSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, Response, request

from aimstats.api.describing import RAW
from aimstats.api.lists import csv_file, json_page, ndjson_file
from aimstats.api.refusals import register_refusals
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.disagreements import DISAGREEMENTS
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.catalogue.engine.query import Query, parse
from aimstats.extensions.answers import Stamp
from aimstats.extensions.current import current_holder, stamp_of
from aimstats.extensions.words import refuse_unpublished

disagreeing: Final = Blueprint("api_disagreements", __name__, url_prefix="/api/v1")
register_refusals(disagreeing)


def _asked(own: Sequence[Parameter] = ()) -> tuple[Catalogue, Query, Stamp]:
    query = parse(DISAGREEMENTS, request.args.lists(), now=datetime.now(UTC), own=own)
    catalogue = current_holder().at(query.as_of, query.known_at)
    refuse_unpublished(catalogue, query)
    return catalogue, query, stamp_of(catalogue)


@disagreeing.get("/disagreements")
def disagreements() -> Response:
    """A page of disagreements, the largest ratio first."""
    return json_page(*_asked(), notes={})


@disagreeing.get("/disagreements.ndjson")
def disagreements_ndjson() -> Response:
    """Every disagreement, an object a line."""
    return ndjson_file(*_asked())


@disagreeing.get("/disagreements.csv")
def disagreements_csv() -> Response:
    """Every disagreement, a column a field."""
    return csv_file(*_asked((RAW,)))
