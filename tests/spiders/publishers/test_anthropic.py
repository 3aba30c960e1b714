"""Anthropic's pages: prices, cards, limits and dates of deprecation."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import pytest

from aimstats.domain.items import DocumentRefusedError
from scrapy_project.sources import spider_classes
from tests.spiders.altered import altered, events, read, small_page
from tests.spiders.expected import PAGES
from tests.spiders.replayed import (
    Figures,
    assert_fact,
    assert_figure,
    day,
    figure_of,
    first,
    life,
    listing_at,
    needs_mirror,
    real_text,
    rows_listings_events,
    seen,
    spots,
)

CLAUDE: Final = "https://platform.claude.com/docs/en/about-claude/pricing.md"
OVERVIEW: Final = "https://platform.claude.com/docs/en/about-claude/models/overview.md"


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("anthropic", "page.md", "Base Input Tokens", "Entry"),
        ("anthropic", "page.md", "Output Tokens", "Exit"),
        ("anthropic", "page-overview.md", "Claude API ID", "Identifier"),
        ("anthropic", "page-cards.html", "tokens_main_label", "label"),
        ("anthropic", "page-cards.html", "tokens_main_val", "value"),
    ],
)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


FIGURES: Figures = {
    # (source, address): [(listing, price key without currency, search whose first group is the figure)]
    ("anthropic", "https://platform.claude.com/docs/en/about-claude/pricing.md"): [
        ("Claude Opus 4.7", "input|standard|0||", r"\| Claude Opus 4\.7 +\| \$(\S+) / MTok"),
        ("Claude Opus 4.7", "cache_write|standard|0||", r"\| Claude Opus 4\.7 +(?:\|[^|]*){1}\| \$(\S+) / MTok"),
        ("Claude Opus 4.7", "cache_write_1h|standard|0||", r"\| Claude Opus 4\.7 +(?:\|[^|]*){2}\| \$(\S+) /"),
        ("Claude Haiku 3.5", "cache_read|standard|0||", r"\| Claude Haiku 3\.5 +(?:\|[^|]*){3}\| \$(\S+) /"),
        ("Claude Haiku 3", "output|batch|0||", r"\| Claude Haiku 3 +\| \$0\.125 / MTok +\| \$(\S+) /"),
        ("Claude Opus 4.6", "output|fast|0||", r"\| \$30 / MTok \| \$(\d+) / MTok \|"),
        ("Web search tool", "web_search|standard|0||", r"\*\*\$(10) per 1,(000) searches"),
    ],
    ("anthropic", "https://platform.claude.com/docs/en/about-claude/models/overview.md"): [
        ("claude-haiku-4-5-20251001", "output|standard|0||", r"\\\$1 / input MTok<br/>\\\$(\S+) / output"),
    ],
    ("anthropic", "https://claude.com/pricing"): [
        ("Opus 4.7", "cache_write|standard|0||", r'>Opus 4\.7</h3>.*?>Write</div>.*?data-value="([\d.]+)"'),
    ],
}  # fmt: skip


@needs_mirror
@pytest.mark.parametrize(("source", "url", "name", "key", "search"), spots(FIGURES))
def test_a_figure_is_the_documents(source: str, url: str, name: str, key: str, search: str) -> None:
    assert_figure(source, url, name, key, search)


@needs_mirror
@pytest.mark.parametrize(
    ("source", "url", "name", "key", "search", "factor"),
    [
        ("anthropic", OVERVIEW, "claude-opus-4-7", "limit.output", r"\*\*Max output\*\* \| (128)k tokens", 1_000),
    ],
)
def test_a_fact_is_the_documents(source: str, url: str, name: str, key: str, search: str, factor: int) -> None:
    assert_fact(source, url, name, key, search, factor)


@needs_mirror
def test_claude_cache_writes_by_time_to_live() -> None:
    sonnet = listing_at("anthropic", CLAUDE, "Claude Sonnet 4.6")
    assert figure_of(sonnet, "cache_write|standard|0||") == Decimal("3.75")
    assert figure_of(sonnet, "cache_write_1h|standard|0||") == 6
    us = listing_at("anthropic", CLAUDE, "Claude Sonnet 4.6", region="us")
    assert figure_of(us, "cache_write_1h|standard|0||") == Decimal("6.6")
    assert all(price.derived_from for price in us.prices)
    regional = {found.external_id for found in seen("anthropic", CLAUDE).listings if found.region}
    assert regional == {"Claude Opus 4.7", "Claude Opus 4.6", "Claude Sonnet 4.6"}


def test_fees_beside_the_cards_are_counted() -> None:
    page = (PAGES / "anthropic" / "page-cards.html").read_text(encoding="utf-8")
    fees = "<p>$0.08 per session-hour</p><p>$10 / 1K searches<br/></p></body>"
    seen = spider_classes()["anthropic"]().parse_document(page.replace("</body>", fees).encode(), "https://claude.com/pricing")
    assert seen.skipped["fee for a tool, read in pricing.md"] == 2


def test_a_card_whose_parts_are_named_alike_gives_its_number_once() -> None:
    page = (PAGES / "anthropic" / "page-cards.html").read_text(encoding="utf-8").replace("<span> / MTok</span>", "")
    (card,) = spider_classes()["anthropic"]().parse_document(page.encode(), "https://claude.com/pricing").listings
    assert {stated.key.meter: stated.usd for stated in card.prices}["cache_write"] == 5


@needs_mirror
def test_every_row_becomes_its_events() -> None:
    assert rows_listings_events("anthropic_deprecations") == (30, 25, 43)


@needs_mirror
def test_anthropic_floors_are_no_retirement_dates() -> None:
    compared = 0
    for name, stated in re.findall(
        r"(?m)^\| `([\w.-]+)` *\| Active .*Not sooner than (\w+ \d+, \d+)", real_text(first("anthropic_deprecations"))
    ):
        event = life("anthropic_deprecations", name)["retired"]
        assert (event.at, event.precision) == (day(stated), "floor")
        compared += 1
    assert compared == 7
    for stated, name in re.findall(r"(?m)^\| (\w+ \d+, \d{4}) +\| `([\w.-]+)` *\|", real_text(first("anthropic_deprecations"))):
        event = life("anthropic_deprecations", name)["retired"]
        assert (event.at, event.precision, len(event.replacements)) == (day(stated), "exact", 1)
    opus = life("anthropic_deprecations", "claude-opus-4-20250514")
    assert (opus["deprecated"].at, opus["retired"].at) == (day("April 14, 2026"), day("June 15, 2026"))
    assert opus["retired"].replacements == ("claude-opus-4-7",)


def test_a_plain_date_of_an_active_model_of_anthropic_is_a_floor() -> None:
    text = small_page("anthropic_deprecations").replace("Not sooner than April 16, 2027", "April 16, 2027")
    [event] = events(read("anthropic_deprecations", text))["example-opus-9", ""]
    assert (event.at, event.precision) == (datetime(2027, 4, 16, tzinfo=UTC), "floor")
    before = small_page("anthropic_deprecations")
    assert events(read("anthropic_deprecations", text)) == events(read("anthropic_deprecations", before))
