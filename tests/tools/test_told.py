"""Eighteen months of real documents, replayed with their events: what changed in the world is told, on its days."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from scrapy_project.sources import spider_classes
from tests.api.asked import data
from tests.api.conftest import api_on
from tools.timelapse.editions import editions
from tools.timelapse.replay import replay

pytestmark = pytest.mark.long
SOURCES = (
    "anthropic", "anthropic_deprecations", "deepseek", "genai_prices", "litellm", "llm_prices", "models_dev", "openai",
    "openai_deprecations",
)  # fmt: skip
RETIRED = {
    ("openai/o1-mini", "2025-11-01"),  # 27 October 2025
    ("anthropic/claude-3-haiku", "2026-05-01"),  # 20 April 2026
    ("openai/dall-e-3", "2026-06-01"),  # 12 May
    ("anthropic/claude-opus-4", "2026-07-01"),  # 15 June
    ("openai/gpt-5-codex", "2026-08-01"),  # 23 July
}
"""Models, and the first edition after the day on which their developer retired them."""


@pytest.fixture(scope="module")
def told(admin: Engine, server_url: URL, template_url: URL, shared: Path) -> Iterator[FlaskClient]:
    """The API on all editions, each read on its day."""
    url = server_url.set(database=f"aimstats_told_{os.getpid()}")
    with admin.connect() as connection:
        connection.execute(text(f'create database "{url.database}" template "{template_url.database}" strategy file_copy'))
    engine = create_engine(url, poolclass=NullPool)
    replay(engine, editions([shared / "timelapse"]), [spider_classes()[name] for name in SOURCES], days=1, resolves=True)
    engine.dispose()
    app = api_on(url)
    yield app.test_client()
    app.extensions["database"].close()
    with admin.connect() as connection:
        connection.execute(text(f'drop database "{url.database}" with (force)'))


def moves(told: FlaskClient, offer: str, field: str) -> list[tuple[str, float, float]]:
    """(day, from, to) of every change of an offer's price, in time."""
    model = offer.split("/", 1)[1]
    rows = data(told, f"/changes?kind=price_changed&sort=at&limit=500&model={model}")
    return [(row["at"][:10], row["from"], row["to"]) for row in rows if (row["offer"], row["field"]) == (offer, field)]


def steps(told: FlaskClient, offer: str, meter: str, state: str = "stated") -> list[tuple[str, str | None, float]]:
    """(from, to, dollars) of the list price, in time."""
    rows = data(told, f"/history?offer={offer}&meter={meter}&plan=standard&state={state}&limit=500")
    found = {(row["from"][:10], row["to"] and row["to"][:10], row["usd"]) for row in rows if not row["window"]}
    return sorted(found, key=str)


def test_the_cut_of_o3_is_told_and_stands_on_its_day(told: FlaskClient) -> None:
    assert moves(told, "openai/openai/o3", "cost.input") == [("2025-07-01", 10, 2)]
    assert moves(told, "openai/openai/o3", "cost.output") == [("2025-07-01", 40, 8)]
    assert steps(told, "openai/openai/o3", "input") == [("2025-04-16", "2025-06-10", 10), ("2025-06-10", None, 2)]


def test_deepseeks_changes_are_told(told: FlaskClient) -> None:
    assert ("2026-06-01", 1.74, 0.435) in moves(told, "deepseek/deepseek/deepseek-v4-pro", "cost.input")
    assert ("2025-09-01", 0.27, 0.57) in moves(told, "deepseek/deepseek/deepseek-chat", "cost.input")
    pro = steps(told, "deepseek/deepseek/deepseek-v4-pro", "input")
    assert [(starts, usd) for starts, _, usd in pro[:2]] == [("2026-05-01", 1.74), ("2026-06-01", 0.435)]


def test_a_step_that_was_foreseen_and_cancelled_is_told_as_such(told: FlaskClient) -> None:
    offer = "anthropic/anthropic/claude-sonnet-5"
    assert steps(told, offer, "input", "foreseen") == [("2026-09-01", None, 3)]
    assert [(ends, usd) for _, ends, usd in steps(told, offer, "input")] == [(None, 2)]


def test_retirements_are_told_when_their_day_has_come(told: FlaskClient) -> None:
    rows = data(told, "/changes?kind=status_changed&sort=at&limit=500")
    assert {(row["model"], row["at"][:10]) for row in rows if row["to"] == "retired"} >= RETIRED
    lives = data(told, "/history?model=anthropic/claude-opus-4&kind=lifecycle&source=anthropic_deprecations")
    assert "2026-06-15" in {row["value"]["at"][:10] for row in lives if row["meter"] == "retired"}


def test_no_model_flips_within_a_crawl(told: FlaskClient) -> None:
    rows = data(told, "/changes?kind=status_changed&kind=retirement_date_changed&limit=500")
    assert len({row["at"] for row in rows}) > 12, "each of these instants is the end of a crawl"
    assert max(Counter((row["model"], row["field"], row["at"]) for row in rows).values()) == 1
    assert [row for row in rows if row["from"] == row["to"]] == []
