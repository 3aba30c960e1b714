"""Providers' pages replayed whole: figures read a second time, by a search in the raw bytes, and nothing not understood."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from aimstats.domain.items import ListingSeen
from scrapy_project.sources import spider_classes
from tests.spiders.provider_figures import FIGURES
from tests.spiders.test_mirror_replay import MIRROR, manifest, seen

pytestmark = pytest.mark.skipif(not (MIRROR / "MANIFEST.json").exists(), reason="no ../shared/mirror beside the project")

SOURCES = [
    "anthropic", "cohere", "deepseek", "gemini_rendered", "minimax", "mistral", "moonshot", "novita_rendered", "openai",
    "openai_rendered", "siliconflow_rendered", "venice_rendered", "xai", "xai_rendered", "zai_rendered",
]  # fmt: skip
KIMI = "https://platform.kimi.ai/docs/pricing/chat-k26.md"
KIMI_MODELS = "https://platform.kimi.ai/docs/models.md"
INSTEAD = {"moonshot": (KIMI, KIMI_MODELS)}
"""What the mirror holds of sources whose index it does not hold."""
DOCUMENTS = [(source, url) for source in SOURCES for url in INSTEAD.get(source, spider_classes()[source].start_urls)]

CLAUDE = "https://platform.claude.com/docs/en/about-claude/pricing.md"
OVERVIEW = "https://platform.claude.com/docs/en/about-claude/models/overview.md"
OPENAI = "https://developers.openai.com/api/docs/pricing.md"
OPENAI_RENDERED = "https://r.jina.ai/https://platform.openai.com/docs/pricing"
MISTRAL = "https://mistral.ai/pricing"
DEEPSEEK = "https://api-docs.deepseek.com/quick_start/pricing"
XAI = "https://docs.x.ai/docs/models"
COHERE = "https://docs.cohere.com/docs/models.md"
MINIMAX = "https://platform.minimax.io/docs/api-reference/api-overview.md"
NOVITA = "https://r.jina.ai/https://novita.ai/pricing"
VENICE = "https://r.jina.ai/https://docs.venice.ai/overview/pricing"

SPOTS = [
    pytest.param(*document, *spot, id=f"{document[0]}-{spot[0]}-{spot[1]}")
    for document, spots in FIGURES.items()
    for spot in spots
]

FACTS = [
    ("anthropic", OVERVIEW, "claude-opus-4-7", "limit.output", r"\*\*Max output\*\* \| (128)k tokens", 1_000),
    ("moonshot", KIMI, "kimi-k2-0711-preview", "limit.context", r'kimi-k2-0711-preview".*?"(131,072) tokens', 1),
    ("cohere", COHERE, "command-a-03-2025", "limit.context", r"\| `command-a-03-2025` .*?\| (256)k +\| 8k", 1_000),
    ("cohere", COHERE, "command-a-03-2025", "limit.output", r"\| `command-a-03-2025` .*?\| 256k +\| (8)k", 1_000),
    ("cohere", COHERE, "rerank-v3.5", "limit.context", r"\| `rerank-v3\.5` .*?context length of (\d+) tokens", 1),
    ("cohere", COHERE, "embed-v4.0", "embedding_dimensions", r"\| `embed-v4\.0` .*?(\d+) \(default\)", 1),
    ("cohere", COHERE, "embed-english-light-v3.0", "embedding_dimensions", r"\| `embed-english-light-v3\.0` .*?\| (384) +\|", 1),
    ("minimax", MINIMAX, "MiniMax-M3", "limit.context", r"\| MiniMax-M3 +\| ([\d,]+)", 1),
    ("minimax", MINIMAX, "MiniMax-M2.7", "limit.context", r"\| MiniMax-M2\.7 +\| ([\d,]+)", 1),
    ("minimax", MINIMAX, "MiniMax-M2.5-highspeed", "limit.context", r"\| MiniMax-M2\.5-highspeed +\| ([\d,]+)", 1),
    ("minimax", MINIMAX, "MiniMax-M2.1", "limit.context", r"\| MiniMax-M2\.1 +\| ([\d,]+)", 1),
    ("minimax", MINIMAX, "MiniMax-M2", "limit.context", r"\| MiniMax-M2 +\| ([\d,]+)", 1),
]

SHOWN_BY_XAI = [
    # model, price key, what the page's visible table shows behind it
    ("grok-4-fast-reasoning", "input|standard|0||", 0, "0.20"),
    ("grok-4-0709", "output|standard|0||", 1, "15.00"),
    ("grok-3-mini", "input|standard|0||", 0, "0.30"),
    ("grok-code-fast-1", "output|standard|0||", 1, "1.50"),
    ("grok-2-vision-1212", "output|standard|0||", 1, "10.00"),
]


def raw(url: str) -> str:
    """The document's text."""
    return manifest()[url].read_text(encoding="utf-8")


def listing(source: str, url: str, name: str, region: str = "") -> ListingSeen:
    """One listing of a document, without a variant."""
    (found,) = [
        listing
        for listing in seen(source, url).listings
        if (listing.external_id, listing.region, listing.variant) == (name, region, "")
    ]
    return found


def figure(of: ListingSeen, key: str, currency: str = "USD") -> Decimal | None:
    """The normalised figure of a price key that is written without its currency."""
    return {str(price.key): price.normalised for price in of.prices}[f"{key}|{currency}|"]


@pytest.mark.parametrize(("source", "url", "name", "key", "search"), SPOTS)
def test_a_figure_is_the_documents(source: str, url: str, name: str, key: str, search: str) -> None:
    found = re.search(search, raw(url), re.DOTALL if ".*?" in search else 0)
    assert found, "the second reading finds nothing"
    factor = {"000": Decimal("0.001"), "k": Decimal(1_000)}.get(found[2], Decimal(1)) if len(found.groups()) > 1 else Decimal(1)
    assert figure(listing(source, url, name), key) == Decimal(found[1]) * factor


@pytest.mark.parametrize(("source", "url", "name", "key", "search", "factor"), FACTS)
def test_a_fact_is_the_documents(source: str, url: str, name: str, key: str, search: str, factor: int) -> None:
    found = re.search(search, raw(url))
    assert found, "the second reading finds nothing"
    assert listing(source, url, name).facts[key] == int(found[1].replace(",", "")) * factor


@pytest.mark.parametrize(("name", "key", "place", "shown"), SHOWN_BY_XAI)
def test_xais_hidden_figures_are_those_that_its_table_shows(name: str, key: str, place: int, shown: str) -> None:
    visible = re.sub(r"<script.*?</script>|<[^>]+>", " ", raw(XAI), flags=re.DOTALL)
    row = re.search(rf"\b{re.escape(name)}\b(?:(?!grok).)*?\$([\d.]+)\s+\$([\d.]+)", visible, re.DOTALL)
    assert row
    assert row[place + 1] == shown
    assert figure(listing("xai", XAI, name), key) == Decimal(shown)


def test_xai_prices_images_and_long_context() -> None:
    assert figure(listing("xai", XAI, "grok-2-image-1212"), "image|standard|0||") == Decimal("0.07")
    assert figure(listing("xai", XAI, "grok-4-0709"), "input|standard|128000||") == 6


@pytest.mark.parametrize(("source", "url"), DOCUMENTS)
def test_nothing_of_a_document_is_unknown(source: str, url: str) -> None:
    document = seen(source, url)
    assert document.unknown == {}
    assert len({listing.key for listing in document.listings}) == len(document.listings)


@pytest.mark.parametrize("source", SOURCES)
def test_only_prices_that_are_not_on_the_page_make_a_listing_incomplete(source: str) -> None:
    counts = {"novita_rendered": 4, "siliconflow_rendered": 3, "venice_rendered": 89}
    incomplete = sum(listing.incomplete for name, url in DOCUMENTS if name == source for listing in seen(source, url).listings)
    assert incomplete == counts.get(source, 0)


def test_deepseeks_promotion_ends_and_its_list_price_stays() -> None:
    prices = {str(price.key): price for price in listing("deepseek", DEEPSEEK, "deepseek-v4-pro").prices}
    promotion, listed = prices["input|standard|0|||USD|promotional"], prices["input|standard|0|||USD|"]
    assert (promotion.usd, listed.usd) == (Decimal("0.435"), Decimal("1.74"))
    assert promotion.valid_to == datetime(2026, 5, 31, 15, 59, tzinfo=UTC)
    assert listed.valid_to is None


def test_mistral_states_dollars_and_euros() -> None:
    medium = listing("mistral", MISTRAL, "Mistral Medium 3.5")
    assert figure(medium, "input|standard|0||") == Decimal("1.5")
    assert figure(medium, "input|standard|0||", "EUR") == Decimal("1.25")
    assert [price.usd for price in medium.prices if price.key.currency == "EUR"] == [None, None]


def test_claude_cache_writes_by_time_to_live() -> None:
    sonnet = listing("anthropic", CLAUDE, "Claude Sonnet 4.6")
    assert figure(sonnet, "cache_write|standard|0||") == Decimal("3.75")
    assert figure(sonnet, "cache_write_1h|standard|0||") == 6
    us = listing("anthropic", CLAUDE, "Claude Sonnet 4.6", region="us")
    assert figure(us, "cache_write_1h|standard|0||") == Decimal("6.6")
    assert all(price.derived_from for price in us.prices)
    regional = {found.external_id for found in seen("anthropic", CLAUDE).listings if found.region}
    assert regional == {"Claude Opus 4.7", "Claude Opus 4.6", "Claude Sonnet 4.6"}


def test_gpt_long_context_is_a_tier() -> None:
    short = {price.key.min_context_tokens for price in listing("openai", OPENAI, "gpt-5.4").prices}
    rendered = listing("openai_rendered", OPENAI_RENDERED, "gpt-5.4")
    assert short == {0}
    assert figure(rendered, "input|standard|0||") == Decimal("2.5")
    assert figure(rendered, "input|standard|272000||") == 5
    assert figure(rendered, "output|flex|272000||") == Decimal("11.25")
    assert not any(price.key.min_context_tokens for price in listing("openai_rendered", OPENAI_RENDERED, "gpt-5.4-mini").prices)


def test_kimi_says_what_was_discontinued() -> None:
    document = seen("moonshot", KIMI_MODELS)
    assert document.links is not None
    assert KIMI in document.links
    assert document.skipped == {"end of a model without one full date": 1}, "a sunset on August 31, of no year"
    retired = {found.external_id: found.lifecycle[0].at for found in document.listings if found.lifecycle}
    assert len(retired) == 7
    assert retired["kimi-k2-thinking"] == datetime(2026, 5, 25, tzinfo=UTC)
    assert retired["kimi-latest"] == datetime(2026, 1, 28, tzinfo=UTC)


def test_novitas_batch_rows_are_its_batch_plan() -> None:
    prices = listing("novita_rendered", NOVITA, "Seedance 1.5 Pro Text To Video").prices
    of_plan = {
        plan: {price.key.conditions: price.usd for price in prices if price.key.plan == plan} for plan in ("batch", "standard")
    }
    assert len(of_plan["batch"]) == 6
    assert {conditions: usd / 2 for conditions, usd in of_plan["standard"].items() if usd} == of_plan["batch"]


def test_a_figure_rounded_to_zero_is_not_free() -> None:
    rounded = listing("venice_rendered", VENICE, "stt-xai-v1")
    assert rounded.prices == ()
    assert rounded.incomplete
