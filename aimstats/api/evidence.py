"""Evidence as answers print it: each document's dates in the place of its id, money as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.engine.table import instant
from aimstats.catalogue.holder import CatalogueHolder

ORDER: Final = ("source", "provider", "external_id", "region", "value", "cost", "url", "observed_from", "observed_to")
Listings = Mapping[str, list[dict[str, Any]] | None]


def of_offers(holder: CatalogueHolder, catalogue: Catalogue, rows: Sequence[Row]) -> Listings:
    """The evidence of these offers by id; None for each when the database is away."""
    found = holder.evidence(catalogue, "offers", [row.id for row in rows])
    if found is None:
        return {row.id: None for row in rows}
    return {row.id: [_listing(catalogue, stated) for stated in found.get(row.id) or ()] for row in rows}


def of_model(holder: CatalogueHolder, catalogue: Catalogue, row: Row) -> dict[str, Any] | None:
    """The evidence of a model by field; None when the database is away."""
    found = holder.evidence(catalogue, "models", [row.id])
    if found is None:
        return None
    by_field = found.get(row.id) or {}
    return {field: [_dated(catalogue, stated) for stated in rows] for field, rows in by_field.items()}


def _dated(catalogue: Catalogue, stated: Mapping[str, Any]) -> dict[str, Any]:
    """The row with the dates of its document in the place of its id."""
    row = {key: stated[key] for key in ORDER if key in stated}
    row |= {key: value for key, value in stated.items() if key not in row and key != "document"}
    document = catalogue.documents.get(stated.get("document") or 0)
    row["document_date"] = instant(document.document_date) if document else None
    row["checked_at"] = instant(catalogue.confirmed_at(stated))
    row["held"] = stated.get("held")
    return row


def _listing(catalogue: Catalogue, stated: Mapping[str, Any]) -> dict[str, Any]:
    row = _dated(catalogue, stated)
    cost: Mapping[str, str | None] = stated.get("cost") or {}
    row["cost"] = {meter: None if figure is None else wire.number(figure) for meter, figure in cost.items()}
    return row
