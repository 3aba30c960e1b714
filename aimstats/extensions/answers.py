"""Answers that depend on data: strong ETags, 304 before any work, compressed bytes kept while their version lasts."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from itertools import chain
from typing import Any, Final

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_etags

from aimstats.extensions.negotiation import IDENTITY, MIN_BYTES, accepted_encoding, encoded, encoded_stream

MAX_AGE_S: Final = 300
CACHE_BYTES: Final = 16 * 2**20
MAX_ENTRY_BYTES: Final = 2**20
ANSWERED: Final = "aimstats.answered"
"""Where in the WSGI environment an answer notes while what it may be repeated below Flask."""
REPEATED: Final = "repeated_answers"
"""Which of the app's answers may be repeated below Flask though they do not say so, and while what: see `may_repeat`."""
_PARTIAL: Final = "answer_is_partial"
_ENCODED, _PLAIN = b"\x01", b"\x00"

Stamp = Sequence[Any]
"""What an answer is made of beside its question: versions, language, day."""


class KeptAnswers:
    """Compressed bodies by ETag, the longest unused given up first; bounded in bytes."""

    def __init__(self, capacity_bytes: int = CACHE_BYTES) -> None:
        self._capacity = capacity_bytes
        self._held = 0
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, etag: str) -> bytes | None:
        """The body of an ETag, if it is kept."""
        with self._lock:
            body = self._bodies.get(etag)
            if body is not None:
                self._bodies.move_to_end(etag)
            return body

    def keep(self, etag: str, body: bytes) -> None:
        """Keep a body, unless it is large."""
        if len(body) > min(MAX_ENTRY_BYTES, self._capacity):
            return
        with self._lock:
            self._held += len(body) - len(self._bodies.pop(etag, b""))
            self._bodies[etag] = body
            while self._held > self._capacity:
                self._held -= len(self._bodies.popitem(last=False)[1])

    @property
    def held_bytes(self) -> int:
        """How much is kept."""
        return self._held


def init_answers(app: Flask) -> None:
    """Give the app its kept answers."""
    app.extensions["answers"] = KeptAnswers()


def etag_of(door: str, question: str, stamp: Stamp, encoding: str) -> str:
    """The strong ETag (without quotes) of a question's answer in an encoding (ledger.md, Versions)."""
    parts = "\x00".join((door, question, *map(str, stamp)))
    return f"{blake2b(parts.encode('utf-8', 'surrogatepass'), digest_size=12).hexdigest()}-{encoding}"


def answer(
    door: str,
    question: str,
    stamp: Stamp,
    make: Callable[[], bytes],
    *,
    media_type: str,
    max_age_s: int = MAX_AGE_S,
    holds_while: Stamp | None = None,
) -> Response:
    """The answer to a question (its canonical text) at a door: 304 where the client has it, kept bytes where we have them, else
    made now. `holds_while` (see `held.present_stamp`): it depends on nothing else but the address, so that it may be repeated
    without Flask. What `make` calls partial (`answer_is_partial`) is kept by nobody.
    """
    encoding = accepted_encoding(request.headers.get("Accept-Encoding", ""))
    etag = etag_of(door, question, stamp, encoding)
    if _has(etag):
        return _finished(Response(status=304), etag, max_age_s)
    kept: KeptAnswers = current_app.extensions["answers"]
    body = kept.get(etag)
    if body is None:
        plain = make()
        body = encoded(plain, encoding) if len(plain) >= MIN_BYTES else plain
        body = (_ENCODED if len(plain) >= MIN_BYTES and encoding != IDENTITY else _PLAIN) + body
        if not g.get(_PARTIAL):
            kept.keep(etag, body)
    response = Response(body[1:], content_type=media_type)
    if body[:1] == _ENCODED:
        response.headers["Content-Encoding"] = encoding
    if g.pop(_PARTIAL, None):
        response.headers["Cache-Control"] = "no-store"
        response.headers["Vary"] = "Accept-Encoding"
        return response
    if holds_while is None and max_age_s == MAX_AGE_S:
        holds_while = _held_while(stamp)
    if holds_while is not None:
        request.environ[ANSWERED] = holds_while
    return _finished(response, etag, max_age_s)


def may_repeat(app: Flask, prefixes: tuple[str, ...], now: Callable[[], Stamp | None]) -> None:
    """Let answers at these paths be repeated below Flask as long as `now` is the same, where their stamp is of that version."""
    app.extensions[REPEATED] = prefixes, now


def _held_while(stamp: Stamp) -> Stamp | None:
    """While what an answer with this stamp may be repeated; None where it may not, or is of a version that was just replaced."""
    rule: tuple[tuple[str, ...], Callable[[], Stamp | None]] | None = current_app.extensions.get(REPEATED)
    if rule is None or not request.path.startswith(rule[0]):
        return None
    present = rule[1]()
    if present is None or tuple(stamp[:2]) != (present[0].dataset, present[0].checked):
        return None
    return present


def answer_is_partial() -> None:
    """Say, while an answer is made, that a part of it could not be read: it is sent, and kept by nobody."""
    setattr(g, _PARTIAL, True)


def streamed(
    door: str, question: str, stamp: Stamp, make: Callable[[], Iterable[bytes]], *, media_type: str, file_name: str
) -> Response:
    """The answer as a file whose parts are sent as they are made, outside of the request's context; nothing is made for a HEAD
    or a 304. The first part is made here, so that what cannot be begun is refused and not broken off."""
    encoding = accepted_encoding(request.headers.get("Accept-Encoding", ""))
    etag = etag_of(door, question, stamp, encoding)
    if _has(etag):
        return _finished(Response(status=304), etag, MAX_AGE_S)
    if request.method == "HEAD":
        response = Response(b"", content_type=media_type)
    else:
        parts = iter(make())
        response = Response(encoded_stream(chain([next(parts, b"")], parts), encoding), content_type=media_type)
    if encoding != IDENTITY:
        response.headers["Content-Encoding"] = encoding
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return _finished(response, etag, MAX_AGE_S)


def sent_as_kept(
    etag: str,
    read: Callable[[int, int], Iterable[bytes]],
    encoding: str,
    *,
    media_type: str,
    file_name: str,
    length: int | None,
) -> Response:
    """The answer as a file that is kept in this encoding: what of it is wanted is read while it is sent, nothing for a HEAD or a
    304. `length` is that of the whole in bytes; where it is known, one range of them may be asked for. Raises
    RequestedRangeNotSatisfiable for one that begins beyond the end."""
    if _has(etag):
        return _finished(Response(status=304), etag, MAX_AGE_S)
    start, stop = (0, 0) if length is None else _range_of(etag, length)
    response = Response(read(start, stop) if request.method != "HEAD" else b"", content_type=media_type)
    if encoding != IDENTITY:
        response.headers["Content-Encoding"] = encoding
    if length is not None:
        response.headers["Accept-Ranges"] = "bytes"
        response.headers["Content-Length"] = str(stop - start)
        if stop - start < length:
            response.status_code = 206
            response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{length}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return _finished(response, etag, MAX_AGE_S)


def _range_of(etag: str, length: int) -> tuple[int, int]:
    """From where up to where a file is asked for: the whole unless one range of its bytes is, of this very version."""
    asked = request.range
    is_other = request.headers.get("If-Range", f'"{etag}"') != f'"{etag}"'
    if request.method != "GET" or asked is None or asked.units != "bytes" or len(asked.ranges) != 1 or is_other:
        return 0, length
    found = asked.range_for_length(length)
    if found is None:
        raise RequestedRangeNotSatisfiable(length)
    return found


def _has(etag: str) -> bool:
    """Whether the client's copy is this one."""
    header = request.environ.get("HTTP_IF_NONE_MATCH")
    return header is not None and parse_etags(header).contains_weak(etag)


def _finished(response: Response, etag: str, max_age_s: int) -> Response:
    response.headers["ETag"] = f'"{etag}"'
    response.headers["Cache-Control"] = f"public, max-age={max_age_s}"
    response.headers["Vary"] = "Accept-Encoding"
    return response
