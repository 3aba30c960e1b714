"""The price history on a model's page: the sentence, two pictures, a table that leads to the evidence; breaks are no steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from parsel import Selector
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.web import formats
from aimstats.web.price_history import rows_of
from aimstats.web.step_chart import NARROW, WIDE, Segment, Series, Vertical, draw
from tests.ingest.worlds import World, both, page, seen
from tests.web.conftest import app_on

NOW = datetime.now(UTC).replace(microsecond=0)
PAGE = page("openai", "openai")


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


@pytest.fixture
def client(database_url: URL) -> Iterator[FlaskClient]:
    """A ledger of three readings: one model whose price was cut, one whose price stands."""
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        world = World(connection)
        for days, amount in ((30, "5"), (20, "5"), (10, "2.5")):
            listed = [seen("gpt-4o", *both(amount, "10"), facts={"release_date": ago(25).date().isoformat()})]
            world.crawl(ago(days), [*listed, seen("gpt-4o-mini", *both("1", "2"))], PAGE)
    app = app_on(database_url)
    yield app.test_client()
    app.extensions["database"].close()
    engine.dispose()


def section(client: FlaskClient, address: str) -> Selector:
    """The part of the page that tells the history."""
    return Selector(client.get(address).text).css("#history")[0]


def text_of(found: Selector) -> str:
    return " ".join(" ".join(found.css("::text").getall()).split())


def test_a_cut_is_a_sentence_a_step_and_a_row(client: FlaskClient) -> None:
    told = section(client, "/models/openai/gpt-4o")
    cut = formats.day(ago(10).date().isoformat())
    assert text_of(told.css(".answer")[0]) == f"Cheaper input since {cut} : $5 became $2.5 (−50 %)."
    wide, narrow = told.css("svg")
    assert "input $5, from" in wide.attrib["aria-label"]
    for picture in (wide, narrow):
        joined = [d for d in picture.css("path.step.input::attr(d)").getall() if "V" in d]
        assert len(joined) == 1
        assert "released" in picture.css("text::text").getall()
        assert not picture.css("[style]")
    rows = told.css("tbody tr")
    assert text_of(rows[0].css("th")[0]) == cut
    assert len(rows) == 2
    assert text_of(rows[0].css(".k")[0]) == "−50 %"
    assert rows[0].css(".last a::attr(href)").get() == "https://a.example/prices"


def test_a_price_that_stands_is_a_sentence_alone(client: FlaskClient) -> None:
    told = section(client, "/models/openai/gpt-4o-mini")
    assert "$1 / $2 since" in text_of(told)
    assert not told.css("svg, table")


def test_a_price_that_was_first_read_today_is_not_said_to_have_stood(client: FlaskClient) -> None:
    known = text_of(section(client, f"/models/openai/gpt-4o-mini?as_of={ago(30).date()}"))
    assert "when its price was first read: of the time before nothing is known." in known
    assert "has not changed" not in known


def test_another_day_has_the_history_until_then(client: FlaskClient) -> None:
    told = section(client, f"/models/openai/gpt-4o?as_of={ago(15).date()}")
    assert "$5 / $10 since" in text_of(told)


def step(meter: str, starts: str, ends: str | None, usd: str, state: str = "stated") -> dict[str, Any]:
    return {"meter": meter, "from": starts, "to": ends, "usd": usd, "state": state, "source": "a", "url": "https://a.example"}


def test_a_restated_price_is_no_change_and_a_foreseen_one_is_told_as_such() -> None:
    first, second, third = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")
    rows = list(
        rows_of(
            [
                step("input", first, second, "1"),
                step("input", second, None, "2", "restated"),
                step("input", third, "2026-04-01T00:00:00Z", "9", "foreseen"),
            ],
            ["input"],
        )
    )
    assert [(row.since, row.change, row.is_change) for row in rows] == [
        ("2026-03-01", "announced, then taken back", False),
        ("2026-02-01", "by another source", False),
        ("2026-01-01", "first known", False),
    ]


def test_lines_are_joined_where_a_price_became_another_and_nowhere_else() -> None:
    days = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3, 4, 5)]
    segments = [
        Segment(days[0], days[1], 1, "$1"),
        Segment(days[1], days[2], 2, "$2", joined=True),
        Segment(days[3], days[4], 2.1, "$2.1"),
        Segment(days[3], days[4], 4, "$4", foreseen=True),
    ]
    lines = [Series("input", "input", segments), Series("output", "output", [Segment(days[0], days[4], 2.05, "$2.05")])]
    told = [
        Vertical(days[1], "one"),
        Vertical(days[1] + timedelta(days=1), "too near"),
        Vertical(days[0] - timedelta(days=1), "before"),
    ]
    for size in (WIDE, NARROW):
        drawing = draw(lines, told, size)
        assert sum("V" in d and css.startswith("step") for css, d in drawing.paths) == 1
        assert sum("unsure" in css for css, _ in drawing.paths) == 1
        texts = [text.text for text in drawing.texts]
        assert "one" in texts
        assert not {"too near", "before"} & set(texts)
        ends = sorted(text.y for text in drawing.texts if text.text in ("$4 input", "$2.05 output"))
        assert ends[1] - ends[0] >= 15
        assert all(0 <= text.x <= size.width for text in drawing.texts)
