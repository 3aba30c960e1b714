"""`python -m jobs.mirror DIR [--port N]`: serve a folder with a MANIFEST.json as a mirror of the hosts that it names.

A document of `https://host/path?query` is answered at `/host/path?query`. The manifest is a list of objects with
`url`, `file` (below the folder) and, optionally, `content_type` and `commit_date`; nothing that it does not name is
served.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote


class ManifestError(ValueError):
    """The folder has no readable MANIFEST.json, or one that leads out of the folder."""


@dataclass(frozen=True, slots=True)
class MirroredDocument:
    """One document of the manifest; `last_modified` to the second, None where the manifest says nothing precise."""

    file: Path
    content_type: str
    last_modified: datetime | None


def read_manifest(folder: Path) -> dict[str, MirroredDocument]:
    """The documents by `host/path?query`. Raises ManifestError."""
    root = folder.resolve()
    documents: dict[str, MirroredDocument] = {}
    try:
        entries = json.loads((root / "MANIFEST.json").read_text(encoding="utf-8"))
        if not isinstance(entries, list):
            raise ManifestError(f"{root / 'MANIFEST.json'} is not a list")
        for entry in entries:
            file = (root / entry["file"]).resolve()
            if not file.is_relative_to(root):
                raise ManifestError(f"{entry['file']} lies outside the folder")
            documents[entry["url"].split("://", 1)[1]] = MirroredDocument(
                file, entry.get("content_type") or "application/octet-stream", _instant(entry.get("commit_date"))
            )
    except (OSError, KeyError, TypeError, IndexError, AttributeError, json.JSONDecodeError) as error:
        raise ManifestError(f"{root / 'MANIFEST.json'}: {type(error).__name__}: {error}") from error
    return documents


def _instant(text: str | None) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC).replace(microsecond=0)


class MirrorServer(ThreadingHTTPServer):
    """Serves the documents of one manifest on the loopback interface."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int) -> None:
        self.documents = read_manifest(folder)
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def address(self) -> str:
        """Its base URL: what SCRAPE_MIRROR_URL is set to."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are two writes: 40 ms an answer otherwise (seen 2026-11)
    server: MirrorServer

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        path = self.path.removeprefix("/")
        document = self.server.documents.get(path) or self.server.documents.get(unquote(path))
        try:
            body = document.file.read_bytes() if document else b""
        except OSError:
            document = None
        if document is None:
            self._send(404, b"not in the mirror\n", {"Content-Type": "text/plain; charset=utf-8"}, with_body)
            return
        etag = f'"{hashlib.sha256(body).hexdigest()}"'
        headers = {"ETag": etag, "Content-Type": document.content_type, "Vary": "Accept-Encoding"}
        if document.last_modified:
            headers["Last-Modified"] = format_datetime(document.last_modified, usegmt=True)
        if self._is_unchanged(etag, document.last_modified):
            self._send(304, b"", headers, with_body=False)
            return
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self._send(200, body, headers, with_body)

    def _is_unchanged(self, etag: str, last_modified: datetime | None) -> bool:
        """If-None-Match decides where it is given (RFC 9110, 13.1.3)."""
        asked = self.headers.get("If-None-Match")
        if asked is not None:
            return asked.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in asked.split(",")]
        since = self.headers.get("If-Modified-Since")
        try:
            return bool(since and last_modified and last_modified <= parsedate_to_datetime(since))
        except (TypeError, ValueError):
            return False

    def _send(self, status: int, body: bytes, headers: dict[str, str], with_body: bool) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """A mirror is silent: its one line is its address."""


@contextmanager
def start_mirror(folder: Path, port: int = 0) -> Iterator[MirrorServer]:
    """Serve the folder in a thread for the length of the block; port 0 takes a free one."""
    server = MirrorServer(folder, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; 2 for wrong usage or a folder that is no mirror."""
    parser = argparse.ArgumentParser(prog="python -m jobs.mirror", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder with a MANIFEST.json")
    parser.add_argument("--port", type=int, default=8090, help="port on 127.0.0.1 (default 8090; 0 takes a free one)")
    options = parser.parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with start_mirror(options.folder, options.port) as server:
            print(f"{server.address} serves {len(server.documents)} documents of {options.folder}", flush=True)
            stop.wait()
    except (ManifestError, OSError, OverflowError) as error:
        print(f"jobs.mirror: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
