"""Mistral's pages: prices in dollars and euros, and dates in the American order."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import pytest

from aimstats.domain.items import DocumentRefusedError
from scrapy_project.sources import spider_classes
from tests.spiders.altered import altered, assert_counted_and_no_other, days_first, read, small_page
from tests.spiders.expected import PAGES, page_url
from tests.spiders.replayed import (
    Figures,
    assert_figure,
    figure_of,
    first,
    life,
    listing_at,
    needs_mirror,
    real_text,
    rows_listings_events,
    spots,
)

PRICES: Final = "https://mistral.ai/pricing"


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("mistral", "page.html", "self.__next_f.push", "self.__other"),
        ("mistral", "page.html", "apis", "things"),
    ],
)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


def test_a_list_of_models_without_its_tables_is_refused() -> None:
    text = small_page("mistral", "page-models.md").replace(" icon]", "]")
    assert "|" in text
    with pytest.raises(DocumentRefusedError):
        read("mistral", text.replace("|", ""), page_url("mistral", PAGES / "mistral" / "expected-models.json"))


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("mistral", "page.html", "<p>$2</p>", "<p>from $2</p>"),
    ],
)  # fmt: skip
def test_an_amount_that_is_not_understood_is_counted_and_gives_no_other_figure(
    source: str, page: str, old: str, new: str
) -> None:
    assert_counted_and_no_other(source, page, old, new)


FIGURES: Figures = {
    # (source, address): [(listing, price key without currency, search whose first group is the figure)]
    ("mistral", "https://mistral.ai/pricing"): [
        ("Mistral Medium 3.5", "output|standard|0||", r'mistral-medium-latest\\",.*?Output .*?price_dollar\\":\\"\$\$([\d.]+)'),
        ("Mistral Large 3", "input|standard|0||", r'mistral-large-latest\\",.*?price_dollar\\":\\"[^$]*\$([\d.]+)'),
        ("Voxtral TTS", "input_character|standard|0||", r"\$(0\.016) per 1(k) characters"),
        ("Codestral Embed", "input|standard|0||", r'codestral-embed-2505\\",.*?price_dollar\\":\\"[^$]*\$([\d.]+)'),
        ("Mixtral 8x22B", "output|standard|0||", r'open-mixtral-8x22b\\",.*?Output .*?price_dollar\\":\\"[^$]*\$([\d.]+)'),
    ],
}  # fmt: skip


@needs_mirror
@pytest.mark.parametrize(("source", "url", "name", "key", "search"), spots(FIGURES))
def test_a_figure_is_the_documents(source: str, url: str, name: str, key: str, search: str) -> None:
    assert_figure(source, url, name, key, search)


@needs_mirror
def test_mistral_states_dollars_and_euros() -> None:
    medium = listing_at("mistral", PRICES, "Mistral Medium 3.5")
    assert figure_of(medium, "input|standard|0||") == Decimal("1.5")
    assert figure_of(medium, "input|standard|0||", "EUR") == Decimal("1.25")
    assert [price.usd for price in medium.prices if price.key.currency == "EUR"] == [None, None]


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


@needs_mirror
def test_every_row_becomes_its_events() -> None:
    assert rows_listings_events("mistral_retirement") == (45, 43, 86)


@needs_mirror
def test_mistral_dates_are_us_dates() -> None:
    rows = re.findall(
        r"\| ([a-z][\w-]+) +\| (\d+)/(\d+)/(\d{4}) +\| (\d+)/(\d+)/(\d{4}) +\|", real_text(first("mistral_retirement"))
    )
    assert len(rows) == 42
    for name, *parts in rows:
        m1, d1, y1, m2, d2, y2 = map(int, parts)
        found = life("mistral_retirement", name)
        assert found["deprecated"].at == datetime(y1, m1, d1, tzinfo=UTC)
        assert found["retired"].at == datetime(y2, m2, d2, tzinfo=UTC)
    assert life("mistral_retirement", "Mistral Next")["deprecated"].precision == "none"


def test_days_before_months_refuse_the_page() -> None:
    with pytest.raises(DocumentRefusedError, match="is no US date"):
        read("mistral_retirement", days_first(small_page("mistral_retirement")))
