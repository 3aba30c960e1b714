"""What every export is made of: offers with their model, the ids that a source spells them by, and the prices in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import orjson

from aimstats.catalogue.catalogue import Catalogue
from aimstats.domain.money import canonical
from aimstats.domain.prices import MTOK, UNITS

Body = Mapping[str, Any]
Evidence = Mapping[str, Any]
"""Each offer's listings by its id, as `CatalogueHolder.evidence` has them."""
ANYWHERE: Final = ("", "default", "global")


@dataclass(frozen=True, slots=True)
class Sold:
    """An offer as it is served, its model's row ({} where it is of none), and each source's listing of it."""

    offer: Body
    model: Body
    listings: tuple[Body, ...]

    def spelled_by(self, source: str) -> list[Body]:
        """The listings of one source."""
        return [listing for listing in self.listings if listing["source"] == source]

    @property
    def own_id(self) -> str:
        """The id in the seller's own API: of one that only LiteLLM states without LiteLLM's name of the seller."""
        stated = str(self.offer["external_id"] or "")
        if any(one["external_id"] == stated and one["source"] != "litellm" for one in self.listings):
            return stated
        for listing in self.spelled_by("litellm"):
            prefix = stated.partition("/")[0]
            if listing["external_id"] == stated and "/" in stated and listing["provider"].startswith(prefix):
                return stated.partition("/")[2]
        return stated

    @property
    def preference(self) -> tuple[bool, bool, bool, str]:
        """Sorts first which of several offers stands where a format has room for one."""
        offer = self.offer
        return (offer["region"] not in ANYWHERE, offer["status"] == "retired", not offer["comparable"], offer["id"])


def sold(catalogue: Catalogue, evidence: Evidence) -> list[Sold]:
    """Every offer that has an id, those that are preferred first."""
    models = catalogue.models
    rows = {identifier: orjson.loads(row + b"}") for identifier, row in zip(models.ids, models.json, strict=True)}
    found = []
    for row in catalogue.offers.json:
        offer = orjson.loads(row + b"}")
        if offer["external_id"]:
            listings = tuple(evidence.get(offer["id"]) or ())
            found.append(Sold(offer, rows.get(offer["model"] or "", {}), listings))
    return sorted(found, key=lambda one: one.preference)


@dataclass(frozen=True, slots=True)
class Stated:
    """One price in force, in US dollars per `unit`, a base unit; `plan` is standard where an offer is free altogether."""

    meter: str
    plan: str
    tier: int
    window: str
    conditions: tuple[tuple[str, str], ...]
    unit: str
    usd: Decimal

    def per(self, unit: str) -> Decimal:
        """The amount per another unit of the same base."""
        return canonical(self.usd / UNITS[unit][1])


def in_force(offer: Body) -> list[Stated]:
    """The prices that are charged now, in US dollars: a promotion in the place of what it lowers."""
    plans = {price["plan"] for price in offer["prices"] if price["usd"] is not None}
    base = "free" if "standard" not in plans and "free" in plans else "standard"
    found: dict[tuple[Any, ...], tuple[bool, Stated]] = {}
    for price in offer["prices"]:
        if price["usd"] is None:
            continue
        plan = "standard" if price["plan"] == base else price["plan"]
        conditions = tuple(sorted((price["conditions"] or {}).items()))
        stated = Stated(
            price["meter"], plan, price["min_context_tokens"], price["window"] or "", conditions, price["unit"],
            Decimal(str(price["usd"])),
        )  # fmt: skip
        key = (stated.meter, plan, stated.tier, stated.window, conditions, stated.unit)
        if key not in found or price["promotional"]:
            found[key] = price["promotional"], stated
    return [stated for _, stated in found.values()]


def tiers_of(prices: list[Stated]) -> Iterator[tuple[int, str, dict[str, Decimal]]]:
    """The plain standard prices of tokens by tier and window, from the lowest on: US dollars per million by meter."""
    by_tier: defaultdict[tuple[int, str], dict[str, Decimal]] = defaultdict(dict)
    for price in prices:
        if price.plan == "standard" and not price.conditions and price.unit == MTOK:
            by_tier[price.tier, price.window][price.meter] = price.usd
    for (tier, window), meters in sorted(by_tier.items()):
        yield tier, window, meters


def without_none(record: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of a record; what is not is left out."""
    return {key: value for key, value in record.items() if value is not None and value != []}
