"""The JSON API through its addresses: lists, one model, providers, sources, meta, and what it refuses."""

from __future__ import annotations

import csv
import gzip
import io
import json
from decimal import Decimal
from typing import Any

import brotli  # type: ignore[import-untyped]  # it ships no types
import pytest
from backports import zstd
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text

from tests.api.published import move_version, write_rows
from tests.catalogue import bodies


def data(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1{address}")
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = json.loads(answer.data)["data"]
    return rows


def whole(client: FlaskClient, address: str) -> dict[str, Any]:
    """The answer's object, whatever its status."""
    found: dict[str, Any] = json.loads(client.get(f"/api/v1{address}").data)
    return found


def errors(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(f"/api/v1{address}")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    return [error["parameter"] for error in json.loads(answer.data)["errors"]]


def test_a_list_says_how_many_there_are_and_where_it_goes_on(api: FlaskClient) -> None:
    first = whole(api, "/models?limit=3")
    assert first["meta"] | {"next": ""} == {
        "total": 5,
        "limit": 3,
        "next": "",
        "dataset_version": first["meta"]["dataset_version"],
        "rules_version": "1",
        "as_of": None,
        "known_at": None,
    }
    second = whole(api, f"/models?limit=3&cursor={first['meta']['next']}")
    assert [row["id"] for row in (*first["data"], *second["data"])] == [body["id"] for body in bodies.MODELS]
    assert second["meta"]["next"] is None


def test_a_model_has_the_shape_of_the_contract(api: FlaskClient) -> None:
    row = data(api, "/models?id=alpha/ode-4.5")[0]
    assert list(row)[:6] == ["id", "name", "type", "developer", "family", "status"]
    assert {"context": 200_000, "input": None, "output": 64_000}.items() <= row["limit"].items()
    assert row["cost"]["tiers"] == [{"min_context_tokens": 200_000, "input": 6}]
    assert row["cost"]["plans"] == {"batch": {"input": 1.5}}
    assert row["cost"]["absent"]["reasoning"] == "not_published"
    assert row["cost_basis"] == {"offer": "alpha/alpha/ode-4.5", "basis": "first_party"}
    assert row["scores"] == {"gpqa": 83.4}
    assert row["agreement"] == {"sources": 2, "disputed": ["cost.output"]}
    assert row["changed_at"] == "2026-10-01T08:00:00Z"
    assert not {"aliases", "documents", "evidence"} & row.keys()


def test_one_model_adds_offers_evidence_aliases_and_snapshots(api: FlaskClient) -> None:
    row = whole(api, "/models/alpha/ode-4.5")
    assert [offer["id"] for offer in row["offers"]] == ["alpha/alpha/ode-4.5", "hostly/alpha/ode-4.5"]
    assert row["aliases"] == ["ode-4-5-20260501", "Ode Four"]
    assert row["snapshots"] == ["2026-05-01"]
    evidence = row["evidence"]["limit.context"][0]
    assert (evidence["value"], evidence["won"], evidence["source"]) == (200_000, True, "alpha_page")
    assert evidence["checked_at"].endswith("Z")
    assert "document" not in evidence
    assert row["scores"][0]["benchmark"] == "gpqa"
    assert row["scores"][0]["ci_low"] is None


def test_a_merged_id_leads_to_what_it_is_now(api: FlaskClient) -> None:
    answer = api.get("/api/v1/models/alpha/ode-4-5?fields=id")
    assert answer.status_code == 301
    assert answer.location == "/api/v1/models/alpha/ode-4.5?fields=id"


@pytest.mark.parametrize(
    "address", ["/models/alpha/nothing", "/models/alpha", "/providers/nobody", "/nothing", "/models/a/b/c", "/"]
)
def test_what_is_not_there_is_a_problem_document(api: FlaskClient, address: str) -> None:
    answer = api.get(f"/api/v1{address}")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_an_offer_has_its_evidence_with_figures_untouched(api: FlaskClient) -> None:
    row = data(api, "/offers?id=hostly/alpha/ode-4.5")[0]
    listing = row["evidence"][0]
    assert listing["cost"] == {"input": 2, "cache_read": 0}
    assert listing["region"] == "EU"
    assert listing["document_date"] is not None
    assert row["model"] == "alpha/ode-4.5"
    assert row["prices"][0]["usd"] == 2


def test_a_router_is_an_offer_without_a_model(api: FlaskClient) -> None:
    assert [row["model"] for row in data(api, "/offers?kind=router")] == [None]


def test_fields_trim_the_objects(api: FlaskClient) -> None:
    rows = data(api, "/models?id=beta/lyra&fields=id,cost.input,limit.context,scores.gpqa,cost.absent.cache_read")
    assert rows == [
        {
            "id": "beta/lyra",
            "cost": {"input": 0.00001, "absent": {"cache_read": "not_published"}},
            "limit": {"context": 131_072},
            "scores": {},
        }
    ]


def test_numbers_are_written_without_exponent_or_noise(api: FlaskClient) -> None:
    body = api.get("/api/v1/models?id=beta/lyra").text
    assert '"input":0.00001,' in body
    assert json.loads(body, parse_float=Decimal)["data"][0]["cost"]["output"] == Decimal("0.0000375")


@pytest.mark.parametrize("name", ["models", "offers", "providers", "sources"])
def test_a_list_has_all_of_its_rows_in_every_form(api: FlaskClient, name: str) -> None:
    rows = data(api, f"/{name}?limit=500")
    lines = [json.loads(line) for line in api.get(f"/api/v1/{name}.ndjson").text.splitlines()]
    assert lines == rows
    table = list(csv.DictReader(io.StringIO(api.get(f"/api/v1/{name}.csv").text, newline="")))
    assert [row["id"] for row in table] == [row["id"] for row in rows]


def test_csv_cells_say_what_json_says(api: FlaskClient) -> None:
    answer = api.get("/api/v1/models.csv?id=beta/lyra&fields=id,cost.input,open_weights,modalities,cost.tiers,knowledge")
    assert answer.mimetype == "text/csv"
    assert answer.text == (
        "id,open_weights,knowledge,modalities.input,modalities.output,cost.input,cost.tiers\r\nbeta/lyra,true,,,,0.00001,[]\r\n"
    ) or list(csv.DictReader(io.StringIO(answer.text, newline=""))) == [
        {
            "id": "beta/lyra",
            "knowledge": "",
            "open_weights": "true",
            "modalities.input": "",
            "modalities.output": "",
            "cost.input": "0.00001",
            "cost.tiers": "[]",
        }
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_csv_cell_that_a_spreadsheet_would_run_is_made_harmless(small: Flask, writer: Engine, start: str) -> None:
    with writer.begin() as connection:
        write_rows(connection, [bodies.model("zeta/sly", name=f"{start}1+1", memory_gb="1")], [])
        move_version(connection)
    client = small.test_client()
    address = "/api/v1/models.csv?id=zeta/sly&fields=name"
    guarded, raw = client.get(address), client.get(f"{address}&raw=1")
    assert next(csv.reader(io.StringIO(guarded.text.partition("\r\n")[2], newline="")))[0] == f"'{start}1+1"
    assert next(csv.reader(io.StringIO(raw.text.partition("\r\n")[2], newline="")))[0] == f"{start}1+1"


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


def test_providers_and_one_of_them(api: FlaskClient) -> None:
    assert [row["id"] for row in data(api, "/providers?sort=-offer_count")] == ["hostly", "alpha", "beta"]
    one = whole(api, "/providers/hostly")
    assert one["models"] == ["alpha/ode-4.5", "beta/vector-1"]
    assert one["cheapest"] == {"offer": "hostly/alpha/ode-4.5", "input": 2, "output": 9}


def test_sources_say_how_they_stand(api: FlaskClient) -> None:
    rows = {row["id"]: row for row in data(api, "/sources")}
    assert {name: row["status"] for name, row in rows.items()} == {
        "alpha_page": "published",
        "big_list": "stale",
        "new_one": "never_run",
    }
    assert rows["big_list"]["held"] == 1
    assert rows["big_list"]["held_reasons"][0]["reason"] == "a thousand times dearer"
    assert rows["big_list"]["unknown"] == {"x": 2}
    assert rows["new_one"]["last_run"] is None
    assert [row["id"] for row in data(api, "/sources?status=stale")] == ["big_list"]


def test_meta_counts_and_tells_the_age(api: FlaskClient) -> None:
    meta = whole(api, "/meta")
    assert meta["counts"] == {"models": 5, "offers": 6, "providers": 3, "sources": 3, "documents": 2}
    assert 2.9 < meta["age_hours"] < 3.3
    assert meta["freshness"]["big_list"]["status"] == "stale"
    assert meta["stale_since"] is None


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


def test_today_is_the_present_and_an_earlier_day_is_resolved_from_the_ledger(api: FlaskClient) -> None:
    assert whole(api, "/models?as_of=2001-01-01")["meta"]["total"] == 0
    answer = whole(api, "/models?known_at=2001-01-01T00:00:00Z")
    assert (answer["meta"]["total"], answer["meta"]["known_at"]) == (0, "2001-01-01T00:00:00Z")
    assert api.get("/api/v1/models/alpha/ode-4.5?as_of=2001-01-01").status_code == 404


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


def look_again(app: Flask) -> None:
    """Let the app look at the version with the next request, without waiting for its second."""
    app.extensions["catalogue"]._next_look = float("-inf")


def break_database(app: Flask) -> None:
    """Take the version table away: whatever reads it fails, as it would without a server."""
    engine: Engine = app.extensions["database"].engine
    with engine.begin() as connection:
        for table in ("version", "resolved_offer"):
            connection.execute(text(f"alter table {table} rename to away_{table}"))
