"""DeepSeek's page: prices, and a promotion that ends."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import pytest

from aimstats.domain.items import DocumentRefusedError
from tests.spiders.altered import altered
from tests.spiders.replayed import Figures, assert_figure, listing, listing_at, needs_mirror, spots

PRICES: Final = "https://api-docs.deepseek.com/quick_start/pricing"


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("deepseek", "page.html", ">MODEL<", ">NAME<"),
        ("deepseek", "page.html", "1M OUTPUT TOKENS", "1K OUTPUT TOKENS"),
    ],
)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


FIGURES: Figures = {
    # (source, address): [(listing, price key without currency, search whose first group is the figure)]
    ("deepseek", "https://api-docs.deepseek.com/quick_start/pricing"): [
        ("deepseek-v4-flash", "input|standard|0||", r"\(CACHE MISS\)</td><td>\$([\d.]+)</td>"),
        ("deepseek-v4-flash", "output|standard|0||", r"1M OUTPUT TOKENS</td><td>\$([\d.]+)</td>"),
        ("deepseek-v4-flash", "cache_read|standard|0||", r"\(CACHE HIT\)<sup>\(2\)</sup></td><td>\$([\d.]+)</td>"),
        ("deepseek-v4-pro", "cache_read|standard|0||", r"\(CACHE HIT\).*?<del>\$([\d.]+)</del>"),
        ("deepseek-v4-pro", "output|standard|0||", r"1M OUTPUT TOKENS.*?<del>\$([\d.]+)</del>"),
    ],
}  # fmt: skip


@needs_mirror
@pytest.mark.parametrize(("source", "url", "name", "key", "search"), spots(FIGURES))
def test_a_figure_is_the_documents(source: str, url: str, name: str, key: str, search: str) -> None:
    assert_figure(source, url, name, key, search)


@needs_mirror
def test_deepseeks_promotion_ends_and_its_list_price_stays() -> None:
    prices = {str(price.key): price for price in listing_at("deepseek", PRICES, "deepseek-v4-pro").prices}
    promotion, listed = prices["input|standard|0|||USD|promotional"], prices["input|standard|0|||USD|"]
    assert (promotion.usd, listed.usd) == (Decimal("0.435"), Decimal("1.74"))
    assert promotion.valid_to == datetime(2026, 5, 31, 15, 59, tzinfo=UTC)
    assert listed.valid_to is None


@needs_mirror
@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("DeepSeek-R1", "2025-01-20"),
        ("DeepSeek-R1-0528", "2025-05-28"),
        ("DeepSeek-V3.2", "2025-12-01"),
        ("deepseek-v4-pro", "2026-04-24"),
    ],
)
def test_a_release_is_the_first_day_on_which_the_change_log_names_the_model(name: str, day: str) -> None:
    assert listing("deepseek_releases", name).facts["release_date"] == day
