"""Which price stands for a model: its developer's own, the cheapest offer, or the median of the offers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from statistics import median
from typing import Any

from aimstats.domain.money import canonical, plain

INPUT_SHARE = Decimal("0.75")
"""Offers are compared at 3:1 input to output tokens where no workload is chosen (resolution.md, Price basis)."""

Offer = dict[str, Any]


def blended(cost: dict[str, Any]) -> Decimal | None:
    """USD per million tokens at 3:1 input to output; the input price alone where nothing is billed for output.

    >>> blended({"input": "3", "output": "15"})
    Decimal('6.00')
    """
    if cost.get("input") is None:
        return None
    if cost.get("output") is not None:
        return Decimal(cost["input"]) * INPUT_SHARE + Decimal(cost["output"]) * (1 - INPUT_SHARE)
    if "output" not in cost or cost["absent"].get("output") == "not_billed":
        return Decimal(cost["input"])
    return None


def _comparable(offers: Sequence[Offer]) -> list[tuple[Decimal, str, Offer]]:
    found = []
    for offer in offers:
        price = blended(offer["cost"])
        if price and not offer["variant"] and offer["status"] != "retired" and offer["billing"] == "metered":
            found.append((price, offer["id"], offer))
    return sorted(found, key=lambda row: row[:2])


def _own_offer(offers: Sequence[Offer], own: tuple[str, ...]) -> Offer | None:
    """The developer's own offer: the main provider, the plain model, the default region, a price before none."""
    mine = [offer for offer in offers if offer["provider"] in own and offer["provider"] == offer["host"]]
    return min(
        mine,
        key=lambda offer: (
            not any(value is not None for value in _figures(offer["cost"])),
            own.index(offer["provider"]),
            offer["variant"] != "",
            offer["region"] != "default",
            offer["status"] == "retired",
            bool(offer["sku"]),
            bool(offer["key_snapshot"]),
            _reversed(offer["key_snapshot"]),
            offer["id"],
        ),
        default=None,
    )


def _figures(cost: dict[str, Any]) -> list[Any]:
    return [value for meter, value in cost.items() if meter not in ("tiers", "plans", "windowed", "incomplete", "absent")]


def _reversed(text: str) -> tuple[int, ...]:
    """Sorts later dates first."""
    return tuple(-ord(letter) for letter in text)


def bases_of(offers: Sequence[Offer], own: tuple[str, ...]) -> dict[str, Any]:
    """`cost`, `cost_basis`, `cheapest` and `median` of a model body, from the bodies of its offers."""
    comparable = _comparable(offers)
    cheapest = comparable[0][2] if comparable else None
    own_offer = _own_offer(offers, own)
    middle = None
    if comparable:
        middle = {
            side: plain(canonical(Decimal(median(values)))) if values else None
            for side, values in (
                (
                    side,
                    [Decimal(offer["cost"][side]) for *_, offer in comparable if offer["cost"].get(side) is not None],
                )
                for side in ("input", "output")
            )
        }
    basis: dict[str, Any] | None = None
    cost: dict[str, Any] = {"tiers": [], "plans": {}, "windowed": False, "incomplete": False, "absent": {}}
    if own_offer is not None and any(value is not None for value in _figures(own_offer["cost"])):
        basis, cost = {"offer": own_offer["id"], "basis": "first_party"}, own_offer["cost"]
    elif middle is not None:
        cost = cost | middle
        basis = {"offer": None, "basis": "median"}
        cost["absent"] = {side: "not_published" for side in ("input", "output") if middle[side] is None}
    else:
        chosen = own_offer or min(
            offers,
            key=lambda offer: (not any(_figures(offer["cost"])), offer["variant"] != "", offer["id"]),
            default=None,
        )
        if chosen is not None:
            named = "first_party" if chosen is own_offer else "only_offer"
            basis, cost = {"offer": chosen["id"], "basis": named}, chosen["cost"]
        else:
            cost = cost | {
                "input": None,
                "output": None,
                "absent": {"input": "not_published", "output": "not_published"},
            }
    return {
        "cost": cost,
        "cost_basis": basis,
        "cheapest": cheapest
        and {"offer": cheapest["id"], "input": cheapest["cost"].get("input"), "output": cheapest["cost"].get("output")},
        "median": middle,
    }
