"""The answer about one model: its row, and beside it offers, evidence, scores, aliases and snapshots."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from aimstats.api import evidence
from aimstats.api.lists import meta
from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.declarations import Column
from aimstats.catalogue.columns.kinds import KEY, TEXTS, structure
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.columns.offers import EVIDENCE
from aimstats.catalogue.engine.query import Query
from aimstats.domain.absence import Absence
from aimstats.extensions.answers import answer_is_partial
from aimstats.extensions.current import current_holder
from aimstats.resolution.scores import version_of

PARAMETERS: Final = ("fields", "as_of", "known_at", "basis")
SCORE_FIELDS: Final = (
    "value", "benchmark", "edition", "version", "snapshot", "variant", "settings", "ci_low", "ci_high", "n", "run_cost",
    "cost_per_task", "measured_on", "measured_by", "self_reported", "complete", "source", "url",
)  # fmt: skip
"""What is said of each score (api.md, Resources)."""
FIGURES: Final = ("value", "ci_low", "ci_high", "run_cost", "cost_per_task")
FLAG: Final = {"type": ["boolean", "null"]}
SCORE_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "self_reported": FLAG
    | {"description": "True: by the developer of the model; false: measured by others; null: the source does not tell."},
    "complete": FLAG | {"description": "An incomplete row never ranks as a complete one."},
    "version": {"type": ["string", "null"], "description": "Its edition, or the version of the benchmark as a whole."},
}
"""Those of its fields that need a word."""
FIELD_EVIDENCE: Final = {
    "type": "object",
    "properties": {
        **{key: value for key, value in EVIDENCE["properties"].items() if key not in ("cost", "region", "agreement")},
        "value": {},
        "observed_to": {"type": ["string", "null"]},
        "won": {"type": "boolean"},
        "reason": {"type": ["string", "null"]},
    },
}
_SCORE: Final = {"type": "object", "properties": {field: SCORE_SCHEMAS.get(field, {}) for field in SCORE_FIELDS}}


def _joined(key: str, sentence: str, schema: dict[str, Any]) -> Column:
    return Column(key=key, label=key.title(), help=sentence, kind=structure(schema, is_open=True), joined=True)


ADDED: Final = (
    _joined("scores", "Every score, with its settings and source.", {"type": "array", "items": _SCORE}),
    Column(
        key="absent",
        label="Absent",
        help="`before_first_evidence` where nothing was in force of it on the day that was asked for.",
        kind=KEY,
        joined=True,
    ),
    Column(key="aliases", label="Aliases", help="Other names of it.", kind=TEXTS, joined=True),
    Column(key="snapshots", label="Snapshots", help="Its dated builds.", kind=TEXTS, joined=True),
    Column(key="variants", label="Variants", help="The same weights run otherwise.", kind=TEXTS, joined=True),
    _joined("offers", "Every offer of it, as /offers lists them.", {"type": "array", "items": {"type": "object"}}),
    _joined(
        "evidence",
        "By field: what each source states, which one won and why.",
        {"type": "object", "additionalProperties": {"type": "array", "items": FIELD_EVIDENCE}},
    ),
)
MODEL_PAGE: Final = replace(
    MODELS, columns=(*(column for column in MODELS.columns if column.key != "scores"), *ADDED), has_basis=True
)


def model_json(catalogue: Catalogue, query: Query, row: Row) -> bytes:
    """The whole answer."""
    holder = current_holder()
    stated = evidence.of_model(holder, catalogue, row)
    if stated is None:
        answer_is_partial()
    body: dict[str, Any] = row.body | row.detail
    body["scores"] = _scores(catalogue, body.get("scores") or {}, (stated or {}).pop("scores", None))
    offers = catalogue.offers_of(row.id)
    listings = evidence.of_offers(holder, catalogue, offers)
    body["offers"] = [offer.body | {"evidence": listings[offer.id]} for offer in offers]
    body["evidence"] = stated
    if query.fields:
        body = wire.trimmed(body, query.fields)
    return wire.dumps({**body, "meta": meta(catalogue, query)})


def absent_json(catalogue: Catalogue, query: Query, today: Row) -> bytes:
    """The answer about a model that is here today and of which nothing was in force then: its figures are absent for that."""
    known = {key: today.body[key] for key in ("id", "name", "type", "developer", "family")}
    absent = dict.fromkeys(("input", "output"), Absence.BEFORE_FIRST_EVIDENCE.value)
    body = wire.server(MODELS, frozenset())(known | {"cost": {"absent": absent}})
    body |= {"scores": [], "aliases": [], "snapshots": [], "variants": [], "offers": [], "evidence": {}}
    body["absent"] = Absence.BEFORE_FIRST_EVIDENCE.value
    if query.fields:
        body = wire.trimmed(body, query.fields)
    return wire.dumps({**body, "meta": meta(catalogue, query)})


def _scores(catalogue: Catalogue, shown: dict[str, Any], stated: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Every stated score; where the row has only its chosen ones, those."""
    rows = stated if stated is not None else [{"benchmark": name, "value": value} for name, value in shown.items()]
    blank = dict.fromkeys(SCORE_FIELDS)
    return [{**blank, **row, **_numbers(row), "version": version_of(row, catalogue.benchmarks)} for row in rows]


def _numbers(row: dict[str, Any]) -> dict[str, Any]:
    """The figures of a stored row as numbers: they are kept as text."""
    return {name: wire.number(row[name]) for name in FIGURES if isinstance(row.get(name), str)}
