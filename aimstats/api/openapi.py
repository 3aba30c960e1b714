"""The OpenAPI 3.1 document, made from the declarations that serve the requests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import orjson

from aimstats.api import about, names, naming
from aimstats.api.bulk import PATHS as BULK
from aimstats.api.exports import PARAMETERS as EXPORT_PARAMETERS
from aimstats.api.exports import PATHS as EXPORTS
from aimstats.api.lists import JSON
from aimstats.api.model_page import MODEL_PAGE
from aimstats.api.model_page import PARAMETERS as MODEL_PARAMETERS
from aimstats.api.offer_page import OFFER_PAGE
from aimstats.api.offer_page import PARAMETERS as OFFER_PARAMETERS
from aimstats.api.provider_page import PARAMETERS as PROVIDER_PARAMETERS
from aimstats.api.provider_page import PROVIDER_PAGE
from aimstats.api.rows import CSV, NDJSON
from aimstats.catalogue.changes import CHANGES
from aimstats.catalogue.changes import PARAMETERS as CHANGES_PARAMETERS
from aimstats.catalogue.columns.benchmarks import BENCHMARKS
from aimstats.catalogue.columns.composite import COMPOSITE, USE
from aimstats.catalogue.columns.declarations import Collection as Rows
from aimstats.catalogue.columns.declarations import Column
from aimstats.catalogue.columns.departures import DEPARTURES
from aimstats.catalogue.columns.disagreements import DISAGREEMENTS
from aimstats.catalogue.columns.frontier import FRONTIER
from aimstats.catalogue.columns.frontier import OWN as FRONTIER_OWN
from aimstats.catalogue.columns.frontier import PARAMETERS as FRONTIER_PARAMETERS
from aimstats.catalogue.columns.history import HISTORY
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.columns.offers import OFFERS
from aimstats.catalogue.columns.providers import PROVIDERS
from aimstats.catalogue.columns.scores import EDITION, SCORED
from aimstats.catalogue.columns.sources import SOURCES
from aimstats.catalogue.comparison import SCHEMA as COMPARED
from aimstats.catalogue.costs import COSTS
from aimstats.catalogue.costs.crossovers import LIST_PARAMETERS as CROSSOVERS_PARAMETERS
from aimstats.catalogue.costs.crossovers import OWN as CROSSOVERS_OWN
from aimstats.catalogue.costs.crossovers import SCHEMA as CROSSOVER
from aimstats.catalogue.costs.questions import OWN as COSTS_OWN
from aimstats.catalogue.costs.questions import PARAMETERS as COSTS_PARAMETERS
from aimstats.catalogue.costs.questions import WORKLOAD
from aimstats.catalogue.engine.parameters import Parameter, parameters
from aimstats.catalogue.history import OWN as HISTORY_OWN

Schema = dict[str, Any]

API_VERSION: Final = "1"
PREFIX: Final = "/api/v1"
PROBLEM_TYPE: Final = "application/problem+json"
DESCRIPTION: Final = """Prices, limits, abilities and dates of AI models at every host, with the source of each figure.
Money is US dollars per 1,000,000 tokens, or per the meter's own unit; null is unknown, with its reason in cost.absent; 0 is free.
No key is needed. Answers carry strong ETags; RateLimit headers say where a client stands."""


def _read_raw(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("must be 0 or 1")
    return text == "1"


RAW: Final = Parameter(
    name="raw",
    help="1 leaves text cells as they are; else one that a spreadsheet would run gets a leading apostrophe.",
    schema={"type": "string", "enum": ["0", "1"]},
    read=_read_raw,
)

PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "RFC 9457.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"parameter": {"type": "string"}, "message": {"type": "string"}},
                "required": ["parameter", "message"],
            },
        },
        "candidates": {
            "type": "array",
            "description": "Of a model that is not there: those that may be meant, best first, as /resolve has them.",
            "items": naming.CANDIDATE_SCHEMA,
        },
    },
    "required": ["type", "title", "status"],
}
META: Final[Schema] = {
    "type": "object",
    "properties": {
        "total": {"type": "integer", "description": "How many rows match."},
        "limit": {"type": "integer"},
        "next": {"type": ["string", "null"], "description": "The cursor of the next page."},
        "dataset_version": {"type": "integer"},
        "rules_version": {"type": "string"},
        "as_of": {"type": ["string", "null"]},
        "known_at": {"type": ["string", "null"]},
        "unpriced": {
            "type": "object",
            "description": "Of costs: why others have no total. By reason how many they are, or by model the reason.",
            "additionalProperties": {"type": ["integer", "string"]},
        },
        "offers": {
            "type": "object",
            "description": "Of crossovers and comparisons: the offer of each model.",
            "additionalProperties": {"type": "string"},
        },
        "priced": {
            "type": "object",
            "description": "Only of another day: of how many models a price is known of it, out of those that are here today.",
            "properties": {"models": {"type": "integer"}, "of": {"type": "integer"}},
        },
        "score": {"type": "string", "description": "Of the frontier: the benchmark; empty where there is none."},
        "against": {"type": "string", "description": "Of the frontier: what costs are."},
        "lacking": {
            "type": "object",
            "description": "Of the frontier: how many models are no point, by reason: no `score`, a `self_reported` one alone, "
            "no `cost`, `free` (they have no place on a logarithmic axis).",
            "additionalProperties": {"type": "integer"},
        },
        "coverage": {
            "type": "object",
            "description": "Of the frontier: by benchmark, how many priced models have a score.",
            "additionalProperties": {"type": "integer"},
        },
        "measured": {
            "type": "array",
            "description": "Of the frontier: when the oldest and the newest score was measured; empty where none says.",
            "items": {"type": "string"},
        },
        "intervals": {"type": "integer", "description": "Of the frontier: how many of all points have an interval."},
        "benchmark": {"type": ["object", "null"], "description": "Of scores: their benchmark, as /benchmarks lists it."},
        "editions": {
            "type": "object",
            "description": "Of scores: how many models each edition has, the newest first; an empty name where it has none.",
            "additionalProperties": {"type": "integer"},
        },
        "absent": {"type": "string", "description": "Only of a time before anything was read: `before_first_evidence`."},
        "stale_since": {"type": "string", "description": "Only while the database is away: since when."},
    },
    "required": ["dataset_version", "rules_version", "as_of", "known_at"],
}
RATE_HEADERS: Final[Schema] = {
    name: {"description": sentence, "schema": {"type": "integer"}}
    for name, sentence in (
        ("RateLimit-Limit", "Requests a client may make in the window."),
        ("RateLimit-Remaining", "How many of them are left."),
        ("RateLimit-Reset", "Seconds until the window ends."),
    )
}
ANSWER_HEADERS: Final[Schema] = {
    "ETag": {"description": "Strong; another one for each encoding.", "schema": {"type": "string"}},
    "Cache-Control": {"schema": {"type": "string"}},
}


def nullable(schema: Mapping[str, Any]) -> Schema:
    """The schema with null allowed."""
    kind = schema.get("type")
    if kind is None:
        return dict(schema)
    kinds = [kind] if isinstance(kind, str) else list(kind)
    return {**schema, "type": kinds if "null" in kinds else [*kinds, "null"]}


def row_schema(columns: Iterable[Column]) -> Schema:
    """The schema of a row's object, nested as the keys are."""
    whole: Schema = {"type": "object", "properties": {}}
    for column in columns:
        if not column.served:
            continue
        *path, last = column.key.split(".")
        inner = whole
        for part in path:
            inner = inner["properties"].setdefault(part, {"type": ["object", "null"], "properties": {}})
        inner["properties"][last] = {**nullable(column.kind.schema), "description": column.help}
    return whole


def parameter_object(parameter: Parameter) -> Schema:
    """One query parameter."""
    single = dict(parameter.schema)
    described: Schema = {"name": parameter.name, "in": "query", "description": parameter.help, "schema": single}
    if parameter.repeatable:
        described |= {"schema": {"type": "array", "items": single, "maxItems": 100}, "style": "form", "explode": True}
    elif single.get("type") == "array":
        described |= {"style": "form", "explode": False}
    return described


def _path_parameter(name: str, sentence: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "description": sentence, "schema": {"type": "string", "minLength": 1}}


def _problem(sentence: str, *, waits: bool = False) -> Schema:
    problem: Schema = {
        "description": sentence,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if waits:
        problem["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return problem


def _operation(
    name: str, summary: str, media_type: str, schema: Schema, given: list[Schema], *, may_lack: bool = False
) -> Schema:
    responses: Schema = {
        "200": {
            "description": "The answer.",
            "headers": ANSWER_HEADERS | RATE_HEADERS,
            "content": {media_type.partition(";")[0]: {"schema": schema}},
        },
        "304": {"description": "The client's copy (If-None-Match) is the answer."},
        "400": _problem("A parameter is unknown, repeated where it is single, or holds what it may not."),
        "429": _problem("More requests than RATE_LIMIT allows.", waits=True),
        "503": _problem("Nothing is published yet, the database is away, or another day is being built.", waits=True),
    }
    if may_lack:
        responses["404"] = _problem("There is no such thing.")
    return {"get": {"operationId": name, "summary": summary, "parameters": given, "responses": responses}}


def _given(rows: Rows, only: Collection[str] | None = None) -> list[Schema]:
    return [parameter_object(one) for name, one in parameters(rows).items() if only is None or name in only]


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list_paths(
    rows: Rows,
    schema: str,
    only: Collection[str] | None = None,
    own: Iterable[Parameter] = (),
    *,
    instead: str = "",
    path: str = "",
    inside: Iterable[Schema] = (),
) -> Schema:
    """The three addresses of a list. Its rows may be of the schema `instead`; it stands at `path`, which has the parameters
    `inside`, where that is not its name."""
    given, name = [*inside, *map(parameter_object, own), *_given(rows, only)], rows.name
    row = {"anyOf": [_reference(schema), _reference(instead)]} if instead else _reference(schema)
    page = {
        "type": "object",
        "properties": {"data": {"type": "array", "items": row}, "meta": _reference("Meta")},
        "required": ["data", "meta"],
    }
    text: Schema = {"type": "string"}
    lines, cells, place = f"All {name}, one JSON object a line.", f"All {name}, as CSV.", f"{PREFIX}/{path or name}"
    lacks = bool(path)
    return {
        place: _operation(name, f"A page of {name}.", JSON, page, given, may_lack=lacks),
        f"{place}.ndjson": _operation(f"{name}_ndjson", lines, NDJSON, text, given, may_lack=lacks),
        f"{place}.csv": _operation(f"{name}_csv", cells, CSV, text, [*given, parameter_object(RAW)], may_lack=lacks),
    }


def _resolve_operation() -> Schema:
    """The one address that takes a body; for one name also without."""
    workload = [*map(parameter_object, WORKLOAD), *_given(MODELS, names.DAYS)]
    one = [*map(parameter_object, names.ONE), *workload]
    one[0]["required"] = True
    asked = _operation("resolve_one", "Which model and offer one name means.", JSON, naming.ANSWER_SCHEMA, one)
    described = _operation("resolve", "Which models up to 1,000 names mean.", JSON, naming.ANSWER_SCHEMA, workload)["get"]
    responses = described["responses"]
    del responses["304"]
    responses["200"]["headers"] = {"Cache-Control": ANSWER_HEADERS["Cache-Control"]} | RATE_HEADERS
    responses["400"] = _problem("The body is no JSON, or it or a parameter holds what it may not.")
    responses["413"] = _problem("The body is larger than 1 MiB.")
    responses["415"] = _problem("The body is not application/json.")
    body = {"required": True, "content": {"application/json": {"schema": names.BODY_SCHEMA}}}
    return {**asked, "post": described | {"requestBody": body}}


def _of_models(name: str, sentence: str, schema: str) -> Schema:
    """A question about a few models and a workload."""
    given = [parameter_object(one) for one in CROSSOVERS_OWN]
    given += _given(COSTS, CROSSOVERS_PARAMETERS)
    next(one for one in given if one["name"] == "models")["required"] = True
    page = {
        "type": "object",
        "properties": {"data": {"type": "array", "items": _reference(schema)}, "meta": _reference("Meta")},
        "required": ["data", "meta"],
    }
    return _operation(name, sentence, JSON, page, given)


def _compare_paths() -> Schema:
    """The comparison and its twins."""
    page = _of_models("compare", "A few models side by side, a row a field.", "Compared")
    given, text = page["get"]["parameters"], {"type": "string"}
    return {
        f"{PREFIX}/compare": page,
        f"{PREFIX}/compare.ndjson": _operation("compare_ndjson", "All fields, one JSON object a line.", NDJSON, text, given),
        f"{PREFIX}/compare.csv": _operation(
            "compare_csv", "All fields as CSV, a column a model.", CSV, text, [*given, parameter_object(RAW)]
        ),
    }


def _exported(path: str) -> Schema:
    """The whole catalogue in the format of others, of any day."""
    name, given = path.rpartition("/")[2], _given(OFFERS, EXPORT_PARAMETERS)
    return _operation(f"export_{name}", f"The catalogue as {name} has it.", JSON, {"type": "object"}, given)


def _bulk(path: str, media_type: str) -> Schema:
    """A file that is made once a dataset version."""
    name, schema = path.rpartition("/")[2], {"type": "object"} if media_type == JSON else {"type": "string", "format": "binary"}
    return _operation(f"bulk_{name}", f"{name}, made when the last crawl settled.", media_type, schema, [], may_lack=True)


def _with_meta(columns: Iterable[Column]) -> Schema:
    schema = row_schema(columns)
    schema["properties"]["meta"] = _reference("Meta")
    return schema


def document(base: str) -> Schema:
    """The document; `base` is the API's public address, '' for the origin that serves it."""
    one_model = [_path_parameter("developer", "The developer's id."), _path_parameter("slug", "The rest of the model's id.")]
    model = _operation(
        "model", "One model.", JSON, _reference("ModelPage"), [*one_model, *_given(MODEL_PAGE, MODEL_PARAMETERS)], may_lack=True
    )
    moved = {"Location": {"schema": {"type": "string"}}}
    model["get"]["responses"]["301"] = {"description": "The id was merged into another.", "headers": moved}
    provider_given = [_path_parameter("identifier", "The provider's id."), *_given(PROVIDER_PAGE, PROVIDER_PARAMETERS)]
    offer_given = [_path_parameter("identifier", "The offer's id."), *_given(OFFER_PAGE, OFFER_PARAMETERS)]
    offer = _operation("offer", "One offer.", JSON, _reference("OfferPage"), offer_given, may_lack=True)
    offer["get"]["responses"]["301"] = {"description": "The id leads to another.", "headers": moved}
    of_benchmark = _path_parameter("identifier", "The benchmark's id.")
    schemas = {
        "Problem": PROBLEM,
        "Meta": META,
        "Model": row_schema(MODELS.columns),
        "ModelPage": _with_meta(MODEL_PAGE.columns),
        "Offer": row_schema(OFFERS.columns),
        "OfferPage": _with_meta(OFFER_PAGE.columns),
        "Provider": row_schema(PROVIDERS.columns),
        "ProviderPage": _with_meta(PROVIDER_PAGE.columns),
        "Benchmark": row_schema(BENCHMARKS.columns),
        "Composite": row_schema(COMPOSITE.columns),
        "Score": row_schema(SCORED.columns),
        "Source": row_schema(SOURCES.columns),
        "Change": row_schema(CHANGES.columns),
        "Departure": row_schema(DEPARTURES.columns),
        "Disagreement": row_schema(DISAGREEMENTS.columns),
        "Point": row_schema(FRONTIER.columns),
        "Step": row_schema(HISTORY.columns),
        "Cost": row_schema(COSTS.columns),
        "Crossover": CROSSOVER,
        "Compared": COMPARED,
        "About": about.SCHEMA,
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "AI Models Stats", "version": API_VERSION, "description": DESCRIPTION},
        "servers": [{"url": base or "/"}],
        "paths": {
            **_list_paths(MODELS, "Model", own=WORKLOAD),
            f"{PREFIX}/models/{{developer}}/{{slug}}": model,
            **_list_paths(OFFERS, "Offer"),
            f"{PREFIX}/offers/{{identifier}}": offer,
            **_list_paths(PROVIDERS, "Provider"),
            f"{PREFIX}/providers/{{identifier}}": _operation(
                "provider", "One provider.", JSON, _reference("ProviderPage"), provider_given, may_lack=True
            ),
            **_list_paths(BENCHMARKS, "Benchmark", own=(USE,), instead="Composite"),
            **_list_paths(SCORED, "Score", own=(EDITION,), path="benchmarks/{identifier}", inside=[of_benchmark]),
            **_list_paths(SOURCES, "Source"),
            **_list_paths(CHANGES, "Change", CHANGES_PARAMETERS),
            **_list_paths(DEPARTURES, "Departure"),
            **_list_paths(DISAGREEMENTS, "Disagreement"),
            **_list_paths(FRONTIER, "Point", FRONTIER_PARAMETERS, FRONTIER_OWN),
            **_list_paths(HISTORY, "Step", own=HISTORY_OWN),
            **_list_paths(COSTS, "Cost", COSTS_PARAMETERS, COSTS_OWN),
            f"{PREFIX}/costs/crossovers": _of_models(
                "costs_crossovers", "Where the order of a few models turns as a workload changes.", "Crossover"
            ),
            **_compare_paths(),
            f"{PREFIX}/resolve": _resolve_operation(),
            f"{PREFIX}/meta": _operation("meta", "Versions, counts, age and freshness.", JSON, _reference("About"), []),
            **{path: _exported(path) for path in EXPORTS},
            **{path: _bulk(path, media_type) for path, media_type in BULK.items()},
            f"{PREFIX}/openapi.json": _operation("openapi", "This document.", JSON, {"type": "object"}, []),
        },
        "components": {"schemas": schemas},
    }


@lru_cache(maxsize=4)
def document_json(base: str) -> bytes:
    """The document's bytes."""
    return orjson.dumps(document(base))
