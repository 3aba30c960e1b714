"""`/api/v1/changes`: events as they were published, newest first, under each filter, page by page."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from aimstats.catalogue.changes import KINDS
from tests.api.events import EVENTS

URL = "/api/v1/changes"


def rows(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"{URL}?{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["data"]
    return found


def kinds(client: FlaskClient, query: str) -> list[str]:
    return [row["kind"] for row in rows(client, query)]


def test_an_event_has_what_the_contract_names_with_prices_as_numbers(api: FlaskClient) -> None:
    row = rows(api, "kind=price_changed")[0]
    assert list(row) == ["id", "at", "kind", "model", "offer", "field", "from", "to", "ratio", "source", "weight"]
    assert (row["from"], row["to"], row["ratio"]) == (4.5, 2.25, 0.5)
    assert row["at"] == "2026-03-02T06:00:00Z"
    assert rows(api, "kind=status_changed")[0]["to"] == "retired"


def test_the_newest_comes_first_and_nothing_newer_than_the_catalogue(api: FlaskClient) -> None:
    ids = [row["id"] for row in rows(api)]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == len(EVENTS) - 1
    assert "delta/tomorrow" not in [row["model"] for row in rows(api)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=model_added", 2),
        ("kind=model_added&kind=model_merged", 3),
        ("provider=hostly", 1),
        ("provider=hostly&provider=alpha", 2),
        ("developer=beta", 2),
        ("model=beta/lyra", 2),
        ("model=alpha/ode-4.5", 4),
        ("model=alpha/ode-4-5", 4),
        ("since=2026-03-03", 5),
        ("since=2026-03-03T06:00:01Z", 3),
        ("since=2026", 9),
        ("since=2027", 0),
        ("as_of=2026-03-01", 2),
        ("known_at=2026-03-02T06:00:00Z", 4),
        ("developer=alpha&kind=price_changed&since=2026-03-02", 1),
    ],
)
def test_filters_leave_what_they_name(api: FlaskClient, query: str, expected: int) -> None:
    answer = api.get(f"{URL}?{query}").get_json()
    assert (len(answer["data"]), answer["meta"]["total"]) == (expected, expected)


def test_pages_hold_every_event_once_though_many_are_of_one_instant(api: FlaskClient) -> None:
    seen, query = [], "limit=2"
    while True:
        answer = api.get(f"{URL}?{query}").get_json()
        seen += [row["id"] for row in answer["data"]]
        if answer["meta"]["next"] is None:
            break
        query = f"limit=2&cursor={answer['meta']['next']}"
    assert seen == [row["id"] for row in rows(api)]


@pytest.mark.parametrize("sort", ["-weight", "weight,-at", "at", "-at,weight"])
def test_what_matters_can_come_first_page_by_page(api: FlaskClient, sort: str) -> None:
    keys = [(part.lstrip("-"), part.startswith("-")) for part in sort.split(",")]
    expected = rows(api)
    for key, is_down in reversed([*keys, ("id", keys[0][1])]):
        expected.sort(key=lambda row: row[key], reverse=is_down)
    assert len({row["weight"] for row in expected}) > 3
    seen, query = [], f"sort={sort}&limit=2"
    while query:
        answer = api.get(f"{URL}?{query}").get_json()
        seen += answer["data"]
        query = f"sort={sort}&limit=2&cursor={answer['meta']['next']}" if answer["meta"]["next"] else ""
    assert seen == expected


def test_fields_trim_the_objects(api: FlaskClient) -> None:
    assert rows(api, "fields=kind,to&kind=status_changed") == [{"kind": "status_changed", "to": "retired"}]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("kind=nothing", "kind"),
        ("since=yesterday", "since"),
        ("since=2026-13", "since"),
        ("since=2026-03-01&since=2026-03-02", "since"),
        ("q=ode", "q"),
        ("sort=kind", "sort"),
        ("limit=0", "limit"),
        ("sort=weight&cursor=WzEsIiIsWyJ4Il0sIjEiXQ", "cursor"),
        ("cursor=WzEsIiIsWyJ4Il0sIjEiXQ", "cursor"),
        ("unknown=1", "unknown"),
    ],
)
def test_what_cannot_be_asked_is_a_400_that_names_it(api: FlaskClient, query: str, parameter: str) -> None:
    answer = api.get(f"{URL}?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.get_json()["errors"][0]["parameter"] == parameter


def test_an_unchanged_answer_is_not_sent_again(api: FlaskClient) -> None:
    first = api.get(URL)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert api.get(URL, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_all_of_them_are_csv_and_ndjson_too(api: FlaskClient) -> None:
    lines = list(csv.DictReader(io.StringIO(api.get(f"{URL}.csv").text)))
    objects = [json.loads(line) for line in api.get(f"{URL}.ndjson").text.splitlines()]
    assert objects == rows(api)
    assert [line["id"] for line in lines] == [str(row["id"]) for row in objects]
    assert next(line for line in lines if line["kind"] == "price_changed")["to"] == "2.25"
    assert len(api.get(f"{URL}.ndjson?limit=3").text.splitlines()) == 3


def test_every_kind_that_publishing_tells_can_be_asked_for(api: FlaskClient) -> None:
    assert {row["kind"] for row in rows(api)} == set(KINDS)
