"""Filters, sorts, facets, ranges, pages and searches of the in-process catalogue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from aimstats.catalogue.catalogue import Row
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.columns.offers import OFFERS
from aimstats.catalogue.columns.providers import PROVIDERS
from aimstats.catalogue.engine.bits import CHUNK, Order, bits_of, rows_of
from aimstats.catalogue.engine.query import QueryError
from aimstats.catalogue.engine.select import Selection, matching, select
from aimstats.catalogue.engine.table import Table
from aimstats.catalogue.providers import provider_rows
from tests.catalogue import bodies
from tests.catalogue.selecting import CATALOGUE, asked, page, slugs


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ["ode-4.5", "ode-mini", "lyra", "vector-1", "quiet"]),
        ({"type": "embedding"}, ["vector-1"]),
        ({"type": ["embedding", "other"]}, ["vector-1", "quiet"]),
        ({"developer": "alpha"}, ["ode-4.5", "ode-mini"]),
        ({"developer": ["alpha", "gamma"], "type": "text"}, ["ode-4.5", "ode-mini"]),
        ({"provider": "hostly"}, ["ode-4.5", "vector-1"]),
        ({"family": "ode"}, ["ode-4.5", "ode-mini"]),
        ({"status": "retired"}, ["ode-mini"]),
        ({"use_case": "coding"}, ["ode-4.5"]),
        ({"modality_in": "image"}, ["ode-4.5"]),
        ({"modality_out": "text"}, ["ode-4.5", "ode-mini"]),
        ({"reasoning": "true"}, ["ode-4.5"]),
        ({"reasoning": "false"}, ["ode-mini"]),
        ({"reasoning": ["false", "true"]}, ["ode-4.5", "ode-mini"]),
        ({"open_weights": "true"}, ["lyra"]),
        ({"license": "apache-2.0"}, ["lyra"]),
        ({"min_context": "131072"}, ["ode-4.5", "lyra"]),
        ({"max_context": "32000"}, ["ode-mini", "vector-1"]),
        ({"min_output_limit": "8001"}, ["ode-4.5"]),
        ({"min_input_cost": "0.02"}, ["ode-4.5", "vector-1"]),
        ({"max_input_cost": "0.00001"}, ["ode-mini", "lyra"]),
        ({"max_input_cost": "0"}, ["ode-mini"]),
        ({"max_output_cost": "1"}, ["ode-mini", "lyra"]),
        ({"released_after": "2025-12-24"}, ["ode-4.5", "lyra"]),
        ({"released_before": "2025-12-24"}, ["ode-mini"]),
        ({"knowledge_after": "2026"}, ["ode-4.5"]),
        ({"min_score": "gpqa:80"}, ["ode-4.5"]),
        ({"min_score": ["gpqa:80", "swe:20"]}, ["ode-4.5", "ode-mini"]),
        ({"min_score": "nobody-runs-this:1"}, []),
        ({"max_memory_gb": "44.5"}, ["lyra"]),
        ({"id": ["beta/lyra", "gamma/quiet"]}, ["lyra", "quiet"]),
        ({"developer": "nobody"}, []),
    ],
)
def test_each_filter_of_models_keeps_its_rows(parameters: dict[str, Any], expected: list[str]) -> None:
    assert slugs(**parameters) == expected


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"provider": "hostly"}, ["hostly/alpha/ode-4.5", "hostly/beta/vector-1", "hostly/fee"]),
        ({"model": "alpha/ode-4.5"}, ["alpha/alpha/ode-4.5", "hostly/alpha/ode-4.5"]),
        ({"developer": "beta"}, ["beta/beta/lyra", "hostly/beta/vector-1"]),
        ({"region": "eu"}, ["hostly/alpha/ode-4.5"]),
        ({"source": "big_list"}, ["alpha/alpha/ode-4.5", "hostly/alpha/ode-4.5"]),
        ({"external_id": "us.alpha.ode-v1:0"}, ["hostly/alpha/ode-4.5"]),
        ({"external_id": "eu.alpha.ode-v1:0"}, ["hostly/alpha/ode-4.5"]),
        ({"plan": "batch"}, ["alpha/alpha/ode-4.5"]),
        ({"kind": "router"}, ["hostly/fee"]),
        ({"min_input_cost": "2.5"}, ["alpha/alpha/ode-4.5"]),
    ],
)
def test_each_filter_of_offers_keeps_its_rows(parameters: dict[str, Any], expected: list[str]) -> None:
    assert [row.id for row in page(OFFERS, **parameters).rows] == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("cost.input", ["ode-mini", "lyra", "vector-1", "ode-4.5", "quiet"]),
        ("-cost.input", ["ode-4.5", "vector-1", "lyra", "ode-mini", "quiet"]),
        ("release_date", ["ode-mini", "lyra", "ode-4.5", "vector-1", "quiet"]),
        ("-release_date", ["ode-4.5", "lyra", "ode-mini", "vector-1", "quiet"]),
        ("-id", ["quiet", "vector-1", "lyra", "ode-mini", "ode-4.5"]),
        ("name", ["lyra", "ode-4.5", "ode-mini", "quiet", "vector-1"]),
        ("-scores.gpqa", ["ode-4.5", "ode-mini", "lyra", "vector-1", "quiet"]),
        ("scores.swe,-id", ["ode-mini", "quiet", "vector-1", "lyra", "ode-4.5"]),
        ("type,-limit.context", ["vector-1", "quiet", "ode-4.5", "lyra", "ode-mini"]),
    ],
)
def test_blanks_come_last_whichever_way_rows_are_sorted(sort: str, expected: list[str]) -> None:
    assert slugs(sort=sort) == expected


@pytest.mark.parametrize("sort", ["id", "-id", "cost.input", "-cost.input", "type,-limit.context", "-scores.swe", "name", ""])
@pytest.mark.parametrize("limit", [1, 2, 4])
def test_pages_hold_every_row_once_in_order(sort: str, limit: int) -> None:
    whole = slugs(sort=sort)
    seen: list[str] = []
    cursor = ""
    for _ in range(10):
        part = page(sort=sort, limit=limit, cursor=cursor)
        seen += [row.id.rpartition("/")[2] for row in part.rows]
        assert part.total == len(whole)
        if part.next is None:
            break
        cursor = part.next
    assert seen == whole


@pytest.mark.parametrize("size", [0, 1, CHUNK, 2 * CHUNK + 1])
def test_an_order_gives_the_rows_of_a_set_however_many_it_has(size: int) -> None:
    values: list[Any] = [None if row % 7 == 0 else row * 13 % 29 for row in range(size)]
    order = Order(values, lambda value: value)
    for every in (1, 3, size + 1):
        chosen = [row for row in range(size) if row % every == 0]
        blanks = [row for row in chosen if values[row] is None]
        for descending in (False, True):
            stated = sorted((row for row in chosen if values[row] is not None), key=values.__getitem__, reverse=descending)
            assert list(order.chosen(bits_of(chosen, size), descending=descending)) == stated + blanks


def test_pages_of_a_search_hold_every_row_once() -> None:
    first = page(q="ode", limit=1)
    second = page(q="ode", limit=1, cursor=first.next)
    assert [first.rows[0].id, second.rows[0].id, second.next] == ["alpha/ode-4.5", "alpha/ode-mini", None]


def test_a_cursor_goes_on_where_it_stood_when_rows_have_come_and_gone() -> None:
    cursor = page(sort="-cost.input", limit=2).next
    changed = [body for body in bodies.MODELS if body["id"] != "beta/vector-1"]
    newcomer = bodies.model("delta/new", cost=bodies.cost(input="0.01"), cost_basis=bodies.own("delta/new"))
    later = select(bodies.catalogue([*changed, newcomer]), asked(sort="-cost.input", cursor=cursor))
    assert [row.id for row in later.rows] == ["delta/new", "beta/lyra", "alpha/ode-mini", "gamma/quiet"]


def test_a_cursor_of_another_order_is_refused() -> None:
    cursor = page(sort="-cost.input", limit=2).next
    with pytest.raises(QueryError, match="another order"):
        asked(sort="cost.input", cursor=cursor)


def test_facets_are_counted_without_their_own_filter() -> None:
    facets = page(developer="alpha", type="text").facets
    assert [(value.text, value.count, value.chosen) for value in facets["developer"]] == [
        ("alpha", 2, True),
        ("beta", 1, False),
    ]
    assert [(value.text, value.count) for value in facets["status"]] == [("active", 1), ("retired", 1)]


def test_a_chosen_value_stays_in_its_facet_when_nothing_has_it() -> None:
    facets = page(developer=["nobody", "alpha"], type="embedding").facets
    assert [(value.text, value.count, value.chosen) for value in facets["developer"]] == [
        ("beta", 1, False),
        ("alpha", 0, True),
        ("nobody", 0, True),
    ]


def test_ranges_are_made_without_their_own_filter() -> None:
    ranges = page(min_context="131072", type="text").ranges
    assert ranges["limit.context"] == (32_000, 200_000)
    assert ranges["cost.input"] == (Decimal("0.00001"), Decimal(3))
    assert "memory_gb" in ranges
    assert "memory_gb" not in page(type="embedding").ranges


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ode 4.5", ["ode-4.5"]),
        ("ODE-4-5", ["ode-4.5"]),
        ("ode45", ["ode-4.5"]),
        ("ode 4 5 alpha", ["ode-4.5"]),
        ("ode-4-5-20260501", ["ode-4.5"]),
        ("four", ["ode-4.5"]),
        ("ode", ["ode-4.5", "ode-mini"]),
        ("ode mini", ["ode-mini"]),
        ("hostly", ["ode-4.5", "vector-1"]),
        ("beta", ["lyra", "vector-1"]),
        ("ode lyra", []),
        ("---", []),
    ],
)
def test_a_search_finds_names_however_they_are_spaced(words: str, expected: list[str]) -> None:
    assert slugs(q=words) == expected


def test_a_search_has_exact_names_first_then_the_living_then_what_is_sold_most() -> None:
    rows = [
        bodies.model("beta/lyra", aliases=["lyra-one"], status="retired"),
        bodies.model("beta/lyra-2", offer_count=3),
        bodies.model("beta/lyra-3", offer_count=40),
        bodies.model("beta/lyra-1", status="retired", offer_count=70),
        bodies.model("beta/other", family="lyra", offer_count=90),
    ]
    catalogue = bodies.catalogue(rows, [])
    for words in ("lyra", "LYRA"):
        found = [row.id.partition("/")[2] for row in select(catalogue, asked(q=words)).rows]
        assert found == ["lyra", "lyra-3", "lyra-2", "other", "lyra-1"]
    for words in ("lyra-one", "lyraone", "beta/lyra"):
        assert select(catalogue, asked(q=words)).rows[0].id == "beta/lyra"
    part = select(catalogue, asked(q="lyra", limit=1))
    walked = [row.id.partition("/")[2] for row in part.rows]
    while part.next is not None:
        part = select(catalogue, asked(q="lyra", limit=1, cursor=part.next))
        walked += [row.id.partition("/")[2] for row in part.rows]
    assert walked == ["lyra", "lyra-3", "lyra-2", "other", "lyra-1"]


def test_an_exact_name_comes_before_rows_that_only_hold_it() -> None:
    rows = [bodies.model("a/lyra-large"), bodies.model("z/lyra"), bodies.model("b/other", aliases=["old lyra"])]
    found = select(bodies.catalogue(rows, []), asked(q="lyra"))
    assert [row.id for row in found.rows] == ["z/lyra", "a/lyra-large", "b/other"]


def test_a_row_was_checked_when_its_latest_document_was() -> None:
    ode, quiet = CATALOGUE.model("alpha/ode-4.5"), CATALOGUE.model("gamma/quiet")
    assert ode is not None
    assert quiet is not None
    assert ode.body["checked_at"] == ode["checked_at"] == "2026-11-01T06:00:00Z"
    assert quiet.body["checked_at"] is None
    assert "documents" not in ode.body


def test_a_confirmed_document_moves_checked_at_and_no_row() -> None:
    later = CATALOGUE.rechecked(CATALOGUE.version, {})
    row = later.model("alpha/ode-4.5")
    assert row is not None
    assert row["checked_at"] is None
    assert later.models is CATALOGUE.models


def test_providers_are_counted_from_offers() -> None:
    rows = {row.id: row.body for row in page(PROVIDERS).rows}
    assert rows["hostly"]["offer_count"] == 3
    assert rows["hostly"]["model_count"] == 2
    assert rows["alpha"]["free_count"] == 1
    assert rows["alpha"]["cheapest"] == {"offer": "alpha/alpha/ode-4.5", "input": 3, "output": 15}


def test_a_provider_gives_away_what_bills_no_output_and_not_what_is_half_known() -> None:
    offers = [
        bodies.offer("p", "a/embed", cost=bodies.cost(input="0")),
        bodies.offer("p", "a/half", cost=bodies.cost(input="0", output=None, absent={"output": "not_published"})),
        bodies.offer("p", "a/paid-embed", cost=bodies.cost(input="0.02")),
        bodies.offer("p", "a/ode", cost=bodies.cost(input="1", output="2")),
    ]
    [(row, _)] = provider_rows(Table(OFFERS, ((body, None) for body in offers)))
    assert (row["offer_count"], row["free_count"]) == (4, 1)
    assert row["cheapest"] == {"offer": "p/a/ode", "input": "1", "output": "2"}, "a model that writes is compared with such"


def test_every_matching_row_is_there_for_a_file() -> None:
    assert next(matching(CATALOGUE, asked(limit=1, sort="-id"))).id == "gamma/quiet"
    assert len(list(matching(CATALOGUE, asked(limit=1)))) == len(bodies.MODELS)


@pytest.mark.parametrize(
    "parameters",
    [
        {"max_input_cost": "1000", "min_context": "1"},
        {"min_context": "100000", "developer": "alpha"},
        {"released_after": "2020-01-01"},
        {"type": "text"},
        {"q": "ode", "max_memory_gb": "80"},
    ],
)
def test_what_may_match_is_what_lacks_a_figure_and_else_matches(parameters: dict[str, Any]) -> None:
    query = asked(MODELS, **parameters)
    selection = Selection(CATALOGUE, query)
    known = {name: column.key for name, (column, _) in MODELS.filters.items() if column.key in MODELS.ranges}
    ranged = [name for name in parameters if name in known]
    loose = Selection(CATALOGUE, asked(MODELS, **{name: value for name, value in parameters.items() if name not in ranged}))
    expected = set()
    for row in rows_of(loose.bits):
        values = {name: Row(CATALOGUE, CATALOGUE.models, row)[known[name]] for name in ranged}
        fits = [
            row in rows_of(Selection(CATALOGUE, asked(MODELS, **{name: parameters[name]})).bits)
            for name, value in values.items()
            if value is not None
        ]
        if None in values.values() and all(fits):
            expected.add(row)
    assert set(rows_of(selection.unknown())) == expected
