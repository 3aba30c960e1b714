"""OpenRouter's list of models: what it resells at which price, in US dollars per token as decimal strings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from aimstats.domain.absence import Absence
from aimstats.domain.dialects.openrouter import INPUTS, OUTPUTS, PARAMETER_OF_FACT
from aimstats.domain.facts import EFFORTS
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, ListingSeen, Source
from scrapy_project.base import Record, SourceSpider, Tally, day_start, is_usable_id, json_object
from scrapy_project.spiders.openrouter.pricing import openrouter_prices

NO_TOKENIZERS: Final = ("Router", "Other")
"""Words in the place of a tokenizer's."""
FIRST_PLACEHOLDER_YEAR: Final = 2090
"""An `expiration_date` so far off (2098-12-31) is a placeholder."""


class OpenRouterSpider(SourceSpider):
    """Reads `/api/v1/models`, and the models that embed, which have a list of their own in the same shape.

    Descriptions are not facts; scores of others that it repeats are counted, not taken.
    """

    source = Source(
        id="openrouter",
        name="OpenRouter",
        kind="router",
        url="https://openrouter.ai/models",
        terms_url="https://openrouter.ai/terms",
        attribution="OpenRouter",
        priority=30,
        provider="openrouter",
        hosts=("openrouter.ai",),
        complete=("text", "moderation"),
    )
    start_urls = ("https://openrouter.ai/api/v1/models", "https://openrouter.ai/api/v1/embeddings/models")

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a record; refuses an answer without `data`, ids or prices."""
        data = json_object(body, "OpenRouter models")
        rows = data.pop("data", None)
        if not isinstance(rows, list) or not rows:
            raise DocumentRefusedError("OpenRouter models: `data` is not a list with records")
        tally = Tally()
        for key in data.keys() - {"total_count", "links"}:
            tally.count_unknown(f"document.{key}")
        listings = []
        for value in rows:
            if isinstance(value, dict) and is_usable_id(value.get("id")):
                listings.append(_listing(Record(value, "model", tally)))
            else:
                tally.skip("record without a usable id")
        if not any(listing.prices for listing in listings):
            raise DocumentRefusedError("OpenRouter models: no record states `pricing`; was the key renamed?")
        return DocumentSeen(url=url, listings=tuple(listings), unknown=tally.unknown, skipped=tally.skipped, rows=len(rows))


def _listing(record: Record) -> ListingSeen:
    external_id = record.take("id")
    pricing = record.record("pricing", priced=True)
    plan = "free" if external_id.endswith(":free") else "standard"
    discount = pricing.number("discount") if pricing else None
    prices = openrouter_prices(pricing, plan) if pricing else ()
    benchmarks = record.take("benchmarks")
    for scores in benchmarks.values() if isinstance(benchmarks, dict) else ():
        if scores:
            record.tally.skip("third_party_scores")
    architecture = record.record("architecture")
    tokenizer = architecture.text("tokenizer") if architecture else ""
    facts = _facts(record, architecture)
    if tokenizer not in ("", *NO_TOKENIZERS):
        facts["tokenizer"] = tokenizer
    is_router = (
        external_id.startswith("~") or tokenizer == "Router" or any(stated.absent is Absence.VARIABLE for stated in prices)
    )
    evidence = {
        "canonical_slug": record.text("canonical_slug"),
        "alias_target": _alias_target(record),
        "tokenizer": tokenizer,
        "instruct_type": architecture.text("instruct_type") if architecture else "",
        "created": _instant(record),
        "discount": str(discount) if discount else "",
    }
    if architecture:
        architecture.ignore("modality")
        architecture.close()
    lifecycle = _lifecycle(record)
    record.ignore("description", "per_request_limits", "default_parameters", "links")
    record.close()
    return ListingSeen(
        provider="openrouter",
        external_id=external_id,
        name=facts.get("name", ""),
        kind="router" if is_router else "model",
        facts=facts,
        prices=prices,
        lifecycle=lifecycle,
        evidence={key: text for key, text in evidence.items() if text},
        incomplete=record.incomplete,
        url=f"https://openrouter.ai/{external_id}" if external_id.isascii() and " " not in external_id else None,
    )


def _alias_target(record: Record) -> str:
    """Which model a floating name leads to now: an object with its `slug` (since 2026-08), or the slug alone."""
    if not isinstance(record.left.get("alias_target"), dict):
        return record.text("alias_target")
    target = record.record("alias_target")
    assert target is not None
    slug = target.text("slug")
    target.ignore("name")
    target.close()
    return slug


def _facts(record: Record, architecture: Record | None) -> dict[str, Any]:
    context = record.count("context_length")
    top = record.record("top_provider")
    parameters = record.texts("supported_parameters")
    reasoning = record.record("reasoning")
    facts: dict[str, Any] = {
        "name": record.text("name"),
        "knowledge": record.date("knowledge_cutoff"),
        "hugging_face_id": record.text("hugging_face_id"),
        "limit.context": context,
        "supported_parameters": parameters,
        "flags.supported_voices": record.texts("supported_voices"),
    }
    facts |= {fact: True for fact, parameter in PARAMETER_OF_FACT.items() if parameter in parameters}
    if architecture:
        facts["modalities.input"] = architecture.words("input_modalities", INPUTS)
        facts["modalities.output"] = architecture.words("output_modalities", OUTPUTS)
    if top:
        facts["limit.context"] = context or top.count("context_length")
        facts["limit.output"] = top.count("max_completion_tokens")
        facts["flags.is_moderated"] = top.flag("is_moderated")
        top.ignore("context_length")
        top.close()
    if reasoning or "reasoning" in parameters:
        facts["reasoning"] = True
    if reasoning:
        facts["reasoning_efforts"] = reasoning.words("supported_efforts", {word: word for word in EFFORTS})
        facts["flags.reasoning_default_effort"] = reasoning.text("default_effort")
        facts["flags.reasoning_default_enabled"] = reasoning.flag("default_enabled")
        facts["flags.reasoning_mandatory"] = reasoning.flag("mandatory")
        facts["flags.reasoning_max_tokens"] = reasoning.flag("supports_max_tokens")
        reasoning.close()
    return record.facts(facts)


def _instant(record: Record) -> str:
    """`created`, a Unix time, as an ISO instant: when OpenRouter listed the model."""
    seconds = record.count("created")
    return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds and seconds < 10**10 else ""


def _lifecycle(record: Record) -> tuple[Lifecycle, ...]:
    day = record.date("expiration_date")
    if not day:
        return ()
    if int(day[:4]) >= FIRST_PLACEHOLDER_YEAR:
        record.tally.skip("placeholder date")
        return ()
    at = day_start(day)
    if at is None:
        record.unknown("expiration_date", "not a day")
        return ()
    return (Lifecycle(event="retired", at=at),)
