"""Where sources contradict each other, as resolving noted it of offers and models: a row a figure, with who says what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from aimstats.catalogue.catalogue import Catalogue, DocumentFacts
from aimstats.catalogue.columns.declarations import Body
from aimstats.catalogue.columns.disagreements import DISAGREEMENTS, DISPUTED, EXPLAINED
from aimstats.catalogue.engine.table import StoredRow, Table
from aimstats.domain.money import plain
from aimstats.resolution.version import RESOLVER_VERSION

NOTED: Final = "disagreements"
"""Under this key a resolved row holds what is said otherwise of it."""
RATIO_PLACES: Final = Decimal("0.0001")
DAY_FIELDS: Final = frozenset({"retirement_date"})

Noted = tuple[Body, Mapping[str, Any]]
"""A resolved row with one thing that is said otherwise of it."""


def noting(stated: Iterable[StoredRow], found: list[Noted]) -> Iterator[StoredRow]:
    """The same rows; what is said otherwise of them is kept aside."""
    for body, changed_at in stated:
        found.extend((body, one) for one in body.get(NOTED) or ())
        yield body, changed_at


def disagreement_table(found: Iterable[Noted], documents: Mapping[int, DocumentFacts]) -> Table:
    """The rows of all that was noted; days of an end stand on the board of departures and are not among them."""
    rows = (_row(body, noted, documents) for body, noted in found if noted["field"] not in DAY_FIELDS)
    return Table(DISAGREEMENTS, ((row, None) for row in rows))


def is_noted(catalogue: Catalogue) -> bool:
    """Whether nothing said otherwise means that sources agree: rows that another release resolved may lack the notes."""
    is_present = catalogue.as_of is None and catalogue.known_at is None
    return not is_present or catalogue.version.resolver_version == RESOLVER_VERSION


def days_otherwise(found: Iterable[Noted]) -> dict[str, list[tuple[str, str]]]:
    """By offer, every day on which a source says that it ends, with the source."""
    return {
        body["id"]: [(one["value"], one["source"]) for one in noted["values"]]
        for body, noted in found
        if noted["field"] in DAY_FIELDS
    }


def named_models(catalogue: Catalogue, row: Mapping[str, Any]) -> str:
    """What the model that a row is about is called."""
    model = catalogue.model(row["model"] or "")
    return str((model["name"] if model else None) or row["model"] or row["subject"])


def _row(body: Body, noted: Mapping[str, Any], documents: Mapping[int, DocumentFacts]) -> dict[str, Any]:
    is_offer = "provider" in body
    values = [_value(one, documents) for one in noted["values"]]
    figures = [Decimal(one["value"]) for one in noted["values"]]
    low, high = min(figures), max(figures)
    others = [one for one in noted["values"] if not one["chosen"]]
    explained = [one["explained"] for one in others if one["explained"]]
    model = body["model"] if is_offer else body["id"]
    return {
        "id": f"{body['id']} {noted['field']}",
        "subject": body["id"],
        "kind": "offer" if is_offer else "model",
        "model": model,
        "developer": (model or "").partition("/")[0] or None,
        "provider": body["provider"] if is_offer else None,
        "field": noted["field"],
        "meter": noted["meter"],
        "unit": noted["unit"],
        "low": plain(low),
        "high": plain(high),
        "ratio": plain((high / low).quantize(RATIO_PLACES)) if low else None,
        "state": EXPLAINED if len(explained) == len(others) else DISPUTED,
        "explained": sorted(set(explained)),
        "chosen": next((one["source"] for one in noted["values"] if one["chosen"]), None),
        "reason": noted["reason"],
        "because": noted.get("because"),
        "sources": sorted({one["source"] for one in noted["values"]}),
        "since": max(one["since"] for one in noted["values"]),
        "values": values,
    }


def _value(stated: Mapping[str, Any], documents: Mapping[int, DocumentFacts]) -> dict[str, Any]:
    document = documents.get(stated["document"])
    return {
        "source": stated["source"],
        "value": float(stated["value"]),
        "since": stated["since"],
        "chosen": stated["chosen"],
        "explained": stated["explained"],
        "url": stated.get("url") or (document.url if document else None),
    }
