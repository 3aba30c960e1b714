"""What a row says of its costs: the basis that chooses them, why one is missing, how money is printed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.catalogue import bodies
from tests.catalogue.selecting import CATALOGUE, page, slugs


def test_the_price_basis_chooses_what_costs_are_filtered_sorted_and_shown() -> None:
    assert slugs(basis="cheapest", max_input_cost="2", min_input_cost="1") == ["ode-4.5"]
    assert slugs(basis="median", sort="-cost.input")[:2] == ["ode-4.5", "vector-1"]
    row = page(basis="cheapest").rows[0]
    assert row["cost.output"] == Decimal(9)
    assert row.body["cost"]["cache_write"] == Decimal("2.5")
    assert row.body["cost_basis"] == {"offer": "hostly/alpha/ode-4.5", "basis": "cheapest"}
    median = page(basis="median").rows[0].body
    assert (median["cost"]["input"], median["cost"]["cache_read"]) == (Decimal("2.5"), None)
    assert median["cost_basis"] == {"offer": None, "basis": "median"}


@pytest.mark.parametrize(
    ("cost", "reasons"),
    [
        ({"input": "0.02"}, {"output": "not_billed", "cache_read": "not_published"}),
        ({"image": "0.04"}, {"input": "billed_otherwise", "output": "billed_otherwise"}),
        ({"input": "3", "output": None, "absent": {"output": "variable"}}, {"output": "variable"}),
        ({"input": "3", "output": None}, {"output": "not_published"}),
        ({}, {"input": "not_published", "output": "not_published", "reasoning": "not_published"}),
    ],
)
def test_a_meter_without_a_figure_says_why(cost: dict[str, Any], reasons: dict[str, str]) -> None:
    row = bodies.catalogue([], [bodies.offer("alpha", "alpha/ode", cost=bodies.cost(**cost))]).row("offers", "alpha/alpha/ode")
    assert row is not None
    assert reasons.items() <= row["cost.absent"].items()
    assert not [meter for meter in row["cost.absent"] if row.body["cost"].get(meter) is not None]


def test_money_is_printed_plainly_and_unknown_is_null_not_zero() -> None:
    lyra, mini = CATALOGUE.model("beta/lyra"), CATALOGUE.model("alpha/ode-mini")
    assert lyra is not None
    assert mini is not None
    assert b'"input":0.00001,"output":0.0000375,' in lyra.json
    assert b'"cost":{"input":0,"output":0,"cache_read":null' in mini.json
    assert mini["cost.input"] == 0
    assert mini["cost.cache_read"] is None


def test_every_null_cost_has_its_reason() -> None:
    for row in page().rows:
        cost = row.body["cost"]
        blank = {meter for meter in ("input", "output", "cache_read", "reasoning") if cost[meter] is None}
        assert blank <= cost["absent"].keys()
