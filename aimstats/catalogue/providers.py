"""The providers: one row each, counted from the offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from aimstats.catalogue import wire
from aimstats.catalogue.engine.bits import rows_of
from aimstats.catalogue.engine.table import Table
from aimstats.domain.absence import Absence
from aimstats.domain.money import plain
from aimstats.domain.workload.mixes import blended
from aimstats.identity import PROVIDERS as PROVIDERS_BY_ID
from aimstats.identity import provider_name

TOLD: Final = ("docs", "api_base", "environment_variables")
"""What sources tell of a seller itself."""


def _blended(offers: Table, row: int, asked: Decimal | None, answered: Decimal | None) -> Decimal | None:
    """What an offer asks at three input tokens to one output token; see `workload.mixes`."""
    if asked is None or answered is not None:
        return blended(asked, answered)
    absent = wire.parsed(offers.json[row] + b"}")["cost"]["absent"]
    return blended(asked, answered, bills_output=absent.get("output") != Absence.NOT_BILLED)


def provider_rows(
    offers: Table, sellers: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
) -> Iterator[tuple[dict[str, Any], None]]:
    """One resolved row a provider that has offers, with what `sellers` tells of it. Routers, tools and fees count as offers, not
    as models."""
    models, inputs, outputs, counts = (offers.values_of(key) for key in ("model", "cost.input", "cost.output", "comparable"))
    for provider, bits in offers.index("provider", many=False).all_bits().items():
        rows = rows_of(bits)
        blends = {row: price for row in rows if (price := _blended(offers, row, inputs[row], outputs[row])) is not None}
        # What writes nothing is no cheaper offer of the same: it is counted where it is free, and not compared.
        paid = [(price, row) for row, price in blends.items() if counts[row] and outputs[row] is not None]
        least = min(paid)[1] if paid else None
        seller, told = PROVIDERS_BY_ID.get(provider), sellers.get(provider, {})
        row = {
            "id": provider,
            "name": provider_name(provider),
            "homepage": (seller.homepage or None) if seller else None,
            **{key: told.get(key) for key in TOLD},
            "sources": {key: {"source": told["source"], "url": told["url"]} for key in TOLD if told.get(key)},
            "model_count": len({models[row] for row in rows if models[row]}),
            "offer_count": len(rows),
            "free_count": sum(price == 0 for price in blends.values()),
            "cheapest": None
            if least is None
            else {"offer": offers.ids[least], "input": plain(inputs[least]), "output": plain(outputs[least])},
        }
        yield row, None
