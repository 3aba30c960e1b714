"""What names mean, as answers print it: model, offer, price, a workload's receipt, and who says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from aimstats.catalogue import attribution
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.kinds import STATED_BY
from aimstats.catalogue.costs import CostRow
from aimstats.catalogue.costs.questions import RECEIPT_COLUMNS
from aimstats.catalogue.costs.tariffs import NO_OFFER, tariffs_of
from aimstats.catalogue.names import Named, name_in
from aimstats.domain.workload import Receipt, Workload, receipt_of
from aimstats.extensions.answers import answer_is_partial
from aimstats.extensions.current import current_holder
from aimstats.identity import Name

CANDIDATE_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "model": {"type": "string", "description": "The model's id."},
        "name": {"type": "string", "description": "The model's name."},
        "score": {"type": "number", "description": "0 to 1: how much it is like the name."},
        "reason": {"type": "string", "description": "Why it may be meant."},
    },
    "required": ["model", "name", "score", "reason"],
}
_NAMED: Final = {
    "name": {"type": "string", "description": "The name asked for: of an object its name, else its id."},
    "kind": {"type": "string", "enum": ["model", "router", "agent", "other"]},
    "model": {"type": ["string", "null"], "description": "null where the catalogue has no model of this name."},
    "snapshot": {"type": "string"},
    "variant": {"type": "string"},
    "confidence": {"type": "number", "description": "0 to 1; it orders answers and is no probability."},
    "method": {"type": "string"},
    "steps": {"type": "array", "items": {"type": "string"}, "description": "How the name was read."},
    "candidates": {
        "type": "array",
        "description": "Of an unknown name: models that it may mean or is much like, best first, each with its reason.",
        "items": CANDIDATE_SCHEMA,
    },
    "status": {"type": ["string", "null"]},
    "retirement_date": {"type": ["string", "null"]},
    "replacements": {"type": "array", "items": {"type": "string"}},
    "offer": {"type": ["string", "null"], "description": "What the name means to buy: at its seller, else at the developer."},
    "provider": {"type": ["string", "null"]},
    "cost": {"type": ["object", "null"], "description": "The offer's price, as /offers has it."},
    "receipt": {
        "type": ["object", "null"],
        "description": "What the workload asked for costs at the offer, as /costs has it; null where none was asked for.",
        "properties": {column.key: column.kind.schema for column in RECEIPT_COLUMNS},
    },
    "unpriced": {"type": ["string", "null"], "description": "Why there is no receipt of the workload asked for."},
    "sources": STATED_BY,
}
ANSWER_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "data": {"type": "array", "items": {"type": "object", "properties": _NAMED, "required": list(_NAMED)}},
        "meta": {"$ref": "#/components/schemas/Meta"},
    },
    "required": ["data", "meta"],
}

ENDING: Final = ("deprecated", "retired")


def rows_of(catalogue: Catalogue, names: Sequence[Name], workload: Workload | None) -> list[dict[str, Any]]:
    """The objects of these names, in their order; what is asked twice is worked out once. What a workload costs is in them where
    one is given. Without the database `sources` are null, and the answer is partial."""
    meant = {key: name_in(catalogue, name) for key, name in {_key(name): name for name in names}.items()}
    bodies = {key: named.body() | _further(catalogue, named, workload) for key, named in meant.items()}
    _add_sources(catalogue, meant, bodies)
    return [bodies[_key(name)] for name in names]


def _key(name: Name) -> tuple[str, ...]:
    return (name.source, name.provider, name.external_id, name.name)


def _further(catalogue: Catalogue, named: Named, workload: Workload | None) -> dict[str, Any]:
    """The receipt, or why there is none."""
    if workload is None or named.model is None:
        return {"receipt": None, "unpriced": None}
    place = catalogue.offers.positions.get(named.offer or "")
    tariff = None if place is None else tariffs_of(catalogue).offers[place]
    if tariff is None:
        return {"receipt": None, "unpriced": NO_OFFER}
    found = receipt_of(tariff, workload)
    if isinstance(found, Receipt):
        return {"receipt": CostRow(catalogue, found).body(), "unpriced": None}
    return {"receipt": None, "unpriced": found.reason}


def _add_sources(catalogue: Catalogue, meant: Mapping[Any, Named], bodies: Mapping[Any, dict[str, Any]]) -> None:
    """Who states the price of each offer, and of what ends, the end: that alone is looked up."""
    ending = {one.model for one in meant.values() if one.model and (one.retirement_date or one.status in ENDING)}
    evidence = _evidence(catalogue, ending)
    for key, named in meant.items():
        if named.model is None:
            bodies[key]["sources"] = {}
        elif evidence is None and named.model in ending:
            bodies[key]["sources"] = None
        else:
            stated = (evidence or {}).get(named.model) or {}
            bodies[key]["sources"] = attribution.sources_of_named(catalogue, named.model, named.offer, stated)


def _evidence(catalogue: Catalogue, models: Iterable[str]) -> Mapping[str, Any] | None:
    wanted = sorted(models)
    found = current_holder().evidence(catalogue, "models", wanted) if wanted else {}
    if found is None:
        answer_is_partial()
    return found
