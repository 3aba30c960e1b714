"""xAI's pages: prices in the page's data and as rendered, and the guides of its retirements."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import pytest

from aimstats.domain.items import DocumentRefusedError
from tests.spiders.altered import altered, assert_counted_and_no_other, small_body
from tests.spiders.crawled import crawl_of, read_well
from tests.spiders.replayed import (
    Figures,
    assert_figure,
    figure_of,
    life,
    listing_at,
    needs_mirror,
    real_text,
    rows_listings_events,
    spots,
)

MODELS: Final = "https://docs.x.ai/docs/models"
XAI: Final = "https://docs.x.ai/"


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("xai", "page.html", "clusterConfigs", "clusters"),
        ("xai", "page.html", "Price", "Fee"),
        ("xai", "page-copy.md", "Prices shown per million tokens", "Prices shown per thousand tokens"),
        ("xai", "page-copy.md", "| Model | Context | Input | Output |", "| Model | Context | In | Out |"),
    ],
)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("xai", "page-copy.md", "| grix-9 | 1M | $1.25 | $2.50 |  |", "| grix-9 | $1.25 | $2.50 |  |"),
        ("xai", "page-copy.md", "| grix-9 | 1M | $1.25 | $2.50 |  |", "| grix-9 | 1M | $88 | $1.25 | $2.50 |  |"),
    ],
)  # fmt: skip
def test_a_table_whose_cells_moved_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("xai", "page-copy.md", "$0.05 / min", "$0,05 / min"),
        ("xai", "page-copy.md", "$4.20 / 1M characters", "$4,20 / 1M characters"),
        ("xai", "page-copy.md", "| Mode | Cost |  |", "| Mode | Fee |  |"),
    ],
)  # fmt: skip
def test_an_amount_that_is_not_understood_is_counted_and_gives_no_other_figure(
    source: str, page: str, old: str, new: str
) -> None:
    assert_counted_and_no_other(source, page, old, new)


FIGURES: Figures = {
    # (source, address): [(listing, price key without currency, search whose first group is the figure)]
    ("xai", "https://r.jina.ai/https://docs.x.ai/docs/models"): [
        ("grok-4.3", "input|standard|0||", r"\| grok-4\.3 \| 1M \| \$(\S+) \|"),
        ("grok-4.3", "output|standard|0||", r"\| grok-4\.3 \| 1M \| \$1\.25 \| \$(\S+) \|"),
        ("grok-4-1-fast-reasoning", "output|standard|0||", r"\| grok-4-1-fast-reasoning .*\$(\S+) \|  \|"),
        ("grok-imagine-image-pro", "image|standard|0||", r"\| grok-imagine-image-pro \| \$(\S+) / image"),
        ("grok-imagine-video", "output_video/second|standard|0||", r"\| grok-imagine-video \| \$(\S+) / sec"),
    ],
}  # fmt: skip


@needs_mirror
@pytest.mark.parametrize(("source", "url", "name", "key", "search"), spots(FIGURES))
def test_a_figure_is_the_documents(source: str, url: str, name: str, key: str, search: str) -> None:
    assert_figure(source, url, name, key, search)


SHOWN_BY_XAI = [
    # model, price key, what the page's visible table shows behind it
    ("grok-4-fast-reasoning", "input|standard|0||", 0, "0.20"),
    ("grok-4-0709", "output|standard|0||", 1, "15.00"),
    ("grok-3-mini", "input|standard|0||", 0, "0.30"),
    ("grok-code-fast-1", "output|standard|0||", 1, "1.50"),
    ("grok-2-vision-1212", "output|standard|0||", 1, "10.00"),
]


@needs_mirror
@pytest.mark.parametrize(("name", "key", "place", "shown"), SHOWN_BY_XAI)
def test_xais_hidden_figures_are_those_that_its_table_shows(name: str, key: str, place: int, shown: str) -> None:
    visible = re.sub(r"<script.*?</script>|<[^>]+>", " ", real_text(MODELS), flags=re.DOTALL)
    row = re.search(rf"\b{re.escape(name)}\b(?:(?!grok).)*?\$([\d.]+)\s+\$([\d.]+)", visible, re.DOTALL)
    assert row
    assert row[place + 1] == shown
    assert figure_of(listing_at("xai", MODELS, name), key) == Decimal(shown)


@needs_mirror
def test_xai_prices_images_and_long_context() -> None:
    assert figure_of(listing_at("xai", MODELS, "grok-2-image-1212"), "image|standard|0||") == Decimal("0.07")
    assert figure_of(listing_at("xai", MODELS, "grok-4-0709"), "input|standard|128000||") == 6


@needs_mirror
def test_every_row_becomes_its_events() -> None:
    assert rows_listings_events("xai_retirement") == (8, 8, 8)


@needs_mirror
def test_xai_redirects_at_noon_pacific() -> None:
    for name in ("grok-4-0709", "grok-3", "grok-code-fast-1"):
        event = life("xai_retirement", name)["redirected"]
        assert (event.at, event.effect) == (datetime(2026, 5, 15, 19, tzinfo=UTC), "redirect")
    assert life("xai_retirement", "grok-3")["redirected"].replacements == ("grok-4.3",)
    assert life("xai_retirement", "grok-code-fast-1")["redirected"].replacements == ("grok-build-0.1",)


def test_xais_retirements_are_the_guides_that_its_index_names() -> None:
    guides = f"{XAI}developers/migration/"
    retirement = small_body("xai_retirement", "page.md")
    documents = {
        f"{XAI}llms.txt": small_body("xai_retirement", "page-index.txt"),
        f"{guides}january-15-retirement.md": retirement,
        f"{guides}from-elsewhere.md": small_body("xai_retirement", "page-guide.md"),
    }
    assert set(read_well(crawl_of("xai_retirement", documents))) == set(documents)
    known = {f"{guides}may-15-retirement.md": retirement}
    assert read_well(crawl_of("xai_retirement", known)) == list(known)
