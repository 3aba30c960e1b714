"""Which price stands for a model: its developer's own, the cheapest offer, or the median of the offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import Any, Final

from aimstats.domain.absence import Absence
from aimstats.domain.meters import METERS, TEXT
from aimstats.domain.money import canonical, plain
from aimstats.domain.workload.mixes import blended
from aimstats.resolution.status import RETIRED

SELLERS_TO_JUDGE_BY: Final = 5
FAR_BELOW: Final = 3
"""What one catalogue alone states below a third of the median of five or more sellers is nobody's offer to count on
(2026-11: one reseller at 14 % of it)."""

Offer = dict[str, Any]


def _blended(cost: Mapping[str, Any]) -> Decimal | None:
    """What an offer asks at three input tokens to one output token; see `workload.mixes`."""
    bills_output = "output" in cost and cost["absent"].get("output") != Absence.NOT_BILLED
    return blended(*(_decimal(cost.get(side)) for side in TEXT), bills_output=bills_output)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def mark_comparable(offers: Sequence[Offer]) -> None:
    """Say of each offer of one model, as `comparable`, whether it stands for the model among those that one would buy from.

    It is metered, active, the plain model and not free, and its price is known: an unknown input price is not cheap. What others
    alone say of a seller, far below what most sellers ask, is left out.
    """
    prices = {}
    for offer in offers:
        price = _blended(offer["cost"])
        is_for_sale = not offer["variant"] and not has_ended(offer) and offer["billing"] == "metered"
        offer["comparable"] = bool(price) and is_for_sale
        if price and offer["comparable"]:
            prices[offer["id"]] = price
    least: dict[str, Decimal] = {}
    for offer in offers:
        if (price := prices.get(offer["id"])) is not None:
            least[offer["provider"]] = min(price, least.get(offer["provider"], price))
    if len(least) < SELLERS_TO_JUDGE_BY:
        return
    floor = median(least.values()) / FAR_BELOW
    for offer in offers:
        if prices.get(offer["id"], floor) < floor and len(offer["sources"]) == 1 and not offer["own_word"]:
            offer["comparable"] = False


def has_ended(offer: Offer) -> bool:
    """Whether the offer cannot be bought any more."""
    return bool(offer["status"] == RETIRED)


def _by_price(offers: Sequence[Offer]) -> list[tuple[Decimal, str, Offer]]:
    """The comparable offers, the cheapest first."""
    found = [(_blended(offer["cost"]) or Decimal(0), offer["id"], offer) for offer in offers if offer["comparable"]]
    return sorted(found, key=lambda row: row[:2])


def _cheaper_left_out(offers: Sequence[Offer], than: Decimal) -> int:
    """How many metered offers are cheaper than the cheapest that counts, and left out: variants, free and doubtful ones."""
    prices = (_blended(offer["cost"]) for offer in offers if not offer["comparable"] and not has_ended(offer))
    return sum(price is not None and price < than for price in prices)


def _own_offer(offers: Sequence[Offer], own: tuple[str, ...]) -> Offer | None:
    """The developer's own offer: the main provider, the plain model, the default region, a price before none."""
    mine = [offer for offer in offers if offer["provider"] in own and offer["provider"] == offer["host"]]
    return min(
        mine,
        key=lambda offer: (
            _freeness(offer),
            own.index(offer["provider"]),
            offer["variant"] != "",
            offer["region"] != "default",
            has_ended(offer),
            bool(offer["sku"]),
            bool(offer["key_snapshot"]),
            _reversed(offer["key_snapshot"]),
            offer["id"],
        ),
        default=None,
    )


def _is_plain(offer: Offer) -> bool:
    """Whether it stands for a model whose plain offer has ended: no variant does, nor a region that others alone tell of."""
    return not offer["variant"] and (offer["region"] == "default" or offer["own_word"])


def _figures(cost: dict[str, Any]) -> list[Any]:
    return [value for meter, value in cost.items() if meter in METERS]


def _freeness(offer: Offer) -> int:
    """A price comes before a free one, that before an unknown one; a free tier is no headline where anybody charges."""
    figures = [Decimal(value) for value in _figures(offer["cost"]) if value is not None]
    return 0 if any(figures) else 1 if figures else 2


def _reversed(text: str) -> tuple[int, ...]:
    """Sorts later dates first."""
    return tuple(-ord(letter) for letter in text)


def _cheapest(comparable: Sequence[tuple[Decimal, str, Offer]], offers: Sequence[Offer]) -> Offer | None:
    if not comparable:
        return None
    price, identifier, offer = comparable[0]
    return {
        "offer": identifier,
        "provider": offer["provider"],
        "input": offer["cost"].get("input"),
        "output": offer["cost"].get("output"),
        "left_out": _cheaper_left_out(offers, price),
    }


def bases_of(offers: Sequence[Offer], own: tuple[str, ...], status: str | None = None) -> dict[str, Any]:
    """`cost`, `cost_basis`, `cheapest` and `median` of a model body, from the bodies of its offers, which it marks.

    While a model of this status is sold anywhere, no offer that has ended stands for it; of a retired one the last price does.
    `ended_offer` of `cost_basis` names the developer's own offer that stands for the model, or would, and has ended.
    """
    mark_comparable(offers)
    comparable = _by_price(offers)
    middle = _median(comparable)
    standing: Sequence[Offer] = [offer for offer in offers if not has_ended(offer)] if status != RETIRED else ()
    own_offer = last = _own_offer(offers, own)
    if standing and last is not None and has_ended(last):
        own_offer = _own_offer([offer for offer in standing if _is_plain(offer)], own)
    basis: dict[str, Any] | None = None
    cost: dict[str, Any] = {"tiers": [], "plans": {}, "windowed": False, "incomplete": False, "absent": {}}
    if own_offer is not None and any(value is not None for value in _figures(own_offer["cost"])):
        basis, cost = {"offer": own_offer["id"], "basis": "first_party"}, own_offer["cost"]
    elif middle is not None:
        cost = cost | middle
        basis = {"offer": None, "basis": "median"}
        cost["absent"] = {side: "not_published" for side in TEXT if middle[side] is None}
    else:
        chosen = own_offer or min(
            standing or offers,
            key=lambda offer: (_freeness(offer), offer["variant"] != "", has_ended(offer), offer["id"]),
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
    if basis is not None and last is not None and has_ended(last) and own_offer in (None, last):
        basis["ended_offer"] = last["id"]
    return {
        "cost": cost,
        "cost_basis": basis,
        "cheapest": _cheapest(comparable, offers),
        "median": middle,
    }


def _median(comparable: Sequence[tuple[Decimal, str, Offer]]) -> dict[str, str | None] | None:
    """The median of what the comparable offers ask, of input and output each; None where there is none."""
    if not comparable:
        return None
    prices = {
        side: [Decimal(offer["cost"][side]) for *_, offer in comparable if offer["cost"].get(side) is not None] for side in TEXT
    }
    return {side: plain(canonical(Decimal(median(values)))) if values else None for side, values in prices.items()}
