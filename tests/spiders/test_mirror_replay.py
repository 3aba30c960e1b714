"""Every spider on the whole of its real documents, compared with a reader of its own."""

import json
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from aimstats.domain.items import DocumentSeen, ListingSeen
from scrapy_project.sources import spider_classes

MIRROR = Path(__file__).resolve().parents[2].parent / "shared" / "mirror"

pytestmark = pytest.mark.skipif(not (MIRROR / "MANIFEST.json").exists(), reason="no ../shared/mirror beside the project")


@cache
def manifest() -> dict[str, Path]:
    """Files by address."""
    entries = json.loads((MIRROR / "MANIFEST.json").read_text(encoding="utf-8"))
    return {entry["url"]: MIRROR / entry["file"] for entry in entries}


def first(source_id: str) -> str:
    """The source's first document, or the first that stands in for it, that the mirror holds."""
    return next(url for url in spider_classes()[source_id].first_documents() if url in manifest())


@cache
def seen(source_id: str, url: str = "") -> DocumentSeen:
    """What the source's spider says of one of its documents, by default of its first."""
    spider = spider_classes()[source_id]()
    url = url or first(source_id)
    return spider.parse_document(manifest()[url].read_bytes(), url)


@cache
def raw(url: str) -> Any:
    """The document as the standard library reads it, numbers as their text."""
    return json.loads(manifest()[url].read_text(encoding="utf-8"), parse_float=Decimal)


def usd(listing: ListingSeen, key: str) -> Decimal | None:
    """The figure of one price key, in its currency."""
    return {str(stated.key): stated.normalised for stated in listing.prices}.get(key)


def close(one: Decimal, other: Decimal) -> bool:
    """Equal but for float noise."""
    return abs(one - other) <= abs(other) * Decimal("1e-11")


@pytest.mark.parametrize(
    ("source_id", "rows", "listings"),
    [
        ("models_dev", 4255, 4255),
        ("litellm", 2719, 2711),
        ("openrouter", 339, 339),
        ("genai_prices", 1194, 1194),
        ("llm_prices", 112, 111),
        ("huggingface", 4, 7),
    ],
)
def test_every_record_becomes_a_listing(source_id: str, rows: int, listings: int) -> None:
    document = seen(source_id)
    assert (document.rows, len(document.listings)) == (rows, listings)
    assert len({listing.key for listing in document.listings}) == listings


@pytest.mark.parametrize(
    "source_id", ["models_dev", "litellm", "openrouter", "genai_prices", "llm_prices", "huggingface", "openrouter_endpoints"]
)
def test_no_price_key_is_unknown(source_id: str) -> None:
    document = seen(source_id)
    assert not any(listing.incomplete for listing in document.listings)
    assert set(document.unknown) <= {"model.release_date: not a date"}


IMAGE_TOKENS = {
    ("302ai", "gemini-3.1-flash-image-preview"), ("google", "gemini-2.5-flash-image"),
    ("google", "gemini-2.5-flash-image-preview"), ("google", "gemini-3.1-flash-image-preview"),
    ("vercel", "google/gemini-3-pro-image"),
}  # fmt: skip
"""Models that write text and images, whose `output` at models.dev is the price of image tokens on the sellers' pages."""
GENAI_IMAGE_TOKENS = {
    ("google", "gemini-2.5-flash-image"), ("google", "gemini-3-pro-image-preview"), ("google", "gemini-3.1-flash-image-preview")
}  # fmt: skip


def test_models_dev_figures_are_the_documents() -> None:
    prices = 0
    for listing in seen("models_dev").listings:
        record = raw("https://models.dev/api.json")[listing.provider]["models"][listing.external_id]
        cost = record.get("cost", {})
        assert bool(listing.prices) == bool(cost)
        for key in ("input", "output", "cache_read", "cache_write", "reasoning", "input_audio", "output_audio"):
            of_images = record["modalities"]["output"] == ["image"] or (listing.provider, listing.external_id) in IMAGE_TOKENS
            meter = "output_image" if key == "output" and of_images else key
            currency = "EUR" if listing.provider == "scaleway" else "USD"
            figure = usd(listing, f"{meter}|standard|0|||{currency}|")
            assert (figure is None) == (key not in cost)
            assert figure is None or close(figure, Decimal(cost[key]))
            prices += figure is not None
        for name in ("context", "input", "output"):
            assert listing.facts.get(f"limit.{name}") == (record["limit"].get(name) or None)
    assert prices == 10_073


def test_models_dev_silence_and_zero_are_two_things() -> None:
    listings = seen("models_dev").listings
    silent = [listing for listing in listings if not listing.prices]
    free = [
        listing
        for listing in listings
        if usd(listing, "input|standard|0|||USD|") == 0 and usd(listing, "output|standard|0|||USD|") in (0, None)
    ]
    assert len(silent) == 214
    assert len(free) == 417


def test_litellm_token_prices_are_the_documents() -> None:
    document = seen("litellm")
    by_id = {listing.external_id: listing for listing in document.listings if not _is_derived(listing)}
    for listing in document.listings:
        by_id |= dict.fromkeys(listing.aliases, listing)
    records = raw(spider_classes()["litellm"].start_urls[0])
    records.pop("sample_spec")
    assert by_id.keys() == records.keys()
    compared = 0
    for external_id, record in records.items():
        for key, plan in (("", "standard"), ("_batches", "batch"), ("_flex", "flex"), ("_priority", "priority")):
            for side in ("input", "output"):
                stated = record.get(f"{side}_cost_per_token{key}")
                if stated is None:
                    continue
                found = [
                    price.normalised
                    for price in by_id[external_id].prices
                    if (price.key.meter, price.key.plan) == (side, plan) and not price.key.min_context_tokens
                ]
                assert len(found) == 1
                assert found[0] is not None
                assert close(found[0], Decimal(stated) * 1_000_000)
                compared += 1
    assert compared == 2257 + 2257 + 92 + 92 + 20 + 20 + 65 + 64


def _is_derived(listing: ListingSeen) -> bool:
    return bool(listing.prices) and all(stated.derived_from for stated in listing.prices)


def test_litellm_counts_follow_its_table() -> None:
    keys = Counter(str(stated.key) for listing in seen("litellm").listings for stated in listing.prices)
    assert keys["capacity|provisioned|0|||USD|"] == 28
    assert keys["output_video/second|standard|0||resolution=1080p|USD|"] == 1
    assert keys["ocr_page|standard|0|||USD|"] == 9
    assert keys["citation|standard|0|||USD|"] == 1
    lifecycle = [event for listing in seen("litellm").listings for event in listing.lifecycle]
    assert len(lifecycle) == 58
    assert sum(listing.kind == "other" for listing in seen("litellm").listings) == 23


def test_wandb_figures_are_stated_as_they_are() -> None:
    prices = [usd(listing, "input|standard|0|||USD|") for listing in seen("litellm").listings if listing.provider == "wandb"]
    assert max(figure for figure in prices if figure is not None) > 1_000


def test_openrouter_figures_are_the_documents() -> None:
    records = {record["id"]: record for record in raw("https://openrouter.ai/api/v1/models")["data"]}
    meters = {
        "prompt": "input",
        "completion": "output",
        "input_cache_read": "cache_read",
        "input_cache_write": "cache_write",
    }
    for listing in seen("openrouter").listings:
        pricing = records[listing.external_id]["pricing"]
        plan = "free" if listing.external_id.endswith(":free") else "standard"
        for key, meter in meters.items():
            figure = usd(listing, f"{meter}|{plan}|0|||USD|")
            if pricing.get(key) in (None, "-1"):
                assert figure is None
            else:
                assert figure is not None
                assert close(figure, Decimal(pricing[key]) * 1_000_000)


def test_openrouter_sentinels_are_no_prices() -> None:
    listings = seen("openrouter").listings
    variable = [listing for listing in listings if any(stated.absent for stated in listing.prices)]
    assert {listing.external_id for listing in variable} == {
        "openrouter/auto", "openrouter/bodybuilder", "openrouter/fusion", "openrouter/pareto-code"
    }  # fmt: skip
    assert all(listing.kind == "router" for listing in variable)
    assert sum(any(stated.key.plan == "free" for stated in listing.prices) for listing in listings) == 23
    assert [event.at.year for listing in listings for event in listing.lifecycle if event.at] == [2026] * 4


def test_genai_prices_dates_make_steps() -> None:
    listing = next(one for one in seen("genai_prices").listings if one.external_id == "claude-opus-4-6")
    step = datetime(2026, 3, 13, tzinfo=UTC)
    steps = [(one.usd, one.valid_from, one.valid_to) for one in listing.prices if str(one.key) == "input|standard|0|||USD|"]
    assert steps == [(Decimal(5), None, step), (Decimal(5), step, None)]
    assert [(one.usd, one.valid_to) for one in listing.prices if str(one.key) == "input|standard|200000|||USD|"] == [
        (Decimal(10), step)
    ]
    o3 = next(one for one in seen("genai_prices").listings if (one.provider, one.external_id) == ("openai", "o3"))
    assert [one.usd for one in o3.prices if one.key.meter == "output"] == [Decimal(40), Decimal(8)]


def test_genai_prices_figures_are_the_documents() -> None:
    records = {
        (provider["id"], model["id"]): model["prices"] for provider in raw(first("genai_prices")) for model in provider["models"]
    }
    compared = 0
    for listing in seen("genai_prices").listings:
        prices = records[listing.provider, listing.external_id]
        if isinstance(prices, list):
            continue
        for key, meter in (("input_mtok", "input"), ("output_mtok", "output"), ("cache_read_mtok", "cache_read")):
            stated = prices.get(key)
            stated = stated["base"] if isinstance(stated, dict) else stated
            of_images = key == "output_mtok" and (listing.provider, listing.external_id) in GENAI_IMAGE_TOKENS
            figure = usd(listing, f"{'output_image' if of_images else meter}|standard|0|||USD|")
            assert (figure is None) == (stated is None)
            assert figure is None or close(figure, Decimal(stated))
            compared += figure is not None
    assert compared > 2_200


def test_llm_prices_history_has_the_step_of_deepseek_chat() -> None:
    document = seen("llm_prices", "https://www.llm-prices.com/historical-v1.json")
    listing = next(one for one in document.listings if one.external_id == "deepseek-chat")
    step = datetime(2025, 2, 8, tzinfo=UTC)
    steps = {(one.usd, one.valid_from, one.valid_to) for one in listing.prices if one.key.meter == "input"}
    assert steps == {(Decimal("0.14"), None, step), (Decimal("0.27"), step, None)}
    assert document.rows == 113
    assert len(document.listings) == 111


def test_openrouter_endpoints_are_the_index_and_each_models_hosts() -> None:
    index = seen("openrouter_endpoints")
    assert index.links is not None
    urls = [url for url in manifest() if url.endswith("/endpoints")]
    assert len(urls) == 60
    assert len(set(urls) & set(index.links)) >= 55, "the index names nearly all that the mirror holds"
    hosts = prices = 0
    for url in urls:
        document = seen("openrouter_endpoints", url)
        endpoints = raw(url)["data"]["endpoints"]
        assert not document.unknown
        assert not any(listing.incomplete for listing in document.listings)
        for listing, endpoint in zip(document.listings, endpoints, strict=True):
            assert listing.host == endpoint["provider_name"]
            figure = usd(listing, "output|standard|0|||USD|")
            assert figure is not None
            assert close(figure, Decimal(endpoint["pricing"]["completion"]) * 1_000_000)
            prices += len(listing.prices)
        hosts += len(document.listings)
    assert hosts == 485
    assert prices > 1_400


def test_hugging_face_hub_states_licences() -> None:
    document = seen("huggingface", "https://huggingface.co/api/models")
    assert [listing.facts["license"] for listing in document.listings] == ["other", "mit"]
