"""What is answered to a request below the API's base that cannot be read as HTTP: a problem document, as to any other."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask

from aimstats.api.problems import problem
from aimstats.domain.text import clean_text

BASE: Final = "/api/v1"
HEAD_BYTES: Final = 64
"""So many first bytes of a request are looked at for its path."""
MAX_DETAIL_CHARACTERS: Final = 300


def is_of_api(head: bytes) -> bool:
    """Whether the first bytes of a request name an address of the API.

    >>> is_of_api(b"GET /api/v1/models?q=aaaa"), is_of_api(b"GET /api/v1?x HTTP/1.1"), is_of_api(b"GET /api/v10/models HTTP/1.1")
    (True, True, False)
    >>> is_of_api(b"GET /?q=/api/v1/ HTTP/1.1"), is_of_api(b"GE")
    (False, False)
    """
    words = head.lstrip(b"\r\n").partition(b"\r\n")[0].split(b" ", 2)
    path = words[1].partition(b"?")[0] if len(words) > 1 else b""
    return f"{path.decode('latin-1')}/".startswith(f"{BASE}/")


class Refused:
    """The socket of a client to whom gunicorn says why its request cannot be read: what is sent is a problem document instead of
    gunicorn's own page, with its status and with the headers that the app gives every answer of the API."""

    def __init__(self, client: Any, app: Flask, reason: Exception) -> None:
        self._client = client
        self._app = app
        self._reason = reason

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def sendall(self, page: bytes) -> None:
        """Send the problem instead of the page."""
        status = int(page.split(b" ", 2)[1])
        detail = "The error has been written to the log." if status == 500 else str(self._reason)  # ours are nobody's business
        with self._app.test_request_context(BASE):
            answer = self._app.process_response(problem(status, clean_text(detail, MAX_DETAIL_CHARACTERS)))
        body = answer.get_data()
        answer.headers["Content-Length"] = str(len(body))
        answer.headers["Connection"] = "close"
        lines = [f"HTTP/1.1 {answer.status}", *(f"{name}: {value}" for name, value in answer.headers), "", ""]
        self._client.sendall("\r\n".join(lines).encode("latin-1") + body)
