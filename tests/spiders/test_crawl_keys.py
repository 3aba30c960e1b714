"""A source's key over loopback: whom it is sent to, and that nothing of a crawl repeats it."""

from __future__ import annotations

import json

import pytest

from tests.spiders.crawled import GOOD, A, crawl_process, crawled, doc, one
from tests.spiders.scripted_server import Answer, ScriptedServer, scripted_server

SECRET = "sk-Hush_0123456789"
KEYS = {"one": SECRET}


def sent(server: ScriptedServer) -> set[tuple[str, str | None]]:
    """What was asked for, robots.txt too, with the key that came with it."""
    return {(asked.path, asked.headers.get("Authorization")) for asked in server.asked}


def test_a_key_goes_to_the_source_that_wants_it_and_nowhere_else() -> None:
    spiders = [*one(), {"id": "two", "urls": ["https://b.example/doc"]}]
    answers = {"/a.example/doc": [Answer(503), Answer(body=GOOD)], "/b.example/doc": [Answer(403)]}
    with scripted_server(answers) as server:
        told = crawled(server, spiders, keys=KEYS)["by_id"]
        assert sent(server) == {
            ("/a.example/robots.txt", None),
            ("/a.example/doc", f"Bearer {SECRET}"),
            ("/b.example/robots.txt", None),
            ("/b.example/doc", None),
        }
        assert server.paths().count("/a.example/doc") == 2, "a request that is tried again has it too"
    assert told["one"]["readings"][A]["status"] == "ok"


@pytest.mark.parametrize(
    ("target", "path", "key"),
    [("/moved", "/a.example/moved", f"Bearer {SECRET}"), ("https://b.example/moved", "/b.example/moved", None)],
)
def test_a_key_follows_a_redirect_within_its_host_and_never_to_another(target: str, path: str, key: str | None) -> None:
    answers = {"/a.example/doc": [Answer(302, headers={"Location": target})], path: [Answer(body=GOOD)]}
    with scripted_server(answers) as server:
        told = crawled(server, one(hosts=["a.example", "b.example"]), keys=KEYS)["by_id"]["one"]
        assert (path, key) in sent(server)
    assert told["readings"][A]["status"] == "ok"


def test_a_key_never_goes_to_a_host_that_the_source_does_not_declare() -> None:
    index = doc("index", links=["https://elsewhere.example/x"])
    answers = {"/a.example/doc": [Answer(body=index)], "/elsewhere.example/x": [Answer(body=GOOD)]}
    with scripted_server(answers) as server:
        crawled(server, one(index=True), keys=KEYS)
        assert {path for path, _ in sent(server)} == {"/a.example/robots.txt", "/a.example/doc"}


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        (Answer(401), "failed", "HTTP 401: is ACME_API_KEY right?"),
        (Answer(403, body=SECRET.encode()), "failed", "HTTP 403: is ACME_API_KEY right?"),
        (Answer(302, headers={"Location": f"https://{SECRET}.evil.example/"}), "failed", "does not declare: ***.evil.example"),
        (Answer(body=doc(f"you sent {SECRET}")), "failed", "the document repeats the key"),
        (Answer(body=doc(f"you sent {SECRET.upper()}")), "failed", "the document repeats the key"),
        (Answer(body=doc("shout")), "failed", "the key is ***"),
        (Answer(body=doc("crash on the key")), "failed", "the spider failed: KeyError: '***'"),
        (Answer(body=GOOD, headers={"ETag": f'"{SECRET}"'}), "ok", ""),
    ],
    ids=["401", "403", "in a redirect", "in the document", "in capitals", "in the spider's words", "in a crash", "in a header"],
)
def test_a_key_is_in_nothing_that_a_crawl_hands_over(answer: Answer, status: str, error: str) -> None:
    with scripted_server({"/a.example/doc": [answer]}) as server:
        ended = crawl_process(server, one(key_variable="ACME_API_KEY"), keys=KEYS)
    found = json.loads(ended.stdout)["results"][0]["readings"][A]
    assert found["status"] == status
    assert error in found["error"]
    assert SECRET.lower() not in (ended.stdout + ended.stderr).lower()
