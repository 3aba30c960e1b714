"""The providers: one row each, counted from the offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aimstats.catalogue.engine.bits import rows_of
from aimstats.catalogue.engine.table import Table
from aimstats.domain.money import plain
from aimstats.identity import PROVIDERS as PROVIDERS_BY_ID
from aimstats.identity import provider_name

BLEND_INPUT, BLEND_OUTPUT = 3, 1
"""Without a workload, prices are compared at three input tokens to one output token (resolution.md, Price basis)."""


def provider_rows(offers: Table) -> Iterator[tuple[dict[str, Any], None]]:
    """One resolved row a provider that has offers. Routers, tools and fees count as offers, not as models."""
    models, inputs, outputs, counts = (offers.values_of(key) for key in ("model", "cost.input", "cost.output", "comparable"))
    for provider, bits in offers.index("provider", many=False).all_bits().items():
        rows = rows_of(bits)
        priced = [row for row in rows if inputs[row] is not None and outputs[row] is not None]
        blends = [(BLEND_INPUT * inputs[row] + BLEND_OUTPUT * outputs[row], row) for row in priced]
        paid = [found for found in blends if counts[found[1]]]
        least = min(paid)[1] if paid else None
        seller = PROVIDERS_BY_ID.get(provider)
        row = {
            "id": provider,
            "name": provider_name(provider),
            "homepage": (seller.homepage or None) if seller else None,
            "model_count": len({models[row] for row in rows if models[row]}),
            "offer_count": len(rows),
            "free_count": sum(blend == 0 for blend, _ in blends),
            "cheapest": None
            if least is None
            else {"offer": offers.ids[least], "input": plain(inputs[least]), "output": plain(outputs[least])},
        }
        yield row, None
