"""Below Flask: what was answered before is answered again from memory while its stamp holds."""

from __future__ import annotations

import threading
from collections import OrderedDict
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

    @property
    def held_bytes(self) -> int:
        """About how much memory it takes."""
        return len(self.body) + ENTRY_BYTES


class Front:
    """WSGI middleware. `stamp_now` says what answers are made of at this moment (None: nothing may be repeated); it is asked only
    for addresses that were kept, or may be."""

    def __init__(self, app: WSGIApplication, stamp_now: Callable[[], Stamp | None], capacity_bytes: int = CAPACITY_BYTES) -> None:
        self._app = app
        self._stamp_now = stamp_now
        self._capacity = capacity_bytes
        self._held = 0
        self._kept: OrderedDict[Key, KeptAnswer] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        if environ["REQUEST_METHOD"] != "GET" or len(query) > MAX_QUERY_CHARACTERS:
            return self._app(environ, start_response)
        origin = environ.get("HTTP_ORIGIN", "")
        if len(origin) > MAX_ORIGIN_CHARACTERS:
            return self._app(environ, start_response)
        key = (path, query, accepted_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")), origin)
        kept = self._kept.get(key)
        if kept is not None and kept.stamp == self._stamp_now():
            return self._again(kept, environ, start_response)
        return self._through(key, environ, start_response)

    def _again(self, kept: KeptAnswer, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        header = environ.get("HTTP_IF_NONE_MATCH")
        if header and (header == kept.quoted or parse_etags(header).contains_weak(kept.etag)):
            start_response("304 NOT MODIFIED", list(kept.short_headers))
            return [b""]
        start_response("200 OK", list(kept.headers))
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
            while self._held > self._capacity:
                self._held -= self._kept.popitem(last=False)[1].held_bytes
