"""`/costs`: the models by what a workload costs with them, each with its receipt, and where their order changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, Response, request

from aimstats.catalogue.engine.query import QueryError
from aimstats.extensions.words import refuse_unpublished
from aimstats.web.asking import page_number
from aimstats.web.costs_form import typed_fields
from aimstats.web.costs_view import RECEIPT, SCORE, CostsView, asked, costs_view
from aimstats.web.editions import edition
from aimstats.web.errors import answer_refusals
from aimstats.web.links import address, link
from aimstats.web.rendering import api_base, html_of, page
from aimstats.web.routes import serves

costing: Final = Blueprint("costs", __name__)
answer_refusals(costing)
_FORMS: Final = (("JSON", ""), ("CSV", ".csv"))


@serves(costing, "costs")
def costs() -> Response:
    """The page under the request's query; 400 with the form and what is wrong with it."""
    try:
        question = asked(request.args.lists())
        number = page_number(request.args.getlist("page"))
    except QueryError as error:
        return _refused(error)
    query = question.query
    catalogue = edition(query.as_of, query.known_at)
    score = query.stated.get(SCORE, ("",))[0]
    named = [(SCORE, score)] if score else []
    try:
        refuse_unpublished(catalogue, query, named)
    except QueryError as error:
        return _refused(error)
    view = lambda: _context(costs_view(catalogue, question, number, request.args.get(RECEIPT)))  # noqa: E731
    return page("costs.html", view, catalogue, pushed=link("costs", query=query.url_with(page=number if number > 1 else None)))


def _context(view: CostsView) -> dict[str, Any]:
    downloads = [(form, address(f"/costs{ending}", view.api_query, base=api_base())) for form, ending in _FORMS]
    return {"view": view, "downloads": downloads}


def _refused(error: QueryError) -> Response:
    """The form with the texts as they were typed, over what the usual workload costs."""
    typed = {name: texts[0][:200] for name, texts in request.args.lists()}
    refused = frozenset(one["parameter"] for one in error.errors)
    try:
        question = asked([("as_of", request.args.getlist("as_of")), ("known_at", request.args.getlist("known_at"))])
    except QueryError:
        question = asked([])
    shown = edition(question.query.as_of, question.query.known_at)
    view = replace(costs_view(shown, question, 1, None), fields=typed_fields(typed, refused), errors=error.errors)
    answer = Response(html_of("costs.html", _context(view)), 400)
    answer.headers["Cache-Control"] = "no-store"
    return answer
