"""A price cell states one amount and at most one unit; whatever says more is refused, never cut down to a wrong figure."""

from decimal import Decimal

import pytest

from scrapy_project.base.pages import Page
from scrapy_project.base.price_cells import count_of
from scrapy_project.sources import spider_classes
from tests.spiders.expected import PAGES


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


def test_a_card_whose_parts_are_named_alike_gives_its_number_once() -> None:
    page = (PAGES / "anthropic" / "page-cards.html").read_text(encoding="utf-8").replace("<span> / MTok</span>", "")
    (card,) = spider_classes()["anthropic"]().parse_document(page.encode(), "https://claude.com/pricing").listings
    assert {stated.key.meter: stated.usd for stated in card.prices}["cache_write"] == 5


@pytest.mark.parametrize("stated", ["1,5€", "€1,5", "1.000,5€"])
def test_a_euro_amount_with_a_decimal_comma_is_no_thousand(stated: str) -> None:
    page = (PAGES / "mistral" / "page.html").read_text(encoding="utf-8")
    assert "3€ / 1,000 pages" in page
    document = spider_classes()["mistral"]().parse_document(
        page.replace("3€ / 1,000 pages", f"{stated} / 1,000 pages").encode(), "https://mistral.ai/pricing"
    )
    (annotated,) = [listing for listing in document.listings if listing.external_id == "OCR 9"]
    assert annotated.incomplete
    assert not [price for price in annotated.prices if price.key.meter == "page" and price.key.currency == "EUR"]
