"""OpenRouter's endpoints: for each model the hosts that run it behind OpenRouter, with their prices and limits."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, ListingSeen, Source
from aimstats.domain.money import plain
from scrapy_project.base import Record, SourceSpider, Tally, is_usable_id, json_object
from scrapy_project.spiders.openrouter.pricing import openrouter_prices

INDEX: Final = "https://openrouter.ai/api/v1/models"
QUANTISATIONS: Final = frozenset({"int4", "int8", "fp4", "mxfp4", "nvfp4", "fp6", "fp8", "mxfp8", "fp16", "bf16", "fp32"})
REGION_WORDS: Final = ("global", "us", "eu", "europe", "asia", "apac", "ap", "ca", "sa", "me", "af", "northamerica")
"""First words of the regions that tags carry: `google-vertex/us-south1`, `amazon-bedrock/eu-west-1`."""
MEASUREMENTS: Final = (
    "uptime_last_30m", "uptime_last_1d", "uptime_last_5m", "latency_last_30m", "throughput_last_30m", "status",
    "perf_last_30m_by_workload",
)  # fmt: skip


class OpenRouterEndpointsSpider(SourceSpider):
    """Reads the list of models as an index, then each model's endpoints.

    OpenRouter bills; `host` is who runs the model. What a tag says after the host's name is the region or the variant. A
    model without endpoints states nothing.
    """

    source = Source(
        id="openrouter_endpoints",
        name="OpenRouter endpoints",
        kind="router",
        url="https://openrouter.ai/docs/api-reference/list-endpoints-for-a-model",
        terms_url="https://openrouter.ai/terms",
        attribution="OpenRouter",
        priority=31,
        provider="openrouter",
        hosts=("openrouter.ai",),
    )
    start_urls = (INDEX,)
    indexes = (INDEX,)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """The links of the index, or the listings of one model; refuses what is neither."""
        data = json_object(body, "OpenRouter endpoints").get("data")
        if url == INDEX:
            return _index(data, url)
        if not isinstance(data, dict) or not is_usable_id(data.get("id")) or not isinstance(data.get("endpoints"), list):
            raise DocumentRefusedError("OpenRouter endpoints: `data` has no `id` and `endpoints`; were the keys renamed?")
        tally = Tally()
        model = Record(data, "model", tally)
        model_id, name = model.take("id"), model.text("name")
        endpoints = model.records("endpoints")
        model.ignore("created", "description", "architecture")
        model.close()
        listings = [_listing(model_id, name, endpoint) for endpoint in endpoints]
        if listings and not any(listing.prices for listing in listings):
            raise DocumentRefusedError("OpenRouter endpoints: no endpoint states `pricing`; was the key renamed?")
        return DocumentSeen(
            url=url,
            listings=tuple(listing for listing in listings if listing.host),
            unknown=tally.unknown,
            skipped=tally.skipped,
            rows=len(listings),
        )


def _index(data: Any, url: str) -> DocumentSeen:
    ids = [row.get("id") for row in data if isinstance(row, dict)] if isinstance(data, list) else []
    models = [model for model in ids if isinstance(model, str) and is_usable_id(model)]
    models = [model for model in models if not model.startswith(("~", "openrouter/"))]
    if not models:
        raise DocumentRefusedError("OpenRouter models: `data` is not a list with ids")
    links = tuple(f"{INDEX}/{quote(model, safe='/:')}/endpoints" for model in dict.fromkeys(models))
    return DocumentSeen(url=url, rows=len(ids), links=links)


def _listing(model_id: str, name: str, record: Record) -> ListingSeen:
    host = record.text("provider_name")
    if not host:
        record.tally.skip("endpoint without provider_name")
    pricing = record.record("pricing", priced=True)
    discount = pricing.number("discount") if pricing else None
    prices = openrouter_prices(pricing, "free" if model_id.endswith(":free") else "standard") if pricing else ()
    tag, quantisation = _without_number(record.text("tag")), record.text("quantization")
    region, variant = _place(tag)
    parameters = record.texts("supported_parameters")
    facts = record.facts(
        {
            "name": name,
            "limit.context": record.count("context_length"),
            "limit.input": record.count("max_prompt_tokens"),
            "limit.output": record.count("max_completion_tokens"),
            "supported_parameters": parameters,
            "tool_call": "tools" in parameters or None,
            "structured_output": "structured_outputs" in parameters or None,
            "reasoning": "reasoning" in parameters or None,
            "flags.quantization": quantisation if quantisation != "unknown" else "",
            "flags.implicit_caching": record.flag("supports_implicit_caching"),
        }
    )
    evidence = {"tag": tag, "discount": plain(discount) if discount else ""}
    record.ignore("name", "model_id", "model_name", "native_tools", *MEASUREMENTS)
    record.close()
    return ListingSeen(
        provider="openrouter",
        host=host,
        external_id=model_id,
        region=region,
        variant=variant,
        name=name,
        facts=facts,
        prices=prices,
        evidence={key: text for key, text in evidence.items() if text},
        incomplete=record.incomplete,
        url=f"https://openrouter.ai/{quote(model_id, safe='/:')}",
    )


def _without_number(tag: str) -> str:
    """The tag without a bare number, which only tells one of a host's endpoints from another: the offer is one.

    >>> _without_number("anthropic/2")
    'anthropic'
    """
    return "/".join(part for part in tag.split("/") if not part.isdecimal())


def _place(tag: str) -> tuple[str, str]:
    """Region and variant of a tag; what is neither quantisation nor region is a variant in the source's own words.

    >>> _place("google-vertex/us-south1"), _place("novita/fp8"), _place("minimax/highspeed"), _place("deepseek")
    (('us-south1', ''), ('', 'fp8'), ('', 'highspeed'), ('', ''))
    """
    regions: list[str] = []
    variants: list[str] = []
    for part in tag.split("/")[1:]:
        is_region = part.split("-")[0] in REGION_WORDS and part not in QUANTISATIONS
        (regions if is_region else variants).append(part)
    return "/".join(regions), "/".join(variants)
