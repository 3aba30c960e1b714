"""Ranks that intervals share, which score stands for a model, and several benchmarks weighed into one order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from aimstats.catalogue.building import build
from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.composite import read_use
from aimstats.catalogue.composite import composite_table
from aimstats.catalogue.engine.query import QueryError
from aimstats.catalogue.scores import Scores, editions_of, scored_table
from tests.catalogue.bodies import CHANGED, DOCUMENTS, VERSION, model
from tests.catalogue.scored import score

BENCHMARKS: dict[str, dict[str, Any]] = {
    "exam": {"name": "Exam", "measures": "Questions", "unit": "percent", "higher_is_better": True, "edition": "2"},
    "slips": {"name": "Slips", "measures": "Errors", "unit": "percent", "higher_is_better": False, "edition": ""},
}


STATED = {
    "a/one": [score("exam", "90", "85", "95"), score("exam", "99", complete=False), score("slips", "10")],
    "a/two": [score("exam", "84", "80", "88"), score("exam", "50", edition="1")],
    "b/three": [score("exam", "70"), score("slips", "2", "1", "3")],
    "b/own": [score("exam", "97", self_reported=True)],
}


def world() -> tuple[Catalogue, Scores]:
    bodies = ((model(name), CHANGED) for name in STATED)
    return build(bodies, (), DOCUMENTS, VERSION, benchmarks=BENCHMARKS), Scores(STATED.items())


def rows(table: Any, catalogue: Catalogue) -> list[dict[str, Any]]:
    shown = catalogue.including(table)
    return sorted(
        (Row(shown, table, place).body for place in range(len(table))), key=lambda body: (body["place"] or 99, body["id"])
    )


def test_intervals_that_overlap_share_their_ranks_and_a_developers_own_word_has_none() -> None:
    catalogue, scores = world()
    told = rows(scored_table(catalogue, scores, "exam", None), catalogue)
    assert [(row["model"], row["place"], row["rank"], row["rank_to"], row["stands"]) for row in told] == [
        ("a/one", 1, 1, 2, True),
        ("a/two", 2, 1, 2, True),
        ("b/three", 3, 3, 3, True),
        ("a/one", None, None, None, False),
        ("b/own", None, None, None, True),
    ]
    assert told[0]["ci_low"] == 85
    assert told[2]["ci_low"] is None


def test_less_is_better_where_the_benchmark_says_so() -> None:
    catalogue, scores = world()
    told = rows(scored_table(catalogue, scores, "slips", None), catalogue)
    assert [(row["model"], row["rank"]) for row in told] == [("b/three", 1), ("a/one", 2)]


def test_another_edition_is_ranked_for_itself() -> None:
    catalogue, scores = world()
    assert editions_of(scores, "exam") == {"2": 4, "1": 1}
    assert [row["model"] for row in rows(scored_table(catalogue, scores, "exam", "1"), catalogue)] == ["a/two"]


def test_a_composite_is_an_interval_with_its_coverage_and_ranked_by_its_lower_end() -> None:
    catalogue, scores = world()
    told = rows(composite_table(catalogue, scores, read_use("exam:2,slips:1")), catalogue)
    # Percentiles in exam (70, 84, 90): 85 is above two of three; in slips (2, 10; less is better) 10 is level with the last.
    third = Decimal(100) / 3
    one = {"low": (2 * 2 * third + 25) / 3, "high": (2 * 3 * third + 25) / 3}
    assert [row["id"] for row in told] == ["a/one", "b/three", "a/two"]
    assert [(told[0][end], told[0]["coverage"]) for end in ("low", "high")] == [
        (one["low"].quantize(Decimal("0.01")), 1),
        (one["high"].quantize(Decimal("0.01")), 1),
    ]
    two = told[2]
    assert round(two["coverage"], 4) == Decimal("0.6667")
    assert two["parts"][1] == {"benchmark": "slips", "value": None, "low": 0, "high": 100, "has_interval": None}
    assert told[1]["parts"][0]["has_interval"] is False


def test_less_than_half_of_the_weight_is_no_place_in_a_composite() -> None:
    catalogue, scores = world()
    told = rows(composite_table(catalogue, scores, read_use("exam:1,slips:2")), catalogue)
    assert "a/two" not in [row["id"] for row in told]
    with pytest.raises(QueryError):
        composite_table(catalogue, scores, read_use("exam,nothing"))
