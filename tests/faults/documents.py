"""The documents that a faulty server starts from: small invented ones in the shapes of five catalogues, or the whole mirror."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Served:
    """One document as a server answers it."""

    body: bytes
    content_type: str
    source: str = ""


MODELS = 24
ADDRESSES = {
    "models_dev": ("models.dev/api.json",),
    "openrouter": ("openrouter.ai/api/v1/models",),
    "litellm": ("raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",),
    "llm_prices": ("www.llm-prices.com/current-v1.json", "www.llm-prices.com/historical-v1.json"),
    "genai_prices": ("raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json",),
}


def small() -> dict[str, Served]:
    """Five catalogues of the same invented models, by address without scheme."""
    bodies: dict[str, list[Any]] = {
        "models_dev": [_models_dev()],
        "openrouter": [_openrouter()],
        "litellm": [_litellm()],
        "llm_prices": [_llm_prices(dated=False), _llm_prices(dated=True)],
        "genai_prices": [_genai_prices()],
    }
    return {
        address: Served(json.dumps(body).encode(), "application/json", source)
        for source, addresses in ADDRESSES.items()
        for address, body in zip(addresses, bodies[source], strict=True)
    }


def mirrored(folder: Path) -> dict[str, Served]:
    """Every document of a mirror's manifest, by address without scheme."""
    entries = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    return {
        entry["url"].split("://", 1)[1]: Served((folder / entry["file"]).read_bytes(), entry.get("content_type") or "text/plain")
        for entry in entries
    }


def _dollars(number: int) -> tuple[Decimal, Decimal, Decimal]:
    """Input, output and cache read of one model, per million tokens."""
    base = Decimal(number + 3) / 8
    return base, base * 5, base / 10


def _models_dev() -> Mapping[str, Any]:
    models = {
        f"roadrunner-{number}": {
            "id": f"roadrunner-{number}", "name": f"Roadrunner {number}", "attachment": False, "reasoning": False,
            "tool_call": True, "temperature": True, "knowledge": "2025-03", "release_date": "2025-09", "last_updated": "2025-10",
            "open_weights": False, "modalities": {"input": ["text"], "output": ["text"]},
            "limit": {"context": 200_000, "output": 64_000},
            "cost": dict(zip(("input", "output", "cache_read"), map(float, _dollars(number)), strict=True)),
        }
        for number in range(MODELS)
    }  # fmt: skip
    return {
        "acme": {"id": "acme", "env": ["KEY"], "npm": "acme", "name": "Acme", "doc": "https://acme.example", "models": models}
    }


def _openrouter() -> Mapping[str, Any]:
    rows = []
    for number in range(MODELS):
        input_, output, cached = (format(amount / 1_000_000, "f") for amount in _dollars(number))
        rows.append(
            {
                "id": f"acme/roadrunner-{number}", "canonical_slug": f"acme/roadrunner-{number}", "hugging_face_id": "",
                "name": f"Acme: Roadrunner {number}", "created": 1_759_104_000, "description": "", "context_length": 200_000,
                "architecture": {"modality": "text->text", "input_modalities": ["text"], "output_modalities": ["text"],
                                 "tokenizer": "Other", "instruct_type": None},
                "pricing": {"prompt": input_, "completion": output, "input_cache_read": cached},
                "top_provider": {"context_length": 200_000, "max_completion_tokens": 64_000, "is_moderated": False},
                "per_request_limits": None, "supported_parameters": ["tools"],
            }
        )  # fmt: skip
    return {"data": rows}


def _litellm() -> Mapping[str, Any]:
    found: dict[str, Any] = {"sample_spec": {"litellm_provider": "one of many", "mode": "one of: chat"}}
    for number in range(MODELS):
        input_, output, cached = (float(amount / 1_000_000) for amount in _dollars(number))
        found[f"acme/roadrunner-{number}"] = {
            "litellm_provider": "acme", "mode": "chat", "max_input_tokens": 200_000, "max_output_tokens": 64_000,
            "input_cost_per_token": input_, "output_cost_per_token": output, "cache_read_input_token_cost": cached,
        }  # fmt: skip
    return found


def _llm_prices(*, dated: bool) -> Mapping[str, Any]:
    rows: list[dict[str, Any]] = []
    for number in range(MODELS):
        input_, output, cached = map(float, _dollars(number))
        row = {"id": f"roadrunner-{number}", "vendor": "acme", "name": f"Roadrunner {number}", "input": input_, "output": output}
        rows.append(row | {"input_cached": cached} | ({"from_date": None, "to_date": None} if dated else {}))
    return {"prices": rows} if dated else {"updated_at": "2026-05-19", "prices": rows}


def _genai_prices() -> list[Any]:
    models = []
    for number in range(MODELS):
        input_, output, cached = map(float, _dollars(number))
        models.append(
            {
                "id": f"roadrunner-{number}", "name": f"Roadrunner {number}", "context_window": 200_000,
                "match": {"equals": f"roadrunner-{number}"},
                "prices": {"input_mtok": input_, "output_mtok": output, "cache_read_mtok": cached},
            }
        )  # fmt: skip
    return [{"id": "acme", "name": "Acme", "api_pattern": "https://api\\.acme\\.example", "models": models}]
