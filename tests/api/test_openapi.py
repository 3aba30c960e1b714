"""The OpenAPI document and the API that it describes: a fuzzer holds each against the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from aimstats.api.examples import of_parameter
from aimstats.api.openapi import document
from aimstats.api.v1 import LISTS
from aimstats.catalogue.costs import WORKLOAD
from aimstats.catalogue.engine.parameters import parameters
from aimstats.catalogue.known import HELD

FEW, MANY = 6, 150
OPERATIONS = {found.ok().label: found.ok() for found in schemathesis.openapi.from_dict(document("")).get_all_operations()}  # type: ignore[union-attr]  # a wrong document fails here
ASKING = {label: operation for label, operation in OPERATIONS.items() if operation.query}
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
OWN = {"models": WORKLOAD}
"""What a list takes besides the parameters of its columns."""
BEYOND_SCHEMAS = ("cursor", "as_of", "known_at", "use", "edition", "score", "against", *HELD, *(one.name for one in WORKLOAD))
"""What a schema cannot say of them: a cursor is one that was given out, days and times have bounds that move, providers and the
like are those that were published, the parts of a workload go together."""


OF_NAMED = ("/costs", "/history", "/compare")
"""Addresses that are asked of models by name, or of a workload as a whole, which no schema can make up."""


def ask(app: Flask, label: str, mode: GenerationMode, questions: int) -> None:
    """Put generated questions to one address, and hold each answer against the description."""

    @settings(max_examples=questions, suppress_health_check=list(HealthCheck))
    @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
    def hold(case: schemathesis.Case[Any]) -> None:
        texts = [text for value in case.query.values() for text in (value if isinstance(value, list) and value else [value])]
        excluded: list[Any] = []
        if any(name in case.query for name in BEYOND_SCHEMAS) or any(one in label for one in OF_NAMED):
            excluded.append(positive_data_acceptance)
        if any(text in ([], {}, None) or not str(text).strip(" ") for text in texts):  # an empty parameter counts as absent
            excluded.append(negative_data_rejection)
        answer = case.call(app=app, headers={"Accept-Encoding": "identity"})
        case.validate_response(answer, excluded_checks=excluded)
        assert answer.status_code < 500 or answer.headers.get("retry-after")

    hold()


@pytest.mark.parametrize("label", ASKING)
@pytest.mark.parametrize("mode", MODES)
def test_each_address_answers_as_described(reading: Flask, label: str, mode: GenerationMode) -> None:
    ask(reading, label, mode, FEW)


@pytest.mark.long
@pytest.mark.parametrize("label", ASKING)
@pytest.mark.parametrize("mode", MODES)
def test_each_address_answers_as_described_to_many_questions(reading: Flask, label: str, mode: GenerationMode) -> None:
    ask(reading, label, mode, MANY)


@pytest.mark.parametrize("label", sorted(OPERATIONS.keys() - ASKING.keys()))
def test_an_address_without_parameters_answers_as_described(reading: Flask, label: str) -> None:
    case = OPERATIONS[label].Case()
    case.validate_response(case.call(app=reading, headers={"Accept-Encoding": "identity"}))


def test_every_parameter_that_is_served_is_described_and_no_other() -> None:
    paths = document("")["paths"]
    for rows in LISTS:
        described = {parameter["name"] for parameter in paths[f"/api/v1/{rows.name}"]["get"]["parameters"]}
        assert described == set(parameters(rows)) | {one.name for one in OWN.get(rows.name, ())}
        assert all(parameter["description"] for parameter in paths[f"/api/v1/{rows.name}"]["get"]["parameters"])


def test_the_contract_names_its_filters() -> None:
    filters = (
        "type developer provider family status use_case modality_in modality_out reasoning tool_call structured_output "
        "attachment open_weights license min_context max_context min_output_limit min_input_cost max_input_cost "
        "max_output_cost released_after released_before knowledge_after min_score max_memory_gb basis "
        "q sort limit cursor fields as_of known_at"
    )
    assert set(filters.split()) <= set(parameters(LISTS[0]))
    offers = "provider host region model developer source external_id plan kind max_input_cost q sort limit cursor fields as_of"
    assert set(offers.split()) <= set(parameters(LISTS[1]))


DOCUMENT = document("")
SEEN = {
    "/models": "?limit=500", "/offers": "?limit=500", "/providers": "", "/sources": "", "/changes": "", "/meta": "", "": "",
    "/costs": "?input_tokens=1000&per=offer", "/compare": "?models=alpha/ode-4.5,beta/lyra&input_tokens=1000",
    "/resolve": "?name=ode-4-5-20260501&input_tokens=1000",
    "/models/{developer}/{slug}": "/models/alpha/ode-4.5?include=offers,scores,evidence,history,names",
    "/offers/{identifier}": "/offers/alpha/alpha/ode-4.5", "/providers/{identifier}": "/providers/hostly",
}  # fmt: skip
"""Of each address what is asked: its query, or another address."""


def schema_of(node: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, or what its `$ref` points at."""
    return DOCUMENT["components"]["schemas"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node


def undescribed(value: Any, schema: dict[str, Any], place: str) -> Iterator[str]:
    """The keys of an answer that its schema does not name."""
    schema = schema_of(schema)
    if isinstance(value, list):
        for one in value:
            yield from undescribed(one, schema.get("items", {}), f"{place}[]")
    elif isinstance(value, dict):
        named, any_key = schema.get("properties", {}), schema.get("additionalProperties")
        for key, one in value.items():
            if key in named or isinstance(any_key, dict):
                yield from undescribed(one, named.get(key, any_key), f"{place}.{key}")
            elif named:
                yield f"{place}.{key}"


@pytest.mark.parametrize("path", SEEN)
def test_every_key_that_is_served_is_described(api: FlaskClient, path: str) -> None:
    asked = SEEN[path] if SEEN[path].startswith("/") else path + SEEN[path]
    content = DOCUMENT["paths"][f"/api/v1{path}"]["get"]["responses"]["200"]["content"]["application/json"]
    answer = api.get(f"/api/v1{asked}")
    assert answer.status_code == 200
    assert not set(undescribed(json.loads(answer.data), content["schema"], path))
    if "example" in content:
        assert not set(undescribed(content["example"], content["schema"], path))


def unexplained(schema: dict[str, Any], place: str) -> Iterator[str]:
    """The properties below a schema of which nothing is said."""
    for name, stated in schema.get("properties", {}).items():
        if "$ref" not in stated and not stated.get("description") and (place, name) not in ENVELOPE:
            yield f"{place}.{name}"
        yield from unexplained(stated, f"{place}.{name}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from unexplained(schema[key], f"{place}[]")


ENVELOPE = {("200", "data"), ("200", "meta")}


def test_every_field_is_explained_and_every_parameter_has_an_example_that_it_takes() -> None:
    found = [line for name, schema in DOCUMENT["components"]["schemas"].items() for line in unexplained(schema, name)]
    for item in DOCUMENT["paths"].values():
        for operation in item.values():
            for content in operation["responses"]["200"]["content"].values():
                found += unexplained(content["schema"], "200")
            found += [one["name"] for one in operation["parameters"] if not one.get("description") or "example" not in one]
    assert not found
    for rows in LISTS:
        for name, parameter in parameters(rows).items():
            example = of_parameter(parameter, rows.name)
            texts = [
                str(one).lower() if isinstance(one, bool) else str(one)
                for one in (example if isinstance(example, list) else [example])
            ]
            assert parameter.read(",".join(texts)) is not None, name


def test_every_address_has_a_real_answer_as_its_example() -> None:
    lacking = [
        path
        for path, item in DOCUMENT["paths"].items()
        for operation in item.values()
        if not path.endswith((".csv", ".ndjson", ".json", ".parquet"))
        and "example" not in operation["responses"]["200"]["content"]["application/json"]
    ]
    assert not lacking, "run: python -m tools.api_answers URL, of a server with the bundled snapshot"


def test_the_index_and_the_page_for_programs_name_every_address(api: FlaskClient) -> None:
    paths = [path for path in DOCUMENT["paths"] if not path.endswith((".csv", ".ndjson"))]
    index = api.get("/api/v1").get_json()
    assert {one["path"] for one in index["addresses"]} == set(paths)
    for one in index["addresses"]:
        if one["method"] == "GET":
            assert one["example"] is None or one["example"].startswith("/api/v1")
    page = api.get("/llms.txt")
    assert (page.status_code, page.mimetype) == (200, "text/plain")
    assert all(f"{path}`" in page.text for path in (*paths, "/mcp"))
    assert len(page.text) < 16_000
