"""Sellers whose price lists in euros a catalogue copies as if they were dollars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from aimstats.domain.prices import Price

SELLERS: Final[frozenset[tuple[str, str]]] = frozenset({
    # 0.90 for Llama 3.3 70B and 0.15/0.35 for Mistral Small are Scaleway's list prices in euros (2026).
    ("models_dev", "scaleway"),
    # Every figure is 0.9 times what models.dev has in dollars: 0.67 and 0.74 for Llama 3.3 70B.
    ("litellm", "ovhcloud"),
})  # fmt: skip
"""(source, provider)."""


def as_stated(source: str, provider: str, prices: Iterable[Price]) -> list[Price]:
    """The prices in the currency of the seller's list: a euro is no dollar, and nothing is converted."""
    if (source, provider) not in SELLERS:
        return list(prices)
    return [replace(stated, key=replace(stated.key, currency="EUR")) for stated in prices]
