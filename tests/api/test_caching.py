"""When the API answers anew: encodings and ETags, moved versions, and what it holds without a database or without data."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import Any

import brotli  # type: ignore[import-untyped]  # it ships no types
import pytest
from backports import zstd
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text

from aimstats.factory import create_app
from tests.api.asked import look_again, whole
from tests.api.published import move_version, write_rows
from tests.catalogue import bodies


@pytest.mark.parametrize(
    "address",
    ["/models?limit=2", "/models/alpha/ode-4.5", "/offers", "/models.csv", "/offers.ndjson", "/openapi.json", "/sources"],
)
def test_each_encoding_has_its_own_strong_etag_and_the_same_body(api: FlaskClient, address: str) -> None:
    decoders = {"zstd": zstd.decompress, "br": brotli.decompress, "gzip": gzip.decompress}
    plain = api.get(f"/api/v1{address}")
    etags = {plain.headers["ETag"]}
    for encoding, decode in decoders.items():
        answer = api.get(f"/api/v1{address}", headers={"Accept-Encoding": encoding})
        assert answer.headers["Content-Encoding"] == encoding
        assert decode(answer.data) == plain.data
        assert "Accept-Encoding" in answer.headers["Vary"]
        etags.add(answer.headers["ETag"])
    assert len(etags) == 4
    assert not any(etag.startswith("W/") for etag in etags)


@pytest.mark.parametrize(
    "address", ["/models?limit=2", "/models/alpha/ode-4.5", "/offers", "/models.csv", "/sources", "/openapi.json"]
)
def test_a_known_answer_is_a_304_that_reads_no_table(reading: Flask, api: FlaskClient, address: str) -> None:
    etag = api.get(f"/api/v1{address}").headers["ETag"]
    with counting(reading) as statements:
        again = api.get(f"/api/v1{address}", headers={"If-None-Match": f'"other", {etag}'})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert not [statement for statement in statements if "version" not in statement]


def test_a_page_that_was_answered_reads_no_table_again(reading: Flask, api: FlaskClient) -> None:
    first = api.get("/api/v1/offers")
    with counting(reading) as statements:
        assert api.get("/api/v1/offers").data == first.data
    assert not [statement for statement in statements if "resolved" in statement]


def test_the_etag_moves_with_the_dataset_and_with_what_was_confirmed(small: Flask, writer: Engine) -> None:
    seen = set()
    for dataset in (None, True, False):
        if dataset is not None:
            with writer.begin() as connection:
                move_version(connection, dataset=dataset)
        look_again(small)
        seen.add(small.test_client().get("/api/v1/models").headers["ETag"])
    assert len(seen) == 3


def test_a_new_version_is_served_once_it_is_looked_for(small: Flask, writer: Engine) -> None:
    client = small.test_client()
    assert whole(client, "/models")["meta"]["total"] == 5
    with writer.begin() as connection:
        write_rows(connection, [bodies.model("zeta/new")], [])
        move_version(connection)
    look_again(small)
    assert whole(client, "/models")["meta"]["total"] == 6


def test_an_empty_catalogue_says_so(empty: Flask) -> None:
    client = empty.test_client()
    answer = client.get("/api/v1/models")
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert "empty" in json.loads(answer.data)["detail"]
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/api/v1/openapi.json").status_code == 200


def test_without_its_database_the_api_serves_what_it_holds_and_says_so(small: Flask) -> None:
    api = small.test_client()
    fresh = api.get("/api/v1/models")
    break_database(small)
    look_again(small)
    stale = api.get("/api/v1/models")
    assert json.loads(stale.data)["data"] == json.loads(fresh.data)["data"]
    assert json.loads(stale.data)["meta"]["stale_since"]
    assert stale.headers["ETag"] != fresh.headers["ETag"]
    offers = api.get("/api/v1/offers?id=hostly/alpha/ode-4.5")
    assert json.loads(offers.data)["data"][0]["evidence"] is None
    assert offers.headers["Cache-Control"] == "no-store"


class counting:  # noqa: N801  # used as a context manager
    """The statements that the app sends while this is open."""

    def __init__(self, app: Flask) -> None:
        self._engine: Engine = app.extensions["database"].engine
        self._statements: list[str] = []

    def _note(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        self._statements.append(statement)

    def __enter__(self) -> list[str]:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self._statements

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)


def break_database(app: Flask) -> None:
    """Take the version table away: whatever reads it fails, as it would without a server."""
    engine: Engine = app.extensions["database"].engine
    with engine.begin() as connection:
        for table in ("version", "resolved_offer"):
            connection.execute(text(f"alter table {table} rename to away_{table}"))


@pytest.mark.parametrize("name", ["litellm", "models.dev", "openrouter"])
def test_an_export_is_the_same_in_every_encoding_and_sent_once(api: FlaskClient, name: str) -> None:
    address = f"/export/{name}.json"
    first = api.get(address, headers={"Accept-Encoding": "identity"})
    assert first.status_code == 200
    assert first.get_json() is not None
    again = api.get(address, headers={"Accept-Encoding": "identity", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert api.get(f"{address}?as_of=2020-01-01").status_code == 200
    assert api.get(f"{address}?model=x").status_code == 400


@pytest.mark.parametrize(("limit", "times"), [("", 1), ("1000/minute", 3)])
def test_a_list_is_answered_again_below_flask_only_where_requests_are_not_counted(reading: Flask, limit: str, times: int) -> None:
    app = create_app(replace(reading.config["AIMSTATS"], rate_limit=limit, rate_limit_storage_url="memory://"))
    seen: list[str] = []
    app.before_request(lambda: seen.append("one"))
    client = app.test_client()
    first = client.get("/api/v1/models?limit=2")
    again = client.get("/api/v1/models?limit=2")
    known = client.get("/api/v1/models?limit=2", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert (known.status_code, len(seen)) == (304, times)
    there = client.get("/api/v1/models?limit=2", headers={"Origin": "https://a.example"})
    assert there.headers["Access-Control-Allow-Origin"] == "*"
    app.extensions["database"].close()
