"""Which reading is the later one is settled once a crawl: sources that end one after the other move nothing in between."""

from __future__ import annotations

from datetime import datetime

import pytest

from aimstats.domain.items import Source
from aimstats.domain.readings import SourceResult
from aimstats.ingest.publish import publish, settle_crawl
from aimstats.ingest.runs import Clock
from tests.ingest.worlds import FIRST, World, both, catalogue, day, reading_of, seen

ALPHA = catalogue("alpha", priority=10)
BETA = catalogue("beta", priority=10)
STATED = {"alpha": [seen("gpt-4o", *both("2.5", "10"))], "beta": [seen("gpt-4o", *both("2.6", "10"))]}
OFFER = "openai/openai/gpt-4o"


def read(world: World, source: Source, at: datetime, content: object = None) -> str:
    """Publish one source of a crawl that goes on; how its run ended."""
    readings = (reading_of(FIRST, STATED[source.id] if content is None else content, 0),)  # type: ignore[arg-type]
    result = SourceResult(source=source, finished=True, close_reason="finished", readings=readings)
    return publish(world.connection, result, Clock(started_at=at, now=at, observed_at=at), "test").status


def shown(world: World) -> str:
    """The input price of the one offer."""
    return str(world.offers()[OFFER]["cost"]["input"])


@pytest.fixture
def two(world: World) -> World:
    """Two catalogues of equal rank that differ, read by one crawl."""
    for source in (ALPHA, BETA):
        read(world, source, day(0))
    settle_crawl(world.connection, day(0))
    return world


@pytest.mark.parametrize("order", [(ALPHA, BETA), (BETA, ALPHA)], ids=["as named", "the other way round"])
def test_an_unchanged_crawl_moves_nothing_at_any_moment(two: World, order: tuple[Source, Source]) -> None:
    states = [(two.state(), two.version()[0])]
    for source in order:
        assert read(two, source, day(1), "unchanged") == "unchanged"
        states.append((two.state(), two.version()[0]))
    settle_crawl(two.connection, day(1))
    states.append((two.state(), two.version()[0]))
    assert all(state == states[0] for state in states)


def test_the_later_reading_decides_when_the_crawl_has_ended(two: World) -> None:
    assert shown(two) == "2.5"
    read(two, BETA, day(1), "unchanged")
    assert shown(two) == "2.5"
    settle_crawl(two.connection, day(1))
    assert shown(two) == "2.6"


def test_a_crawl_after_an_outage_changes_no_figure_on_the_way(two: World) -> None:
    for source in (BETA, ALPHA):
        read(two, source, day(9), "unchanged")
        assert shown(two) == "2.5"
    settle_crawl(two.connection, day(9))
    assert shown(two) == "2.5"
    assert two.rows("select bool_or(stale) from document") == [(False,)]


def test_a_source_that_is_read_no_longer_is_stale_when_the_crawl_has_ended(two: World) -> None:
    read(two, ALPHA, day(3), "unchanged")
    settle_crawl(two.connection, day(3))
    assert two.rows("select source, stale from document order by source") == [("alpha", False), ("beta", True)]
