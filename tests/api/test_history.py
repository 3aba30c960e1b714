"""`/api/v1/history`: steps of prices, limits and lives, filtered, as JSON, CSV and NDJSON."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.engine import URL

from aimstats.domain.items import Lifecycle
from tests.api.asked import data, errors, whole
from tests.api.conftest import api_on
from tests.ingest.worlds import World, both, page, seen

NOW = datetime.now(UTC).replace(microsecond=0)
PAGE = page("openai", "openai")


@pytest.fixture
def told(database_url: URL, writer: Engine) -> FlaskClient:
    """The API on a ledger of three readings: a cut, and an end that was announced."""
    end = (Lifecycle(event="retired", at=NOW + timedelta(days=90)),)
    with writer.begin() as connection:
        world = World(connection)
        for days, amount in ((30, "2.5"), (20, "2.5"), (10, "2")):
            facts = {"limit.context": 128_000 if days > 10 else 256_000}
            rows = [seen("gpt-4o", *both(amount, "10"), facts=facts), seen("gpt-4o", *both("3", "12"), provider="azure")]
            world.crawl(NOW - timedelta(days=days), rows[:1], PAGE)
        world.crawl(NOW - timedelta(days=9), [seen("gpt-4o", lifecycle=end)], page("openai_life", "openai", kind="lifecycle"))
    return api_on(database_url).test_client()


def test_a_price_has_a_step_for_each_amount(told: FlaskClient) -> None:
    rows = data(told, "/history?model=openai/gpt-4o&meter=input")
    assert [(row["usd"], row["to"] is None, row["state"], row["source"]) for row in rows] == [
        (2.5, False, "stated", "openai"),
        (2, True, "stated", "openai"),
    ]
    assert rows[0]["to"] == rows[1]["from"]
    assert data(told, "/history?offer=openai/openai/gpt-4o&meter=input") == rows


def test_limits_and_lives_have_steps_too(told: FlaskClient) -> None:
    limits = data(told, "/history?model=openai/gpt-4o&kind=limit")
    assert [(row["meter"], row["value"]) for row in limits] == [("limit.context", 128_000), ("limit.context", 256_000)]
    (life,) = data(told, "/history?model=openai/gpt-4o&kind=lifecycle")
    assert (life["meter"], life["value"]["precision"], life["provider"]) == ("retired", "exact", "openai")


def test_days_cut_the_history(told: FlaskClient) -> None:
    day = (NOW - timedelta(days=15)).date()
    known = f"known_at={day}T00:00:00Z"
    for asked, amounts in ((f"to={day}", [2.5]), (f"from={day}", [2.5, 2]), (f"as_of={day}", [2.5]), (known, [2.5])):
        assert [row["usd"] for row in data(told, f"/history?model=openai/gpt-4o&meter=input&{asked}")] == amounts, asked


def test_csv_and_ndjson_hold_the_same_steps(told: FlaskClient) -> None:
    rows = data(told, "/history?model=openai/gpt-4o&limit=500")
    lines = told.get("/api/v1/history.ndjson?model=openai/gpt-4o").text.splitlines()
    assert [json.loads(line) for line in lines] == rows
    cells = list(csv.DictReader(io.StringIO(told.get("/api/v1/history.csv?model=openai/gpt-4o").text)))
    assert [(row["meter"], row["usd"]) for row in cells] == [(row["meter"], f"{row['usd']:g}") for row in rows]


def test_its_pages_hold_every_step_once(told: FlaskClient) -> None:
    asked = "/history?model=openai/gpt-4o&kind=price&kind=limit&kind=lifecycle"
    page_ = whole(told, f"{asked}&limit=2")
    steps = page_["data"]
    while page_["meta"]["next"]:
        page_ = whole(told, f"{asked}&limit=2&cursor={page_['meta']['next']}")
        steps += page_["data"]
    assert len(steps) > 4
    assert steps == data(told, asked)
    included = whole(told, "/models/openai/gpt-4o?include=history")["history"]
    assert included == data(told, "/history?model=openai/gpt-4o")


def test_a_history_is_of_something(told: FlaskClient) -> None:
    assert errors(told, "/history") == ["model"]
    assert data(told, "/history?model=nobody/nothing") == []


def test_a_model_of_which_nothing_was_known_is_there_with_the_reason(told: FlaskClient) -> None:
    before = f"as_of={(NOW - timedelta(days=40)).date()}"
    answer = told.get(f"/api/v1/models/openai/gpt-4o?include=offers&{before}")
    body = json.loads(answer.data)
    assert (answer.status_code, body["absent"], body["offers"]) == (200, "before_first_evidence", [])
    assert body["cost"]["absent"]["input"] == "before_first_evidence"
    assert told.get(f"/api/v1/models/nobody/nothing?{before}").status_code == 404


def test_a_list_of_another_day_says_how_much_is_known_of_it(told: FlaskClient) -> None:
    days = (NOW - timedelta(days=25), NOW - timedelta(days=40))
    shares = [json.loads(told.get(f"/api/v1/models?as_of={at.date()}").data)["meta"]["priced"] for at in days]
    assert shares == [{"models": 1, "of": 1}, {"models": 0, "of": 1}]
    assert "priced" not in json.loads(told.get("/api/v1/models").data)["meta"]
    alone = json.loads(told.get(f"/api/v1/models/openai/gpt-4o?as_of={days[0].date()}").data)["meta"]
    assert "priced" not in alone, "what one model is read from is no measure of the whole"
