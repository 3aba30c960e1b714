"""A price cell states one amount and at most one unit; whatever says more is refused, never cut down to a wrong figure."""

from __future__ import annotations

from decimal import Decimal

import pytest

from aimstats.domain.money import NumberRefusedError
from scrapy_project.base.pages import Page
from scrapy_project.base.price_cells import amount, amounts, count_of, unit_of


@pytest.mark.parametrize(
    ("cell", "usd", "base_unit"),
    [
        ("$3", "3", ""), ("US$3", "3", ""), ("$.075", "0.075", ""), ("3$", "3", ""), ("$1,000.50", "1000.50", ""),
        ("$3*", "3", ""), ("$3 / MTok", "3", ""), ("$3 / 1K tokens", "3000", ""), ("$3 per 1,000 tokens", "3000", ""),
        ("$3 per 1 000 tokens", "3000", ""), ("$3 / 1M input tokens", "3", ""), ("$1 / MTok / hour", "1", "1M tokens hour"),
        ("$4.50 / 1,000,000 tokens per hour", "4.50", "1M tokens hour"), ("$0.05 per hour, per container", "0.05", "hour"),
        ("Free", "0", ""),
    ],
)  # fmt: skip
def test_a_cell_is_its_amount_in_its_own_unit(cell: str, usd: str, base_unit: str) -> None:
    draft = Page("acme", "https://a.example/").listing("acme-1")
    assert draft.add("input", cell, "1M tokens")
    assert [(stated.usd, stated.key.unit) for stated in draft.prices] == [(Decimal(usd), base_unit)]
    assert not draft.incomplete


@pytest.mark.parametrize(
    "cell",
    [
        "$1,5", "$0,30", "0,30$", "$1.000,50", "$12,34,567", "$1 000", "$3k", "$3M", "$2e-6", "$3 million", "-$3", "$-3",
        "CA$3", "3 CA$", "€3", "3 USD", "$3 AUD", "$3 / €2.8", "from $3", "up to $3", "~$3", "≥$3", "$3-5", "$3–5", "$3 to 5",
        "$3 (50% off)", "$3 [1]", "1 $3.00", "$3 / 1.5M tokens", "$3 / (1K tokens)", "$3 per thousand tokens",
        "$3 a thousand tokens", "$3 for 1K tokens", "$5 / image / month", "$0.04 / image (1024x1024)", "$3 / wish / MTok",
    ],
)  # fmt: skip
def test_a_cell_that_says_more_is_counted_and_never_cut_down(cell: str) -> None:
    page = Page("acme", "https://a.example/")
    draft = page.listing("acme-1")
    assert not draft.add("input", cell, "1M tokens")
    assert draft.prices == []
    assert draft.incomplete
    assert page.tally.unknown


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1 million tokens", 1_000_000), ("1.5 million", 1_500_000), ("128 000 tokens", 128_000), ("128kTokens", None),
        ("128Ki", None), ("1,5M", None), ("1M (beta)", 1_000_000), ("~200K", 200_000), ("MAXIMUM: 384K", 384_000),
    ],
)  # fmt: skip
def test_a_count_is_whole_or_none(text: str, count: int | None) -> None:
    assert count_of(text) == count


@pytest.mark.parametrize(
    ("cell", "unit"),
    [
        ("$5 / MTok", "1M tokens"), ("$10 per 1,000 searches", "1K requests"), ("$0.30 /video", "video"), ("$5", None),
        ("$14 / 1,000 search queries for text", "1K requests"), ("$0.025 / GiB / day", "GB day"),
        ("$0.10 / GB per day", "GB day"),
        ("$0.08 per session-hour", "hour"), ("$15 /1M characters", "1M characters"), ("$1/per M tokens", "1M tokens"),
        ("$2 / 1000 pages", "1K pages"), ("$0.05 / sec", "second"), ("$0.0024/minute", "minute"),
        ("$100 / 1000 images", "1K images"),
    ],
)  # fmt: skip
def test_a_cell_names_its_unit(cell: str, unit: str | None) -> None:
    assert unit_of(cell) == unit


@pytest.mark.parametrize("cell", ["$5 / furlong", "$1 per wish", "$3 / 7K tokens", "$2 / GB"])
def test_an_unknown_unit_is_never_taken_for_the_columns(cell: str) -> None:
    with pytest.raises(NumberRefusedError):
        unit_of(cell)
    draft = Page("acme", "https://a.example/").listing("acme-1")
    assert not draft.add("input", cell, "1M tokens")
    assert draft.incomplete
    assert draft.prices == []


def test_amounts_are_exact_and_one_cell_has_one() -> None:
    assert amounts("$2.50 or US$1,000 or 3$") == [Decimal("2.50"), Decimal(1000), Decimal(3)]
    assert amount("$.075") == Decimal("0.075")
    assert amount("Free of charge") == 0
    assert amount("soon") is None
    with pytest.raises(NumberRefusedError):
        amount("$3 / $15")


def test_counts_are_decimal() -> None:
    assert [count_of(text) for text in ("262,144 tokens", "200k", "1M", "1.05M", "none", "0")] == [
        262_144, 200_000, 1_000_000, 1_050_000, None, None,
    ]  # fmt: skip


def test_contradictory_figures_for_one_key_are_none_and_counted() -> None:
    page = Page("acme", "https://a.example/")
    draft = page.listing("acme-1")
    draft.add("input", "$1", "1M tokens")
    draft.add("input", "$1.00", "1M tokens")
    assert not draft.seen().incomplete
    draft.add("input", "$2", "1M tokens")
    seen = draft.seen()
    assert seen.incomplete
    assert seen.prices == ()
    assert page.tally.unknown == {"price: contradictory figures for input|standard|0|||USD|": 1}


def test_a_third_figure_settles_no_contradiction_and_other_keys_stand() -> None:
    draft = Page("acme", "https://a.example/").listing("acme-1")
    for cell in ("$1", "$2", "$1"):
        draft.add("input", cell, "1M tokens")
    draft.add("output", "$3", "1M tokens")
    assert [(price.key.meter, price.usd) for price in draft.seen().prices] == [("output", Decimal(3))]


def test_contradictory_facts_are_none_and_counted_but_a_name_may_have_two_spellings() -> None:
    page = Page("acme", "https://a.example/")
    draft = page.listing("acme-1")
    draft.state(limit_context=1_000, limit_output=10, name="Acme One", status="retired")
    draft.state(limit_context=2_000, limit_output=10, name="Acme 1", status="deprecated")
    draft.state(limit_context=1_000)
    assert draft.seen().facts == {"limit.output": 10, "name": "Acme One", "status": "retired"}
    assert page.tally.unknown == {"limit.context: contradictory": 1}
