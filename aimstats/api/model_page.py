"""The answer about one model: its row and who states it; offers, scores, evidence, history and names where they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from sqlalchemy.exc import SQLAlchemyError

from aimstats.api import evidence
from aimstats.api.lists import meta
from aimstats.catalogue import attribution, wire
from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.declarations import Column
from aimstats.catalogue.columns.history import HISTORY
from aimstats.catalogue.columns.kinds import KEY, STATED_BY, TEXTS, structure
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.columns.offers import EVIDENCE, HELD
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.catalogue.engine.query import Query, parse
from aimstats.catalogue.engine.select import matching
from aimstats.catalogue.history import history_table
from aimstats.domain.absence import Absence
from aimstats.domain.likeness import suggestion
from aimstats.extensions.answers import answer_is_partial
from aimstats.extensions.current import current_holder
from aimstats.resolution.scores import version_of

PARAMETERS: Final = ("fields", "as_of", "known_at", "basis")
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "offers": ("offers",),
    "scores": ("scores",),
    "evidence": ("evidence",),
    "history": ("history",),
    "names": ("aliases", "snapshots", "variants"),
}
"""What `include` may ask for, and which keys that adds."""


def _read_parts(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in PARTS:
            raise ValueError(f"may be any of {', '.join(PARTS)}, and not {name[:60]!r}{suggestion(name[:60], PARTS)}")
    return names


_ONE_PART: Final = "|".join(PARTS)
INCLUDE: Final = Parameter(
    name="include",
    help=f"What the answer is to have beside the row: any of {', '.join(PARTS)}, comma-separated or repeated.",
    schema={"type": "string", "pattern": f"^({_ONE_PART})(,({_ONE_PART}))*$"},
    read=_read_parts,
    write=lambda names: ",".join(sorted(names)),
    repeatable=True,
)
OWN: Final = (INCLUDE,)
SCORE_FIELDS: Final = (
    "value", "benchmark", "edition", "version", "snapshot", "variant", "settings", "ci_low", "ci_high", "n", "run_cost",
    "cost_per_task", "measured_on", "measured_by", "self_reported", "complete", "source", "url",
)  # fmt: skip
"""What is said of each score (api.md, Resources)."""
FIGURES: Final = ("value", "ci_low", "ci_high", "run_cost", "cost_per_task")
FLAG: Final = {"type": ["boolean", "null"]}
_WORD: Final = {"type": ["string", "null"]}
_FIGURE: Final = {"type": ["number", "null"]}
SCORE_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "value": {"type": "number"},
    **dict.fromkeys(("ci_low", "ci_high", "run_cost", "cost_per_task"), _FIGURE),
    **dict.fromkeys(("edition", "snapshot", "variant", "measured_on", "measured_by", "source", "url"), _WORD),
    "benchmark": {"type": "string"},
    "settings": {"type": ["object", "null"], "additionalProperties": {"type": "string"}},
    "n": {"type": ["integer", "null"]},
    "self_reported": FLAG
    | {"description": "True: by the developer of the model; false: measured by others; null: the source does not tell."},
    "complete": FLAG | {"description": "An incomplete row never ranks as a complete one."},
    "version": {"type": ["string", "null"], "description": "Its edition, or the version of the benchmark as a whole."},
    "name": {"type": ["string", "null"], "description": "The model as the board spells it."},
    "unit": _WORD | {"description": "The score's unit."},
    "metric": _WORD | {"description": "What of the benchmark it is, where it has several figures."},
    "subset": _WORD | {"description": "Of which part of the benchmark it is."},
    "chosen": FLAG | {"description": "Whether it is the one that stands for the benchmark."},
    "multi_model": FLAG | {"description": "Whether several models made it together."},
    **dict.fromkeys(("document_date", "checked_at"), _WORD),
    "held": HELD,
}
"""What each of them is."""
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
_SCORE: Final = {"type": "object", "properties": SCORE_SCHEMAS}


def _joined(key: str, sentence: str, schema: dict[str, Any]) -> Column:
    return Column(key=key, label=key.title(), help=sentence, kind=structure(schema, is_open=True), joined=True)


ADDED: Final = (
    _joined("sources", "By shown figure (`cost.input`, `limit.context`) who states it, where.", STATED_BY),
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
    _joined(
        "offers", "Every offer of it, as /offers lists them.", {"type": "array", "items": {"$ref": "#/components/schemas/Offer"}}
    ),
    _joined(
        "evidence",
        "By field: what each source states, which one won and why.",
        {"type": ["object", "null"], "additionalProperties": {"type": "array", "items": FIELD_EVIDENCE}},
    ),
    _joined(
        "history",
        "The steps of its prices, as /history lists them.",
        {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/Step"}},
    ),
)
MODEL_PAGE: Final = replace(
    MODELS, columns=(*(column for column in MODELS.columns if column.key != "scores"), *ADDED), has_basis=True
)


def included(query: Query) -> frozenset[str]:
    """The parts that a query asks for, by `include` or by naming one of their keys in `fields`."""
    named = {name.partition(".")[0] for name in query.fields}
    asked = {name for names in query.own.get(INCLUDE.name, ()) for name in names}
    return frozenset(asked | {part for part, keys in PARTS.items() if named.intersection(keys)})


def model_json(catalogue: Catalogue, query: Query, row: Row) -> bytes:
    """The answer: the row, who states its figures, and the parts asked for."""
    holder, parts = current_holder(), included(query)
    stated = evidence.of_model(holder, catalogue, row)
    if stated is None:
        answer_is_partial()
    body: dict[str, Any] = {key: value for key, value in row.body.items() if key != "scores"}
    body["sources"] = None if stated is None else attribution.sources_of_model(catalogue, row, stated)
    if "names" in parts:
        body |= {key: row.detail.get(key) or [] for key in PARTS["names"]}
    scores = (stated or {}).pop("scores", None)
    if "scores" in parts:
        body["scores"] = _scores(catalogue, row.body.get("scores") or {}, scores)
    if "offers" in parts:
        offers = catalogue.offers_of(row.id)
        listings = evidence.of_offers(holder, catalogue, offers)
        body["offers"] = [offer.body | {"evidence": listings[offer.id]} for offer in offers]
    if "evidence" in parts:
        body["evidence"] = stated
    if "history" in parts:
        body["history"] = _history(catalogue, query, row)
    return _answer(catalogue, query, body)


def absent_json(catalogue: Catalogue, query: Query, today: Row) -> bytes:
    """The answer about a model that is here today and of which nothing was in force then: its figures are absent for that."""
    known = {key: today.body[key] for key in ("id", "name", "type", "developer", "family")}
    absent = dict.fromkeys(("input", "output"), Absence.BEFORE_FIRST_EVIDENCE.value)
    body = wire.server(MODELS, frozenset())(known | {"cost": {"absent": absent}})
    del body["scores"]
    body["sources"] = {}
    for part in included(query):
        body |= {key: {} if key == "evidence" else [] for key in PARTS[part]}
    body["absent"] = Absence.BEFORE_FIRST_EVIDENCE.value
    return _answer(catalogue, query, body)


def _answer(catalogue: Catalogue, query: Query, body: dict[str, Any]) -> bytes:
    shown = wire.trimmed(body, query.fields) if query.fields else body
    return wire.dumps({**shown, "meta": meta(catalogue, query, is_list=False)})


def _history(catalogue: Catalogue, query: Query, row: Row) -> list[Any] | None:
    """The steps of its prices as they are told on the day that is asked for; None while the ledger cannot be read."""
    now = datetime.now(UTC)
    days = [(name, query.stated[name]) for name in ("as_of", "known_at") if name in query.stated]
    asked = parse(HISTORY, [("model", (row.id,)), *days], now=now)
    try:
        with current_holder().snapshot() as connection:
            table = history_table(connection, current_holder().current(), asked, now)
    except SQLAlchemyError:
        answer_is_partial()
        return None
    return [orjson.Fragment(step.json) for step in matching(catalogue.including(table), asked)]


def _scores(catalogue: Catalogue, shown: dict[str, Any], stated: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Every stated score; where the row has only its chosen ones, those."""
    rows = stated if stated is not None else [{"benchmark": name, "value": value} for name, value in shown.items()]
    blank = dict.fromkeys(SCORE_FIELDS)
    return [{**blank, **row, **_numbers(row), "version": version_of(row, catalogue.benchmarks)} for row in rows]


def _numbers(row: dict[str, Any]) -> dict[str, Any]:
    """The figures of a stored row as numbers: they are kept as text."""
    return {name: wire.number(row[name]) for name in FIGURES if isinstance(row.get(name), str)}
