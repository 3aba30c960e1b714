"""`python -m jobs.identity`: a name explained, the ledger's readings audited."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.domain.claims import json_text
from aimstats.identity.audit import LIST_PRICES
from aimstats.ingest.audited import listed_models
from jobs.identity import main
from tests.conftest import as_text
from tests.ingest.worlds import World, both, day, seen


@pytest.fixture
def engine(database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The job's database."""
    monkeypatch.setenv("DATABASE_URL", as_text(database_url))
    engine = create_engine(database_url, poolclass=NullPool)
    yield engine
    engine.dispose()


def published(connection: Connection) -> None:
    """Three names of two models."""
    World(connection).crawl(
        day(0),
        [
            seen("claude-sonnet-4-5", *both("3", "15"), provider="anthropic", name="Claude Sonnet 4.5"),
            seen("gpt-4o", *both("2.5", "10")),
            seen("openai/gpt-4o", *both("2.5", "10")),
        ],
    )


def test_a_known_name_is_explained_with_what_the_catalogue_has(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with engine.begin() as connection:
        published(connection)
    assert main(["explain", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "--provider", "bedrock"]) == 0
    said = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert (said["model"], said["snapshot"], said["region"]) == ("anthropic/claude-sonnet-4.5", "20250929", "us")
    assert said["catalogue"] == "anthropic/claude-sonnet-4.5 (active), by id"
    assert {"variant", "plan", "confidence", "method", "step"} <= said.keys()


def test_an_unknown_name_has_its_candidates(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with engine.begin() as connection:
        published(connection)
    assert main(["explain", "claude-sonet-4.5"]) == 0
    printed = capsys.readouterr().out
    assert "has no model of this name" in printed
    assert "candidate   anthropic/claude-sonnet-4.5 (Claude Sonnet 4.5)" in printed


def test_the_display_name_is_read_beside_the_id(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "deepseek-chat", "--provider", "deepseek", "--name", "DeepSeek V3.1"]) == 0
    assert "deepseek/deepseek-v3.1" in capsys.readouterr().out


def test_a_name_is_explained_without_a_database(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:x@127.0.0.1:1/nothing")
    assert main(["explain", "gpt-4o"]) == 0
    printed = capsys.readouterr().out
    assert "openai/gpt-4o" in printed
    assert "cannot be read" in printed


def test_an_audit_without_contradictions_says_none(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with engine.begin() as connection:
        published(connection)
    assert main(["audit"]) == 0
    printed = capsys.readouterr().out
    assert "3 listings of 2 models" in printed
    assert "different list prices: none" in printed


def test_an_audit_names_what_contradicts_and_fails(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with engine.begin() as connection:
        World(connection).crawl(day(0), [seen("gpt-4o", *both("2.5", "10")), seen("openai/gpt-4o", *both("5", "15"))])
    assert main(["audit"]) == 1
    assert "openai/gpt-4o at openai, says cat: gpt-4o 2.5 / 10; openai/gpt-4o 5 / 15" in capsys.readouterr().out


def test_an_audit_without_a_database_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:x@127.0.0.1:1/nothing")
    assert main(["audit"]) == 3
    assert "cannot be" in capsys.readouterr().err


def test_what_is_audited_is_what_stands_in_the_ledger(db: Connection) -> None:
    world = World(db)
    world.crawl(day(0), [seen("gpt-4o", *both("5", "15"), facts={"limit.context": 128_000})])
    world.crawl(day(1), [seen("gpt-4o", *both("2.5", "10"), facts={"limit.context": 128_000})])
    (row,) = listed_models(db)
    assert dict(row.prices) == dict(zip(LIST_PRICES, (Decimal("2.5"), Decimal(10)), strict=True))
    assert (row.limit, row.is_first_party) == ((128_000, None), True)
    assert json_text(sorted(row.limits)) == '["limit.context"]'
    assert db.execute(text("select count(*) from listing")).scalar_one() == 1
