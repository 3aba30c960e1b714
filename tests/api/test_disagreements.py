"""`/api/v1/disagreements`: figures that sources state differently, the largest ratio first."""

from __future__ import annotations

import csv
import io
import json

from flask.testing import FlaskClient

from tests.api.asked import data, walked


def test_the_largest_ratio_comes_first_with_what_each_source_says(api: FlaskClient) -> None:
    rows = data(api, "/disagreements")
    assert [(row["subject"], row["field"], row["ratio"], row["state"]) for row in rows] == [
        ("alpha/alpha/ode-4.5", "cost.output", 2, "disputed"),
        ("alpha/alpha/ode-4.5", "cost.input", 1.5, "explained"),
    ]
    assert (rows[0]["chosen"], rows[0]["low"], rows[0]["high"], rows[0]["since"]) == ("alpha_page", 15, 30, "2026-06-01")
    assert [(value["source"], value["value"], value["url"]) for value in rows[0]["values"]] == [
        ("alpha_page", 15, "https://example.com/prices"),
        ("big_list", 30, "https://example.org/own"),
    ]
    assert rows[1]["explained"] == ["promotional"]
    assert walked(api, "/disagreements") == rows


def test_filters_and_the_other_forms_hold_the_same(api: FlaskClient) -> None:
    assert [row["field"] for row in data(api, "/disagreements?min_ratio=2&provider=alpha&source=big_list")] == ["cost.output"]
    assert data(api, "/disagreements?field=cost.cache_read") == []
    lines = [json.loads(line) for line in api.get("/api/v1/disagreements.ndjson").text.splitlines()]
    assert lines == data(api, "/disagreements")
    table = csv.DictReader(io.StringIO(api.get("/api/v1/disagreements.csv?state=disputed").text, newline=""))
    assert [(row["ratio"], row["sources"]) for row in table] == [("2", "alpha_page;big_list")]
