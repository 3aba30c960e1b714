"""Kimi's pages: prices, what was discontinued, and the pages that its index names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pytest

from aimstats.domain.items import DocumentRefusedError
from tests.spiders.altered import altered, small_body
from tests.spiders.crawled import crawl_of, read_well
from tests.spiders.replayed import Figures, assert_fact, assert_figure, needs_mirror, seen, spots

KIMI: Final = "https://platform.kimi.ai/docs/"
PRICES: Final = f"{KIMI}pricing/chat-k26.md"
MODELS: Final = f"{KIMI}models.md"


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("moonshot", "page.md", "Output Price", "Exit"),
        ("moonshot", "page.md", "DocTable", "OtherTable"),
        ("moonshot", "page.md", '{ title: "Model"', "{ title: Model()"),
    ],
)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


FIGURES: Figures = {
    # (source, address): [(listing, price key without currency, search whose first group is the figure)]
    ("moonshot", "https://platform.kimi.ai/docs/pricing/chat-k26.md"): [
        ("kimi-k2.6", "input|standard|0||", r'"kimi-k2\.6", "1M tokens", <>\{"\$"\}0\.16</>, <>\{"\$"\}([\d.]+)</>'),
        ("kimi-k2.6", "cache_read|standard|0||", r'"kimi-k2\.6", "1M tokens", <>\{"\$"\}([\d.]+)</>'),
        ("kimi-k2.5", "output|standard|0||", r'"kimi-k2\.5", .*<>\{"\$"\}([\d.]+)</>, "262,144 tokens"'),
        ("kimi-k2-thinking-turbo", "output|standard|0||", r'"kimi-k2-thinking-turbo", .*\}([\d.]+)</>, "262'),
        ("moonshot-v1-128k", "input|standard|0||", r'"moonshot-v1-128k", "1M tokens", <>\{"\$"\}([\d.]+)</>'),
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
        ("moonshot", PRICES, "kimi-k2-0711-preview", "limit.context", r'kimi-k2-0711-preview".*?"(131,072) tokens', 1),
    ],
)
def test_a_fact_is_the_documents(source: str, url: str, name: str, key: str, search: str, factor: int) -> None:
    assert_fact(source, url, name, key, search, factor)


@needs_mirror
def test_kimi_says_what_was_discontinued() -> None:
    document = seen("moonshot", MODELS)
    assert document.links is not None
    assert PRICES in document.links
    assert document.skipped == {}
    retired = {found.external_id: found.lifecycle[0].at for found in document.listings if found.lifecycle}
    assert len(retired) == 14
    assert retired["moonshot-v1-8k"] == datetime(2026, 8, 31, tzinfo=UTC), "a sunset on August 31, of no year"
    assert retired["kimi-k2-thinking"] == datetime(2026, 5, 25, tzinfo=UTC)
    assert retired["kimi-latest"] == datetime(2026, 1, 28, tzinfo=UTC)


def test_kimis_pricing_pages_are_those_of_its_index() -> None:
    tomorrow = small_body("moonshot", "page.md").replace(b"mond-k9", b"mond-k10-turbo")
    readings = crawl_of(
        "moonshot",
        {
            f"{KIMI}llms.txt": small_body("moonshot", "page-index.txt"),
            f"{KIMI}models.md": small_body("moonshot", "page-models.md"),
            f"{KIMI}pricing/chat-k10.md": tomorrow,
        },
    )
    assert read_well(readings) == [f"{KIMI}llms.txt", f"{KIMI}models.md", f"{KIMI}pricing/chat-k10.md"]
    assert "mond-k10-turbo" in readings[f"{KIMI}pricing/chat-k10.md"]["names"]
    assert readings[f"{KIMI}pricing/chat-k95-code.md"]["status"] == "gone", "a missing detail page is no failure"


def test_kimis_pricing_pages_are_found_by_its_models_where_the_index_is_gone() -> None:
    documents = {
        f"{KIMI}models.md": small_body("moonshot", "page-models.md").replace(b"mond-k9", b"mond-k11"),
        f"{KIMI}pricing/chat-k11.md": small_body("moonshot", "page.md"),
        f"{KIMI}pricing/chat.md": small_body("moonshot", "page-overview.md"),
        f"{KIMI}pricing/chat-k10.md": small_body("moonshot", "page.md"),
    }
    readings = crawl_of("moonshot", documents)
    assert set(read_well(readings)) == set(documents)
    assert [url for url, reading in readings.items() if reading["is_index"] and reading["status"] == "ok"] == [
        f"{KIMI}models.md", f"{KIMI}pricing/chat.md"
    ]  # fmt: skip


def test_kimis_index_without_a_pricing_page_fails() -> None:
    readings = crawl_of("moonshot", {f"{KIMI}llms.txt": b"# Mond\n\n- [Models](https://platform.kimi.ai/docs/models.md)\n"})
    assert [(reading["status"], reading["is_index"]) for reading in readings.values()] == [("failed", True)]
