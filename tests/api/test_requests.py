"""How the API takes a request: bad parameters, unknown or garbled addresses and headers, other methods and origins."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.api.asked import errors


def test_a_merged_id_leads_to_what_it_is_now(api: FlaskClient) -> None:
    answer = api.get("/api/v1/models/alpha/ode-4-5?fields=id")
    assert answer.status_code == 301
    assert answer.location == "/api/v1/models/alpha/ode-4.5?fields=id"


@pytest.mark.parametrize(
    "address", ["/models/alpha/nothing", "/models/alpha", "/providers/nobody", "/nothing", "/models/a/b/c", "//"]
)
def test_what_is_not_there_is_a_problem_document(api: FlaskClient, address: str) -> None:
    answer = api.get(f"/api/v1{address}")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize("name", ["ode-4-5-20260501", "Alpha/Ode-4.5", "alpha/alpha/ode-4.5"])
def test_a_name_that_surely_means_a_model_leads_to_it(api: FlaskClient, name: str) -> None:
    answer = api.get(f"/api/v1/models/{name}?fields=id&as_of=2026-11-01")
    assert (answer.status_code, answer.location) == (301, "/api/v1/models/alpha/ode-4.5?fields=id&as_of=2026-11-01")


def test_a_name_that_may_mean_several_has_candidates(api: FlaskClient) -> None:
    answer = api.get("/api/v1/models/ode")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    near = json.loads(answer.data)["candidates"]
    assert {one["model"] for one in near} == {"alpha/ode-4.5", "alpha/ode-mini"}
    assert all(one["reason"] and one["name"] for one in near)


@pytest.mark.parametrize(
    ("address", "parameter", "meant"),
    [
        ("/models?provider=Hostly", "provider", "hostly"),
        ("/models.csv?developer=alpa", "developer", "alpha"),
        ("/offers.ndjson?source=big-list", "source", "big_list"),
        ("/costs?input_tokens=1&family=Ode", "family", "ode"),
        ("/deprecations?provider=HOSTLY", "provider", "hostly"),
        ("/changes?developer=Alpha", "developer", "alpha"),
        ("/history?model=alpha/ode-4.5&provider=hostli", "provider", "hostly"),
        ("/models?provder=hostly", "provder", "provider"),
        ("/models?status=Retired", "status", "retired"),
        ("/models?sort=-scores.GPQA", "sort", "gpqa"),
        ("/models.csv?min_score=gpq:50", "min_score", "gpqa"),
        ("/models.ndjson?fields=id,scores.gpqa-", "fields", "gpqa"),
        ("/costs?input_tokens=1&min_score=gpqaa:1", "min_score", "gpqa"),
    ],
)
def test_a_word_that_never_was_is_refused_with_the_one_that_may_be_meant(
    api: FlaskClient, address: str, parameter: str, meant: str
) -> None:
    answer = api.get(f"/api/v1{address}")
    assert answer.status_code == 400
    (error,) = json.loads(answer.data)["errors"]
    assert (error["parameter"], error["message"].endswith(f"did you mean {meant!r}?")) == (parameter, True)


def test_a_word_of_which_nothing_is_left_finds_nothing(small: Flask, writer: Engine) -> None:
    client = small.test_client()
    assert errors(client, "/models?provider=gone") == ["provider"]
    with writer.begin() as connection:
        connection.exec_driver_sql(
            "insert into offer (id, provider, host, model, snapshot, variant, region, first_published) "
            "values ('gone/a/b', 'gone', 'gone', 'a/b', '', '', 'default', now())"
        )
    answer = client.get("/api/v1/models?provider=gone").get_json()
    assert (answer["data"], answer["meta"]["total"]) == ([], 0)
    assert client.get("/api/v1/models?provider=hostly&as_of=2001-01-01").get_json()["data"] == []


def test_raw_is_for_csv_alone_and_checked(api: FlaskClient) -> None:
    assert errors(api, "/models?raw=1") == ["raw"]
    assert errors(api, "/models.csv?raw=yes") == ["raw"]


def test_bad_parameters_are_named_all_at_once(api: FlaskClient) -> None:
    assert errors(api, "/models?limit=0&limit=1&shoe_size=44&type=texty&as_of=2099-01-01") == [
        "limit",
        "shoe_size",
        "type",
        "as_of",
    ]
    assert errors(api, "/models/alpha/ode-4.5?type=text") == ["type"]
    assert errors(api, "/meta?x=1") == ["x"]
    assert errors(api, "/sources?as_of=2026-01-01") == ["as_of"]
    assert errors(api, "/models?q=%00") == ["q"]


@pytest.mark.parametrize(
    "address",
    [
        "/models?%FF=%FE",
        "/models?q=%FF%FE",
        "/models?&&==",
        "/models?q[]=1",
        "/models/%FF/%00",
        "/models?cursor=%E2%82%AC",
        "/models?a=" + "x" * 9_000,
    ],
)
def test_garbage_in_the_address_is_never_our_failure(api: FlaskClient, address: str) -> None:
    assert api.get(f"/api/v1{address}").status_code in (200, 400, 404)


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "image/png"},
        {"Accept-Encoding": "identity;q=0, *;q=0"},
        {"Accept-Encoding": "gzip;q=x, ;;;=,"},
        {"If-None-Match": '"'},
        {"If-None-Match": 'W/,,"a'},
        {"If-Modified-Since": "never"},
        {"Content-Type": "application/json", "Content-Length": "0"},
        {"Range": "bytes=5-1"},
        {"Origin": "\u00ff"},
    ],
)
def test_garbage_in_headers_is_never_our_failure_nor_a_406(api: FlaskClient, headers: dict[str, str]) -> None:
    assert api.get("/api/v1/models?limit=1", headers=headers).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_another_method_is_refused_and_says_which_may_be_used(api: FlaskClient, method: str) -> None:
    answer = getattr(api, method)("/api/v1/models", data=b"\xff{")
    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]
    assert "Allow" in (answer.json or {})["detail"]


def test_an_address_that_is_none_says_where_all_are_listed(api: FlaskClient) -> None:
    assert "/api/v1 lists all" in (api.get("/api/v1/nothing").json or {})["detail"]


def test_head_and_options_are_answered(api: FlaskClient) -> None:
    get, head = api.get("/api/v1/models"), api.head("/api/v1/models")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert api.head("/api/v1/models.csv").status_code == 200
    options = api.options("/api/v1/models", headers={"Origin": "https://example.com", "Access-Control-Request-Method": "GET"})
    assert options.headers["Access-Control-Allow-Origin"] == "*"


def test_other_origins_may_read_the_headers_that_matter(api: FlaskClient) -> None:
    exposed = api.get("/api/v1/models", headers={"Origin": "https://example.com"}).headers["Access-Control-Expose-Headers"]
    assert {"ETag", "Retry-After"} <= {name.strip() for name in exposed.split(",")}
