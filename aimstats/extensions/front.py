"""Below Flask: what was answered before is answered again from memory while its stamp holds."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from werkzeug.http import parse_etags

from aimstats.extensions.answers import ANSWERED, MAX_ENTRY_BYTES, Stamp
from aimstats.extensions.negotiation import accepted_encoding

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CAPACITY_BYTES: Final = 8 * 2**20
MAX_QUERY_CHARACTERS: Final = 1_000
MAX_ORIGIN_CHARACTERS: Final = 200
ENTRY_BYTES: Final = 1_500
"""About what key and headers of an answer take."""

OK, NOT_MODIFIED = "200 OK", "304 NOT MODIFIED"

Key = tuple[str, str, str, str]
"""Path, query, encoding, and the `Origin` that CORS answers to."""
Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """One answer as it was sent, and the stamp under which it holds."""

    stamp: Stamp
    headers: Headers
    etag: str
    body: bytes
    quoted: str = field(init=False)
    short_headers: Headers = field(init=False)

    def __post_init__(self) -> None:
        about_body = ("content-length", "content-type", "content-encoding")
        object.__setattr__(self, "quoted", f'"{self.etag}"')
        object.__setattr__(self, "short_headers", [pair for pair in self.headers if pair[0].lower() not in about_body])

    def is_known_by(self, if_none_match: str) -> bool:
        """Whether a client that says so has this very answer."""
        if not if_none_match:
            return False
        return if_none_match == self.quoted or parse_etags(if_none_match).contains_weak(self.etag)

    @property
    def held_bytes(self) -> int:
        """About how much memory it takes."""
        return len(self.body) + ENTRY_BYTES


class Front:
    """WSGI middleware. `stamp_now` says what answers are made of at this moment (None: nothing may be repeated); it is asked only
    for addresses that were kept, or may be. `stamp_at_once` says the same, or None where it would have to wait for something."""

    def __init__(
        self,
        app: WSGIApplication,
        stamp_now: Callable[[], Stamp | None],
        stamp_at_once: Callable[[], Stamp | None],
        capacity_bytes: int = CAPACITY_BYTES,
    ) -> None:
        self._app = app
        self._stamp_now = stamp_now
        self._stamp_at_once = stamp_at_once
        self._capacity = capacity_bytes
        self._held = 0
        self._kept: OrderedDict[Key, KeptAnswer] = OrderedDict()
        self._addresses: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        key = _key_of(environ)
        if key is None:
            return self._app(environ, start_response)
        kept = self._kept.get(key)
        if kept is not None and kept.stamp == self._stamp_now():
            return self._again(kept, environ, start_response)
        return self._through(key, environ, start_response)

    def knows(self, path: str, query: str) -> bool:
        """Whether something is kept of an address, for whomever and of whatever stamp."""
        return (path, query) in self._addresses

    def at_once(self, key: Key) -> KeptAnswer | None:
        """What is kept under a key; None where the app has to be asked, or it is not known at once whether it holds."""
        kept = self._kept.get(key)
        return kept if kept is not None and kept.stamp == self._stamp_at_once() else None

    def _again(self, kept: KeptAnswer, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if kept.is_known_by(environ.get("HTTP_IF_NONE_MATCH", "")):
            start_response(NOT_MODIFIED, list(kept.short_headers))
            return [b""]
        start_response(OK, list(kept.headers))
        return [kept.body]

    def _through(self, key: Key, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen: list[tuple[str, Headers]] = []

        def noting(status: str, headers: Headers, *rest: Any) -> Any:
            seen.append((status, headers))
            return start_response(status, headers, *rest)

        parts = self._app(environ, noting)
        stamp = environ.get(ANSWERED)
        if stamp is None or len(seen) != 1 or not seen[0][0].startswith("200") or stamp != self._stamp_now():
            return parts
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        headers = [pair for pair in seen[0][1] if pair[0].lower() != "date"]
        etag = next((value.strip('"') for name, value in headers if name.lower() == "etag"), "")
        if etag and len(body) <= MAX_ENTRY_BYTES:
            self._keep(key, KeptAnswer(stamp, headers, etag, body))
        return [body]

    def _keep(self, key: Key, kept: KeptAnswer) -> None:
        with self._lock:
            old = self._kept.pop(key, None)
            self._held += kept.held_bytes - (old.held_bytes if old else 0)
            self._kept[key] = kept
            if old is None:
                self._addresses[key[:2]] += 1
            while self._held > self._capacity:
                self._forget_longest_unused()

    def _forget_longest_unused(self) -> None:
        key, kept = self._kept.popitem(last=False)
        self._held -= kept.held_bytes
        self._addresses[key[:2]] -= 1
        if not self._addresses[key[:2]]:
            del self._addresses[key[:2]]


def _key_of(environ: WSGIEnvironment) -> Key | None:
    """What the answer to a request is kept under; None where it never is."""
    path, query, origin = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""), environ.get("HTTP_ORIGIN", "")
    if environ["REQUEST_METHOD"] != "GET" or len(query) > MAX_QUERY_CHARACTERS or len(origin) > MAX_ORIGIN_CHARACTERS:
        return None
    return path, query, accepted_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")), origin
