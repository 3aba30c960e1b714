"""What is exported in the words of others, read by our own spiders again: the same figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection

from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.exports.litellm import litellm_map
from aimstats.catalogue.exports.models_dev import models_dev_catalogue
from aimstats.catalogue.exports.offers import Evidence, in_force
from aimstats.catalogue.exports.openrouter import openrouter_list
from aimstats.catalogue.published import read_catalogue, read_evidence
from aimstats.domain.items import DocumentSeen
from aimstats.ingest.publish import publish, settle_crawl
from aimstats.ingest.runs import Clock
from scrapy_project.sources import spider_classes
from tests.read_here import read_here

PAGES = Path(__file__).parents[1] / "pages"
NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
Key = tuple[Any, ...]


@pytest.fixture
def published(db: Connection) -> tuple[Catalogue, Evidence]:
    """The small pages of three lists, crawled."""
    for source, page in (("litellm", "page.json"), ("models_dev", "page.json"), ("openrouter", "page.json")):
        spider = spider_classes()[source]
        document = (PAGES / source / page).read_bytes()
        result = read_here(spider, {spider.start_urls[0].split("://", 1)[1]: document})
        publish(db, result, Clock(started_at=NOW, now=NOW, observed_at=NOW), "test")
    settle_crawl(db, NOW)
    catalogue = read_catalogue(db)
    assert catalogue is not None
    return catalogue, read_evidence(db, "resolved_offer", catalogue.offers.ids)


def read_again(source: str, exported: dict[str, Any]) -> DocumentSeen:
    """The export as the source's spider reads it: it knows every key and word."""
    spider = spider_classes()[source]()
    document = spider.parse_document(wire.dumps(exported), spider.start_urls[0])
    assert not document.unknown
    assert not document.skipped
    return document


def figures(document: DocumentSeen) -> Iterator[tuple[str, str, dict[Key, Decimal | None]]]:
    """Seller, id and figures of each listing, as the source spells them."""
    for listing in document.listings:
        yield (
            listing.provider,
            listing.external_id,
            {
                (
                    stated.key.meter,
                    stated.key.plan,
                    stated.key.min_context_tokens,
                    stated.key.window,
                    stated.key.conditions,
                ): stated.usd
                for stated in listing.prices
                if stated.amount is not None
            },
        )


def charged(prices: dict[Key, Decimal], key: Key) -> Decimal | None:
    """What is charged there: the price of that tier, or of the next lower one that is stated."""
    meter, plan, tier, *rest = key
    tiers = [one[2] for one in prices if (one[:2], list(one[3:])) == ((meter, plan), rest) and one[2] <= tier]
    return prices[meter, plan, max(tiers), *rest] if tiers else None


def held(published: tuple[Catalogue, Evidence], source: str, provider: str, identifier: str) -> list[dict[Key, Decimal]]:
    """The prices of the offers that a source lists under this name."""
    catalogue, evidence = published
    found = []
    for offer, row in zip(catalogue.offers.ids, catalogue.offers.json, strict=True):
        names = [one for one in evidence[offer] if one["source"] == source and one["provider"] == provider]
        aliases = orjson.loads(row + b"}")["aliases"]
        if any(one["external_id"] == identifier for one in names) or (names and identifier in aliases):
            prices = in_force(orjson.loads(row + b"}"))
            found.append({(one.meter, one.plan, one.tier, one.window, one.conditions): one.usd for one in prices})
    return found


@pytest.mark.parametrize(
    ("source", "export", "least"),
    [("litellm", litellm_map, 40), ("models_dev", models_dev_catalogue, 10), ("openrouter", openrouter_list, 15)],
)
def test_an_export_says_to_its_own_reader_what_is_held(
    published: tuple[Catalogue, Evidence], source: str, export: Any, least: int
) -> None:
    stated = 0
    for provider, identifier, read in figures(read_again(source, export(*published))):
        offers = held(published, source, provider, identifier)
        for offer in offers:
            differ = {key: usd for key, usd in read.items() if charged(offer, key) != usd and (key[0] != "output" or usd != 0)}
            if not differ:
                stated += len(read)
                break
        else:
            assert not offers, f"{identifier}: {read} is none of {offers}"
    assert stated >= least


def test_what_litellm_does_not_list_stands_under_the_id_that_it_would_have(published: tuple[Catalogue, Evidence]) -> None:
    found = litellm_map(*published)
    assert found["scaleway/roadrunner-2"]["litellm_provider"] == "scaleway"
    assert "acme-coding-plan/roadrunner-2" not in found, "a seller whom LiteLLM does not know"
