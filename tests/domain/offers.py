"""Resolved offers for the tests of the workload, written as their price rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aimstats.domain.prices import price
from aimstats.domain.workload import Receipt, Refusal, Tariff, Workload, receipt_of, tariff_of, workload_of


def row(meter: str, amount: str, unit: str | None = None, **further: Any) -> dict[str, Any]:
    """A price row as a resolved offer has it, of a price in its stated unit."""
    marks = {name: further.pop(name) for name in ("disputed", "held", "document", "url", "source") if name in further}
    stated = price(meter, Decimal(amount), unit, **further)
    key = stated.key
    own: dict[str, Any] = {
        "meter": meter, "plan": key.plan, "min_context_tokens": key.min_context_tokens, "window": key.window or None,
        "conditions": dict(key.conditions), "unit": key.base_unit, "currency": key.currency,
        "amount": str(stated.normalised), "usd": None if stated.usd is None else str(stated.usd),
        "absent": "other_currency" if stated.usd is None else None,
        "promotional": key.promotional, "allowance": stated.allowance, "alternative_of": stated.alternative_of or None,
        "derived_from": stated.derived_from or None, "inherited": False, "source": "page", "valid_from": None,
        "valid_to": stated.valid_to.isoformat() if stated.valid_to else None,
    }  # fmt: skip
    if stated.unit != key.base_unit:
        own["stated"] = {"amount": str(stated.amount), "unit": stated.unit}
    return own | marks


def tokens(prices: dict[str, str], **further: Any) -> list[dict[str, Any]]:
    """Rows of meters that are billed per million tokens."""
    return [row(meter, amount, **further) for meter, amount in prices.items()]


def offer(*rows: dict[str, Any], provider: str = "seller", type_: str = "text", **further: Any) -> Tariff:
    """The tariff of an offer with these rows."""
    body = {"id": f"{provider}/lab/model", "model": "lab/model", "provider": provider, "billing": "metered", "prices": rows}
    return tariff_of(body | further, type_)


def asked(**stated: Any) -> Workload:
    """A workload of numbers as texts or integers; words stay words."""
    words = {"cache_ttl", "plan", "utc_hours", "resolution", "quality", "audio"}
    return workload_of({name: value if name in words else Decimal(value) for name, value in stated.items()})


def receipt(tariff: Tariff, **stated: Any) -> Receipt:
    """The receipt of a workload that has one."""
    found = receipt_of(tariff, asked(**stated))
    assert isinstance(found, Receipt), found
    return found


def refused(tariff: Tariff, **stated: Any) -> str:
    """Why a workload has no receipt."""
    found = receipt_of(tariff, asked(**stated))
    assert isinstance(found, Refusal), found
    return found.reason


def amounts(found: Receipt) -> list[tuple[str, str, str]]:
    """Each line as meter, plan and amount."""
    return [(line.meter, line.plan, f"{line.amount:f}") for line in found.lines]
