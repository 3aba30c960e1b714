"""xAI's models page, whose scripts carry every model of every cluster with prices in 1e-10 US dollars, and its rendered copy."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.copies import copy_of, is_copy
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from aimstats.domain.money import canonical
from aimstats.domain.prices import Price, price
from scrapy_project.base import Record, SourceSpider, is_usable_id
from scrapy_project.base.pages import Page
from scrapy_project.formats.next_data import flight_text, lists_of
from scrapy_project.formats.tables import html_tables, text_of
from scrapy_project.spiders.xai.copies import ORIGINAL, read_copy
from scrapy_project.spiders.xai.fees import read_fees

DOLLARS: Final = Decimal("1e-10")
"""The page's own tables show "2000" as $0.20 per million tokens and "700000000" as $0.07 per image (2025-11)."""
TOKEN_PRICES: Final = {
    "promptTextTokenPrice": ("input", 0),
    "promptImageTokenPrice": ("input_image", 0),
    "cachedPromptTokenPrice": ("cache_read", 0),
    "completionTextTokenPrice": ("output", 0),
    "promptTextTokenPriceLongContext": ("input", 1),
    "completionTokenPriceLongContext": ("output", 1),
}
"""Key -> (meter, 1 for the tier above `longContextThreshold`). A 0 stands for "none", not for "free"."""
MODALITIES: Final = {"text": "text", "image": "image", "audio": "audio", "video": "video"}
LISTS: Final = ("languageModels", "imageGenerationModels", "embeddingModels", "audioModels", "videoModels")
TYPES: Final = {"imageGenerationModels": "image", "embeddingModels": "embedding", "languageModels": "text"}
UNUSED: Final = ("version", "algorithm", "cluster", "_rpm", "_longContextThreshold", "rpm", "tpm", "rps")


class XaiSpider(SourceSpider):
    """The page, and always its copy: the scripts lack what the voice API and video cost. A model with the same prices in all
    clusters is one listing, else one a cluster."""

    source = Source(
        id="xai",
        name="xAI",
        kind="page",
        url=ORIGINAL,
        terms_url="https://x.ai/legal/terms-of-service-enterprise",
        attribution="xAI",
        priority=10,
        provider="xai",
        hosts=("docs.x.ai", "r.jina.ai"),
        complete=("text",),
    )
    start_urls = (ORIGINAL, copy_of(ORIGINAL))

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses a page without the clusters' lists or without prices."""
        if is_copy(url):
            return read_copy(body, url)
        html = text_of(body, "xAI models")
        clusters = [cluster for found in lists_of(flight_text(html, "xAI models"), "clusterConfigs") for cluster in found]
        if not any(cluster.get(name) for cluster in clusters for name in LISTS):
            raise DocumentRefusedError("xAI models: no list of models by cluster")
        page = Page("xai", url)
        seen: dict[str, dict[str, _Model]] = {}
        for cluster in clusters:
            record = Record(cluster, "cluster", page.tally)
            region = record.text("clusterName")
            for name in LISTS:
                for model in record.records(name):
                    page.rows += 1
                    read = _Model(model, TYPES.get(name))
                    if is_usable_id(read.name):
                        seen.setdefault(read.name, {})[region] = read
            record.close()
        for name, by_region in seen.items():
            _add_listings(page, name, by_region)
        if not any(draft.prices for draft in page.drafts.values()):
            raise DocumentRefusedError("xAI models: no model states a price")
        for table in html_tables(html):
            read_fees(page, table)
        return page.seen()


class _Model:
    """One model of one cluster."""

    def __init__(self, record: Record, kind: str | None) -> None:
        self.name = record.take("name")
        self.aliases = record.texts("aliases")
        self.prices = tuple(_prices(record))
        context = record.count("maxPromptLength")
        outputs = record.words("outputModalities", MODALITIES)
        features = record.record("features")
        self.facts: dict[str, Any] = {
            "type": kind,
            "limit.context": context,
            "modalities.input": record.words("inputModalities", MODALITIES),
            "modalities.output": outputs,
        }
        if features:
            self.facts |= {
                "tool_call": features.flag("functionCalling"),
                "structured_output": features.flag("structuredOutputs"),
                "reasoning": features.flag("reasoning"),
            }
            features.close()
        if record.take("searchPrice"):
            record.tally.skip("live search, billed by source")
        record.ignore(*UNUSED)
        record.close()
        self.incomplete = record.incomplete


def _prices(record: Record) -> Iterable[Price]:
    threshold = record.count("longContextThreshold")
    for key, (meter, tier) in TOKEN_PRICES.items():
        stated = record.amount(key)
        if not stated:
            continue
        if tier and threshold is None:
            record.unknown(key, "no threshold of long context")
            continue
        amount = canonical(stated * DOLLARS * 1_000_000)
        yield price(meter, amount, min_context_tokens=threshold or 0 if tier else 0)
    if image := record.amount("imagePrice"):
        yield price("image", canonical(image * DOLLARS))


def _add_listings(page: Page, name: str, by_region: dict[str, _Model]) -> None:
    same = len({model.prices for model in by_region.values()}) == 1
    for region, model in [("", next(iter(by_region.values())))] if same else by_region.items():
        draft = page.listing(name, region=region)
        for key, value in model.facts.items():
            draft.fact(key, value)
        draft.fact("regions", sorted(filter(None, by_region)) if same else [region])
        draft.aliases += model.aliases
        draft.prices += model.prices
        draft.incomplete |= model.incomplete
