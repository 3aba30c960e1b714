"""Without a thread: what is kept is answered with the bytes that gunicorn would write; everything else is left to a thread."""

from __future__ import annotations

import logging
import os
import selectors
import socket
from contextlib import closing, suppress
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http import wsgi
from gunicorn.http.parser import RequestParser
from werkzeug.wrappers import Request, Response

from aimstats.at_once import REQUEST_BYTES, AtOnce
from aimstats.extensions.answers import ANSWERED
from aimstats.extensions.front import Front
from aimstats.worker import Connection, Worker
from tests.forked import HUNG_S, until

LONG = "/long"
ADDRESSES = ("/", "/?q=x&limit=50", "/models/a/b-4.5", "/models/a%41", LONG)
HEADERS = "Host: x\r\nAccept-Encoding: gzip, br;q=0.5\r\n"
CLIENT, SERVER = ("127.0.0.1", 1), ("127.0.0.1", 2)


class Collected:
    """Stands for a socket that is written to."""

    def __init__(self) -> None:
        self.said = b""

    def sendall(self, data: bytes) -> None:
        self.said += data


class Behind:
    """An app behind a front, whose answers hold while its stamp does."""

    def __init__(self) -> None:
        self.stamp: Any = (1,)
        self.at_once: Any = (1,)
        self.front = Front(self.app, lambda: self.stamp, lambda: self.at_once)
        self.kept = AtOnce(self.front, Config())
        for address in ADDRESSES:
            self.by_a_thread(f"GET {address} HTTP/1.1\r\n{HEADERS}\r\n".encode())

    @staticmethod
    def app(environ: Any, start_response: Any) -> Any:
        path = Request(environ).full_path
        response = Response(f"{path} says the app" * (20_000 if LONG in path else 1), headers={"Vary": "Accept-Encoding"})
        response.set_etag("tag")
        environ[ANSWERED] = (1,)
        return response(environ, start_response)

    def by_a_thread(self, said: bytes) -> bytes:
        """What gunicorn writes."""
        sent = Collected()
        request = next(RequestParser(Config(), iter([said]), CLIENT))
        create: Any = wsgi.create
        response, environ = create(request, sent, CLIENT, SERVER, Config())
        for part in self.front(environ, response.start_response):
            response.write(part)
        response.close()
        return sent.said


@pytest.fixture
def behind() -> Behind:
    return Behind()


def without_date(answer: bytes | None) -> tuple[list[bytes], bytes]:
    head, _, body = (answer or b"").partition(b"\r\n\r\n")
    return [line for line in head.split(b"\r\n") if not line.startswith(b"Date: ")], body


@pytest.mark.parametrize("address", ["/", "/?q=x&limit=50", "/models/a/b-4.5"])
@pytest.mark.parametrize(
    "known", ["", 'If-None-Match: "tag"\r\n', 'If-None-Match: W/"a", "tag"\r\n', 'If-None-Match: "other"\r\n']
)
def test_what_is_kept_is_said_as_gunicorn_says_it(behind: Behind, address: str, known: str) -> None:
    said = f"GET {address} HTTP/1.1\r\n{HEADERS}{known}\r\n".encode()
    at_once = behind.kept.answer(said)
    assert at_once
    assert without_date(at_once) == without_date(behind.by_a_thread(said))
    assert at_once.split(b"\r\n")[0].endswith(b"304 NOT MODIFIED" if "tag" in known else b"200 OK")


LEFT_TO_A_THREAD = {
    "not asked before": f"GET /new HTTP/1.1\r\n{HEADERS}\r\n",
    "another encoding": "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "another origin": f"GET / HTTP/1.1\r\n{HEADERS}Origin: https://a.example\r\n\r\n",
    "half of it": f"GET / HTTP/1.1\r\n{HEADERS}",
    "nothing": "",
    "two at once": f"GET / HTTP/1.1\r\n{HEADERS}\r\n" * 2,
    "large": f"GET / HTTP/1.1\r\n{HEADERS}X: {'x' * REQUEST_BYTES}\r\n\r\n"[:REQUEST_BYTES],
    "another method": f"HEAD / HTTP/1.1\r\n{HEADERS}\r\n",
    "an older protocol": f"GET / HTTP/1.0\r\n{HEADERS}\r\n",
    "a last request": f"GET / HTTP/1.1\r\n{HEADERS}Connection: close\r\n\r\n",
    "a body": f"GET / HTTP/1.1\r\n{HEADERS}Content-Length: 3\r\n\r\n",
    "a body in chunks": f"GET / HTTP/1.1\r\n{HEADERS}Transfer-Encoding: chunked\r\n\r\n",
    "an expectation": f"GET / HTTP/1.1\r\n{HEADERS}Expect: 100-continue\r\n\r\n",
    "a header twice": f"GET / HTTP/1.1\r\n{HEADERS}Origin:\r\nOrigin:\r\n\r\n",
    "no header": f"GET / HTTP/1.1\r\n{HEADERS}no colon\r\n\r\n",
    "an address that means another": f"GET /models/a%41 HTTP/1.1\r\n{HEADERS}\r\n",
    "an address with a space": f"GET / ?q HTTP/1.1\r\n{HEADERS}\r\n",
}


@pytest.mark.parametrize("what", LEFT_TO_A_THREAD)
def test_everything_else_is_left_to_a_thread(behind: Behind, what: str) -> None:
    assert behind.kept.answer(LEFT_TO_A_THREAD[what].encode()) is None


def test_nothing_is_said_that_does_not_hold_or_would_have_to_be_waited_for(behind: Behind) -> None:
    said = f"GET / HTTP/1.1\r\n{HEADERS}\r\n".encode()
    for stamp in (None, (2,)):
        behind.at_once = stamp
        assert behind.kept.answer(said) is None
    behind.at_once = (1,)
    assert behind.kept.answer(said)


class Watched:
    """A worker as far as it watches connections, in this process; its clients stand at the other ends of socket pairs."""

    def __init__(self, kept: AtOnce) -> None:
        self.worker: Any = Worker(1, os.getppid(), [], None, 30, Config(), logging.getLogger(__name__))
        self.worker.kept = kept
        self.worker.tpool = self.worker.get_thread_pool()
        self.worker.poller = selectors.DefaultSelector()
        told: Any = self.worker.method_queue
        told.init()
        self.worker.poller.register(told.fileno(), selectors.EVENT_READ, told.run_callbacks)

    def connected(self) -> socket.socket:
        ours, client = socket.socketpair()
        client.setblocking(False)
        self.worker.watch(Connection(self.worker.cfg, ours, CLIENT, SERVER))
        return client

    def answers(self, client: socket.socket, length: int) -> bytes:
        """What a client reads, up to a length, while the worker goes on."""
        got = b""

        def read() -> bool:
            nonlocal got
            self.worker.wait_for_and_dispatch_events(0.01)
            with suppress(BlockingIOError):
                got += client.recv(65_536)
            return len(got) >= length

        until(read)
        return got

    def close(self) -> None:
        self.worker.tpool.shutdown()
        self.worker.murder_keepalived(force=True)
        self.worker.method_queue.close()
        self.worker.poller.close()
        self.worker.tmp.close()


def test_who_asks_and_does_not_read_keeps_nobody_waiting_and_gets_all_of_it(behind: Behind) -> None:
    said = f"GET {LONG} HTTP/1.1\r\n{HEADERS}\r\n".encode()
    watched = Watched(behind.kept)
    with closing(watched), watched.connected() as slow, watched.connected() as other:
        for _ in range(2):
            slow.sendall(said)
            watched.worker.wait_for_and_dispatch_events(HUNG_S)
            other.sendall(f"GET / HTTP/1.1\r\n{HEADERS}\r\n".encode())
            short = behind.kept.answer(f"GET / HTTP/1.1\r\n{HEADERS}\r\n".encode()) or b""
            assert without_date(watched.answers(other, len(short))) == without_date(short)
            whole = behind.kept.answer(said) or b""
            assert without_date(watched.answers(slow, len(whole))) == without_date(whole)
        assert watched.worker.nr_conns == 2
