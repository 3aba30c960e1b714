"""The record that misses no key."""

from decimal import Decimal
from typing import Any

import pytest

from aimstats.domain.prices import price
from scrapy_project.base import Record, Tally, distinct_prices
from scrapy_project.base.record import names_a_price


def record(**values: Any) -> Record:
    return Record(values, "model", Tally())


def test_a_key_that_nobody_took_is_counted_by_its_path() -> None:
    one = record(name="A", colour="red", empty=None)
    assert one.text("name") == "A"
    one.close()
    assert dict(one.tally.unknown) == {"model.colour": 1}
    assert not one.incomplete


@pytest.mark.parametrize("key", ["input_cost_per_joule", "peakPrice", "price", "us_rate", "multiplier"])
def test_an_unknown_price_makes_the_listing_incomplete(key: str) -> None:
    one = record(**{key: 1})
    one.close()
    assert one.incomplete


@pytest.mark.parametrize("key", ["temperature", "generates", "moderated", "accosted"])
def test_other_words_are_no_prices(key: str) -> None:
    assert not names_a_price(key)


def test_whatever_is_unknown_inside_a_price_makes_all_around_it_incomplete() -> None:
    one = record(cost={"tiers": [{"smell": 1}]})
    cost = one.record("cost", priced=True)
    assert cost is not None
    cost.records("tiers")[0].close()
    assert one.incomplete


@pytest.mark.parametrize("value", [0, "0", Decimal(0), None])
def test_a_limit_of_zero_is_unknown(value: Any) -> None:
    one = record(limit=value)
    assert one.count("limit") is None
    assert not one.tally.unknown


@pytest.mark.parametrize("value", [True, "many", -5, Decimal("1.5"), [], 10**15])
def test_what_is_no_count_is_counted_as_unknown(value: Any) -> None:
    one = record(limit=value)
    assert one.count("limit") is None
    assert len(one.tally.unknown) == 1


@pytest.mark.parametrize("value", [Decimal("0.1"), "0.1", 3])
def test_an_amount_is_kept_as_stated(value: Any) -> None:
    assert record(cost=value).amount("cost") == Decimal(value)


@pytest.mark.parametrize("value", [-1, "-0.5", "free", True, Decimal("1e-16"), Decimal("1e12"), {}])
def test_what_is_no_amount_makes_the_listing_incomplete(value: Any) -> None:
    one = record(cost=value)
    assert one.amount("cost") is None
    assert one.incomplete


def test_one_price_said_twice_is_one_price_and_two_figures_are_counted() -> None:
    once, again = price("input", Decimal(3)), price("input", Decimal("0.000003"), "token")
    one = record()
    assert distinct_prices([once, again], one) == (once,)
    assert not one.incomplete
    assert distinct_prices([once, price("input", Decimal(4))], one) == ()
    assert one.incomplete
