"""The worker: who says nothing, or half of something, keeps it from nobody; it holds its edition before it is asked."""

from __future__ import annotations

import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from aimstats.worker import ARRIVAL_S, LINGER_S
from tests.conftest import as_text
from tests.forked import HUNG_S, until
from tests.serving.proxy import Proxy
from tests.serving.server import Served, asked, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="production runs on Linux")

HEAP_BYTES = 64 * 2**20
HALF_HEAD = b"GET / HTTP/1.1\r\nHost: x\r\nX-More: "
HALF_BODY = b"POST /api/v1/resolve HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"


def connected(server: Served, said: bytes = b"") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", server.port), timeout=HUNG_S)
    client.sendall(said)
    return client


def test_idle_and_half_said_requests_keep_nobody_waiting_and_are_dropped(published_url: URL) -> None:
    assert ARRIVAL_S == 10
    with serving(published_url, arrival_s=1.0) as server, ExitStack() as clients:
        kept = HTTPConnection("127.0.0.1", server.port, timeout=HUNG_S)
        assert asked(kept, "/api/v1/models").status == 200
        idle = [clients.enter_context(connected(server)) for _ in range(500)]
        assert asked(kept, "/api/v1/models").status == 200, "500 idle clients"
        halves = [clients.enter_context(connected(server, HALF_HEAD)) for _ in range(7)]
        halves.append(clients.enter_context(connected(server, HALF_BODY)))
        assert [half.recv(65_536)[:12] for half in halves] == [b""] * 7 + [b"HTTP/1.1 400"]
        assert asked(kept, "/api/v1/models").status == 200
        idle[0].sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle[0].recv(15) == b"HTTP/1.1 200 OK"
        kept.close()


def test_who_was_answered_or_dropped_and_stays_keeps_nobody_waiting_and_is_left(published_url: URL) -> None:
    """The first server waits for such clients longer than a test may take, the second a moment."""
    assert LINGER_S == 2
    closing = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with serving(published_url, arrival_s=0.1, linger_s=2.0 * HUNG_S) as server, ExitStack() as clients:
        staying = [clients.enter_context(connected(server, said)) for said in (closing, HALF_HEAD, HALF_BODY, closing)]
        assert [read_to_end(one)[:12] for one in staying] == [b"HTTP/1.1 200", b"", b"HTTP/1.1 400", b"HTTP/1.1 200"]
        assert [server.ask(path).status for path in ("/", "/healthz", "/api/v1/models")] == [200, 200, 200]
        until(lambda: is_broken(staying[0]))
    with serving(published_url, linger_s=0.1) as server, connected(server, closing) as stays:
        assert read_to_end(stays)[:12] == b"HTTP/1.1 200"
        until(lambda: is_broken(stays))


def read_to_end(client: socket.socket) -> bytes:
    """All that the server says until it closes its side."""
    return b"".join(iter(lambda: client.recv(65_536), b""))


def is_broken(client: socket.socket) -> bool:
    """Whether the server has closed the connection wholly: it takes no more."""
    try:
        client.sendall(b"x" * 65_536)
    except OSError:
        return True
    return False


def test_a_worker_holds_its_edition_before_it_is_asked(proxy: Proxy) -> None:
    """Two workers, whichever answers: each new connection may be given to the one that has not answered yet."""
    with serving(proxy.url, says_binds=True, WEB_CONCURRENCY="2") as server:
        proxy.vanish()
        answers = [server.ask("/") for _ in range(30)]
        assert {answer.status for answer in answers} == {200}
        until(lambda: "The database has not answered since" in server.ask("/").text)
        workers = server.workers()
        server.process.signal(signal.SIGTERM)
        said = server.process.end().stdout
    assert [said.count(f"bound by {pid}\n") for pid in workers] == [1, 1], "never before, not even for a moment"


def test_what_is_wrong_with_the_database_is_said_at_start(database_url: URL, empty_database_url: URL) -> None:
    for url, said in (
        (as_text(empty_database_url), "schema is empty, is migrated: run `flask --app app db upgrade`"),
        ("postgresql://nobody:hush@127.0.0.1:1/none", "until the database can be reached: "),
    ):
        with serving(url) as server:
            server.process.signal(signal.SIGTERM)
            out = server.process.end().stdout
        assert said in out.splitlines()[0]
        assert "hush" not in out


def heaps(pid: int) -> int:
    """How many heaps beside the first one glibc made in a process: 64 MB that are set apart, of which a part may be used."""
    rows = [line.split() for line in Path(f"/proc/{pid}/maps").read_text().splitlines()]
    spans = [(int(row[0].split("-")[0], 16), int(row[0].split("-")[1], 16), row[1]) for row in rows]
    return sum(
        (used_may, rest_may, start % HEAP_BYTES, end - start) == ("rw-p", "---p", 0, HEAP_BYTES)
        for (start, _, used_may), (_, end, rest_may) in pairwise(spans)
    )


def test_the_threads_of_a_worker_share_one_heap(published_url: URL) -> None:
    """Each would get its own: the one that loads an edition, and those that answer."""
    with serving(published_url) as server:
        with ThreadPoolExecutor(8) as clients:
            answers = list(clients.map(server.ask, [f"/?min_context={number}" for number in range(64)]))
        assert {answer.status for answer in answers} == {200}
        assert [heaps(pid) for pid in server.workers()] == [0]
