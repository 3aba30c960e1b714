"""What a worker answers in the thread that watches its connections: whole requests whose answer is kept."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from gunicorn.config import Config
from gunicorn.http.errors import NoMoreData, ParseException
from gunicorn.http.parser import RequestParser
from gunicorn.http.wsgi import SERVER  # type: ignore[attr-defined]  # the types that there are lack it
from gunicorn.util import http_date

from aimstats.extensions.front import MAX_ORIGIN_CHARACTERS, NOT_MODIFIED, OK, Front, Headers
from aimstats.extensions.negotiation import accepted_encoding

REQUEST_BYTES: Final = 4_096
"""Larger requests than this go to a thread."""
_METHOD, _VERSION, _LINE_END, _END = b"GET ", b" HTTP/1.1", b"\r\n", b"\r\n\r\n"
_PLAIN: Final = re.compile(r"/[\w.~!$&'()*+,;=:@/-]*", re.ASCII)
_READ_BY_A_THREAD: Final = frozenset({"CONTENT-LENGTH", "TRANSFER-ENCODING", "EXPECT", "UPGRADE"})


class Asked(NamedTuple):
    """What of a request's headers its answer depends on."""

    encoding: str
    origin: str
    if_none_match: str


class AtOnce:
    """The answers that are kept, for requests as bytes. A client says the same headers again and again: they are read once."""

    def __init__(self, front: Front, cfg: Config) -> None:
        self._front = front
        self._cfg = cfg
        self._asked = lru_cache(maxsize=256)(self._read)

    def knows(self, path: str, query: str) -> bool:
        """Whether something is kept of an address, for whomever. Who asks for others is left to a thread at once: looking at each
        request first has the watching thread wait for those that answer, once more (a fifth fewer answers a second, 2026-11)."""
        return self._front.knows(path, query)

    def answer(self, request: bytes) -> bytes | None:
        """The whole answer to what a client said, where that is one GET without a body, its answer is kept, and the connection
        stays open; None where a thread has to see to it. Nothing in it waits."""
        line, _, headers = request.partition(_LINE_END)
        if not line.startswith(_METHOD) or not line.endswith(_VERSION) or request.find(_END) != len(request) - len(_END):
            return None
        path, _, query = line[len(_METHOD) : -len(_VERSION)].decode("latin-1").partition("?")
        # Kept are paths with their escapes read: a path that has one, or a character that needs one, may mean another.
        if not _PLAIN.fullmatch(path) or not self._front.knows(path, query):
            return None
        asked = self._asked(headers)
        kept = asked and self._front.at_once((path, query, asked.encoding, asked.origin))
        if not asked or not kept:
            return None
        if kept.is_known_by(asked.if_none_match):
            return _head(NOT_MODIFIED, kept.short_headers)
        return _head(OK, kept.headers) + kept.body

    def _read(self, headers: bytes) -> Asked | None:
        """What the headers of a GET say; None where there is more to such a request than its head, or it cannot be read."""
        try:
            request = next(RequestParser(self._cfg, iter([_METHOD + b"/" + _VERSION + _LINE_END + headers]), ("", 0)))
        except (ParseException, NoMoreData, StopIteration):
            return None
        said = dict(request.headers)
        if len(said) < len(request.headers) or request.should_close() or not _READ_BY_A_THREAD.isdisjoint(said):
            return None
        origin = said.get("ORIGIN", "")
        if len(origin) > MAX_ORIGIN_CHARACTERS:
            return None
        return Asked(accepted_encoding(said.get("ACCEPT-ENCODING", "")), origin, said.get("IF-NONE-MATCH", ""))


def _head(status: str, headers: Headers) -> bytes:
    """A head as gunicorn writes it, of an answer whose headers give its length."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status}\r\nServer: {SERVER}\r\nDate: {http_date()}\r\nConnection: keep-alive\r\n{lines}\r\n".encode(
        "latin-1"
    )
