"""Which price stands for a model: its developer's own, the cheapest, the median."""

from __future__ import annotations

from typing import Any

import pytest

from aimstats.resolution.basis import bases_of
from tests.resolution.stated import listing, resolved, usd

OWN = ("openai",)


def offer(id_: str, input_: str | None = "1", output: str | None = "1", **rest: Any) -> dict[str, Any]:
    """The body of an offer, as far as prices are compared."""
    cost: dict[str, Any] = {"tiers": [], "plans": {}, "conditions": {}, "windowed": False, "incomplete": False, "absent": {}}
    cost |= {"input": input_, "output": output}
    provider = id_.partition("/")[0]
    return {
        "id": id_, "provider": provider, "host": provider, "cost": cost, "variant": "", "status": "active",
        "billing": "metered", "region": "default", "sku": "", "key_snapshot": "", "sources": ["cat"], "own_word": False,
    } | rest  # fmt: skip


def test_offers_are_compared_at_three_to_one() -> None:
    even, cheap_in = offer("a/m", "3", "15"), offer("b/m", "2", "17.9")
    assert bases_of([even, cheap_in], ())["cheapest"]["offer"] == "b/m", "5.975 on average, against 6"
    assert bases_of([even, offer("b/m", "2", "18.1")], ())["cheapest"]["offer"] == "a/m"


@pytest.mark.parametrize(
    ("stated", "is_compared"),
    [
        ({"input": None, "output": "1", "absent": {}}, False),
        ({"input": "1", "output": None, "absent": {"output": "not_published"}}, False),
        ({"input": "1", "output": None, "absent": {"output": "not_billed"}}, True),
        ({"input": "1", "absent": {}}, True),
    ],
    ids=["no input", "output unknown", "output not billed", "nothing written"],
)
def test_a_gap_is_not_free(stated: dict[str, Any], is_compared: bool) -> None:
    cost = {"tiers": [], "plans": {}, "windowed": False, "incomplete": False} | stated
    dearer = offer("z/m", "5", "5")
    found = bases_of([offer("a/m") | {"cost": cost}, dearer], ())["cheapest"]
    assert found["offer"] == ("a/m" if is_compared else "z/m")


def test_the_developers_own_price_comes_first() -> None:
    found = bases_of([offer("azure/m", "1"), offer("openai/m", "2")], OWN)
    assert (found["cost_basis"], found["cost"]["input"]) == ({"offer": "openai/m", "basis": "first_party"}, "2")
    least = {"offer": "azure/m", "provider": "azure", "input": "1", "output": "1", "left_out": 0}
    assert found["cheapest"] == least


def sellers(lowest: dict[str, Any]) -> list[dict[str, Any]]:
    """Five sellers at 1 to 5, and one far below them."""
    return [*(offer(f"s{price}/m", str(price), str(price)) for price in range(1, 6)), offer("cheap/m", "0.5", "0.5", **lowest)]


@pytest.mark.parametrize(
    ("lowest", "cheapest", "left_out"),
    [
        ({}, "s1", 1),
        ({"sources": ["cat", "other"]}, "cheap", 0),
        ({"own_word": True}, "cheap", 0),
    ],
    ids=["one catalogue alone states it", "two sources state it", "the seller itself states it"],
)
def test_cheapest_is_somebody_you_would_buy_from(lowest: dict[str, Any], cheapest: str, left_out: int) -> None:
    found = bases_of(sellers(lowest), ())["cheapest"]
    assert (found["provider"], found["left_out"]) == (cheapest, left_out)


def test_of_few_sellers_none_is_left_out_for_being_cheap() -> None:
    assert bases_of([offer("a/m", "9"), offer("b/m", "9"), offer("c/m", "0.1")], ())["cheapest"]["provider"] == "c"


def test_a_free_tier_is_no_headline_where_anybody_charges() -> None:
    free, paid, unknown = offer("a/m", billing="free_tier"), offer("b/m"), offer("c/m", None, None)
    for body, second in ((free, "0"), (paid, "0.0001")):
        body["cost"] = {
            "tiers": [],
            "plans": {},
            "conditions": {},
            "windowed": False,
            "incomplete": False,
            "absent": {},
            "second": second,
        }
    found = bases_of([free, paid, unknown], ())
    assert found["cost"]["second"] == "0.0001"


def test_without_a_first_party_offer_the_median_stands_and_is_marked() -> None:
    found = bases_of([offer("a/m", "1"), offer("b/m", "2"), offer("c/m", "9")], ())
    assert (found["cost_basis"], found["cost"]["input"]) == ({"offer": None, "basis": "median"}, "2")


def test_a_first_party_offer_without_any_figure_gives_way_to_the_median() -> None:
    found = bases_of([offer("openai/m", None, None), offer("a/m", "2")], OWN)
    assert found["cost_basis"]["basis"] == "median"


@pytest.mark.parametrize(
    "left_out",
    [
        offer("x/m", "0", "0"),
        offer("x/m", "0.1", billing="subscription"),
        offer("x/m", "0.1", billing="free_tier"),
        offer("x/m", "0.1", variant="high"),
        offer("x/m", "0.1", status="retired"),
        offer("x/m", "0.1", None),
        offer("x/m", None, "0.1"),
    ],
    ids=["free", "subscription", "free tier", "another variant", "retired", "output unknown", "input unknown"],
)
def test_is_neither_cheapest_nor_in_the_median(left_out: dict[str, Any]) -> None:
    found = bases_of([left_out, offer("a/m", "2"), offer("b/m", "4")], ())
    assert found["cheapest"]["offer"] == "a/m"
    assert found["median"] == {"input": "3", "output": "1"}


def test_the_plain_offer_of_the_main_provider_stands_for_the_developer() -> None:
    offers = [
        offer("google-vertex/m", "3"),
        offer("google/m:1", "2", key_snapshot="1"),
        offer("google/m@eu", "4", region="eu"),
        offer("google/m+high", "5", variant="high"),
        offer("google/m", "1"),
    ]
    for turn in range(len(offers)):
        assert bases_of([*offers[turn:], *offers[:turn]], ("google", "google-vertex"))["cost_basis"]["offer"] == "google/m"


@pytest.mark.parametrize(
    ("others", "status", "basis"),
    [
        ([offer("azure/m", "1")], "active", {"offer": None, "basis": "median"}),
        ([offer("azure/m", "1")], "retired", {"offer": "openai/m", "basis": "first_party"}),
        ([offer("azure/m", "1", status="retired")], "active", {"offer": "openai/m", "basis": "first_party"}),
        ([offer("azure/m", None)], "active", {"offer": "azure/m", "basis": "only_offer"}),
        ([offer("openai/m+fast", variant="fast"), offer("azure/m", "1")], "active", {"offer": None, "basis": "median"}),
        ([offer("openai/m@cn", region="cn")], "active", {"offer": None, "basis": "median"}),
    ],
    ids=["sold elsewhere", "retired", "ended everywhere", "no price elsewhere", "a variant goes on", "others name a region"],
)
def test_an_ended_offer_stands_only_for_what_nobody_sells(others: list[Any], status: str, basis: dict[str, Any]) -> None:
    found = bases_of([offer("openai/m", "2", status="retired"), *others], OWN, status)
    assert found["cost_basis"] == basis | {"ended_offer": "openai/m"}
    assert found["cost"]["input"] == {"openai/m": "2", "azure/m": None, None: "1"}[basis["offer"]]


def test_a_living_offer_of_the_developers_second_shop_stands_for_the_ended_one() -> None:
    offers = [offer("google/m", "2", status="retired"), offer("google-vertex/m", "3"), offer("azure/m", "1")]
    assert bases_of(offers, ("google", "google-vertex"), "active")["cost_basis"] == {
        "offer": "google-vertex/m",
        "basis": "first_party",
    }


def test_an_unknown_price_of_a_snapshot_that_goes_on_is_not_that_of_one_that_has_ended() -> None:
    offers = [offer("openai/m:1", "2", key_snapshot="1", status="retired"), offer("openai/m", None, None), offer("azure/m", "1")]
    found = bases_of(offers, OWN, "active")
    assert (found["cost_basis"], found["cost"]["input"]) == ({"offer": None, "basis": "median"}, "1")


def test_of_snapshots_alone_the_latest_stands() -> None:
    offers = [offer(f"openai/m:{day}", day[3], key_snapshot=day) for day in ("2024-05-13", "2024-11-20", "2024-08-06")]
    assert bases_of(offers, OWN)["cost_basis"]["offer"] == "openai/m:2024-11-20"


def test_a_model_that_nobody_prices_says_so() -> None:
    found = bases_of([], OWN)
    assert (found["cost_basis"], found["cheapest"], found["median"]) == (None, None, None)
    assert found["cost"]["absent"] == {"input": "not_published", "output": "not_published"}


def test_what_is_billed_by_the_image_stands_on_its_only_offer() -> None:
    image = offer("a/m", None, None)
    image["cost"] |= {"image": "0.04"}
    found = bases_of([image, offer("b/m", None, None)], ())
    assert found["cost_basis"] == {"offer": "a/m", "basis": "only_offer"}


def test_an_output_that_nobody_states_does_not_make_a_host_the_cheapest() -> None:
    rows = [
        listing(usd("input", "1"), usd("cache_read", "0.1"), provider="azure"),
        listing(usd("input", "2"), usd("output", "3"), provider="groq"),
    ]
    body = resolved(*rows).body
    assert body is not None
    assert body["cheapest"]["offer"] == "groq/openai/gpt-4o"
