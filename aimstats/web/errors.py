"""Errors as pages: what went wrong, in plain words, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NoReturn

from flask import Blueprint, Response, abort, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from aimstats.catalogue.engine.query import QueryError
from aimstats.catalogue.holder import CatalogueUnavailableError, EmptyCatalogueError
from aimstats.catalogue.names import NearName
from aimstats.catalogue.other_days import BusyError
from aimstats.domain.texts import N_
from aimstats.web import marks
from aimstats.web.drawing import drawn
from aimstats.web.language import t
from aimstats.web.rendering import common

TITLES: Final = {
    400: N_("This address cannot be read"),
    404: N_("There is no such page"),
    405: N_("This page is only for reading"),
    500: N_("Something went wrong here"),
    503: N_("Not available just now"),
}
DEFAULTS: Final = {
    404: N_("It may have moved, or the address may be mistyped."),
    500: N_("The error has been written to the log. The address is fine; please try again later."),
}
HOME: Final = (("models", N_("See all models")), ("providers", N_("See all providers")))
RETRY_AFTER_S: Final = 30


def error_page(
    status: int,
    description: str,
    *,
    title: str = "",
    command: str = "",
    retry_after: int | None = None,
    near: Sequence[NearName] = (),
) -> Response:
    """A page that says what went wrong, and which models may be meant; never cached."""
    said = {
        "title": title or t(TITLES.get(status, TITLES[500])),
        "code": status,
        "description": t(description),
        "command": command,
        "near": near,
        "ways": () if command else [(name, t(text)) for name, text in HOME],
        "section": "",
        "canonical": "",
        "alternates": (),
    }
    answer = Response(drawn("error.html", common() | said), status)
    answer.headers["Cache-Control"] = "no-store"
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def page_of(error: HTTPException) -> Response:
    """The page of an HTTP error, with the headers that it brings (Allow, Retry-After)."""
    status = error.code or 500
    described = error.description or ""
    own_words = type(error).description != described
    answer = error_page(status, described if own_words else DEFAULTS.get(status, described))
    for name, value in error.get_headers(request.environ):
        if name.lower() not in ("content-type", "content-length"):
            answer.headers.setdefault(name, value)
    return answer


def refuse(error: QueryError) -> NoReturn:
    """A 400 that says what is wrong with each parameter of a page without a form."""
    told = Markup("; ").join(Markup("{}: {}").format(one["parameter"], marks.said(one["message"])) for one in error.errors)
    abort(400, told if told.endswith("?") else told + ".")


def _empty(error: EmptyCatalogueError) -> Response:
    return error_page(
        503,
        N_("Nothing has been published yet. To read the sources and fill the catalogue, run this where the server runs:"),
        title=t("The catalogue is empty"),
        command="make scrape",
        retry_after=RETRY_AFTER_S,
    )


def _unavailable(error: CatalogueUnavailableError) -> Response:
    return error_page(503, N_("The database cannot be reached. Please try again in a moment."), retry_after=RETRY_AFTER_S)


def _busy(error: BusyError) -> Response:
    described = N_("Another day’s catalogue is being put together. Please try again in a moment.")
    return error_page(503, described, retry_after=error.retry_after)


def answer_refusals(pages: Blueprint) -> None:
    """Let the blueprint answer what the catalogue raises with a page."""
    pages.register_error_handler(EmptyCatalogueError, _empty)
    pages.register_error_handler(CatalogueUnavailableError, _unavailable)
    pages.register_error_handler(BusyError, _busy)
