"""Ids lead on after a merge, in pages and API alike, and are never given to another model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL

from aimstats.config import load_config
from aimstats.factory import create_app
from aimstats.identity import Name, Resolution, resolve
from aimstats.ingest import assignments, runs
from tests.conftest import as_text
from tests.ingest.worlds import World, both, seen

START = datetime.now(UTC).replace(microsecond=0) - timedelta(days=5)


@pytest.fixture
def site(database_url: URL) -> Iterator[Flask]:
    """Pages and API on this test's database."""
    app = create_app(replace(load_config({"DATABASE_URL": as_text(database_url)}), rate_limit=""))
    yield app
    app.extensions["database"].close()


def publish(connection: Connection, day: int) -> None:
    """One crawl of two models."""
    World(connection).crawl(START + timedelta(days=day), [seen("gpt-4o", *both("5", "15")), seen("o3", *both("2", "8"))])


def rename(monkeypatch: pytest.MonkeyPatch, version: str, **models: str) -> None:
    """From now on the rules give these ids other models."""

    def other(name: Name) -> Resolution:
        found = resolve(name)
        return replace(found, model=models.get(name.external_id, found.model))

    monkeypatch.setattr(assignments, "resolve", other)
    for module in (assignments, runs):
        monkeypatch.setattr(module, "RULES_VERSION", version)


def given(connection: Connection) -> dict[str, Any]:
    """Every id that was ever given: when, and where it leads."""
    rows = connection.execute(text("select id, first_published, redirect from published_model"))
    return {row.id: (row.first_published, row.redirect) for row in rows}


def test_a_merged_id_leads_to_the_surviving_one_everywhere(writer: Engine, site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with writer.begin() as connection:
        publish(connection, 0)
    for day, target in ((1, "openai/o3.1"), (2, "openai/o3.2")):
        rename(monkeypatch, f"rules {day}", o3=target)
        with writer.begin() as connection:
            publish(connection, day)
    client = site.test_client()
    for old in ("openai/o3", "openai/o3.1"):
        page, answer = client.get(f"/models/{old}"), client.get(f"/api/v1/models/{old}?fields=id")
        assert (page.status_code, page.headers["Location"]) == (301, "/models/openai/o3.2")
        assert (answer.status_code, answer.headers["Location"]) == (301, "/api/v1/models/openai/o3.2?fields=id")
    merged = client.get("/api/v1/changes?kind=model_merged").get_json()["data"]
    assert [(row["from"], row["to"]) for row in merged] == [("openai/o3.1", "openai/o3.2"), ("openai/o3", "openai/o3.1")]
    assert "openai/o3.1" in client.get("/changes?kind=model_merged").text
    assert client.get("/changes.atom?kind=model_merged").text.count("<entry>") == 2


def test_a_withdrawn_offer_id_finds_the_offer_that_it_became(
    writer: Engine, site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writer.begin() as connection:
        publish(connection, 0)
    rename(monkeypatch, "next", o3="openai/o3.1")
    with writer.begin() as connection:
        publish(connection, 1)
    found = site.test_client().get("/api/v1/offers?id=openai/openai/o3").get_json()["data"]
    assert [row["id"] for row in found] == ["openai/openai/o3.1"]


def test_a_withdrawn_id_is_never_given_to_another_model(writer: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with writer.begin() as connection:
        publish(connection, 0)
        before = given(connection)
    rename(monkeypatch, "merging", o3="openai/gpt-4o")
    with writer.begin() as connection:
        publish(connection, 1)
        merged = given(connection)
    assert merged == before | {"openai/o3": (before["openai/o3"][0], "openai/gpt-4o")}
    with writer.begin() as connection:
        for day in (2, 3):
            publish(connection, day)
        assert given(connection) == merged
        assert connection.execute(text("select count(*) from resolved_model where id = 'openai/o3'")).scalar_one() == 0


def test_an_id_that_the_rules_part_again_means_the_same_model_as_before(writer: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with writer.begin() as connection:
        publish(connection, 0)
        before = given(connection)
    for day, target in ((1, "openai/gpt-4o"), (2, "openai/o3")):
        rename(monkeypatch, f"rules {day}", o3=target)
        with writer.begin() as connection:
            publish(connection, day)
    with writer.begin() as connection:
        assert given(connection) == before


def test_a_runs_report_says_what_is_new_what_merged_and_what_is_unsure(writer: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with writer.begin() as connection:
        first = World(connection).crawl(START, [seen("o3", *both("2", "8")), seen("xqz-brand", *both("1", "1"), provider="x")])
        again = World(connection).crawl(START + timedelta(days=1), [seen("o3", *both("2", "8"))])
        rename(monkeypatch, "next", o3="openai/gpt-4o")
        later = [seen("o3", *both("2", "8")), seen("gpt-4o", *both("5", "15"))]
        merging = World(connection).crawl(START + timedelta(days=2), later)
        kept = connection.execute(text("select stats from run order by id desc limit 1")).scalar_one()
    assert first.stats["models_added"] == 2
    assert "openai/o3" in first.stats["added"]
    assert [line.partition(" as ")[0] for line in first.stats["unsure"]] == ["cat:x/xqz-brand"]
    assert (again.stats["models_added"], again.stats["models_merged"], again.stats["unsure"]) == (0, 0, [])
    assert merging.stats["merged"] == [{"from": "openai/o3", "to": "openai/gpt-4o"}]
    assert kept["merged"] == merging.stats["merged"]
    assert kept["added"] == ["openai/gpt-4o"]
