"""The OpenAPI 3.1 document, made from the declarations that serve the requests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Final

import orjson

from aimstats.api import about, examples, index, names, naming
from aimstats.api.bulk import PATHS as BULK
from aimstats.api.describing import (
    ANSWER_HEADERS,
    META,
    PROBLEM,
    RATE_HEADERS,
    RAW,
    Schema,
    operation,
    parameter_object,
    path_parameter,
    problem,
    row_schema,
    show,
)
from aimstats.api.exports import PARAMETERS as EXPORT_PARAMETERS
from aimstats.api.exports import PATHS as EXPORTS
from aimstats.api.glossary import explained
from aimstats.api.lists import JSON
from aimstats.api.model_page import MODEL_PAGE
from aimstats.api.model_page import OWN as MODEL_OWN
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

API_VERSION: Final = "1"
PREFIX: Final = "/api/v1"
DESCRIPTION: Final = """Prices, limits, abilities and dates of AI models at every host, with the source of each figure.
Money is US dollars per 1,000,000 tokens, or per the meter's own unit; null is unknown, with its reason in cost.absent; 0 is free.
No key is needed. Answers carry strong ETags; RateLimit headers say where a client stands."""


def _given(rows: Rows, only: Collection[str] | None = None) -> list[Schema]:
    return [parameter_object(one, rows.name) for name, one in parameters(rows).items() if only is None or name in only]


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


SUMMARIES: Final[Mapping[str, str]] = {
    "models": "Models, filtered and sorted, a page at a time.",
    "offers": "Who sells a model and at what price, a page at a time.",
    "providers": "Who sells models, a page at a time.",
    "benchmarks": "What is measured, or the models by benchmarks that you weigh.",
    "scores": "The scores of one benchmark, in their ranks.",
    "sources": "What is read, and how its last run went.",
    "changes": "What each publication changed, the newest first.",
    "deprecations": "What ends when and what is named instead, the earliest first.",
    "disagreements": "Figures of which sources say different things, the largest ratio first.",
    "frontier": "Models by score and cost, the cheapest first, and which of them nothing beats on both.",
    "history": "Every step of the prices and figures of what is asked for, by offer and time.",
    "costs": "What a workload costs at each model, the cheapest first, with the receipt.",
}
"""What a page of each list is, in a sentence."""


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
        place: operation(name, SUMMARIES[name], JSON, page, given, may_lack=lacks),
        f"{place}.ndjson": operation(f"{name}_ndjson", lines, NDJSON, text, given, may_lack=lacks),
        f"{place}.csv": operation(f"{name}_csv", cells, CSV, text, [*given, parameter_object(RAW)], may_lack=lacks),
    }


def _resolve_operation() -> Schema:
    """The one address that takes a body; for one name also without."""
    workload = [*map(parameter_object, WORKLOAD), *_given(MODELS, names.DAYS)]
    one = [*map(parameter_object, names.ONE), *workload]
    one[0]["required"] = True
    asked = operation("resolve_one", "Which model and offer one name means.", JSON, naming.ANSWER_SCHEMA, one)
    described = operation("resolve", "Which models up to 1,000 names mean.", JSON, naming.ANSWER_SCHEMA, workload)["get"]
    responses = described["responses"]
    del responses["304"]
    responses["200"]["headers"] = {"Cache-Control": ANSWER_HEADERS["Cache-Control"]} | RATE_HEADERS
    responses["400"] = problem("The body is no JSON, or it or a parameter holds what it may not.")
    responses["413"] = problem("The body is larger than 1 MiB.")
    responses["415"] = problem("The body is not application/json.")
    shown = {"schema": names.BODY_SCHEMA, "example": examples.RESOLVE_BODY}
    body = {"required": True, "content": {"application/json": shown}}
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
    return operation(name, sentence, JSON, page, given)


def _compare_paths() -> Schema:
    """The comparison and its twins."""
    page = _of_models("compare", "A few models side by side, a row a field.", "Compared")
    given, text = page["get"]["parameters"], {"type": "string"}
    return {
        f"{PREFIX}/compare": page,
        f"{PREFIX}/compare.ndjson": operation("compare_ndjson", "All fields, one JSON object a line.", NDJSON, text, given),
        f"{PREFIX}/compare.csv": operation(
            "compare_csv", "All fields as CSV, a column a model.", CSV, text, [*given, parameter_object(RAW)]
        ),
    }


def _exported(path: str) -> Schema:
    """The whole catalogue in the format of others, of any day."""
    name, given = path.rpartition("/")[2], _given(OFFERS, EXPORT_PARAMETERS)
    return operation(f"export_{name}", f"The catalogue as {name} has it.", JSON, {"type": "object"}, given)


def _bulk(path: str, media_type: str) -> Schema:
    """A file that is made once a dataset version."""
    name, schema = path.rpartition("/")[2], {"type": "object"} if media_type == JSON else {"type": "string", "format": "binary"}
    about = f"{name}, made when the last crawl settled; one range of its bytes may be asked for (`Range`)."
    return operation(f"bulk_{name}", about, media_type, schema, [], may_lack=True)


def _with_meta(columns: Iterable[Column]) -> Schema:
    schema = row_schema(columns)
    schema["properties"]["meta"] = _reference("Meta")
    return schema


def document(base: str) -> Schema:
    """The document; `base` is the API's public address, '' for the origin that serves it."""
    developer, _, slug = examples.MODEL.partition("/")
    model_given = [
        path_parameter("developer", "The developer's id.", developer),
        path_parameter("slug", "The rest of the model's id.", slug),
        *map(parameter_object, MODEL_OWN),
        *_given(MODEL_PAGE, MODEL_PARAMETERS),
    ]
    model = operation("model", "One model.", JSON, _reference("ModelPage"), model_given, may_lack=True)
    moved = {"Location": {"description": "Where it is.", "schema": {"type": "string"}}}
    model["get"]["responses"]["301"] = {
        "description": "The id was merged, or the name surely means it.",
        "headers": moved,
    }
    of_provider = path_parameter("identifier", "The provider's id.", examples.PATHS["providers"])
    provider_given = [of_provider, *_given(PROVIDER_PAGE, PROVIDER_PARAMETERS)]
    of_offer = path_parameter("identifier", "The offer's id.", examples.PATHS["offers"])
    offer_given = [of_offer, *_given(OFFER_PAGE, OFFER_PARAMETERS)]
    offer = operation("offer", "One offer.", JSON, _reference("OfferPage"), offer_given, may_lack=True)
    offer["get"]["responses"]["301"] = {"description": "The id leads to another.", "headers": moved}
    of_benchmark = path_parameter("identifier", "The benchmark's id.", examples.PATHS["benchmarks"])
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
        "Index": index.SCHEMA,
    }
    found: Schema = {
        "openapi": "3.1.0",
        "info": {"title": "AI Models Stats", "version": API_VERSION, "description": DESCRIPTION},
        "servers": [{"url": base or "/"}],
        "paths": {
            **_list_paths(MODELS, "Model", own=WORKLOAD),
            f"{PREFIX}/models/{{developer}}/{{slug}}": model,
            **_list_paths(OFFERS, "Offer"),
            f"{PREFIX}/offers/{{identifier}}": offer,
            **_list_paths(PROVIDERS, "Provider"),
            f"{PREFIX}/providers/{{identifier}}": operation(
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
            PREFIX: operation("index", "What can be asked.", JSON, _reference("Index"), []),
            f"{PREFIX}/meta": operation("meta", "Versions, counts, age and freshness.", JSON, _reference("About"), []),
            **{path: _exported(path) for path in EXPORTS},
            **{path: _bulk(path, media_type) for path, media_type in BULK.items()},
            f"{PREFIX}/openapi.json": operation("openapi", "This document.", JSON, {"type": "object"}, []),
        },
        "components": {"schemas": {name: explained(schema) for name, schema in schemas.items()}},
    }
    for path, item in found["paths"].items():
        for method, described in item.items():
            show(f"{method.upper()} {path}", described)
    return found


@lru_cache(maxsize=4)
def document_json(base: str) -> bytes:
    """The document's bytes."""
    return orjson.dumps(document(base))
