"""From a page's URL to its table: the query parsed, or what was wrong with it said above the same form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from flask import Response, request

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.declarations import Collection
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.engine.parameters import SCORE_PREFIX
from aimstats.catalogue.engine.query import Query, QueryError, parse
from aimstats.extensions.words import refuse_unpublished
from aimstats.web import cheapest, model_types, retired
from aimstats.web.browse import IGNORED, MAX_PAGE, Browse
from aimstats.web.columns import PRESETS
from aimstats.web.editions import edition
from aimstats.web.errors import refuse
from aimstats.web.facets import ALL, OPEN, SHUT, can_be_open, page_parameters
from aimstats.web.filters import MIN_SCORE, SCORE_FIELD
from aimstats.web.frames import COLUMN, VIEW, Frame, address_of
from aimstats.web.links import DAYS, address
from aimstats.web.rendering import api_base, argument, html_of, page
from aimstats.web.table import offered_columns

PARTS: Final = ("facet", "columns")
"""Blocks that a reader opens: the address does not follow them."""


def table_page(
    frame: Frame,
    catalogue: Catalogue | None = None,
    *,
    further: Sequence[Any] = (),
    is_lasting: bool = True,
    structured: Callable[[Catalogue], str] | None = None,
) -> Response:
    """The table of a frame under the request's query; 400 with the form and what is wrong with it.

    `catalogue` is used instead of that of the day which the query names; for `further` and `is_lasting` see `page`.
    `structured` says of the whole what programs read (`structured.py`); under no filters.
    """
    try:
        query, number = _asked(frame, request.args.lists())
    except QueryError as error:
        return _refused(frame, catalogue, error)
    shown = catalogue or edition(query.as_of, query.known_at)
    try:
        refuse_unpublished(shown, query, _scores_as_columns(query))
    except QueryError as error:
        return _refused(frame, catalogue, error)
    told = {"structured": structured(shown)} if structured and not request.query_string else {}
    is_view = "fragment" in request.args and request.args["fragment"] not in PARTS
    return page(
        "browse.html",
        lambda: _context(Browse(shown, frame, query, page=number)) | told,
        shown,
        pushed=address_of(shown, frame, query, number) if is_view else "",
        further=further,
        is_lasting=is_lasting,
        keeps_shell=True,
    )


def _asked(frame: Frame, arguments: Iterable[tuple[str, Sequence[str]]]) -> tuple[Query, int]:
    """The query and the number of the page that these parameters ask. Raises QueryError."""
    given = _with_scores(arguments) if frame.collection is MODELS else dict(arguments)
    own = (model_types.PARAMETER,) if frame.has_types else ()
    carried = (COLUMN, VIEW, cheapest.PARAMETER, *own, *page_parameters(frame.collection), *retired.carried_by(frame.collection))
    query = parse(frame.collection, given.items(), now=datetime.now(UTC), ignored=IGNORED, carried=carried, limit=frame.rows)
    _check_columns(query)
    _check_open(query)
    model_types.check(query)
    cheapest.check(query)
    retired.check(query)
    return query, page_number(given.get("page", ()))


def _with_scores(arguments: Iterable[tuple[str, Sequence[str]]]) -> dict[str, Sequence[str]]:
    """The parameters with what the fields for single scores say in the words of the API."""
    given: dict[str, Sequence[str]] = {}
    least: list[str] = []
    for name, texts in arguments:
        if name.startswith(SCORE_FIELD):
            least += [f"{name.removeprefix(SCORE_FIELD)}:{text.strip()}" for text in texts if text.strip()]
        else:
            given[name] = texts
    return {**given, MIN_SCORE: [*given.get(MIN_SCORE, ()), *least]} if least else given


def _refused(frame: Frame, catalogue: Catalogue | None, error: QueryError) -> Response:
    """The same form with the texts as they were typed and what is wrong with them, over what the rest of the query finds."""
    wrong = {one["parameter"] for one in error.errors}
    kept = [(name, texts) for name, texts in request.args.lists() if name[:100] not in wrong]
    if MIN_SCORE in wrong:
        kept = [(name, texts) for name, texts in kept if not name.startswith(SCORE_FIELD)]
    try:
        query, _ = _asked(frame, kept)
    except QueryError:
        query = Query(frame.collection, limit=frame.rows)
    typed = {name: texts[0][:200] for name, texts in request.args.lists()}
    shown = catalogue or edition(query.as_of, query.known_at)
    view = Browse(shown, frame, query, given=typed, errors=error.errors)
    answer = Response(html_of("browse.html", _context(view)), 400)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _context(view: Browse) -> dict[str, Any]:
    frame = view.frame
    only = argument("facet")
    return {
        "title": frame.title or frame.heading,
        "description": frame.lead,
        "view": view,
        "only": only,
        "downloads": _downloads(view),
        "pieces": {"rows": view.rows},
    }


def asked_edition(model: str | None = None) -> Catalogue:
    """The catalogue of the day that the URL names (of one model alone, if one is named); a 400 where the day cannot be read.
    Other parameters are the page's own."""
    try:
        return _edition_of_days(model)
    except QueryError as error:
        refuse(error)


def named_edition() -> Catalogue:
    """The same, or the present where the day cannot be read: for a page whose table says so itself."""
    try:
        return _edition_of_days()
    except QueryError:
        return edition()


def _edition_of_days(model: str | None = None) -> Catalogue:
    days = [(name, values) for name, values in request.args.lists() if name in DAYS]
    query = parse(MODELS, days, now=datetime.now(UTC))
    return edition(query.as_of, query.known_at, model)


def page_number(texts: Sequence[str]) -> int:
    """The page asked for, the first by default. Raises QueryError when it is no number of a page."""
    text = texts[0] if texts and texts[0] else "1"
    if len(texts) > 1 or not (text.isascii() and text.isdigit() and len(text) < 7 and 1 <= int(text) <= MAX_PAGE):
        raise QueryError([{"parameter": "page", "message": f"must be one whole number from 1 to {MAX_PAGE}"}])
    return int(text)


def _check_columns(query: Query) -> None:
    """Raises QueryError for a column that nobody can choose."""
    known = _offered(query.collection)
    scored = query.collection.name == "models"
    unknown = [
        (COLUMN, key)
        for key in query.stated.get(COLUMN, ())
        if key not in known and not (scored and key.startswith(SCORE_PREFIX) and key != SCORE_PREFIX)
    ]
    unknown += [(VIEW, name) for name in query.stated.get(VIEW, ()) if name not in PRESETS or not scored]
    if unknown:
        raise QueryError([{"parameter": name, "message": f"there is no {name} {key[:60]!r}"} for name, key in unknown])


def _scores_as_columns(query: Query) -> list[tuple[str, str]]:
    """The benchmarks that the query names as columns, each with its parameter."""
    return [(COLUMN, key.removeprefix(SCORE_PREFIX)) for key in query.stated.get(COLUMN, ()) if key.startswith(SCORE_PREFIX)]


@lru_cache(maxsize=16)
def _offered(collection: Collection) -> frozenset[str]:
    return frozenset(column.key for column in offered_columns(collection))


def _check_open(query: Query) -> None:
    """Raises QueryError for a facet that is not there to be opened or closed."""
    known = can_be_open(query.collection)
    wrong = [(name, one) for name in (OPEN, SHUT, ALL) for one in query.stated.get(name, ()) if one not in known]
    if wrong:
        raise QueryError([{"parameter": name, "message": f"there is no filter {one[:60]!r}"} for name, one in wrong])


def _downloads(view: Browse) -> list[tuple[str, str]]:
    """This very view in the API, as JSON and as CSV."""
    name = f"/{view.frame.collection.name}"
    asked = view.api_query
    forms = (("JSON", "", asked(None)), ("CSV", ".csv", asked(view.csv_fields)))
    base = api_base()
    return [(form, address(name + ending, query, base=base)) for form, ending, query in forms]
