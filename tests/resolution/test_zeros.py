"""Zeros of catalogues: free where the seller says so, or charges for nothing; else unknown."""

from __future__ import annotations

from typing import Any

import pytest

from aimstats.resolution.inputs import ListingView
from tests.resolution.stated import copied, listing, resolved, source, usd

FREE = (usd("input", "0"), usd("output", "0"))
PAID = (usd("input", "2.5"), usd("output", "10"))


def beside_sellers(*of_it: ListingView, paid: int = 3, at: str = "openai") -> dict[str, Any]:
    """The cost of openai's offer, or another's, where so many other sellers charge for the model."""
    found = resolved(*of_it, *(listing(*PAID, provider=f"seller-{number}") for number in range(paid)))
    cost: dict[str, Any] = next(offer.body["cost"] for offer in found.offers if offer.key.provider == at)
    return cost


@pytest.mark.parametrize("paid", [0, 3])
def test_a_catalogues_zero_is_unknown(paid: int) -> None:
    found = beside_sellers(listing(*FREE), paid=paid)
    assert (found["input"], found["output"]) == (None, None)
    assert found["absent"] == {"input": "not_published", "output": "not_published"}


@pytest.mark.parametrize(
    "stated",
    [
        {"of": source("openai", "page", provider="openai")},
        {"of": copied(source("openai", "page", provider="openai"))},
        {"of": source("openai_api", "api", provider="openai")},
        {"billing": "free_tier"},
        {"variant": "free", "billing": "free_tier"},
    ],
    ids=["own page", "a copy of it", "own API", "free tier", "free variant"],
)
def test_what_the_seller_says_is_free_is_free(stated: dict[str, Any]) -> None:
    assert beside_sellers(listing(*FREE, **stated))["input"] == "0"


def test_a_catalogues_zero_is_free_at_a_seller_that_charges_for_nothing_where_few_others_do() -> None:
    given = listing(*FREE, provider="publicai")
    assert beside_sellers(given, paid=2, at="publicai")["input"] == "0"
    assert beside_sellers(given, paid=3, at="publicai")["input"] is None


def test_ones_own_machine_bills_nothing_and_gives_nothing_away() -> None:
    found = beside_sellers(listing(*FREE, provider="ollama", billing="free_tier"), paid=0, at="ollama")
    assert (found["input"], found["absent"]) == (None, {"input": "not_billed", "output": "not_billed"})


def test_a_catalogues_zero_is_free_where_a_copy_of_the_sellers_page_agrees() -> None:
    copy = copied(source("openai", "page", provider="openai"))
    assert beside_sellers(listing(*FREE), listing(*FREE, of=copy))["input"] == "0"


def test_the_sources_zero_stays_in_the_evidence() -> None:
    found = resolved(listing(*FREE), *(listing(*PAID, provider=f"seller-{number}") for number in range(3)))
    offer = next(offer for offer in found.offers if offer.key.provider == "openai")
    assert [row["cost"] for row in offer.evidence] == [{"input": "0", "output": "0"}]
