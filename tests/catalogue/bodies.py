"""Small resolved rows with invented figures, in the shape that publishing writes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aimstats.catalogue.building import build
from aimstats.catalogue.catalogue import Catalogue, DocumentFacts, Redirects, Version
from aimstats.resolution.basis import mark_comparable

CHANGED = datetime(2026, 10, 1, 8, tzinfo=UTC)
CHECKED = datetime(2026, 11, 1, 6, tzinfo=UTC)
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
DOCUMENTS = {
    1: DocumentFacts(CHECKED, datetime(2026, 10, 31, tzinfo=UTC), "https://example.com/prices", "alpha_page", False),
    2: DocumentFacts(datetime(2026, 10, 1, tzinfo=UTC), None, "https://example.org/all.json", "big_list", True),
}
VERSION = Version(7, 9, datetime(2026, 11, 1, 7, tzinfo=UTC), "1")


def cost(**meters: Any) -> dict[str, Any]:
    """A `cost` as resolved rows hold it."""
    return {"tiers": [], "plans": {}, "conditions": {}, "windowed": False, "incomplete": False, "absent": {}} | meters


def model(identifier: str, **fields: Any) -> dict[str, Any]:
    """A resolved model; what is not given is unknown."""
    developer, _, slug = identifier.partition("/")
    body: dict[str, Any] = {
        "id": identifier, "name": slug.replace("-", " ").title(), "type": "text",
        "developer": {"id": developer, "name": developer.title()}, "family": None, "status": "active",
        "release_date": None, "knowledge": None, "last_updated": None, "deprecation_date": None,
        "retirement_date": None, "retirement_not_before": None, "replacements": [], "open_weights": None,
        "license": None, "parameters": {"total": None, "active": None}, "embedding_dimensions": None,
        "limit": {"context": None, "input": None, "output": None}, "modalities": {"input": [], "output": []},
        "reasoning": None, "tool_call": None, "structured_output": None, "attachment": None, "temperature": None,
        "reasoning_efforts": [], "use_cases": [], "cost": cost(), "cost_basis": None, "cheapest": None, "median": None,
        "offer_count": 0, "providers": [], "scores": {}, "memory_gb": None,
        "agreement": {"sources": 1, "disputed": []}, "aliases": [], "snapshots": [], "variants": [], "documents": [1],
    }  # fmt: skip
    return body | fields


def price(meter: str, amount: str | None, **fields: Any) -> dict[str, Any]:
    """One price of a resolved offer."""
    return {
        "meter": meter, "plan": "standard", "min_context_tokens": 0, "window": "", "conditions": {},
        "unit": "1M tokens", "currency": "USD", "amount": amount, "usd": amount, "absent": None, "promotional": False,
        "allowance": None, "alternative_of": None, "derived_from": None, "inherited": False, "source": "alpha_page",
        "valid_from": None, "valid_to": None,
    } | fields  # fmt: skip


def offer(provider: str, sold: str | None, **fields: Any) -> dict[str, Any]:
    """A resolved offer; what is not given is unknown."""
    body: dict[str, Any] = {
        "id": f"{provider}/{sold or 'fee'}", "provider": provider, "host": provider, "region": "default",
        "external_id": None, "aliases": [], "kind": "model" if sold else "other", "model": sold, "snapshot": "",
        "variant": "", "sku": "", "billing": "metered", "name": None, "cost": cost(),
        "limit": {"context": None, "input": None, "output": None}, "status": "active", "deprecation_date": None,
        "retirement_date": None, "retirement_not_before": None, "replacements": [], "prices": [],
        "agreement": {"sources": 1, "disputed": []}, "documents": [1], "sources": ["alpha_page"], "own_word": True,
    }  # fmt: skip
    body |= fields
    mark_comparable([body])
    return body


def own(identifier: str) -> dict[str, Any]:
    """The `cost_basis` of a model that its developer sells."""
    return {"offer": f"{identifier.partition('/')[0]}/{identifier}", "basis": "first_party"}


def otherwise(field: str, *values: tuple[str, str, dict[str, Any]], reason: str = "the seller's own page") -> dict[str, Any]:
    """What is said otherwise of a row: (source, value, what else is noted of it), the shown one first."""
    blank = {"document": 1, "since": "2026-05-01", "explained": None}
    noted = [
        {**blank, "source": by, "value": value, "chosen": not place, **rest} for place, (by, value, rest) in enumerate(values)
    ]
    return {"field": field, "meter": field.partition(".")[2], "unit": "1M tokens", "reason": reason, "values": noted}


MODELS = [
    model(
        "alpha/ode-4.5", name="Ode 4.5", family="ode", release_date="2026-05-01", knowledge="2026-01",
        limit={"context": 200_000, "input": None, "output": 64_000}, reasoning=True, tool_call=True, open_weights=False,
        modalities={"input": ["image", "text"], "output": ["text"]}, use_cases=["coding"],
        cost=cost(
            input="3", output="15", cache_read="0.3",
            tiers=[{"min_context_tokens": 200_000, "input": "6"}], plans={"batch": {"input": "1.5"}},
            absent={"reasoning": "not_published"},
        ),
        cost_basis=own("alpha/ode-4.5"), cheapest={"offer": "hostly/alpha/ode-4.5", "input": "2", "output": "9"},
        median={"input": "2.5", "output": "12"}, offer_count=2, providers=["alpha", "hostly"],
        scores={"gpqa": "83.4"}, aliases=["ode-4-5-20260501", "Ode Four"], snapshots=["2026-05-01"], documents=[1, 2],
        agreement={"sources": 2, "disputed": ["cost.output"]},
    ),
    model(
        "alpha/ode-mini", name="Ode mini", family="ode", release_date="2025-09", status="retired",
        limit={"context": 32_000, "input": None, "output": 8_000}, reasoning=False,
        modalities={"input": ["text"], "output": ["text"]}, cost=cost(input="0", output="0"),
        cost_basis=own("alpha/ode-mini"), offer_count=1, providers=["alpha"], scores={"gpqa": "41", "swe": "20.5"},
    ),
    model(
        "beta/lyra", name="Lyra", family="lyra", release_date="2025-12-24", open_weights=True, license="apache-2.0",
        limit={"context": 131_072, "input": None, "output": None}, cost=cost(input="0.00001", output="0.0000375"),
        cost_basis=own("beta/lyra"), offer_count=1, providers=["beta"], memory_gb="44.5", status="preview",
    ),
    model(
        "beta/vector-1", name="Vector 1", type="embedding", limit={"context": 8_192, "input": None, "output": None},
        median={"input": "0.02", "output": None}, cost=cost(input="0.02", output=None, absent={"output": "not_billed"}),
        cost_basis={"offer": None, "basis": "median"}, providers=["hostly"],
        offer_count=1, embedding_dimensions=1_024,
    ),
    model("gamma/quiet", name="Quiet", type="other", status=None, documents=[]),
]  # fmt: skip
OFFERS = [
    offer(
        "alpha", "alpha/ode-4.5", external_id="ode-4-5", name="Ode 4.5", aliases=["Ode 4.5"],
        cost=cost(input="3", output="15"), prices=[price("input", "3"), price("output", "15"),
        price("input", "1.5", plan="batch")], sources=["alpha_page", "big_list"], documents=[1, 2],
        disagreements=[
            otherwise("cost.input", ("alpha_page", "3", {}), ("big_list", "2", {"document": 2, "explained": "promotional"})),
            otherwise(
                "cost.output",
                ("alpha_page", "15", {}),
                ("big_list", "30", {"url": "https://example.org/own", "since": "2026-06-01"}),
            ),
        ],
    ),
    offer(
        "hostly", "alpha/ode-4.5", id="hostly/alpha/ode-4.5", external_id="us.alpha.ode-v1:0", region="eu",
        aliases=["eu.alpha.ode-v1:0"], cost=cost(input="2", output="9", cache_write="2.5"),
        prices=[price("input", "2"), price("output", "9")], sources=["big_list"], documents=[2],
    ),
    offer("alpha", "alpha/ode-mini", cost=cost(input="0", output="0"), prices=[price("input", "0")]),
    offer("beta", "beta/lyra", cost=cost(input="0.00001", output="0.0000375")),
    offer("hostly", "beta/vector-1", cost=cost(input="0.02")),
    offer("hostly", None, kind="router", name="Auto"),
]  # fmt: skip


def catalogue(models: list[dict[str, Any]] | None = None, offers: list[dict[str, Any]] | None = None) -> Catalogue:
    """A catalogue of the small rows, or of those given."""
    return build(
        ((body, CHANGED) for body in (MODELS if models is None else models)),
        ((body, CHANGED) for body in (OFFERS if offers is None else offers)),
        DOCUMENTS,
        VERSION,
        redirects=Redirects({"alpha/ode-4-5": "alpha/ode-4.5"}, {}),
    )
