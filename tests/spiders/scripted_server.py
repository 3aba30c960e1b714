"""A loopback server that answers as a test scripts it and remembers what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Answer:
    """One answer; `seconds` is how long it takes to begin, `retry_in` makes a `Retry-After` of a date that far from then.

    One that `hangs` does not come before the server ends, one `after` a path not before that was answered.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    retry_in: float | None = None
    hangs: bool = False
    after: str = ""


@dataclass(frozen=True)
class Asked:
    """One request: its path with the mirrored host in front, its headers, when it began and when its answer left."""

    path: str
    headers: Mapping[str, str]
    began: float
    ended: float


class ScriptedServer(ThreadingHTTPServer):
    """Answers a path with its answers in turn, the last again and again; 404 for what is not scripted."""

    daemon_threads = True

    def __init__(self, answers: Mapping[str, list[Answer]]) -> None:
        self.answers = {path: list(turns) for path, turns in answers.items()}
        self.asked: list[Asked] = []
        self.begun: list[str] = []
        self.ends = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        """Its base address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def paths(self) -> list[str]:
        """What was asked for, in order, robots.txt left out."""
        return [asked.path for asked in self.asked if not asked.path.endswith("/robots.txt")]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: ScriptedServer

    def do_GET(self) -> None:
        began = time.monotonic()
        self.server.begun.append(self.path)
        turns = self.server.answers.get(self.path, [Answer(404)])
        answer = turns.pop(0) if len(turns) > 1 else turns[0]
        self.server.ends.wait(None if answer.hangs else answer.seconds)
        while answer.after and answer.after not in self.server.paths() and not self.server.ends.wait(0.01):
            pass
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.retry_in is not None:
                self.send_header("Retry-After", formatdate(time.time() + answer.retry_in, usegmt=True))
            self.send_header("Content-Length", str(len(answer.body)))
            # Noted before the answer leaves: whoever has it may ask again before this thread runs on.
            self.server.asked.append(Asked(self.path, dict(self.headers), began, time.monotonic()))
            self.end_headers()
            self.wfile.write(answer.body)
        except ConnectionError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@contextmanager
def scripted_server(answers: Mapping[str, list[Answer]]) -> Iterator[ScriptedServer]:
    """Serve for the length of the block."""
    server = ScriptedServer(answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ends.set()
        server.shutdown()
        server.server_close()
        thread.join()
