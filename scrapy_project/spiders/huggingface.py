"""Hugging Face: what its router resells at which price, and what its hub says of the weights (licence, size)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from aimstats.domain.absence import Absence
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, ListingSeen, Source
from aimstats.domain.prices import MTOK, Price, price
from aimstats.domain.text import clean_text
from scrapy_project.base import Record, SourceSpider, Tally, is_usable_id, json_document

ROUTER: Final = "https://router.huggingface.co/v1/models"
HUB: Final = "https://huggingface.co/api/models"
SERVED: Final = f"{HUB}?inference_provider=all&limit=1000"
"""The hub's list of what its inference providers serve; the whole hub is two million repositories."""
INPUTS: Final = {"text": "text", "image": "image", "audio": "audio", "video": "video", "file": "pdf"}
OUTPUTS: Final = {"text": "text", "image": "image", "audio": "audio", "video": "video", "embeddings": "embedding"}
MEASURED: Final = ("first_token_latency_ms", "throughput", "status")
METERS: Final = {"input": "input", "output": "output", "cache_read": "cache_read", "cached_input": "cache_read"}
TYPES: Final = {
    "text-generation": "text",
    "image-text-to-text": "text",
    "feature-extraction": "embedding",
    "sentence-similarity": "embedding",
    "text-ranking": "rerank",
    "text-to-image": "image",
    "image-to-image": "image",
    "text-to-video": "video",
    "image-to-video": "video",
    "text-to-speech": "speech",
    "automatic-speech-recognition": "transcription",
}
BYTES_OF: Final = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1}
"""Bytes of one parameter by its tensor type. Packed types (I32, U8 ...) hold several parameters in an element: no count of
parameters follows from them."""
WEIGHT_TAGS: Final = ("safetensors", "gguf", "pytorch")


class HuggingFaceSpider(SourceSpider):
    """Reads the router's list as an index, the hub's list of what is served, and the hub's record of each routed model.

    The router bills at the host's price. A 0 whose `is_free` is false is a price that the host has not published.
    """

    source = Source(
        id="huggingface",
        name="Hugging Face",
        kind="router",
        url="https://huggingface.co/docs/inference-providers",
        terms_url="https://huggingface.co/terms-of-service",
        attribution="Hugging Face",
        priority=45,
        provider="huggingface",
        hosts=("router.huggingface.co", "huggingface.co"),
        registers_weights=True,
    )
    start_urls = (ROUTER, SERVED)
    indexes = (ROUTER,)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """The router's listings, or one or many models of the hub; refuses what is neither."""
        data = json_document(body, "Hugging Face")
        tally = Tally()
        if url == ROUTER:
            return _router(data, url, tally)
        rows = data if isinstance(data, list) else [data]
        listings = []
        for value in rows:
            if isinstance(value, dict) and is_usable_id(value.get("id")):
                listings.append(_hub_listing(Record(value, "model", tally)))
            else:
                tally.skip("record without a usable id")
        if not listings:
            raise DocumentRefusedError("Hugging Face hub: no record has an `id`; was the key renamed?")
        return DocumentSeen(url=url, listings=tuple(listings), unknown=tally.unknown, skipped=tally.skipped, rows=len(rows))


def _router(data: Any, url: str, tally: Tally) -> DocumentSeen:
    rows = data.get("data") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not rows:
        raise DocumentRefusedError("Hugging Face router: `data` is not a list with records")
    listings: list[ListingSeen] = []
    links = []
    for value in rows:
        if isinstance(value, dict) and is_usable_id(value.get("id")):
            links.append(f"{HUB}/{quote(value['id'], safe='/')}")
            listings.extend(_router_listings(Record(value, "model", tally)))
        else:
            tally.skip("record without a usable id")
    if not any(listing.prices for listing in listings):
        raise DocumentRefusedError("Hugging Face router: no provider states `pricing`; was the key renamed?")
    return DocumentSeen(
        url=url,
        listings=tuple(listings),
        unknown=tally.unknown,
        skipped=tally.skipped,
        rows=len(rows),
        links=tuple(dict.fromkeys(links)),
    )


def _router_listings(record: Record) -> Iterator[ListingSeen]:
    model_id = record.take("id")
    architecture = record.record("architecture")
    stated: dict[str, Any] = {"hugging_face_id": model_id}
    if architecture:
        stated["modalities.input"] = architecture.words("input_modalities", INPUTS)
        stated["modalities.output"] = architecture.words("output_modalities", OUTPUTS)
        architecture.close()
    owner = record.text("owned_by")
    providers = record.records("providers")
    record.ignore("object", "created")
    record.close()
    for provider in providers:
        host = provider.text("provider")
        if not host:
            provider.tally.skip("provider without a name")
            continue
        pricing = provider.record("pricing", priced=True)
        is_free = provider.flag("is_free")
        prices = tuple(_prices(pricing, is_free)) if pricing else ()
        facts = provider.facts(
            stated
            | {
                "limit.context": provider.count("context_length"),
                "tool_call": provider.flag("supports_tools"),
                "structured_output": provider.flag("supports_structured_output"),
            }
        )
        author = provider.flag("is_model_author")
        provider.ignore(*MEASURED)
        provider.close()
        yield ListingSeen(
            provider="huggingface",
            host=host,
            external_id=model_id,
            facts=facts,
            prices=prices,
            evidence={"owned_by": owner} | ({"is_model_author": "true"} if author else {}),
            incomplete=provider.incomplete,
            url=f"https://huggingface.co/{quote(model_id, safe='/')}",
        )


def _prices(pricing: Record, is_free: bool | None) -> Iterator[Price]:
    """Prices per million tokens; a 0 that is said not to be free is no price."""
    plan = "free" if is_free else "standard"
    seen: set[str] = set()
    for key, meter in METERS.items():
        amount = pricing.amount(key)
        if amount is not None and meter not in seen:
            seen.add(meter)
            if amount == 0 and is_free is False:
                yield price(meter, None, MTOK, absent=Absence.NOT_PUBLISHED)
            else:
                yield price(meter, amount, MTOK, plan=plan)
    pricing.close()


def _hub_listing(record: Record) -> ListingSeen:
    model_id = record.take("id")
    tags = record.texts("tags")
    task = record.text("pipeline_tag")
    licences = [tag.removeprefix("license:") for tag in tags if tag.startswith("license:")]
    weights = record.record("safetensors")
    gated = record.take("gated")
    facts = record.facts(
        {
            "type": TYPES.get(task),
            "hugging_face_id": model_id,
            "license": licences[0] if licences else None,
            "open_weights": True if any(tag in tags for tag in WEIGHT_TAGS) and record.take("private") is not True else None,
            "flags.gated": gated if isinstance(gated, bool) or gated in ("auto", "manual") else None,
            **(_weights(weights) if weights else {}),
        }
    )
    evidence = {
        "pipeline_tag": task,
        "library_name": record.text("library_name"),
        "created": record.text("createdAt"),
        "last_modified": record.text("lastModified"),
        "base_model": clean_text(", ".join(sorted(_base_models(tags))), 500),
    }
    record.left.clear()  # the hub's records hold whole repositories: files, spaces, training settings
    return ListingSeen(
        provider="huggingface",
        external_id=model_id,
        facts=facts,
        evidence={key: text for key, text in evidence.items() if text},
        incomplete=record.incomplete,
        url=f"https://huggingface.co/{quote(model_id, safe='/')}",
    )


def _base_models(tags: list[str]) -> set[str]:
    """The models that tags such as `base_model:finetune:owner/name` name."""
    return {tag.rsplit(":", 1)[1] for tag in tags if tag.startswith("base_model:")}


def _weights(weights: Record) -> dict[str, int | None]:
    """Parameters and bytes of the safetensors files, where every tensor type is one that holds a parameter an element."""
    types = weights.record("parameters")
    weights.ignore("total", "sharded")
    weights.close()
    counts = {name: types.count(name) for name in list(types.left)} if types else {}
    if not counts or any(name not in BYTES_OF or count is None for name, count in counts.items()):
        return {}
    return {
        "parameters.total": sum(count or 0 for count in counts.values()),
        "weights_bytes": sum((count or 0) * BYTES_OF[name] for name, count in counts.items()),
    }
