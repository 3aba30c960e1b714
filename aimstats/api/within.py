"""Asking the API from inside of a request: the very answer that an address gives, without another request being counted."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final
from urllib.parse import urlencode

from flask import Response, current_app, request

_OF_THE_OUTER: Final = ("HTTP_IF_NONE_MATCH", "HTTP_ACCEPT_ENCODING", "CONTENT_TYPE", "HTTP_RANGE")


def answer_of(path: str, arguments: Sequence[tuple[str, str]]) -> Response:
    """What `GET path?arguments` answers, uncompressed; a refusal is the address's own, too."""
    environ = {key: value for key, value in request.environ.items() if key.isupper() and key not in _OF_THE_OUTER}
    environ |= {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": urlencode(arguments), "CONTENT_LENGTH": "0",
        "HTTP_ACCEPT_ENCODING": "identity", "wsgi.url_scheme": request.scheme, "wsgi.input": BytesIO(),
    }  # fmt: skip
    with current_app.request_context(environ):
        try:
            return current_app.make_response(current_app.dispatch_request())
        except Exception as error:
            return current_app.make_response(current_app.handle_user_exception(error))
