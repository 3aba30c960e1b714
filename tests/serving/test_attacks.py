"""Requests that two servers could read in two ways are refused, and none is larger than we read."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from sqlalchemy.engine import URL

from tests.conftest import as_text
from tests.forked import HUNG_S
from tests.serving.server import Served, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="production runs on Linux")

SECOND = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
"""What would be smuggled: an answer to it may only come where it stands for itself."""


@pytest.fixture(scope="module")
def server(template_url: URL) -> Iterator[Served]:
    """On an empty catalogue: what is asked here needs none."""
    with serving(as_text(template_url)) as server:
        yield server


def answers(server: Served, said: bytes) -> list[int]:
    """The statuses of all answers on one connection, until the server closes it."""
    return [int(head[:3]) for head, _ in parts(server, said)]


def parts(server: Served, said: bytes) -> list[tuple[str, bytes]]:
    """The heads, from the status on, and bodies of these answers."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=HUNG_S) as client:
        client.sendall(said)
        client.shutdown(socket.SHUT_WR)
        got = b""
        try:
            while part := client.recv(65_536):
                got += part
        except ConnectionResetError:
            pass
    found = (part.partition(b"\r\n\r\n") for part in got.split(b"HTTP/1.1 ")[1:])
    return [(head.decode("latin-1"), body) for head, _, body in found]


def post(*headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join(("POST /api/v1/resolve HTTP/1.1", "Host: x", *headers, "", "")).encode("latin-1") + body


@pytest.mark.parametrize(
    "said",
    [
        post("Content-Length: 4", "Transfer-Encoding: chunked", body=b"0\r\n\r\n" + SECOND),
        post("Transfer-Encoding: chunked", "Content-Length: 400", body=b"0\r\n\r\n" + SECOND),
        post("Content-Length: 4", f"Content-Length: {len(SECOND)}", body=SECOND),
        post("Content-Length: +4", body=SECOND),
        post("Content-Length: 0x4", body=SECOND),
        post("Transfer-Encoding: xchunked", body=b"0\r\n\r\n" + SECOND),
        post("Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n" + SECOND),
        post("Transfer-Encoding:\x0bchunked", body=b"0\r\n\r\n" + SECOND),
        post("Transfer-Encoding : chunked", body=b"0\r\n\r\n" + SECOND),
        post("X: a", " Transfer-Encoding: chunked", body=b"0\r\n\r\n" + SECOND),
        post("X: a\nTransfer-Encoding: chunked", body=b"0\r\n\r\n" + SECOND),
        b"GET / HTTP/1.1\nHost: x\n\n" + SECOND,
        b"GET http://evil.example/\x00 HTTP/1.1\r\nHost: x\r\n\r\n" + SECOND,
        b"GET / HTTP/1.1\r\n\r\n\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SECOND,
    ],
    ids=lambda said: repr(said[:110])[35:],
)
def test_what_can_be_read_in_two_ways_is_answered_once_with_a_refusal(server: Served, said: bytes) -> None:
    got = answers(server, said)
    assert len(got) <= 1 or got[0] >= 400, got
    assert all(status >= 400 for status in got[:1])
    assert 200 not in got


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: a\r\n" * 200 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 9_000 + b"\r\n\r\n", 431),
        (post("Content-Type: application/json", f"Content-Length: {2**20 + 1}", body=b"[" * (2**20 + 1)), 413),
        (post("Content-Type: application/json", "Content-Length: 99999999999999999999", body=b"["), 413),
    ],
    ids=["address", "headers", "header", "body", "length"],
)
def test_what_is_too_large_is_refused(server: Served, said: bytes, status: int) -> None:
    assert answers(server, said)[:1] == [status]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"GET /api/v1/models?q=" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET /api/v1/models HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 9_000 + b"\r\n\r\n", 431),
        (b"GET /api/v1 HTTP/1.1\r\nHost: x\r\nX : a\r\n\r\n", 400),
        (post("Transfer-Encoding: xchunked"), 501),
        (SECOND.replace(b"close", b"keep-alive") + b"GET /api/v1/models HTTP/7.1\r\nHost: x\r\n\r\n", 400),
    ],
    ids=["address", "header", "name", "coding", "second"],
)
def test_what_the_api_cannot_read_is_refused_as_a_problem(server: Served, said: bytes, status: int) -> None:
    *_, (head, body) = parts(server, said)
    problem = json.loads(body)
    assert int(head[:3]) == status
    assert "content-type: application/problem+json" in head.lower().splitlines()
    assert f"content-length: {len(body)}" in head.lower().splitlines()
    assert "access-control-allow-origin: *" in head.lower().splitlines()
    assert (problem["type"], problem["status"], problem["title"]) == ("about:blank", status, HTTPStatus(status).phrase)
    assert problem["detail"]


def test_what_is_no_page_of_the_api_is_refused_as_before(server: Served) -> None:
    ((head, _),) = parts(server, b"GET /?q=/api/v1/" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert "text/html" in head


def test_the_server_goes_on(server: Served) -> None:
    assert answers(server, SECOND) == [200]
