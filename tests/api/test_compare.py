"""`/api/v1/compare`: a row a field, what differs, and a best figure only where it can be said."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from flask.testing import FlaskClient

from tests.api.asked import data, errors, whole

TWO = "/compare?models=alpha/ode-4-5,beta/lyra"
WORK = "&input_tokens=1000000&output_tokens=100000"


def by_field(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["field"]: row for row in rows}


def test_each_field_has_the_value_of_each_model(api: FlaskClient) -> None:
    rows = by_field(data(api, TWO))
    lists = {row["id"]: row for row in data(api, "/models?id=alpha/ode-4.5&id=beta/lyra")}
    assert rows["limit.context"]["values"] == {name: row["limit"]["context"] for name, row in lists.items()}
    assert rows["cost.input"]["values"] == {name: row["cost"]["input"] for name, row in lists.items()}
    assert rows["scores.gpqa"]["values"] == {"alpha/ode-4.5": 83.4, "beta/lyra": None}
    assert rows["type"]["differs"] is False
    assert rows["limit.context"]["differs"] is True
    assert "workload" not in rows
    assert not any(all(value is None for value in row["values"].values()) for row in rows.values())


def test_the_best_is_said_only_of_figures_that_are_known_and_undisputed(api: FlaskClient) -> None:
    rows = by_field(data(api, TWO))
    assert rows["limit.context"]["best"] == "alpha/ode-4.5"
    assert rows["cost.input"]["best"] == "beta/lyra"
    assert (rows["cost.output"]["best"], rows["cost.output"]["disputed"]) == (None, ["alpha/ode-4.5"])
    assert rows["scores.gpqa"]["best"] is None
    assert rows["limit.output"]["best"] is None


def test_a_workload_is_a_row_that_adds_up_to_its_receipt(api: FlaskClient) -> None:
    answer = whole(api, TWO + WORK)
    row = by_field(answer["data"])["workload"]
    costs = {one["model"]: one["total"] for one in data(api, f"/costs?id=alpha/ode-4.5&id=beta/lyra{WORK}")}
    assert {name: value for name, value in row["values"].items() if value is not None} == costs
    assert row["best"] is None
    assert answer["meta"]["unpriced"] == {"beta/lyra": "not_published"}
    assert answer["meta"]["offers"] == {"alpha/ode-4.5": "alpha/alpha/ode-4.5"}


def test_any_sure_name_of_a_model_is_compared_and_another_has_what_may_be_meant(api: FlaskClient) -> None:
    assert data(api, "/compare?models=ode-4-5-20260501,beta/lyra")[0]["values"].keys() == {"alpha/ode-4.5", "beta/lyra"}
    refused = (api.get("/api/v1/compare?models=alpha/ode-4.6,beta/lyra").json or {})["errors"]
    assert refused == [{"parameter": "models", "message": "there is no model 'alpha/ode-4.6': did you mean 'alpha/ode-4.5'?"}]


def test_a_comparison_is_of_models_that_are_there(api: FlaskClient) -> None:
    assert errors(api, "/compare?models=alpha/ode-4.5") == ["models"]
    assert errors(api, "/compare") == ["models"]
    assert errors(api, "/compare?models=alpha/ode-4.5,alpha/nothing") == ["models"]
    assert errors(api, "/compare?models=alpha/ode-4.5,ode-4-5-20260501") == ["models"], "two names of one model"
    assert errors(api, TWO + "&basis=median") == ["basis"]
    assert errors(api, TWO + "&input_tokens=1&cache_hit=0.9&cache_write=0.2") == ["cache_hit", "cache_write"]


def test_csv_and_ndjson_have_the_same_fields_a_column_a_model(api: FlaskClient) -> None:
    query = "models=alpha/ode-4.5,beta/lyra&input_tokens=1000&output_tokens=1000"
    rows = json.loads(api.get(f"/api/v1/compare?{query}").data)["data"]
    assert [json.loads(line) for line in api.get(f"/api/v1/compare.ndjson?{query}").text.splitlines()] == rows
    table = list(csv.DictReader(io.StringIO(api.get(f"/api/v1/compare.csv?{query}").text, newline="")))
    names = ["alpha/ode-4.5", "beta/lyra"]
    assert list(table[0]) == ["field", "label", "unit", "group", *names, "differs", "best", "disputed"]
    assert [line["field"] for line in table] == [row["field"] for row in rows]
    numbers = [(line, row, name) for line, row in zip(table, rows, strict=True) for name in names
               if isinstance(row["values"][name], float)]  # fmt: skip
    assert numbers
    assert all(float(line[name]) == row["values"][name] for line, row, name in numbers)
