"""Cerebras' public list of models: prices, limits, abilities. Written from its published shape, without a recorded document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, ListingSeen, Source
from aimstats.domain.prices import Price, price
from scrapy_project.base import Record, SourceSpider, Tally, is_usable_id, json_object

URL: Final = "https://api.cerebras.ai/public/v1/models"

METERS: Final = {"prompt": "input", "completion": "output", "input_cache_read": "cache_read", "input_cache_write": "cache_write"}
FACT_OF_CAPABILITY: Final = {
    "function_calling": "tool_call", "tools": "tool_call", "structured_outputs": "structured_output",
    "json_mode": "flags.json_output", "reasoning": "reasoning", "parallel_tool_calls": "flags.parallel_tool_calls",
}  # fmt: skip
RATES: Final = ("requests_per_minute", "tokens_per_minute")
MODALITIES: Final = {word: word for word in ("text", "image", "audio", "video")}
UNUSED: Final = ("object", "created", "description", "supported_parameters", "datacenters")


class CerebrasSpider(SourceSpider):
    """One document. Zeros stand for previews and the free tier alike, so they state no price."""

    source = Source(
        id="cerebras",
        name="Cerebras",
        kind="api",
        url="https://inference-docs.cerebras.ai/models/overview",
        terms_url="https://www.cerebras.ai/terms-of-service",
        attribution="Cerebras",
        priority=10,
        provider="cerebras",
        hosts=("api.cerebras.ai",),
    )
    start_urls = (URL,)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses a document without `data`, prices or limits."""
        rows = json_object(body, "Cerebras models").get("data")
        if not isinstance(rows, list) or not rows:
            raise DocumentRefusedError("Cerebras models: `data` is not a list with models")
        tally = Tally()
        listings = []
        for row in rows:
            if not isinstance(row, dict) or not is_usable_id(row.get("id")):
                tally.skip("record without a usable id")
                continue
            listings.append(_listing(Record(row, "model", tally), url))
        if not any(listing.prices for listing in listings):
            raise DocumentRefusedError("Cerebras models: no model states a price in `pricing`; were the keys renamed?")
        if not any("limit.context" in listing.facts for listing in listings):
            raise DocumentRefusedError("Cerebras models: no model states `limits.max_context_length`; was the key renamed?")
        return DocumentSeen(url=url, listings=tuple(listings), unknown=tally.unknown, skipped=tally.skipped, rows=len(rows))


def _listing(record: Record, url: str) -> ListingSeen:
    external_id = record.take("id")
    prices = tuple(_prices(record.record("pricing", priced=True)))
    limits = record.record("limits")
    stated: dict[str, Any] = {
        "name": record.text("name"),
        "hugging_face_id": record.text("hugging_face_id"),
        "status": _status(record),
        **_abilities(record),
    }
    if limits:
        stated |= {"limit.context": limits.count("max_context_length"), "limit.output": limits.count("max_completion_tokens")}
        limits.ignore(*RATES)
        limits.close()
    facts = record.facts(stated)
    evidence = {"owned_by": record.text("owned_by")}
    record.ignore(*UNUSED)
    record.close()
    return ListingSeen(
        provider="cerebras",
        external_id=external_id,
        name=facts.get("name", ""),
        facts=facts,
        prices=prices,
        evidence={key: text for key, text in evidence.items() if text},
        incomplete=record.incomplete,
        url=url,
    )


def _prices(pricing: Record | None) -> Iterable[Price]:
    """A 0 beside a price is not understood; zeros alone say nothing. Another currency or a unit makes all of it another thing."""
    if pricing is None:
        return
    if pricing.take("currency") not in (None, "USD") or pricing.take("unit") not in (None, "token"):
        pricing.unknown("currency or unit", "not US dollars per token")
        return
    amounts = {key: amount for key in METERS if (amount := pricing.amount(key)) is not None}
    if amounts and not any(amounts.values()):
        pricing.tally.skip("prices of 0, of a preview or the free tier")
    else:
        for key, amount in amounts.items():
            if amount:
                yield price(METERS[key], amount, "token")
            elif key in ("prompt", "completion"):
                pricing.unknown(key, "0 beside a price")
    pricing.close()


def _status(record: Record) -> str | None:
    deprecated, preview = record.flag("deprecated"), record.flag("preview")
    return "deprecated" if deprecated else "preview" if preview else None


def _abilities(record: Record) -> dict[str, Any]:
    """What a model can do; of two words for one ability either counts."""
    stated: dict[str, Any] = {}
    if capabilities := record.record("capabilities"):
        for key, fact in FACT_OF_CAPABILITY.items():
            said = capabilities.flag(key)
            if said is not None:
                stated[fact] = stated.get(fact, False) or said
        if capabilities.flag("vision"):
            stated["modalities.input"] = ["text", "image"]
        capabilities.ignore("streaming")
        capabilities.close()
    if architecture := record.record("architecture"):
        for side in ("input", "output"):
            if words := architecture.words(f"{side}_modalities", MODALITIES):
                stated[f"modalities.{side}"] = words
        architecture.ignore("modality", "tokenizer", "instruct_type")
        architecture.close()
    return stated
