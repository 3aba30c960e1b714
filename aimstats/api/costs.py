"""`/api/v1/costs`: models or offers by the cost of a workload, each with its receipt; and where their order turns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, Response, request

from aimstats.api.describing import RAW
from aimstats.api.lists import JSON, meta
from aimstats.api.refusals import register_refusals
from aimstats.api.rows import Rows, columns_of
from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.declarations import at
from aimstats.catalogue.costs import COSTS, CostQuestion, all_costs, ask, crossovers, printed_page
from aimstats.catalogue.costs.crossovers import LIST_PARAMETERS
from aimstats.catalogue.costs.crossovers import OWN as CROSSOVER_PARAMETERS
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.catalogue.engine.query import parse
from aimstats.catalogue.engine.table import instant
from aimstats.extensions.answers import answer
from aimstats.extensions.current import current_holder, stamp_of
from aimstats.extensions.words import refuse_unpublished

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
        page = printed_page(catalogue, question)
        about = {"total": page.total, "limit": query.limit, "next": page.next, "unpriced": page.unpriced}
        about |= meta(catalogue, query) | _notes()
        return b'{"data":[%b],"meta":%b}' % (",".join(page.rows).encode(), wire.dumps(about))

    return answer("costs.json", query.text, stamp_of(catalogue), make, media_type=JSON)


@costing.get("/costs.ndjson")
def costs_ndjson() -> Response:
    """Every row, an object a line."""
    return _rows(*_asked()).ndjson()


@costing.get("/costs.csv")
def costs_csv() -> Response:
    """Every row, a column a field; the receipt's lines as JSON."""
    return _rows(*_asked(RAW)).csv()


def _rows(question: CostQuestion, catalogue: Catalogue) -> Rows[dict[str, Any]]:
    query = question.query
    return Rows(
        "costs",
        query,
        stamp_of(catalogue),
        columns_of(COSTS, query.fields),
        lambda: ([row.body() for row in rows] for rows in all_costs(catalogue, question)),
        lambda bodies: (wire.dumps(wire.trimmed(body, query.fields) if query.fields else body) for body in bodies),
        lambda body, column: at(body, column.key),
    )


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
