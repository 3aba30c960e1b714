"""Every fault in every source of a real crawl: nothing false is published, no good row is lost, and somebody is told why."""

from __future__ import annotations

import json
import random

import pytest

from tests.faults.documents import ADDRESSES, Served
from tests.faults.injections import ANY_DOCUMENT, EVERY_PRICE, FAULTS, RECORDS
from tests.faults.judge import judge
from tests.faults.laboratory import Laboratory
from tests.spiders.scripted_server import Answer

SAMPLE = sorted(
    [
        "gzip bomb",
        *random.Random(5).sample(sorted(set(ANY_DOCUMENT) - {"gzip bomb"}), 1),
        *random.Random(5).sample(sorted(EVERY_PRICE), 2),
        *random.Random(5).sample(sorted(RECORDS), 1),
    ]
)
"""The faults of every run of the tests; the long ones have all."""
KINDS = [pytest.param(kind, marks=() if kind in SAMPLE else pytest.mark.long) for kind in FAULTS]
CANNOT = {"half of the records": {"genai_prices"}}
"""The sources whose documents cannot have a fault: one provider is too short a list."""
CASES = [
    pytest.param(kind, source, marks=() if kind in SAMPLE else pytest.mark.long)
    for kind in FAULTS
    for source in ADDRESSES
    if source not in CANNOT.get(kind, ())
]


@pytest.mark.parametrize(("fault", "source"), CASES)
def test_small_catalogues_survive(small_laboratory: Laboratory, fault: str, source: str) -> None:
    judge(small_laboratory, fault, source)


@pytest.mark.parametrize("fault", KINDS)
def test_the_catalogue_is_as_it_was(small_laboratory: Laboratory, fault: str) -> None:
    assert set(ADDRESSES) - small_laboratory.under(fault).injected == CANNOT.get(fault, set())
    assert small_laboratory.under(fault).crawled.resolved == small_laboratory.before.resolved


def test_there_is_something_to_lose(small_laboratory: Laboratory) -> None:
    assert small_laboratory.before.status == 0, small_laboratory.before.said
    assert {run.status for run in small_laboratory.before.runs.values()} == {"published"}
    assert len(small_laboratory.before.resolved) >= 48


def test_a_fault_in_one_source_leaves_the_others_alone(small_laboratory: Laboratory) -> None:
    def change(address: str, served: Served) -> Answer | None:
        if served.source == "litellm":
            return Answer(200, b"<html>no</html>")
        if served.source == "genai_prices":
            data = json.loads(served.body)
            data[0]["models"][0]["prices"]["input_mtok"] *= 2
            return Answer(200, json.dumps(data).encode())
        return None

    crawled = small_laboratory.again(change)
    assert {source: run.status for source, run in crawled.runs.items()} == {
        "litellm": "failed", "genai_prices": "published", "models_dev": "unchanged", "openrouter": "unchanged",
        "llm_prices": "unchanged",
    }  # fmt: skip
    assert crawled.claims["genai_prices"] != small_laboratory.before.claims["genai_prices"]
    assert crawled.claims["litellm"] == small_laboratory.before.claims["litellm"]
