"""What the API answers: lists, one model, offers, providers, sources and meta, as JSON, CSV and NDJSON."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.api.asked import data, whole
from tests.api.published import move_version, write_rows
from tests.catalogue import bodies


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


def test_one_model_is_its_row_and_who_states_each_figure(api: FlaskClient) -> None:
    row, listed = whole(api, "/models/alpha/ode-4.5"), data(api, "/models?id=alpha/ode-4.5")[0]
    del listed["scores"]
    assert {key: value for key, value in row.items() if key not in ("sources", "meta")} == listed
    assert row["sources"] == {
        "limit.context": {"source": "alpha_page", "url": "https://example.com/prices"},
        "cost.input": {"source": "alpha_page", "url": None},
        "cost.output": {"source": "alpha_page", "url": None},
    }


def test_what_is_included_is_asked_for_by_part_or_by_field(api: FlaskClient) -> None:
    parts = {"offers": {"offers"}, "scores": {"scores"}, "evidence": {"evidence"}, "history": {"history"}}
    parts["names"] = {"aliases", "snapshots", "variants"}
    plain = whole(api, "/models/alpha/ode-4.5").keys()
    for part, keys in parts.items():
        assert whole(api, f"/models/alpha/ode-4.5?include={part}").keys() - plain == keys
    whole_ = plain | set().union(*parts.values())
    for query in (f"include={','.join(parts)}", "&".join(f"include={part}" for part in parts)):
        assert whole(api, f"/models/alpha/ode-4.5?{query}").keys() == whole_
    assert whole(api, "/models/alpha/ode-4.5?fields=id,aliases")["aliases"] == ["ode-4-5-20260501", "Ode Four"]
    refused = whole(api, "/models/alpha/ode-4.5?include=offrs")
    assert (refused["status"], refused["errors"][0]["parameter"]) == (400, "include")
    assert "did you mean 'offers'" in refused["errors"][0]["message"]


def test_one_model_adds_offers_evidence_aliases_and_snapshots(api: FlaskClient) -> None:
    row = whole(api, "/models/alpha/ode-4.5?include=offers,evidence,scores,names")
    assert [offer["id"] for offer in row["offers"]] == ["alpha/alpha/ode-4.5", "hostly/alpha/ode-4.5"]
    assert row["aliases"] == ["ode-4-5-20260501", "Ode Four"]
    assert row["snapshots"] == ["2026-05-01"]
    evidence = row["evidence"]["limit.context"][0]
    assert (evidence["value"], evidence["won"], evidence["source"]) == (200_000, True, "alpha_page")
    assert evidence["checked_at"].endswith("Z")
    assert "document" not in evidence
    assert row["scores"][0]["benchmark"] == "gpqa"
    assert row["scores"][0]["ci_low"] is None


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


def test_a_csv_has_the_columns_that_are_asked_for_in_their_order_a_score_too(api: FlaskClient) -> None:
    text = api.get("/api/v1/models.csv?fields=scores.gpqa,id,cost.absent.reasoning,limit&sort=id&limit=3").text
    table = list(csv.DictReader(io.StringIO(text, newline="")))
    assert list(table[0]) == ["scores.gpqa", "id", "cost.absent.reasoning", "limit.context", "limit.input", "limit.output"]
    assert [(row["id"], row["scores.gpqa"], row["cost.absent.reasoning"]) for row in table] == [
        ("alpha/ode-4.5", "83.4", "not_published"), ("alpha/ode-mini", "41", "not_published"), ("beta/lyra", "", "not_published"),
    ]  # fmt: skip


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
    rows = {"models": 5, "offers": 6, "providers": 3, "benchmarks": 0, "disagreements": 2, "sources": 3}
    assert meta["counts"] == {**rows, "documents": 2}
    assert 2.9 < meta["age_hours"] < 3.3
    assert meta["freshness"]["big_list"]["status"] == "stale"
    assert meta["stale_since"] is None


def test_today_is_the_present_and_an_earlier_day_is_resolved_from_the_ledger(api: FlaskClient) -> None:
    today = f"as_of={datetime.now(UTC).date()}"
    for address in ("/models", "/offers", "/models/alpha/ode-4.5"):
        present, asked = whole(api, address), whole(api, f"{address}?{today}")
        assert asked | {"meta": None} == present | {"meta": None}
    assert whole(api, "/models?as_of=2001-01-01")["meta"]["total"] == 0
    answer = whole(api, "/models?known_at=2001-01-01T00:00:00Z")
    assert (answer["meta"]["total"], answer["meta"]["known_at"]) == (0, "2001-01-01T00:00:00Z")
    assert whole(api, "/models/alpha/ode-4.5?as_of=2001-01-01")["absent"] == "before_first_evidence"
    assert api.get("/api/v1/models/nobody/nothing?as_of=2001-01-01").status_code == 404


def test_what_a_model_reads_stands_in_one_order_however_its_source_lists_it(api: FlaskClient) -> None:
    listed = (api.get("/api/v1/models?id=alpha/ode-4.5").json or {})["data"][0]["modalities"]
    alone = (api.get("/api/v1/models/alpha/ode-4.5").json or {})["modalities"]
    assert listed == alone == {"input": ["text", "image"], "output": ["text"]}
    table = api.get("/api/v1/models.csv?id=alpha/ode-4.5&fields=modalities.input").text
    assert table.splitlines()[1] == "text;image"
