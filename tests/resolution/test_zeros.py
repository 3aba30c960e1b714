"""Zeros of catalogues: free where the seller says so or nobody charges, unknown where others do."""

from __future__ import annotations

from typing import Any

import pytest

from aimstats.resolution.inputs import ListingView
from tests.resolution.stated import copied, listing, resolved, source, usd

FREE = (usd("input", "0"), usd("output", "0"))
PAID = (usd("input", "2.5"), usd("output", "10"))


def beside_sellers(*of_it: ListingView, paid: int = 3) -> dict[str, Any]:
    """The cost of openai's offer where so many other sellers charge for the model."""
    found = resolved(*of_it, *(listing(*PAID, provider=f"seller-{number}") for number in range(paid)))
    cost: dict[str, Any] = next(offer.body["cost"] for offer in found.offers if offer.key.provider == "openai")
    return cost


def test_a_catalogues_zero_is_unknown_where_three_other_sellers_charge() -> None:
    found = beside_sellers(listing(*FREE))
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


def test_a_catalogues_zero_is_free_where_few_charge_and_where_a_copy_of_the_sellers_page_agrees() -> None:
    assert beside_sellers(listing(*FREE), paid=2)["input"] == "0"
    copy = copied(source("openai", "page", provider="openai"))
    assert beside_sellers(listing(*FREE), listing(*FREE, of=copy))["input"] == "0"


def test_the_sources_zero_stays_in_the_evidence() -> None:
    found = resolved(listing(*FREE), *(listing(*PAID, provider=f"seller-{number}") for number in range(3)))
    offer = next(offer for offer in found.offers if offer.key.provider == "openai")
    assert [row["cost"] for row in offer.evidence] == [{"input": "0", "output": "0"}]
