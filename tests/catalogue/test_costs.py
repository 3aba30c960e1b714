"""Models and offers by the cost of a workload: which offer stands for a model, what has no total, the order, its pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from aimstats.catalogue import wire
from aimstats.catalogue.building import build
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns import models as columns
from aimstats.catalogue.costs import WORKLOAD, CostPage, CostRow, all_costs, ask, cost_page, following, printed_page
from aimstats.catalogue.costs.tariffs import tariffs_of
from aimstats.catalogue.engine.query import QueryError, parse
from aimstats.catalogue.engine.select import select
from aimstats.config.values import PROJECT_ROOT
from aimstats.domain.workload import PRESETS, Receipt, Refusal, receipt_of, workload_of
from tests.catalogue import bodies
from tests.catalogue.bodies import cost, model, offer, own, price


def sold(provider: str, sells: str, input_: str, output: str, *further: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An offer with these prices."""
    prices = [price("input", input_, document=1), price("output", output, document=2), *further]
    return offer(provider, sells, id=f"{provider}/{sells}", cost=cost(input=input_, output=output), prices=prices, **fields)


MODELS = [
    model("alpha/big", cost_basis=own("alpha/big"), open_weights=False),
    model("alpha/small", cost_basis=own("alpha/small"), open_weights=False),
    model("beta/lyra", cost_basis={"offer": None, "basis": "median"}, open_weights=True),
    model("beta/quiet"),
    model("beta/twin", cost_basis=own("beta/twin"), open_weights=True, providers=["beta"]),
]
OFFERS = [
    sold("alpha", "alpha/big", "3", "15", price("cache_read", "0.3"), limit={"context": 200_000, "input": None, "output": 8_000}),
    sold("alpha", "alpha/small", "1", "5", price("cache_read", "0.5")),
    sold("beta", "beta/twin", "1", "5", price("cache_read", "0.5")),
    sold("hostly", "alpha/big", "4", "10"),
    sold("hostly", "beta/lyra", "0.5", "1", variant="fp8"),
    sold("cheaply", "beta/lyra", "0.6", "0.8"),
    sold("monthly", "beta/lyra", "0", "0", billing="subscription") | {"prices": [price("input", "0", plan="subscription")]},
    offer("free", "beta/lyra", cost=cost(input="0", output="0"), prices=[price("input", "0"), price("output", "0")]),
    offer("hostly", None, kind="router", name="Auto"),
]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    rows = ((body, bodies.CHANGED) for body in sorted(OFFERS, key=lambda body: str(body["id"])))
    stale = bodies.VERSION.__class__(7, 9, bodies.VERSION.published_at, "1", frozenset({2}))
    return build(((body, bodies.CHANGED) for body in MODELS), rows, bodies.DOCUMENTS, stale)


def page(catalogue: Catalogue, **parameters: Any) -> CostPage:
    pairs = [(name, value if isinstance(value, list) else [str(value)]) for name, value in parameters.items()]
    return cost_page(catalogue, ask(pairs, now=bodies.NOW))


def totals(found: CostPage) -> list[tuple[str, str]]:
    return [(row.receipt.offer, f"{row.receipt.total:f}") for row in found.rows]


WORK = {"input_tokens": 1_000_000, "output_tokens": 1_000_000}


def test_a_model_costs_what_its_own_offer_does_and_a_median_is_left_out_and_counted(catalogue: Catalogue) -> None:
    found = page(catalogue, input_tokens=100_000, output_tokens=1_000)
    assert totals(found) == [
        ("alpha/alpha/small", "0.105"), ("beta/beta/twin", "0.105"), ("alpha/alpha/big", "0.315"),
    ]  # fmt: skip
    assert (found.total, found.unpriced) == (3, {"median": 1, "no_offer": 1})


def test_what_is_not_possible_is_counted_and_has_no_total(catalogue: Catalogue) -> None:
    found = page(catalogue, input_tokens=199_001, output_tokens=1_000)
    assert [row.receipt.model for row in found.rows] == ["alpha/small", "beta/twin"]
    assert found.unpriced == {"median": 1, "no_offer": 1, "not_possible": 1}


def test_the_cheapest_offer_follows_the_workload(catalogue: Catalogue) -> None:
    reading = page(catalogue, input_tokens=100_000, output_tokens=1, basis="cheapest", type="text")
    writing = page(catalogue, input_tokens=1, output_tokens=8_000, basis="cheapest")
    chosen = [{row.receipt.model: row.receipt.provider for row in found.rows} for found in (reading, writing)]
    assert [found["alpha/big"] for found in chosen] == ["alpha", "hostly"]
    assert [found["beta/lyra"] for found in chosen] == ["cheaply", "cheaply"]
    cached = page(catalogue, input_tokens=100_000, output_tokens=7_000, cache_hit="0.9", basis="cheapest")
    assert {row.receipt.model: row.receipt.provider for row in cached.rows}["alpha/big"] == "alpha"


def test_of_equally_cheap_offers_the_first_stands_and_what_is_free_does_not(catalogue: Catalogue) -> None:
    small = {"context": 1_000, "input": None, "output": None}
    by_token = [price("input", "0.000002", document=1, unit="token"), price("output", "0.000004", document=1, unit="token")]
    rows = [
        *OFFERS,
        sold("cheap", "alpha/small", "1", "5"),  # as dear as its developer
        sold("aside", "beta/twin", "2", "4"),
        sold("tokenly", "beta/twin", "2", "4") | {"prices": by_token},
        sold("gratis", "beta/quiet", "0", "1"),
        sold("gratis", "beta/wholly", "0", "1"),
        sold("small", "beta/quiet", "1", "1", limit=small),
    ]
    models = [*MODELS, model("beta/wholly")]
    in_order = sorted(rows, key=lambda body: str(body["id"]))
    fresh = build(((body, None) for body in models), ((body, None) for body in in_order), bodies.DOCUMENTS, bodies.VERSION)
    tariffs, reasons = tariffs_of(fresh), set[str]()
    for read, written in ((1, 1), (700, 0), (700, 10_000), (10, 900), (3_000, 0), (199_000, 2_000)):
        work = workload_of({"input_tokens": Decimal(read), "output_tokens": Decimal(written)})
        expected, unpriced = [], Counter[str]()
        for places in tariffs.compared_of:
            sellers = [tariff for place in places if (tariff := tariffs.offers[place])]
            found = [receipt_of(one, work) for one in sellers]
            charged = [one for one in found if isinstance(one, Receipt) and one.total]
            refused = [one.reason for one in found if isinstance(one, Refusal)]
            if charged:
                expected.append(min(charged, key=lambda one: (one.total, one.offer)))
            else:
                unpriced[refused[0] if refused else "no_offer"] += 1
        answer = page(fresh, input_tokens=read, output_tokens=written, basis="cheapest")
        assert [row.receipt for row in answer.rows] == sorted(expected, key=lambda one: (one.total, one.model or ""))
        assert answer.unpriced == unpriced
        reasons.update(unpriced)
    assert reasons == {"no_offer", "not_possible"}


def test_a_list_of_models_follows_the_workload_in_both_bases(catalogue: Catalogue) -> None:
    def shown(basis: str, **work: int) -> dict[str, Any]:
        pairs = [(name, [str(value)]) for name, value in {"basis": basis, "sort": "-cost.output", **work}.items()]
        query = parse(columns.MODELS, pairs, now=bodies.NOW, own=WORKLOAD)
        rows = select(following(catalogue, query), query).rows
        assert [row["cost.output"] for row in rows if row["cost.output"] is not None] == sorted(
            (row["cost.output"] for row in rows if row["cost.output"] is not None), reverse=True
        )
        assert all(row.body["cost"]["output"] == row["cost.output"] for row in rows)
        return {row.id: row for row in rows}

    reading, writing = shown("cheapest", input_tokens=100_000, output_tokens=1), shown("cheapest", output_tokens=8_000)
    assert [rows["alpha/big"].body["cost_basis"]["offer"] for rows in (reading, writing)] == [
        "alpha/alpha/big",
        "hostly/alpha/big",
    ]
    assert [rows["alpha/big"]["cost.input"] for rows in (reading, writing)] == [3, 4]
    assert reading["alpha/big"].body["cheapest"]["offer"] == "alpha/alpha/big"
    assert reading["beta/lyra"].body["cheapest"] == {
        "offer": "cheaply/beta/lyra", "provider": "cheaply", "input": Decimal("0.6"), "output": Decimal("0.8"), "left_out": 2,
    }  # fmt: skip
    # beyond 8,000 tokens of answer only `hostly` sells it
    assert [shown("median", output_tokens=tokens)["alpha/big"]["cost.input"] for tokens in (8_000, 9_000)] == [Decimal("3.5"), 4]
    untouched = catalogue.model("alpha/big", "cheapest")
    assert untouched is not None
    assert untouched["cost.input"] is None
    with pytest.raises(QueryError, match="basis"):
        shown("first_party", input_tokens=1)


def test_every_offer_of_the_matching_models_has_a_row_of_its_own(catalogue: Catalogue) -> None:
    found = page(catalogue, **WORK, per="offer", open_weights="true")
    assert totals(found) == [
        ("free/beta/lyra", "0"), ("cheaply/beta/lyra", "1.4"), ("hostly/beta/lyra", "1.5"), ("beta/beta/twin", "6"),
    ]  # fmt: skip
    assert found.unpriced == {"billed_otherwise": 1}
    sellers = [row.receipt.offer for row in page(catalogue, **WORK, per="offer", provider="beta").rows]
    assert sellers == ["beta/beta/twin"]


def test_a_row_says_where_each_price_is_from_and_whether_it_is_old(catalogue: Catalogue) -> None:
    body = page(catalogue, **WORK, q="alpha/small").rows[0].body()
    assert list(body) == ["model", "offer", "provider", "total", "at_least", "ended", "stale", "disputed", "lines"]
    assert (body["total"], body["stale"], body["at_least"]) == (6, True, False)
    assert [(line["meter"], line["source"], line["url"]) for line in body["lines"]] == [
        ("input", "alpha_page", "https://example.com/prices"), ("output", "alpha_page", "https://example.org/all.json"),
    ]  # fmt: skip


def test_a_printed_row_is_its_body_as_json_whatever_was_printed_before(catalogue: Catalogue) -> None:
    disputed = price("input", "2", document=1, disputed=[{"source": "other", "usd": "2.5"}])
    rows = [*OFFERS, sold("odd%20ly", "beta/quiet", "1", "1") | {"prices": [disputed, price("output", "3", document=1)]}]
    in_order = ((body, bodies.CHANGED) for body in sorted(rows, key=lambda body: str(body["id"])))
    fresh = build(((body, bodies.CHANGED) for body in MODELS), in_order, bodies.DOCUMENTS, bodies.VERSION)
    stale = replace(fresh, version=catalogue.version)
    moved = fresh.rechecked(bodies.VERSION, {1: replace(bodies.DOCUMENTS[1], url="https://example.net/%s?a=%25")})
    seen: list[CostRow] = []
    for work in ({"input_tokens": "7"}, {"input_tokens": "1234.5", "cache_hit": "1"}, {"output_tokens": "9", "requests": "0"}):
        for now in (fresh, stale, moved, fresh):
            question = ask([(name, [value]) for name, value in (work | {"per": "offer"}).items()], now=bodies.NOW)
            printed, found = printed_page(now, question), cost_page(now, question)
            assert printed.rows == [wire.dumps(row.body()).decode() for row in found.rows]
            assert (printed.total, printed.next, printed.unpriced) == (found.total, found.next, found.unpriced)
            seen.extend(found.rows)
    assert {row.stale for row in seen} == {bool(row.receipt.disputed) for row in seen} == {True, False}


@pytest.mark.parametrize("free", ["first", "last"])
def test_pages_go_on_by_total_and_id_and_files_hold_all_rows(catalogue: Catalogue, free: str) -> None:
    """Pages and files have one order; `free=last` has what costs nothing behind all others."""
    asked = WORK | {"per": "offer", "free": free}
    for limit in (1, 2, 4):
        seen, cursor = [], ""
        while True:
            found = page(catalogue, **asked, limit=limit, **({"cursor": cursor} if cursor else {}))
            seen.extend(totals(found))
            if not found.next:
                break
            cursor = found.next
        pairs = [(name, [str(value)]) for name, value in asked.items()]
        whole = [
            (row.receipt.offer, f"{row.receipt.total:f}")
            for rows in all_costs(catalogue, ask(pairs, now=bodies.NOW))
            for row in rows
        ]
        assert seen == whole
        assert seen == sorted(seen, key=lambda row: (free == "last" and row[1] == "0", Decimal(row[1]), row[0]))
        assert len(seen) == found.total == 6
    with pytest.raises(QueryError, match="cursor"):
        page(catalogue, input_tokens=5, per="offer", cursor=page(catalogue, **WORK, per="offer", limit=2).next)


def test_what_has_ended_ranks_no_longer_beside_what_goes_on_and_says_so_where_its_model_is_retired() -> None:
    models = [
        model("alpha/gone", cost_basis=own("alpha/gone") | {"ended_offer": "alpha/alpha/gone"}, status="retired"),
        model("beta/lyra", cost_basis={"offer": None, "basis": "median", "ended_offer": "beta/beta/lyra"}),
    ]
    offers = [
        sold("alpha", "alpha/gone", "1", "5", status="retired"),
        sold("beta", "beta/lyra", "1", "1", status="retired"),
        sold("hostly", "beta/lyra", "2", "2"),
    ]
    built = build(
        ((body, bodies.CHANGED) for body in models), ((body, bodies.CHANGED) for body in offers), bodies.DOCUMENTS, bodies.VERSION
    )
    found = page(built, **WORK, per="offer")
    assert [(row.receipt.offer, row.body()["ended"]) for row in found.rows] == [
        ("hostly/beta/lyra", False),
        ("alpha/alpha/gone", True),
    ]
    assert found.unpriced == {"ended": 1}
    assert [row["ended"] for row in map(wire.parsed, map(str.encode, _printed(built)))] == [False, True]
    of_models = page(built, **WORK)
    assert [row.ended for row in of_models.rows] == [True]
    assert of_models.unpriced == {"median": 1}


def _printed(built: Catalogue) -> list[str]:
    pairs = [(name, [str(value)]) for name, value in {**WORK, "per": "offer"}.items()]
    return printed_page(built, ask(pairs, now=bodies.NOW)).rows


def test_a_preset_is_a_workload_with_the_type_that_does_it_and_gives_way_to_what_is_stated(catalogue: Catalogue) -> None:
    question = ask([("preset", ["agent_day"]), ("requests", ["2"])], now=bodies.NOW)
    assert (question.workload.requests, question.workload.cache_hit) == (Decimal(2), Decimal("0.95"))
    assert [row.receipt.model for row in page(catalogue, preset="embed_million_words").rows] == []
    assert len(page(catalogue, preset="embed_million_words", type="text").rows) == 3


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"cache_hit": "0.6", "cache_write": "0.5", "input_tokens": 1}, {"cache_hit", "cache_write"}),
        ({"reasoning_tokens": 5, "output_tokens": 4}, {"reasoning_tokens", "output_tokens"}),
        ({}, {"input_tokens", "output_tokens"}),
        ({"input_tokens": 1, "basis": "median"}, {"basis"}),
        ({"input_tokens": "1e5"}, {"input_tokens"}),
        ({"input_tokens": 1, "utc_hours": "9-17"}, {"utc_hours"}),
        ({"input_tokens": 1, "sort": "name"}, {"sort"}),
        ({"preset": "make_tea"}, {"preset"}),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(catalogue: Catalogue, parameters: dict[str, Any], named: set[str]) -> None:
    with pytest.raises(QueryError) as refusal:
        page(catalogue, **parameters)
    assert {error["parameter"] for error in refusal.value.errors} == named


def test_the_documentation_names_every_preset_and_parameter() -> None:
    page = (PROJECT_ROOT / "docs" / "workload.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` | {preset.label} | {preset.assumes} |" in page for name, preset in PRESETS.items())
    assert all(f"`{parameter.name}`" in page for parameter in WORKLOAD)
