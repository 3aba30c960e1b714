"""A crawl of made-up sources through a scripted server, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.forked import run_forked
from tests.spiders.run_crawl import run_case
from tests.spiders.scripted_server import Answer, ScriptedServer, scripted_server

ROOT = Path(__file__).resolve().parents[2]
A = "https://a.example/doc"
GOOD = b'{"names": ["one", "two"]}'


def doc(*names: str, links: list[str] | None = None) -> bytes:
    """A document of the test's own format."""
    return json.dumps({"names": names, "links": links or []}).encode()


def one(url: str = A, **rest: Any) -> list[dict[str, Any]]:
    """A single source of one document."""
    return [{"id": "one", "urls": [url], **rest}]


def crawled(server: ScriptedServer, spiders: list[dict[str, Any]], **case: Any) -> dict[str, Any]:
    """What a crawl through the server as mirror handed over."""
    told: dict[str, Any] = json.loads(crawl_process(server, spiders, **case).stdout)
    return told | {"by_id": {result["id"]: result for result in told["results"]}}


def crawl_process(server: ScriptedServer, spiders: list[dict[str, Any]], **case: Any) -> subprocess.CompletedProcess[str]:
    """The process of such a crawl, with what it wrote and logged."""
    ended = run_forked(run_case, json.dumps({"mirror": server.url, "spiders": spiders, **case}), environment=os.environ)
    assert ended.returncode == 0, ended.stderr[-3000:]
    return ended


def reading(answers: Mapping[str, list[Answer]], url: str = A, **case: Any) -> dict[str, Any]:
    """How the one document of the one source was read."""
    with scripted_server(answers) as server:
        told = crawled(server, one(url), **case)["by_id"]["one"]
    found: dict[str, Any] = told["readings"][url]
    return found


def crawl_of(source: str, documents: Mapping[str, bytes]) -> dict[str, Any]:
    """Address -> reading, of a crawl of the project's own spider; an address that is not among `documents` is a 404."""
    answers = {f"/{url.removeprefix('https://')}": [Answer(body=body)] for url, body in documents.items()}
    with scripted_server(answers) as server:
        told = crawled(server, [{"id": source}], overrides={"RETRY_TIMES": 0})["by_id"][source]
    assert told["finished"], told
    found: dict[str, Any] = told["readings"]
    return found


def read_well(readings: Mapping[str, Any]) -> list[str]:
    """The documents that were there, in the order in which they were asked for."""
    return [url for url, reading in readings.items() if reading["status"] == "ok"]
