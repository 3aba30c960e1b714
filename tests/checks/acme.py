"""Invented models of one seller, and changes of their prices."""

from collections.abc import Callable
from decimal import Decimal

from aimstats.domain.items import ListingSeen
from tests.ingest.worlds import seen, usd

Amounts = dict[str, str]


def amounts(number: int) -> Amounts:
    """The prices of one invented model."""
    base = Decimal(number + 2) / 4
    return {"input": str(base), "output": str(base * 5), "cache_read": str(base / 10)}


def models(count: int, change: Callable[[int, Amounts], Amounts] = lambda _, prices: prices, first: int = 0) -> list[ListingSeen]:
    """So many listings with prices and facts, each changed."""
    return [
        seen(
            f"acme-{number}",
            *(usd(meter, amount) for meter, amount in change(number, amounts(number)).items()),
            provider="acme",
            name=f"Acme {number}",
            facts={"limit.context": 128_000, "knowledge": "2025-06"},
        )
        for number in range(first, first + count)
    ]


def times(factor: str, share: float = 1.0) -> Callable[[int, Amounts], Amounts]:
    """Every price multiplied, in a share of the listings."""
    return lambda number, prices: (
        {meter: str(Decimal(amount) * Decimal(factor)) for meter, amount in prices.items()}
        if number % 100 < share * 100
        else prices
    )


def without(meter: str) -> Callable[[int, Amounts], Amounts]:
    """A column that is read no longer."""
    return lambda number, prices: {name: amount for name, amount in prices.items() if name != meter}
