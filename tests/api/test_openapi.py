"""The OpenAPI document and the API that it describes: a fuzzer holds each against the other."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

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


def test_every_key_that_is_served_is_described(api: FlaskClient) -> None:
    schemas = document("")["components"]["schemas"]
    for name, schema_name in (("models", "Model"), ("offers", "Offer"), ("providers", "Provider"), ("sources", "Source")):
        for row in json.loads(api.get(f"/api/v1/{name}").data)["data"]:
            assert row.keys() <= schemas[schema_name]["properties"].keys()
    page = json.loads(api.get("/api/v1/models/alpha/ode-4.5").data)
    assert page.keys() <= schemas["ModelPage"]["properties"].keys()
