"""`/api/v1/history`: dated steps of prices, limits and lives, as JSON, CSV and NDJSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, Response, request

from aimstats.api.describing import RAW
from aimstats.api.lists import csv_file, json_page, ndjson_file
from aimstats.api.refusals import register_refusals
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.history import HISTORY
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.catalogue.engine.query import Query, parse
from aimstats.catalogue.history import OWN, history_table
from aimstats.extensions.answers import Stamp
from aimstats.extensions.current import current_catalogue, current_holder, stamp_of
from aimstats.extensions.words import refuse_unpublished

telling: Final = Blueprint("api_history", __name__, url_prefix="/api/v1")
register_refusals(telling)


def _asked(own: Sequence[Parameter] = ()) -> tuple[Catalogue, Query, Stamp]:
    """The catalogue with the steps that are asked for."""
    now = datetime.now(UTC)
    query = parse(HISTORY, request.args.lists(), now=now, own=(*OWN, *own))
    catalogue = current_catalogue()
    refuse_unpublished(catalogue, query)
    with current_holder().snapshot() as connection:
        table = history_table(connection, catalogue, query, now)
    return catalogue.including(table), query, stamp_of(catalogue, table.digest)


@telling.get("/history")
def history() -> Response:
    """A page of steps, by offer and time."""
    return json_page(*_asked(), notes={})


@telling.get("/history.ndjson")
def history_ndjson() -> Response:
    """Every step, an object a line."""
    return ndjson_file(*_asked())


@telling.get("/history.csv")
def history_csv() -> Response:
    """Every step, a column a field."""
    return csv_file(*_asked((RAW,)))
