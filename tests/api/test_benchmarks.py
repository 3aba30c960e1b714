"""`/api/v1/benchmarks`: what is measured, the scores of one in their ranks, and models by a composite of several."""

from __future__ import annotations

import csv
import io
import json

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from tests.api.asked import data, errors, walked, whole
from tests.api.published import move_version
from tests.catalogue.scored import score

SCORES = {
    "alpha/ode-4.5": [score("gpqa", "83.4", "80", "86", edition=None, measured_on="2026-02", n=198)],
    "alpha/ode-mini": [score("gpqa", "41", edition=None, self_reported=True)],
    "beta/lyra": [score("gpqa", "60", "50", "70", edition=None), score("gpqa", "99", edition=None, complete=False)],
}


@pytest.fixture
def client(small: Flask, writer: Engine) -> FlaskClient:
    body = {"name": "GPQA Diamond", "measures": "Hard questions", "unit": "percent", "higher_is_better": True, "version": "1"}
    with writer.begin() as connection:
        statement = "insert into benchmark (id, body, edition) values ('gpqa', cast(:body as jsonb), '')"
        connection.execute(text(statement), {"body": orjson.dumps({"id": "gpqa", **body}).decode()})
        for model, rows in SCORES.items():
            statement = "update resolved_model set evidence = evidence || cast(:said as jsonb) where id = :id"
            connection.execute(text(statement), {"id": model, "said": orjson.dumps({"scores": rows}).decode()})
        move_version(connection)
    return small.test_client()


def test_a_benchmark_lists_its_scores_in_their_ranks_in_every_form(client: FlaskClient) -> None:
    answer = whole(client, "/benchmarks/gpqa")
    assert [(row["model"], row["rank"], row["rank_to"], row["value"]) for row in answer["data"]] == [
        ("alpha/ode-4.5", 1, 1, 83.4),
        ("beta/lyra", 2, 2, 60),
        ("alpha/ode-mini", None, None, 41),
        ("beta/lyra", None, None, 99),
    ]
    assert walked(client, "/benchmarks/gpqa") == answer["data"]
    assert answer["meta"]["editions"] == {"": 3}
    listed = {"id": "gpqa", "newest": "2026-02", "self_reported": 0.3333, "model_count": 2}
    assert listed.items() <= answer["meta"]["benchmark"].items()
    assert [row["id"] for row in data(client, "/benchmarks?sort=-newest")] == ["gpqa"]
    lines = [json.loads(line) for line in client.get("/api/v1/benchmarks/gpqa.ndjson").text.splitlines()]
    assert lines == answer["data"]
    table = csv.DictReader(
        io.StringIO(client.get("/api/v1/benchmarks/gpqa.csv?self_reported=false&stands=true").text, newline="")
    )
    assert [(row["model"], row["ci_low"]) for row in table] == [("alpha/ode-4.5", "80"), ("beta/lyra", "50")]


def test_what_is_not_there_is_said(client: FlaskClient) -> None:
    assert client.get("/api/v1/benchmarks/nothing").status_code == 404
    assert errors(client, "/benchmarks/gpqa?edition=1999") == ["edition"]
    assert errors(client, "/benchmarks?use=gpqa,nothing") == ["use"]
    assert errors(client, "/benchmarks?use=gpqa:0") == ["use"]


def test_models_are_ranked_by_a_composite(client: FlaskClient) -> None:
    answer = whole(client, "/benchmarks?use=gpqa:1")
    assert [(row["id"], row["place"], row["low"], row["coverage"]) for row in answer["data"]] == [
        ("alpha/ode-4.5", 1, 50, 1),
        ("beta/lyra", 2, 0, 1),
    ]
    assert walked(client, "/benchmarks?use=gpqa:1") == answer["data"]
