"""Below Flask: an answer is repeated while what it was made of holds, and never otherwise."""

from __future__ import annotations

from typing import Any

from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from aimstats.extensions.answers import ANSWERED, KeptAnswers
from aimstats.extensions.front import ENTRY_BYTES, Front


class Counting:
    """An app that counts its requests and says while what its answers hold."""

    def __init__(self) -> None:
        self.calls = 0
        self.stamp: Any = (1,)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.calls += 1
        request = Request(environ)
        response = Response(f"{request.path} {self.calls}", status=404 if request.path == "/none" else 200)
        response.set_etag(f"tag-{self.calls}")
        if request.path != "/plain":
            environ[ANSWERED] = self.stamp
        return response(environ, start_response)


def front(app: Counting, capacity_bytes: int = 100_000) -> Client:
    return Client(Front(app, lambda: app.stamp, lambda: app.stamp, capacity_bytes))


def test_an_answer_is_repeated_while_its_stamp_holds() -> None:
    app = Counting()
    client = front(app)
    assert [client.get("/a?x=1").text for _ in range(3)] == ["/a 1"] * 3
    app.stamp = (2,)
    assert client.get("/a?x=1").text == "/a 2"


def test_a_known_answer_is_a_304_without_the_app() -> None:
    app = Counting()
    client = front(app)
    client.get("/a")
    again = client.get("/a", headers={"If-None-Match": '"tag-1"'})
    assert (again.status_code, again.data, app.calls) == (304, b"", 1)
    assert "Content-Length" not in again.headers or again.headers["Content-Length"] == "0"


def test_addresses_queries_encodings_and_origins_are_kept_apart() -> None:
    app = Counting()
    client = front(app)
    answers = {client.get("/a").text, client.get("/b").text, client.get("/a?x").text}
    answers.add(client.get("/a", headers={"Accept-Encoding": "gzip"}).text)
    answers.add(client.get("/a", headers={"Origin": "https://a.example"}).text)
    assert len(answers) == 5


def test_what_does_not_say_that_it_holds_always_goes_through() -> None:
    app = Counting()
    client = front(app)
    for address in ("/plain", "/none"):
        assert client.get(address).text != client.get(address).text
    assert client.post("/a").text != client.post("/a").text
    app.stamp = None
    assert client.get("/c").text != client.get("/c").text


def test_memory_is_bounded_and_the_longest_unused_goes_first() -> None:
    app = Counting()
    client = front(app, capacity_bytes=5 * ENTRY_BYTES)
    for number in range(10):
        client.get(f"/{number}")
    assert client.get("/9").text == "/9 10"
    assert client.get("/0").text == "/0 11"


def test_kept_bodies_are_bounded_in_bytes() -> None:
    kept = KeptAnswers(capacity_bytes=100)
    for number in range(10):
        kept.keep(str(number), b"x" * 30)
    assert kept.held_bytes <= 100
    assert kept.get("0") is None
    assert kept.get("9") is not None
    kept.keep("large", b"x" * 101)
    assert kept.get("large") is None
