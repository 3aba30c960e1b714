"""The crawl over loopback: politeness, failures, and what is handed over."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import signal
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from scrapy_project.crawl import crawl_settings
from scrapy_project.middlewares import host_refusal
from tests.forked import Forked, run_forked, until
from tests.spiders.crawled import GOOD, A, crawled, doc, one, reading
from tests.spiders.run_crawl import run_case
from tests.spiders.scripted_server import Answer, scripted_server


def test_a_document_is_read_through_the_mirror_under_its_own_address() -> None:
    with scripted_server({"/a.example/doc": [Answer(body=GOOD, headers={"ETag": '"v1"'})]}) as server:
        told = crawled(server, one())
        agent = server.asked[-1].headers["User-Agent"]
    assert told["by_id"]["one"]["finished"] is True
    found = told["by_id"]["one"]["readings"][A]
    assert (found["status"], found["names"], found["etag"]) == ("ok", ["one", "two"], '"v1"')
    assert told["progress"] == [["one", 1, 1]]
    assert "ops@example.org" in agent


def test_known_validators_are_sent_and_a_304_is_not_parsed() -> None:
    known = {"one": {A: {"sha256": "abc", "etag": '"v1"', "last_modified": "Tue, 19 May 2026 23:31:43 GMT"}}}
    with scripted_server({"/a.example/doc": [Answer(304, headers={"ETag": '"v1"'})]}) as server:
        found = crawled(server, one(), known=known)["by_id"]["one"]["readings"][A]
        headers = server.asked[-1].headers
    assert (found["status"], found["sha256"], found["names"]) == ("unchanged", "abc", None)
    assert headers["If-None-Match"] == '"v1"'
    assert headers["If-Modified-Since"] == "Tue, 19 May 2026 23:31:43 GMT"


def test_the_same_bytes_are_unchanged_without_validators() -> None:
    known = {"one": {A: {"sha256": hashlib.sha256(GOOD).hexdigest()}}}
    found = reading({"/a.example/doc": [Answer(body=GOOD)]}, known=known)
    assert (found["status"], found["names"]) == ("unchanged", None)


def test_a_document_whose_address_moved_is_read_under_its_name_without_the_validators_of_yesterday() -> None:
    today = "https://a.example/today/doc"
    known = {"one": {A: {"sha256": "abc", "etag": '"v1"', "last_modified": "Tue, 19 May 2026 23:31:43 GMT"}}}
    with scripted_server({"/a.example/today/doc": [Answer(body=GOOD)]}) as server:
        told = crawled(server, one(today, standing={today: A}), known=known)["by_id"]["one"]["readings"]
        headers = server.asked[-1].headers
    assert {url: (found["status"], found["address"], found["names"]) for url, found in told.items()} == {
        A: ("ok", today, ["one", "two"])
    }
    assert not {"If-None-Match", "If-Modified-Since"} & set(headers)
    known["one"][A]["sha256"] = hashlib.sha256(GOOD).hexdigest()
    with scripted_server({"/a.example/today/doc": [Answer(body=GOOD)]}) as server:
        told = crawled(server, one(today, standing={today: A}), known=known)["by_id"]["one"]["readings"]
    assert [found["status"] for found in told.values()] == ["unchanged"]


UNREAD: list[tuple[Answer, str, str]] = [
    (Answer(404), "gone", "HTTP 404"),
    (Answer(410), "gone", "HTTP 410"),
    (Answer(403), "failed", "HTTP 403"),
    (Answer(500), "failed", "HTTP 500"),
    (Answer(429, headers={"Retry-After": "9999"}), "failed", "HTTP 429 (Retry-After: 9999)"),
    (Answer(body=b"{}"), "failed", "no `names` in the document"),
    (Answer(body=b"<html>Just a moment</html>"), "failed", "Expecting value"),
    (Answer(body=doc("crash")), "failed", "the spider failed: KeyError"),
    (Answer(302, headers={"Location": "https://b.example/doc"}), "failed", "redirected to a host that the source"),
    (Answer(302, headers={"Location": "https://127.0.0.1/doc"}), "failed", "redirected to an address by number"),
    (Answer(302, headers={"Location": "http://a3.example/doc2"}), "failed", "redirected to not HTTPS"),
    (Answer(302, headers={"Location": "https://[::1]/doc"}), "failed", "redirected to an address by number"),
    (Answer(302, headers={"Location": "https://a12.example:8443/doc"}), "failed", "redirected to a port"),
]


@cache
def unread() -> dict[str, Any]:
    """All of UNREAD in one crawl, each a source of a host of its own."""
    answers = {f"/a{number}.example/doc": [answer] for number, (answer, _, _) in enumerate(UNREAD)}
    spiders = [{"id": f"s{number}", "urls": [f"https://a{number}.example/doc"]} for number in range(len(UNREAD))]
    with scripted_server(answers | {"/b.example/doc": [Answer(body=GOOD)]}) as server:
        told = crawled(server, spiders)
        assert "/b.example/doc" not in server.paths()
    by_id: dict[str, Any] = told["by_id"]
    return by_id


@pytest.mark.parametrize("number", range(len(UNREAD)), ids=[f"{answer.status}-{why}" for answer, _, why in UNREAD])
def test_what_could_not_be_read_says_why(number: int) -> None:
    _, status, error = UNREAD[number]
    found = unread()[f"s{number}"]["readings"][f"https://a{number}.example/doc"]
    assert (found["status"], found["names"]) == (status, None)
    assert error in found["error"]
    assert "\n" not in found["error"]


def test_a_redirect_within_the_declared_hosts_is_followed_and_keeps_the_document() -> None:
    found = reading({"/a.example/doc": [Answer(301, headers={"Location": "/new"})], "/a.example/new": [Answer(body=GOOD)]})
    assert found["names"] == ["one", "two"]


def test_a_passing_failure_is_tried_again() -> None:
    with scripted_server({"/a.example/doc": [Answer(503), Answer(500), Answer(body=GOOD)]}) as server:
        assert crawled(server, one())["by_id"]["one"]["readings"][A]["status"] == "ok"
        assert len(server.paths()) == 3


@pytest.mark.parametrize(
    "refusal",
    [Answer(429, headers={"Retry-After": "2"}, seconds=0.3), Answer(503, retry_in=3, seconds=0.3)],
    ids=["seconds", "date"],
)
def test_retry_after_holds_the_host_for_every_spider(refusal: Answer) -> None:
    spiders = [{"id": "one", "urls": [A]}, {"id": "two", "urls": ["https://a.example/other"]}]
    answers = {"/a.example/doc": [refusal, Answer(body=GOOD)], "/a.example/other": [Answer(body=GOOD)]}
    with scripted_server(answers) as server:
        told = crawled(server, spiders)
        asked = [entry for entry in server.asked if not entry.path.endswith("robots.txt")]
    assert {result["readings"].popitem()[1]["status"] for result in told["results"]} == {"ok"}
    refused = next(entry for entry in asked if entry.path == "/a.example/doc")
    later = [entry.began for entry in asked if entry.began > refused.ended]
    assert later
    assert min(later) - refused.ended > 1.5


def test_one_request_at_a_time_per_host_over_all_spiders() -> None:
    spiders = [{"id": f"s{number}", "urls": [f"https://a.example/{number}"]} for number in range(3)]
    answers = {f"/a.example/{number}": [Answer(body=GOOD, seconds=0.15)] for number in range(3)}
    with scripted_server(answers) as server:
        told = crawled(server, spiders)
        spans = sorted((entry.began, entry.ended) for entry in server.asked)
    assert all(result["finished"] for result in told["results"])
    assert all(ended <= began for (_, ended), (began, _) in pairwise(spans))


def test_another_host_does_not_wait() -> None:
    spiders = [{"id": "slow", "urls": [A]}, {"id": "quick", "urls": ["https://b.example/doc"]}]
    answers = {"/a.example/doc": [Answer(body=GOOD, after="/b.example/doc")], "/b.example/doc": [Answer(body=GOOD)]}
    with scripted_server(answers) as server:
        told = crawled(server, spiders)
    assert {reading["status"] for result in told["results"] for reading in result["readings"].values()} == {"ok"}


ROBOTS: dict[str, tuple[Answer, str, str]] = {
    "absent": (Answer(404, body=b"User-agent: *\nDisallow: /"), "ok", ""),
    "allows": (Answer(200, body=b"User-agent: *\nAllow: /"), "ok", ""),
    "forbids": (Answer(200, body=b"User-agent: *\nDisallow: /doc"), "failed", "Forbidden by robots.txt"),
    "forbids-us": (Answer(200, body=b"User-agent: aimstats\nDisallow: /"), "failed", "Forbidden by robots.txt"),
    "fails": (Answer(503), "failed", "robots.txt could not be read: HTTP 503"),
    "silent": (Answer(200, hangs=True), "failed", "robots.txt could not be read"),
}


@cache
def under_robots(is_silent: bool) -> tuple[dict[str, Any], list[str]]:
    """All of ROBOTS in one crawl, and what was asked for; the silent one apart, whose patience is short."""
    names = [name for name in ROBOTS if (name == "silent") == is_silent]
    answers = {f"/{name}.example/robots.txt": [ROBOTS[name][0]] for name in names}
    answers |= {f"/{name}.example/doc": [Answer(body=GOOD)] for name in names}
    spiders = [{"id": name, "urls": [f"https://{name}.example/doc"]} for name in names]
    with scripted_server(answers) as server:
        told = crawled(server, spiders, overrides={"RETRY_TIMES": 0, **({"DOWNLOAD_TIMEOUT": 1} if is_silent else {})})
        return told["by_id"], server.paths()


@pytest.mark.parametrize("name", ROBOTS)
def test_robots_txt_is_obeyed_and_an_unreadable_one_forbids(name: str) -> None:
    _, status, error = ROBOTS[name]
    told, paths = under_robots(name == "silent")
    found = told[name]["readings"][f"https://{name}.example/doc"]
    assert found["status"] == status
    assert error in found["error"]
    assert (f"/{name}.example/doc" in paths) == (status == "ok")


def test_a_gzip_bomb_is_refused_and_harms_no_other() -> None:
    bomb = gzip.compress(b'{"names": ["' + b"a" * 8_000_000 + b'"]}')
    spiders = [{"id": "bomb", "urls": [A]}, {"id": "good", "urls": ["https://b.example/doc"]}]
    answers = {
        "/a.example/doc": [Answer(body=bomb, headers={"Content-Encoding": "gzip"})],
        "/b.example/doc": [Answer(body=GOOD)],
    }
    with scripted_server(answers) as server:
        told = crawled(server, spiders, overrides={"DOWNLOAD_MAXSIZE": 1_000_000})["by_id"]
    assert told["bomb"]["readings"][A]["status"] == "failed"
    assert "larger than" in told["bomb"]["readings"][A]["error"] or "exceed" in told["bomb"]["readings"][A]["error"]
    assert told["good"]["readings"]["https://b.example/doc"]["status"] == "ok"


def test_a_server_that_does_not_answer_fails_in_time() -> None:
    found = reading({"/a.example/doc": [Answer(body=GOOD, hangs=True)]}, overrides={"DOWNLOAD_TIMEOUT": 0.5, "RETRY_TIMES": 0})
    assert found["status"] == "failed"
    assert "Timeout" in found["error"]


def test_an_index_is_followed_and_a_missing_detail_is_no_failure() -> None:
    links = ["https://a.example/x", "https://a.example/y", "https://elsewhere.example/z", "https://a.example/x"]
    answers = {"/a.example/doc": [Answer(body=doc("index", links=links))], "/a.example/x": [Answer(body=doc("x"))]}
    with scripted_server(answers) as server:
        told = crawled(server, one(index=True))["by_id"]["one"]
        assert server.paths().count("/a.example/x") == 1
    assert told["finished"] is True
    assert {url: found["status"] for url, found in told["readings"].items()} == {
        A: "ok", "https://a.example/x": "ok", "https://a.example/y": "gone", "https://elsewhere.example/z": "failed"
    }  # fmt: skip


@pytest.mark.parametrize(("status", "asked"), [(404, "ok"), (410, "ok"), (500, None)])
def test_for_an_index_that_is_gone_its_stand_ins_are_asked(status: int, asked: str | None) -> None:
    answers = {"/a.example/doc": [Answer(status)], "/a.example/x": [Answer(body=doc("x"))]}
    case = one(index=True, stand_ins={A: ["https://a.example/x"]})
    with scripted_server(answers) as server:
        readings = crawled(server, case, overrides={"RETRY_TIMES": 0})["by_id"]["one"]["readings"]
    assert readings.get("https://a.example/x", {}).get("status") == asked


@pytest.mark.parametrize(("status", "body"), [(404, b""), (403, b""), (200, b"no page")], ids=["gone", "refused", "another page"])
def test_the_copy_of_a_page_that_is_gone_refuses_or_is_another_is_asked(status: int, body: bytes) -> None:
    copy = "https://r.jina.ai/https://a.example/doc"
    case = one(hosts=["a.example", "r.jina.ai"], stand_ins={A: [copy]})
    answers = {"/a.example/doc": [Answer(status, body=body)], "/r.jina.ai/https://a.example/doc": [Answer(body=doc("copied"))]}
    with scripted_server(answers) as server:
        readings = crawled(server, case, overrides={"RETRY_TIMES": 0})["by_id"]["one"]["readings"]
    assert (readings[copy]["status"], readings[copy]["names"]) == ("ok", ["copied"])


def test_the_copy_of_a_page_that_can_be_read_is_not_asked() -> None:
    copy = "https://r.jina.ai/https://a.example/doc"
    case = one(hosts=["a.example", "r.jina.ai"], stand_ins={A: [copy]})
    with scripted_server({"/a.example/doc": [Answer(body=GOOD)]}) as server:
        assert set(crawled(server, case)["by_id"]["one"]["readings"]) == {A}


def test_an_unchanged_index_is_still_followed() -> None:
    index = doc("index", links=["https://a.example/x"])
    known = {"one": {A: {"sha256": hashlib.sha256(index).hexdigest(), "etag": '"i"'}}}
    answers = {"/a.example/doc": [Answer(body=index)], "/a.example/x": [Answer(body=doc("x"))]}
    with scripted_server(answers) as server:
        readings = crawled(server, one(index=True), known=known)["by_id"]["one"]["readings"]
        assert all("If-None-Match" not in asked.headers for asked in server.asked)
    assert [found["status"] for found in readings.values()] == ["unchanged", "ok"]
    assert [(found["is_index"], found["position"]) for found in readings.values()] == [(True, 0), (False, 1)]


def test_a_caller_that_fails_on_one_source_gets_the_others_and_hears_of_it() -> None:
    spiders = [{"id": "one", "urls": [A]}, {"id": "two", "urls": ["https://b.example/doc"]}]
    answers = {"/a.example/doc": [Answer(body=GOOD)], "/b.example/doc": [Answer(body=GOOD, seconds=0.5)]}
    with scripted_server(answers) as server:
        told = crawled(server, spiders, fail_on="one")
    assert told["failure"] == "the caller failed"
    assert list(told["by_id"]) == ["two"]


def test_sigterm_ends_a_hanging_crawl_in_seconds_and_nothing_of_it_is_finished() -> None:
    spiders = [{"id": "hangs", "urls": [A]}, {"id": "done", "urls": ["https://b.example/doc"]}]
    answers = {"/a.example/doc": [Answer(body=GOOD, hangs=True)], "/b.example/doc": [Answer(body=GOOD)]}
    with scripted_server(answers) as server:
        case = json.dumps({"mirror": server.url, "spiders": spiders})
        crawl = Forked(run_case, case, environment=os.environ)
        crawl.says("closed done")
        until(lambda: "/a.example/doc" in server.begun)
        crawl.signal(signal.SIGTERM)
        output = crawl.end().stdout
    results = {result["id"]: result for result in json.loads(output)["results"]}
    assert results["done"]["finished"] is True
    assert results["hangs"]["finished"] is False


def test_a_declared_name_that_leads_home_is_not_asked_nor_a_certificate_believed_that_nobody_signed() -> None:
    case = {"mirror": "", "spiders": one("https://localhost/doc", hosts=["localhost"]), "overrides": {"RETRY_TIMES": 0}}
    ended = run_forked(run_case, json.dumps(case), environment={"PATH": os.environ["PATH"]})
    [reading] = json.loads(ended.stdout)["results"][0]["readings"].values()
    assert reading["status"] == "failed"
    assert "no results for hostname lookup" in reading["error"]
    assert "localhost leads to 127.0.0.1, which is no public address" in ended.stderr
    assert crawl_settings(contact="").getbool("DOWNLOAD_VERIFY_CERTIFICATES")


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("https://a.example/x", False),
        ("https://A.EXAMPLE/x", False),
        ("https://a.example.evil.example/x", True),
        ("https://evil.example/a.example", True),
        ("https://a.example@evil.example/", True),
        ("https://sub.a.example/", True),
        ("https://169.254.169.254/latest", True),
        ("ftp://a.example/x", True),
        ("https://localhost/", True),
    ],
)
def test_only_declared_hosts_are_asked(url: str, refused: bool) -> None:
    assert bool(host_refusal(url, frozenset({"a.example"}))) == refused
