"""Which source states each figure that is shown: of prices from the rows in memory, of facts and lives from their evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.declarations import at
from aimstats.domain.meters import METERS

Stated = Mapping[str, Any]
LIFE: Final = ("status", "deprecation_date", "retirement_date", "retirement_not_before", "replacements")


def sources_of_cost(catalogue: Catalogue, offer: Row) -> dict[str, Stated]:
    """Who states each figure of an offer's `cost`, by `cost.<meter>`, `cost.plans.<plan>.<meter>` or
    `cost.tiers.<min_context_tokens>.<meter>`: the source of the price that is shown there."""
    shown = dict(_figures(offer.body["cost"]))
    found: dict[str, Stated] = {}
    pages = catalogue.pages.get(offer.id, ())
    for place, price in enumerate(offer.body["prices"]):
        key = _key(price)
        if price["usd"] is not None and key not in found and shown.get(key) == price["usd"]:
            document, url = pages[place] if place < len(pages) else (None, None)
            facts = catalogue.documents.get(document or 0)
            found[key] = {"source": price["source"], "url": url or (facts.url if facts else None)}
    return found


def _figures(cost: Stated) -> Iterator[tuple[str, Any]]:
    """Each figure of a `cost`, by its key."""
    yield from ((f"cost.{meter}", figure) for meter, figure in cost.items() if meter in METERS)
    for plan, meters in cost["plans"].items():
        yield from ((f"cost.plans.{plan}.{meter}", figure) for meter, figure in meters.items())
    for tier in cost["tiers"]:
        yield from ((f"cost.tiers.{tier['min_context_tokens']}.{meter}", figure) for meter, figure in tier.items())


def _key(price: Stated) -> str:
    """Where a price stands in `cost`, if it is shown there."""
    tier = f"tiers.{price['min_context_tokens']}." if price["min_context_tokens"] else ""
    plan = "" if price["plan"] == "standard" else f"plans.{price['plan']}."
    return f"cost.{plan}{tier}{price['meter']}"


def sources_of_model(catalogue: Catalogue, row: Row, evidence: Mapping[str, Any]) -> dict[str, Stated]:
    """Who states each figure of a model: its price by the offer whose price it is, everything else by the evidence that won."""
    offer = catalogue.row("offers", (row["cost_basis"] or {}).get("offer") or "")
    found = sources_of_cost(catalogue, offer) if offer is not None else {}
    for field, rows in evidence.items():
        if field != "scores" and (stated := next(_named(one for one in rows if one.get("won")), None)):
            found[field] = stated
    if weighed := found.get("weights_bytes") or found.get("parameters.total"):
        found["memory_gb"] = weighed
    known = row.body
    return {field: stated for field, stated in found.items() if field.startswith("cost.") or at(known, field) not in (None, [])}


def sources_of_life(row: Row, evidence: Mapping[str, Any]) -> dict[str, Stated]:
    """Who states the end of an offer, or of a model, by the evidence of the model: what is said of this very id comes before what
    is said of others that end on this day."""
    ids = {row.body.get("external_id"), *(row.body.get("aliases") or ())}
    found = {}
    for field in LIFE:
        shown = row.body.get(field)
        rows = [one for one in evidence.get(field) or () if shown and one.get("value") == shown]
        rows.sort(key=lambda one: one["external_id"] not in ids)
        if stated := next(_named(rows), None):
            found[field] = stated
    return found


def sources_of_named(catalogue: Catalogue, model: str, offer: str | None, evidence: Mapping[str, Any]) -> dict[str, Stated]:
    """Who states the price and the end of what a name means: of its offer where it means one, else of the model."""
    row = catalogue.row("offers", offer or "")
    if row is None:
        told = catalogue.model(model)
        return {} if told is None else sources_of_life(told, evidence)
    return sources_of_cost(catalogue, row) | sources_of_life(row, evidence)


def _named(rows: Iterable[Stated]) -> Iterator[Stated]:
    return ({"source": one["source"], "url": one.get("url")} for one in rows)
