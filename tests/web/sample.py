"""Real catalogue rows for looking at pages: a models.dev document turned into resolved bodies by simple rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from statistics import median
from typing import Any

from aimstats.domain.money import canonical, json_of, plain

DEVELOPERS = {
    "claude": ("anthropic", "Anthropic"),
    "gpt": ("openai", "OpenAI"),
    "o1": ("openai", "OpenAI"),
    "o3": ("openai", "OpenAI"),
    "o4": ("openai", "OpenAI"),
    "gemini": ("google", "Google"),
    "gemma": ("google", "Google"),
    "deepseek": ("deepseek", "DeepSeek"),
    "mistral": ("mistral", "Mistral AI"),
    "devstral": ("mistral", "Mistral AI"),
    "grok": ("xai", "xAI"),
    "llama": ("meta", "Meta"),
    "qwen": ("alibaba", "Alibaba"),
    "qwen3": ("alibaba", "Alibaba"),
    "kimi": ("moonshotai", "Moonshot AI"),
    "glm": ("zai", "Z.ai"),
    "minimax": ("minimax", "MiniMax"),
    "command": ("cohere", "Cohere"),
    "nova": ("amazon", "Amazon"),
    "phi": ("microsoft", "Microsoft"),
    "nemotron": ("nvidia", "NVIDIA"),
    "sonar": ("perplexity", "Perplexity"),
}
OWN_PROVIDER = {"meta": "llama", "amazon": "amazon-bedrock"}
_SNAPSHOT = re.compile(r"[-@:](20\d{2}-?\d{2}-?\d{2}|latest|free|v\d+:\d+|\d{4}|preview)(?=$|[-:@])|-v\d+:\d+$")

Body = dict[str, Any]


def money(value: Any) -> str:
    """A figure as resolved rows hold it."""
    return plain(canonical(Decimal(value)))


def bodies_of(document: bytes, limit: int | None = None) -> tuple[list[Body], list[Body], dict[str, str]]:
    """Model and offer bodies of a models.dev document, and the names of its providers."""
    stated = json_of(document)
    listings: dict[str, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
    for provider, about in stated.items():
        for external_id, record in about["models"].items():
            found = _model_of(external_id)
            if found:
                listings[found].append((provider, record))
    models, offers = [], []
    chosen = sorted(listings.items(), key=lambda item: -len(item[1]))[:limit]
    for identifier, records in chosen:
        own = [_offer(identifier, provider, record) for provider, record in records]
        unique = list({offer["id"]: offer for offer in own}.values())
        offers.extend(unique)
        models.append(_model(identifier, records, unique))
    return models, offers, {provider: about["name"] for provider, about in stated.items()}


def _model_of(external_id: str) -> str | None:
    slug = external_id.lower().rsplit("/", 1)[-1].rsplit(":", 1)[0]
    slug = re.sub(r"^(?:[a-z]{2,6}\.)?(anthropic|meta|amazon|deepseek|qwen|openai|mistral|cohere|google)\.", "", slug)
    slug = _SNAPSHOT.sub("", _SNAPSHOT.sub("", slug)).strip("-@")
    slug = re.sub(r"(?<=\d)-(?=\d(?!\d))", ".", slug)
    developer = DEVELOPERS.get(re.split(r"[-.\d]", slug)[0]) or DEVELOPERS.get(slug[:2])
    return f"{developer[0]}/{slug}" if developer and re.fullmatch(r"[a-z0-9.\-]+", slug) else None


def _cost(record: Mapping[str, Any]) -> Body:
    cost = record.get("cost") or {}
    made: Body = {key: money(value) for key, value in cost.items() if not isinstance(value, dict)}
    over = cost.get("context_over_200k")
    tiers = [{"min_context_tokens": 200_000, **{key: money(value) for key, value in over.items()}}] if over else []
    return made | {"tiers": tiers, "plans": {}, "conditions": {}, "windowed": False, "incomplete": False, "absent": {}}


def _offer(model: str, provider: str, record: Mapping[str, Any]) -> Body:
    snapshot = next(iter(re.findall(r"(20\d{6}|20\d{2}-\d{2}-\d{2})", record["id"])), "")
    variant = "free" if record["id"].endswith(":free") else ""
    return {
        "id": f"{provider}/{model}" + (f":{snapshot}" if snapshot else "") + (f"+{variant}" if variant else ""),
        "provider": provider, "host": provider, "region": "default", "external_id": record["id"], "aliases": [], "kind": "model",
        "model": model, "snapshot": snapshot, "variant": variant, "sku": "", "billing": "metered", "name": record["name"],
        "cost": _cost(record), "limit": dict(record.get("limit") or {}), "status": "active", "deprecation_date": None,
        "retirement_date": None, "retirement_not_before": None, "replacements": [], "prices": [],
        "agreement": {"sources": 1, "disputed": []}, "documents": [1], "sources": ["models_dev"],
    }  # fmt: skip


def _model(identifier: str, records: list[tuple[str, Mapping[str, Any]]], offers: list[Body]) -> Body:
    developer = identifier.partition("/")[0]
    own_provider = OWN_PROVIDER.get(developer, developer)
    first = next((record for provider, record in records if provider == own_provider), records[0][1])
    own = next((offer for offer in offers if offer["provider"] == own_provider), None)
    paid = [offer for offer in offers if offer["cost"].get("input", "0") != "0"]
    basis = {"offer": own["id"], "basis": "first_party"} if own else {"offer": None, "basis": "median"} if paid else None
    modalities = first.get("modalities") or {"input": [], "output": []}
    middle = {key: money(median(sorted(_figures(paid, key)))) for key in ("input", "output")} if paid else None
    blank = {"tiers": [], "plans": {}, "conditions": {}, "windowed": False, "incomplete": False, "absent": {}}
    cost = own["cost"] if own else blank | (middle or {})
    names = dict(DEVELOPERS.values())
    disputed = ["cost.output"] if identifier.endswith("-pro") else []
    return {
        "id": identifier, "name": re.sub(r" \(.*\)$", "", first["name"]), "type": "text",
        "developer": {"id": developer, "name": names[developer]}, "family": first.get("family"),
        "status": first.get("status") if first.get("status") in ("preview", "deprecated") else "active",
        "release_date": first.get("release_date"), "knowledge": first.get("knowledge"), "last_updated": first.get("last_updated"),
        "deprecation_date": None, "retirement_date": None, "retirement_not_before": None, "replacements": [],
        "open_weights": first.get("open_weights"), "license": None, "parameters": {"total": None, "active": None},
        "embedding_dimensions": None,
        "limit": {key: value or None for key, value in (first.get("limit") or {}).items()},
        "modalities": modalities, "reasoning": first.get("reasoning"), "tool_call": first.get("tool_call"),
        "structured_output": first.get("structured_output"), "attachment": first.get("attachment"),
        "temperature": first.get("temperature"), "reasoning_efforts": [], "use_cases": [],
        "cost": cost, "cost_basis": basis,
        "cheapest": _cheapest(paid),
        "median": middle,
        "offer_count": len(offers), "providers": sorted({offer["provider"] for offer in offers}), "scores": {}, "memory_gb": None,
        "agreement": {"sources": min(4, len(offers)), "disputed": disputed},
        "aliases": sorted({record["id"] for _, record in records}),
        "snapshots": sorted({offer["snapshot"] for offer in offers if offer["snapshot"]}), "variants": [], "documents": [1],
    }  # fmt: skip


def _cheapest(paid: list[Body]) -> Body | None:
    if not paid:
        return None
    least = min(paid, key=lambda offer: Decimal(offer["cost"]["input"]))
    return {"offer": least["id"], "input": least["cost"].get("input"), "output": least["cost"].get("output")}


def _figures(offers: list[Body], key: str) -> list[Decimal]:
    return [Decimal(offer["cost"][key]) for offer in offers if offer["cost"].get(key)]


def evidence_of_model(body: Body) -> dict[str, list[Body]]:
    """Plausible claims of a model's facts: two catalogues that agree, but in one field."""
    found: dict[str, list[Body]] = {}
    fields = {"limit.context": body["limit"].get("context"), "limit.output": body["limit"].get("output"),
              "release_date": body["release_date"], "reasoning": body["reasoning"], "tool_call": body["tool_call"]}  # fmt: skip
    for field, value in fields.items():
        if value is None:
            continue
        claims = [_claim("models_dev", body, value, won=True), _claim("litellm", body, value, won=False)]
        if field == "limit.output":
            claims.append(_claim("openrouter", body, value // 2, won=False))
        found[field] = claims
    return found


def _claim(source: str, body: Body, value: Any, *, won: bool) -> Body:
    return {
        "source": source, "provider": body["developer"]["id"], "external_id": body["id"].partition("/")[2], "value": value,
        "url": "https://example.org/api.json", "document": 1, "observed_from": "2026-10-02T06:00:00Z", "observed_to": None,
        "won": won, "reason": "catalogue by priority" if won else None,
    }  # fmt: skip


def listings_of_offer(body: Body) -> list[Body]:
    """Plausible listings of an offer: one catalogue, and a second that agrees."""
    cost = {key: value for key, value in body["cost"].items() if isinstance(value, str)}
    listing = {
        "provider": body["provider"], "external_id": body["external_id"], "region": None, "cost": cost,
        "url": "https://example.com/api.json", "observed_from": "2026-10-02T06:00:00Z", "agreement": "equal",
    }  # fmt: skip
    return [{"source": source, **listing} for source in ("models_dev", "litellm")]
