"""Scores as every board's spider makes them: figures, intervals, runs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from aimstats.domain.items import Score
from scrapy_project.base.record import Tally
from scrapy_project.base.scores import Board, distinct_scores, figure


def score(value: str, **rest: Any) -> Score:
    return Score(benchmark="b", measured_by="m", value=Decimal(value), **rest)


@pytest.mark.parametrize(
    ("cell", "value"), [("1,204", "1204"), ("$1,204.5", "1204.5"), ("77,47%", None), ("1,20", None), ("12,3456", None)]
)
def test_a_comma_parts_thousands_and_nothing_else(cell: str, value: str | None) -> None:
    assert figure(cell) == (None if value is None else Decimal(value))


def test_a_percentage_beyond_its_scale_and_a_wrong_interval_are_counted() -> None:
    tally = Tally()
    board = Board("m", tally)
    board.add("a", score("770", unit="percent"), score("-1", unit="percent", metric="x"), score("1470", unit="rating"))
    board.add("b", score("50", unit="percent", ci_low=Decimal(60), ci_high=Decimal(70)))
    assert [(row.external_id, [str(one.value) for one in row.scores]) for row in board.listings()] == [
        ("a", ["1470"]),
        ("b", ["50"]),
    ]
    assert [one.ci_low for row in board.listings() for one in row.scores] == [None, None]
    assert dict(tally.unknown) == {
        "b: no percentage": 1,
        "b x: no percentage": 1,
        "b: the interval does not hold its value": 1,
    }


def test_one_result_under_two_links_is_one_run() -> None:
    linked = score("44.3", measured_on="2025-11-04", url="https://board.example/")
    other = score("45.0", measured_on="2025-11-05")
    kept = distinct_scores([score("44.3", measured_on="2025-11-04"), linked, other])
    assert [(one.value, one.url, one.settings.get("run")) for one in kept] == [
        (Decimal("44.3"), "https://board.example/", None),
        (Decimal("45.0"), None, "2"),
    ]
