"""The frontier of cost and score: what nothing beats, what is not clearly beaten, and what each step costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from aimstats.catalogue.building import build
from aimstats.catalogue.columns.frontier import FRONTIER, OWN, PARAMETERS
from aimstats.catalogue.engine.query import QueryError, parse
from aimstats.catalogue.frontier import Frontier, frontier, rows
from aimstats.catalogue.scores import Scores
from tests.catalogue.bodies import CHANGED, DOCUMENTS, NOW, VERSION, cost, model, offer, own, price
from tests.catalogue.bodies import catalogue as small_catalogue
from tests.catalogue.scored import BENCHMARKS, STATED, USD, score


def asked(text: str = "", **changed: Any) -> Frontier:
    """The frontier of a small world under a query."""
    told = [pair.split("=") for pair in text.split("&") if pair]
    query = parse(FRONTIER, [(name, [value]) for name, value in told], now=NOW, only=PARAMETERS, own=OWN)
    models = [
        model(
            name, cost=cost(input=usd, output=usd), cost_basis=own(name), status="retired" if name == "a/gone" else "active",
            agreement={"sources": 2, "disputed": ["cost.input"] if name == "a/mid" else []},
        )
        for name, usd in USD.items()
    ]  # fmt: skip
    offers = [
        offer("a", name, cost=cost(input=usd, output=usd), prices=[price("input", usd), price("output", usd)])
        for name, usd in USD.items()
        if usd
    ]
    catalogue = build(
        ((body, CHANGED) for body in models), ((body, CHANGED) for body in offers), DOCUMENTS, VERSION, benchmarks=BENCHMARKS
    )
    return frontier(catalogue, Scores((changed or STATED).items()), query)


def points(found: Frontier) -> list[dict[str, Any]]:
    return [row.body for row in rows(small_catalogue(), found)]


def test_what_nothing_beats_stands_on_the_frontier_and_overlapping_intervals_beside_it() -> None:
    found = asked("score=exam")
    assert [(row["id"], row["state"], row["cost"], row["beaten_by"]) for row in points(found)] == [
        ("a/low", "frontier", 1, None),
        ("a/mid", "frontier", 4, None),
        ("a/near", "near", 5, "a/mid"),
        ("a/beaten", "beaten", 6, "a/mid"),
        ("a/top", "frontier", 12, None),
    ]
    top = points(found)[-1]
    assert (top["gain"], top["times"]) == (Decimal("6.3"), 3)
    assert [row["id"] for row in points(found) if row["disputed"]] == ["a/mid"]


def test_what_is_no_point_is_counted_by_its_reason() -> None:
    found = asked("score=exam")
    assert found.lacking == {"score": 0, "self_reported": 1, "free": 1, "cost": 1}
    assert (found.intervals, found.measured, found.coverage) == (5, ("2026-01", "2026-03"), {"exam": 5, "slips": 2})
    assert asked().score == "exam"


def test_less_is_better_where_the_benchmark_says_so_and_a_task_may_be_the_cost() -> None:
    found = asked("score=slips&against=task")
    assert [(row["id"], row["state"], row["cost"]) for row in points(found)] == [
        ("a/mid", "frontier", Decimal("0.1")),
        ("a/low", "beaten", Decimal("0.5")),
    ]
    assert [row["state"] for row in points(asked("score=slips"))] == ["frontier", "frontier"]


def test_a_workload_is_priced_by_the_engine_and_has_to_be_stated() -> None:
    found = asked("score=exam&input_tokens=1000000&state=frontier")
    assert [(row["id"], row["cost"]) for row in points(found)] == [("a/low", 1), ("a/mid", 4), ("a/top", 12)]
    for wrong in ("against=workload", "score=nothing", "input_tokens=1&basis=median"):
        with pytest.raises(QueryError):
            asked(wrong)


def test_without_intervals_nothing_is_near() -> None:
    plain = {name: [score("exam", rows[0]["value"])] for name, rows in STATED.items()}
    found = asked("score=exam", **plain)
    assert (found.intervals, {row["state"] for row in points(found)}) == (0, {"frontier", "beaten"})
