"""Documents that are served in pages, over loopback: one document wherever its pages end, or none."""

from __future__ import annotations

import json

import pytest

from tests.spiders.crawled import A, crawled, one
from tests.spiders.scripted_server import Answer, scripted_server

P = "https://a.example/doc?page="


def page(*names: str, following: str | None = None) -> Answer:
    """A page of a document that is served in several."""
    return Answer(body=json.dumps({"names": names, "next": following}).encode())


def test_a_document_in_pages_is_one_document_wherever_its_pages_end() -> None:
    answers = {"/a.example/doc": [page("one", following=P + "2")], "/a.example/doc?page=2": [page("two", following=P + "3")]}
    answers["/a.example/doc?page=3"] = [page("three")]
    with scripted_server(answers) as server:
        told = crawled(server, one(paged=True))["by_id"]["one"]["readings"]
        assert list(told) == [A]
        assert (told[A]["status"], told[A]["names"]) == ("ok", ["one", "two", "three"])
        known = {"one": {A: {"sha256": told[A]["sha256"], "etag": '"v1"'}}}
        again = crawled(server, one(paged=True), known=known)["by_id"]["one"]["readings"][A]
        assert all("If-None-Match" not in asked.headers for asked in server.asked), "a 304 of the first page says nothing"
    assert again["status"] == "unchanged"


@pytest.mark.parametrize(
    ("second", "error"),
    [
        (Answer(404), "HTTP 404"),
        (Answer(500), "HTTP 500"),
        (Answer(body=b'{"names": ["two"]}'), "no `next` in the page"),
        (Answer(body=b"<html>Just a moment</html>"), "Expecting value"),
        (page("two", following="https://elsewhere.example/doc"), "does not declare: elsewhere.example"),
        (page("two", following=P + "2"), "more than 50 pages"),
    ],
    ids=["missing", "broken", "renamed", "anti-bot", "elsewhere", "endless"],
)
def test_a_page_that_fails_fails_its_document(second: Answer, error: str) -> None:
    answers = {"/a.example/doc": [page("one", following=P + "2")], "/a.example/doc?page=2": [second]}
    with scripted_server(answers) as server:
        told = crawled(server, one(paged=True), overrides={"RETRY_TIMES": 0})["by_id"]["one"]["readings"]
    assert list(told) == [A]
    assert (told[A]["status"], told[A]["names"]) == ("failed", None)
    assert error in told[A]["error"]
