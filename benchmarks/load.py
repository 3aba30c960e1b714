"""A small load generator: one process, kept-alive connections to a server on the loopback interface, one request each at a time.

`python -m benchmarks.load` reads a `Load` as JSON from standard input and writes a `Told` as JSON.
"""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle
from typing import Any, Final

CONNECTIONS: Final = 16
SECONDS: Final = 5.0
ACCEPTED: Final = "gzip, deflate, br, zstd"
"""What Chromium sends."""
ANSWER_TIMEOUT_S: Final = 10.0
MAX_REQUESTS: Final = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What to ask: `paths` in turn, over and over, until `seconds` have passed; `headers` go with every request."""

    port: int
    paths: Sequence[str]
    headers: Mapping[str, str] = field(default_factory=dict)
    connections: int = CONNECTIONS
    seconds: float = SECONDS

    def requests(self) -> list[bytes]:
        """The requests as they are sent."""
        lines = {"Host": f"127.0.0.1:{self.port}", "Accept-Encoding": ACCEPTED, **self.headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return [f"GET {path} HTTP/1.1\r\n{head}\r\n".encode() for path in self.paths]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was answered: requests a second, milliseconds at the median and the 99th percentile, answers by status, mean body."""

    per_second: float
    p50_ms: float
    p99_ms: float
    statuses: Mapping[str, int]
    mean_bytes: float


class Connection:
    """One kept-alive connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_TIMEOUT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self._asked_at = 0.0

    def ask(self, request: bytes) -> None:
        """Send a request."""
        self._received = b""
        self._asked_at = time.perf_counter()
        self.socket.sendall(request)

    def take(self) -> tuple[int, int, float] | None:
        """Status, bytes of the body and seconds of the answer, once it is whole; else None. Raises ConnectionError."""
        part = self.socket.recv(262_144)
        if not part:
            raise ConnectionError("the server closed a connection in the middle of an answer")
        self._received += part
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return None
        status = int(head[9:12])
        length = 0 if status == 304 else _content_length(head)
        if len(body) < length:
            return None
        return status, length, time.perf_counter() - self._asked_at


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ConnectionError("an answer does not state its length")


def run(load: Load) -> Told:
    """Put the load on the server, in this process."""
    requests = cycle(load.requests())
    statuses: Counter[str] = Counter()
    latencies: list[float] = []
    total_bytes = 0
    with selectors.DefaultSelector() as selector:
        connections = [Connection(load.port) for _ in range(load.connections)]
        started = time.perf_counter()
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.ask(next(requests))
        while (elapsed := time.perf_counter() - started) < load.seconds and len(latencies) < MAX_REQUESTS:
            ready = selector.select(ANSWER_TIMEOUT_S)
            if not ready:
                raise TimeoutError(f"no answer in {ANSWER_TIMEOUT_S:g} s")
            for key, _ in ready:
                answered = key.data.take()
                if answered is not None:
                    statuses[str(answered[0])] += 1
                    total_bytes += answered[1]
                    latencies.append(answered[2])
                    key.data.ask(next(requests))
        for connection in connections:
            connection.socket.close()
    latencies.sort()
    count = len(latencies)
    return Told(
        per_second=count / elapsed,
        p50_ms=latencies[count // 2] * 1_000,
        p99_ms=latencies[count * 99 // 100] * 1_000,
        statuses=dict(statuses),
        mean_bytes=total_bytes / count,
    )


def put(load: Load) -> Told:
    """Put the load on the server from a process of its own. Raises subprocess.CalledProcessError."""
    command = [sys.executable, "-m", "benchmarks.load"]
    text = subprocess.run(command, input=json.dumps(asdict(load)), stdout=subprocess.PIPE, text=True, check=True).stdout
    told: dict[str, Any] = json.loads(text)
    return Told(**told)


if __name__ == "__main__":
    json.dump(asdict(run(Load(**json.load(sys.stdin)))), sys.stdout)
