"""Errors of the API as RFC 9457 problem documents."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final

import orjson
from flask import Response
from werkzeug.exceptions import HTTPException

DEFAULTS: Final[Mapping[int, str]] = {
    404: "There is nothing at this address: /api/v1 lists all that can be asked, /docs/api describes it.",
    405: "This address does not answer this method: the header Allow says which it does.",
}
"""What an error says that nobody has described."""


def problem(
    status: int,
    detail: str,
    *,
    errors: Iterable[Mapping[str, str]] = (),
    candidates: Iterable[Mapping[str, object]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem document; ``errors`` are ``{"parameter", "message"}`` of bad input, ``candidates`` what may be meant by a
    name that is not there, as ``/resolve`` has them."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if listed := [dict(error) for error in errors]:
        body["errors"] = listed
    if near := [dict(candidate) for candidate in candidates]:
        body["candidates"] = near
    response = Response(orjson.dumps(body), status=status, mimetype="application/problem+json", headers=headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def problem_of(error: HTTPException) -> Response:
    """Return the problem document of an HTTP error, with the headers that it brings (Allow, Retry-After)."""
    kept = {name: value for name, value in error.get_headers() if name.lower() not in {"content-type", "cache-control"}}
    said = error.description or ""
    if said == type(error).description:  # the framework's own, which speaks of typing an address into a browser
        said = DEFAULTS.get(error.code or 500, said)
    return problem(error.code or 500, said, headers=kept)
