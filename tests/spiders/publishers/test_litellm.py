"""LiteLLM's list on its whole real document, compared with a reader of its own."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from aimstats.domain.items import ListingSeen
from scrapy_project.sources import spider_classes
from tests.spiders.replayed import close, needs_mirror, raw, rows_and_listings, seen, usd


@needs_mirror
def test_every_record_becomes_a_listing() -> None:
    assert rows_and_listings("litellm") == (2719, 2711)


@needs_mirror
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


@needs_mirror
def test_litellm_counts_follow_its_table() -> None:
    keys = Counter(str(stated.key) for listing in seen("litellm").listings for stated in listing.prices)
    assert keys["capacity|provisioned|0|||USD|"] == 28
    assert keys["output_video/second|standard|0||resolution=1080p|USD|"] == 1
    assert keys["ocr_page|standard|0|||USD|"] == 9
    assert keys["citation|standard|0|||USD|"] == 1
    lifecycle = [event for listing in seen("litellm").listings for event in listing.lifecycle]
    assert len(lifecycle) == 58
    assert sum(listing.kind == "other" for listing in seen("litellm").listings) == 23


@needs_mirror
def test_wandb_figures_are_stated_as_they_are() -> None:
    prices = [usd(listing, "input|standard|0|||USD|") for listing in seen("litellm").listings if listing.provider == "wandb"]
    assert max(figure for figure in prices if figure is not None) > 1_000
