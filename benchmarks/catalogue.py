"""How long a catalogue of the expected size takes to build and to ask, and how much memory it holds."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from aimstats.catalogue.building import build
from aimstats.catalogue.catalogue import Catalogue, DocumentFacts, Version
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.costs import ask, cost_page
from aimstats.catalogue.costs.questions import PER
from aimstats.catalogue.costs.tariffs import tariffs_of
from aimstats.catalogue.engine.query import parse
from aimstats.catalogue.engine.select import select
from aimstats.domain.money import plain

MODEL_COUNT, OFFER_COUNT = 2_269, 6_497
NOW = datetime(2026, 11, 1, tzinfo=UTC)
STATUS = Path("/proc/self/status")


def _cost(chance: random.Random) -> dict[str, Any]:
    amount = Decimal(chance.choice((15, 25, 75, 100, 250, 300, 1_000))) / 100
    cost = {"input": plain(amount), "output": plain(amount * 4), "tiers": [], "plans": {}, "absent": {}}
    if chance.random() < 0.5:
        cost["cache_read"] = plain(amount / 10)
        cost["plans"] = {"batch": {"input": plain(amount / 2), "output": plain(amount * 2)}}
    return cost | {"windowed": False, "incomplete": False}


def _price(meter: str, amount: str) -> dict[str, Any]:
    return {
        "meter": meter,
        "plan": "standard",
        "min_context_tokens": 0,
        "window": "",
        "conditions": {},
        "unit": "1M tokens",
        "currency": "USD",
        "amount": amount,
        "usd": amount,
        "absent": None,
        "promotional": False,
        "allowance": None,
        "alternative_of": None,
        "derived_from": None,
        "inherited": False,
        "source": "example",
        "valid_from": None,
        "valid_to": None,
    }


def offers(count: int, models: int) -> Iterator[tuple[dict[str, Any], datetime]]:
    """Offers of many providers with plausible invented figures, the same in every run."""
    chance = random.Random(2)
    for number in range(count):
        model = f"lab-{number % models % 60}/model-{number % models}"
        provider = f"host-{chance.randrange(130)}"
        cost = _cost(chance)
        yield (
            {
                "id": f"{provider}/{model}~{number}",
                "provider": provider,
                "host": provider,
                "region": "default",
                "external_id": f"vendor.model-{number}-v1:0",
                "aliases": [f"Model {number}"],
                "kind": "model",
                "model": model,
                "snapshot": "",
                "variant": "",
                "sku": "",
                "billing": "metered",
                "name": f"Model {number}",
                "cost": cost,
                "limit": {"context": 200_000, "input": None, "output": 64_000},
                "status": "active",
                "deprecation_date": None,
                "retirement_date": None,
                "retirement_not_before": None,
                "replacements": [],
                "prices": [_price(meter, cost[meter]) for meter in ("input", "output", "cache_read") if meter in cost],
                "agreement": {"sources": 2, "disputed": []},
                "documents": [number % 9],
                "sources": ["models_dev", "litellm"],
            },
            NOW,
        )


def models(count: int) -> Iterator[tuple[dict[str, Any], datetime]]:
    """Models of sixty labs with plausible invented figures, the same in every run."""
    chance = random.Random(1)
    for number in range(count):
        developer = f"lab-{number % 60}"
        cost = _cost(chance) if number % 5 else {"tiers": [], "plans": {}, "absent": {}}
        yield (
            {
                "id": f"{developer}/model-{number}",
                "name": f"Model {number}",
                "type": chance.choice(("text", "embedding")),
                "developer": {"id": developer, "name": developer.title()},
                "family": f"family-{number % 300}",
                "status": chance.choice(("active", "deprecated", None)),
                "release_date": f"2025-{number % 12 + 1:02}-01",
                "knowledge": None,
                "last_updated": None,
                "deprecation_date": None,
                "retirement_date": None,
                "retirement_not_before": None,
                "replacements": [],
                "open_weights": chance.random() < 0.4,
                "license": None,
                "parameters": {"total": None, "active": None},
                "embedding_dimensions": None,
                "limit": {"context": chance.choice((8_192, 128_000)), "input": None, "output": 8_192},
                "modalities": {"input": ["text", "image"], "output": ["text"]},
                "reasoning": chance.random() < 0.5,
                "tool_call": True,
                "structured_output": None,
                "attachment": True,
                "temperature": True,
                "reasoning_efforts": [],
                "use_cases": ["coding", "rag"],
                "cost": cost,
                "cost_basis": None,
                "cheapest": None,
                "median": None,
                "offer_count": 3,
                "providers": [f"host-{chance.randrange(130)}" for _ in range(3)],
                "scores": {"gpqa": str(number % 90)},
                "memory_gb": None,
                "agreement": {"sources": 2, "disputed": []},
                "aliases": [f"model-{number}-20250101", f"Model {number} (new)"],
                "snapshots": [],
                "variants": [],
                "documents": [number % 9],
            },
            NOW,
        )


def example(model_count: int = MODEL_COUNT, offer_count: int = OFFER_COUNT) -> Catalogue:
    """A catalogue of invented rows."""
    documents = {number: DocumentFacts(NOW, None, "https://example.com/", "example", False) for number in range(9)}
    return build(models(model_count), offers(offer_count, model_count), documents, Version(1, 1, NOW, "1"))


def resident_mb() -> float:
    """The memory that this process holds, in megabytes."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1_024


def timed_ms(action: Callable[[], object], times: int) -> float:
    """The mean time of an action in milliseconds."""
    action()
    started = time.perf_counter()
    for _ in range(times):
        action()
    return (time.perf_counter() - started) / times * 1_000


def main() -> None:
    """Print the figures."""
    stated_models, stated_offers = list(models(MODEL_COUNT)), list(offers(OFFER_COUNT, MODEL_COUNT))
    gc.collect()
    before = resident_mb()
    started = time.perf_counter()
    catalogue = build(stated_models, stated_offers, {}, Version(1, 1, NOW, "1"))
    print(f"build of {MODEL_COUNT} models and {OFFER_COUNT} offers: {time.perf_counter() - started:.2f} s")
    gc.collect()
    print(f"memory: {resident_mb() - before:.0f} MB")
    filters = [("type", ["text"]), ("open_weights", ["false"]), ("min_context", ["100000"])]
    query = parse(MODELS, [*filters, ("sort", ["-cost.input"])], now=NOW)
    print(f"three filters, sorted, a page: {timed_ms(lambda: select(catalogue, query), 500):.3f} ms")
    print(f"the same with facets and ranges: {timed_ms(lambda: select(catalogue, query, facets=True), 500):.3f} ms")
    page = select(catalogue, query)
    print(f"its JSON: {timed_ms(lambda: b','.join(row.json for row in page.rows), 500):.3f} ms")
    started = time.perf_counter()
    tariffs_of(catalogue)
    print(f"tariffs of its offers, once: {time.perf_counter() - started:.2f} s")
    for per in PER:
        question = ask([("input_tokens", ["20000"]), ("output_tokens", ["500"]), ("per", [per])], now=NOW)
        print(
            f"costs of a workload, a page of receipts, per {per}: {timed_ms(partial(cost_page, catalogue, question), 100):.2f} ms"
        )
    search = parse(MODELS, [("q", ["model 12"])], now=NOW)
    print(f"a search: {timed_ms(lambda: select(catalogue, search), 100):.3f} ms")


if __name__ == "__main__":
    main()
