"""`/api/v1/compare`: two to ten models side by side, a row a field, and what a workload costs with each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, Response, request

from aimstats.api.lists import JSON, meta
from aimstats.api.refusals import register_refusals
from aimstats.catalogue import wire
from aimstats.catalogue.comparison import comparison
from aimstats.catalogue.costs.crossovers import LIST_PARAMETERS, OWN
from aimstats.catalogue.costs.questions import COSTS
from aimstats.catalogue.engine.query import parse
from aimstats.catalogue.engine.table import instant
from aimstats.extensions.answers import answer
from aimstats.extensions.current import current_holder, stamp_of

comparing: Final = Blueprint("api_compare", __name__, url_prefix="/api/v1")
register_refusals(comparing)


@comparing.get("/compare")
def compare() -> Response:
    """A row a field; a workload that the query states is one of them."""
    query = parse(COSTS, request.args.lists(), now=datetime.now(UTC), only=LIST_PARAMETERS, own=OWN)
    catalogue = current_holder().at(query.as_of, query.known_at)
    found = comparison(catalogue, query)

    def make() -> bytes:
        since = current_holder().stale_since
        about: dict[str, Any] = {"offers": {name: one.offer for name, one in found.receipts.items()}, "unpriced": found.unpriced}
        about |= meta(catalogue, query) | ({"stale_since": instant(since)} if since else {})
        return wire.dumps({"data": [row.body() for row in found.rows], "meta": about})

    return answer("compare.json", query.text, stamp_of(catalogue), make, media_type=JSON)
