"""The pieces that the API's description is made of: schemas of rows, parameters with examples, operations with their answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from aimstats.api import examples, index, naming
from aimstats.api.glossary import explained
from aimstats.catalogue.columns.declarations import Column
from aimstats.catalogue.costs.questions import WORKLOAD
from aimstats.catalogue.engine.parameters import Parameter

Schema = dict[str, Any]

PROBLEM_TYPE: Final = "application/problem+json"


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


OTHER_METERS: Final[Schema] = {
    "type": ["number", "null"],
    "description": "Another meter, where a source states it, in US dollars per its own unit (`training`, `cache_storage`, ...).",
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
    if "input" in whole["properties"].get("cost", {}).get("properties", ()):
        whole["properties"]["cost"]["additionalProperties"] = OTHER_METERS
    return whole


def parameter_object(parameter: Parameter, rows: str = "") -> Schema:
    """One query parameter, of a list where one is named; `x-group` is the heading that it stands under."""
    single, example = dict(parameter.schema), examples.of_parameter(parameter, rows)
    described: Schema = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.help,
        "schema": single,
        "example": example,
    }
    if parameter.repeatable:
        described |= {"schema": {"type": "array", "items": single, "maxItems": 100}, "style": "form", "explode": True}
        described["example"] = [example]
    elif single.get("type") == "array":
        described |= {"style": "form", "explode": False}
    if parameter.column is not None:
        described["x-group"] = parameter.column.group or "Row"
    elif parameter in WORKLOAD:
        described["x-group"] = index.WORKLOAD
    return described


def path_parameter(name: str, sentence: str, example: str) -> Schema:
    schema = {"type": "string", "minLength": 1}
    return {"name": name, "in": "path", "required": True, "description": sentence, "schema": schema, "example": example}


def problem(sentence: str, *, waits: bool = False) -> Schema:
    found: Schema = {
        "description": sentence,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if waits:
        found["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return found


def operation(name: str, summary: str, media_type: str, schema: Schema, given: list[Schema], *, may_lack: bool = False) -> Schema:
    responses: Schema = {
        "200": {
            "description": "The answer.",
            "headers": ANSWER_HEADERS | RATE_HEADERS,
            "content": {media_type.partition(";")[0]: {"schema": schema}},
        },
        "304": {"description": "The client's copy (If-None-Match) is the answer."},
        "400": problem("A parameter is unknown, repeated where it is single, or holds what it may not."),
        "429": problem("More requests than RATE_LIMIT allows.", waits=True),
        "503": problem("Nothing is published yet, the database is away, or another day is being built.", waits=True),
    }
    if may_lack:
        responses["404"] = problem("There is no such thing.")
    return {"get": {"operationId": name, "summary": summary, "parameters": given, "responses": responses}}


def show(name: str, operation: Schema) -> None:
    """Explain what the operation answers and takes, and show what it answered once."""
    shown = examples.answers().get(name)
    for media_type, content in operation["responses"]["200"]["content"].items():
        content["schema"] = explained(content["schema"])
        if shown is not None and media_type == "application/json":
            content["example"] = shown["body"]
            operation["x-example"] = shown["request"]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        content["schema"] = explained(content["schema"])
