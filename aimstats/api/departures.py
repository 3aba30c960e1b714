"""`/api/v1/deprecations`: what ends when, at whom, and what is named instead, as JSON, CSV and NDJSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, Response, request

from aimstats.api.describing import RAW
from aimstats.api.lists import csv_file, json_page, ndjson_file
from aimstats.api.refusals import register_refusals
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.departures import DEPARTURES
from aimstats.catalogue.departures import departures
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.catalogue.engine.query import Query, parse
from aimstats.extensions.answers import Stamp
from aimstats.extensions.current import current_holder, stamp_of
from aimstats.extensions.words import refuse_unpublished

departing: Final = Blueprint("api_deprecations", __name__, url_prefix="/api/v1")
register_refusals(departing)


def _asked(own: Sequence[Parameter] = ()) -> tuple[Catalogue, Query, Stamp]:
    """The catalogue with its departures as seen on the day that is asked for."""
    query = parse(DEPARTURES, request.args.lists(), now=datetime.now(UTC), own=own)
    holder = current_holder()
    catalogue = holder.at(query.as_of, query.known_at)
    refuse_unpublished(catalogue, query)
    today = query.as_of or holder.now().date()
    return catalogue.including(departures(catalogue, today)), query, stamp_of(catalogue, today)


@departing.get("/deprecations")
def deprecations() -> Response:
    """A page of departures by the day of their end, the earliest first; what has ended is among them unless `state` says else."""
    return json_page(*_asked(), notes={})


@departing.get("/deprecations.ndjson")
def deprecations_ndjson() -> Response:
    """Every departure, an object a line."""
    return ndjson_file(*_asked())


@departing.get("/deprecations.csv")
def deprecations_csv() -> Response:
    """Every departure, a column a field."""
    return csv_file(*_asked((RAW,)))
