"""Reasons: a sentence in English that keeps its code and values, through the ledger and into the reader's language."""

from __future__ import annotations

import ast
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aimstats.config.values import PROJECT_ROOT
from aimstats.domain.claims import json_text, json_value
from aimstats.domain.reasons import ON_PAGES, SENTENCES, Reason, explained, told

RATIO = Reason("times_the_other", figure=Reason("price_on_plan", meter="input", plan="batch"), price="$5", times="5",
               other=Reason("price_of", meter="input"), base="$1")  # fmt: skip


def _texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_sentence_is_a_reason_somewhere() -> None:
    folders = [PROJECT_ROOT / name for name in ("aimstats", "jobs", "scrapy_project")]
    modules = [path for one in folders for path in one.rglob("*.py") if path.stem not in ("reasons", "vocabulary")]
    named = {text for path in modules for text in _texts(path)}
    assert SENTENCES.keys() - named == set()
    assert ON_PAGES.keys() <= SENTENCES.keys()


def test_a_reason_keeps_its_code_and_parts_in_what_is_stored() -> None:
    reason = Reason("swapped_column", ratio=RATIO)
    assert reason == "input price (batch) $5 is 5 times the input price $1; text models ask more for output: a swapped column?"
    row = json_value(json_text(explained(reason)))
    again = told(row["reason"], row["because"])
    assert isinstance(again, Reason)
    pair = "[[input price (batch)] $5 is 5 times the [input price] $1]"
    said = again.said(lambda text: f"[{text}]")
    assert said == f"[{pair}; text models ask more for output: a swapped column?]", "each of its parts is a text of its own"


def test_a_reason_that_waits_for_its_turn_is_the_same_afterwards() -> None:
    again = pickle.loads(pickle.dumps(RATIO))
    assert (again, again.body) == (RATIO, RATIO.body)


@pytest.mark.parametrize(
    "because",
    [None, {"code": "own_offer"}, {"code": "gone_since"}, {"code": "registry"}, {"code": {}}, {}, {"code": "registry", "x": []}],
    ids=["an earlier release", "another reason", "no code of today", "without its value", "no code", "empty", "other values"],
)
def test_a_sentence_stays_as_it_is_where_no_code_says_the_same(because: dict[str, Any] | None) -> None:
    found = told("the seller's own API", because)
    assert (found, type(found)) == ("the seller's own API", str)
