"""Events tell what a whole crawl found changed in the world: not who of several sources had the last word within it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.domain.items import Lifecycle, ListingSeen, Source
from aimstats.domain.prices import price
from aimstats.ingest.publish import settle_crawl
from aimstats.store.locks import try_lock_source
from tests.ingest.worlds import World, both, catalogue, day, page, seen, usd

OPENAI = page("openai", "openai")
ONE, OTHER = catalogue("one"), catalogue("other")
PAGES = {"openai": "https://openai.example", "one": "https://one.example", "other": "https://other.example"}
Told = tuple[str, str | None, str | None, str | None, str | None]


def told(world: World) -> list[Told]:
    """(kind, field, from, to, source) of every event."""
    return [tuple(row) for row in world.rows("select kind, field, before, after, source from event order by id")]


def crawl(world: World, number: float, *said: tuple[Source, Sequence[ListingSeen] | str], settles: bool = True) -> None:
    """One crawl of these sources in this order, some minutes apart."""
    for place, (source, listings) in enumerate(said):
        last = settles and place == len(said) - 1
        world.crawl(day(number + place / 1000), {PAGES[source.id]: listings}, source, settles=last)


def o3(input_: str, output: str) -> list[ListingSeen]:
    return [seen("o3", *both(input_, output))]


@pytest.mark.parametrize("order", [(ONE, OTHER), (OTHER, ONE)])
def test_two_sources_that_disagree_within_a_crawl_make_no_event(world: World, order: tuple[Source, ...]) -> None:
    says = {"one": o3("10", "40"), "other": o3("9", "36")}
    for number in range(4):
        crawl(world, number, *((source, says[source.id]) for source in (order if number % 2 else (ONE, OTHER))))
    assert [row for row in told(world) if row[0] != "price_restated"] == []
    crawl(world, 4, (ONE, o3("10", "40")), (OTHER, o3("9", "36")))
    before = told(world)
    crawl(world, 5, (ONE, o3("10", "40")), (OTHER, o3("9", "36")))
    assert told(world) == before


def test_a_cut_is_one_change_of_its_own_source_on_its_day(world: World) -> None:
    for number, (own, list_) in enumerate([("10", "10"), ("10", "10"), ("2", "10"), ("2", "2"), ("2", "2")]):
        crawl(world, number, (ONE, o3(list_, "40")), (OPENAI, o3(own, "40")))
    assert told(world) == [("price_changed", "cost.input", "10", "2", "openai")]
    [(at, ratio)] = world.rows("select at, ratio from event")
    assert (at.date(), ratio) == (day(2).date(), Decimal("0.2"))


def test_a_source_that_is_shown_anew_and_said_the_same_before_is_restated(world: World) -> None:
    crawl(world, 0, (OPENAI, o3("10", "40")), (ONE, o3("9", "40")))
    crawl(world, 1, (OPENAI, "gone"), (ONE, o3("9", "40")))
    crawl(world, 2, (OPENAI, "gone"), (ONE, o3("9", "40")))
    assert told(world) == [("price_restated", "cost.input", "10", "9", "one")]


def test_a_source_that_is_shown_anew_and_moved_tells_from_its_own_word(world: World) -> None:
    crawl(world, 0, (OPENAI, o3("10", "40")), (ONE, o3("8", "40")))
    crawl(world, 1, (OPENAI, "gone"), (ONE, o3("8", "40")))
    crawl(world, 2, (OPENAI, "gone"), (ONE, o3("4", "40")))
    assert told(world)[-1] == ("price_changed", "cost.input", "8", "4", "one")


def test_a_cut_that_another_source_is_shown_for_is_a_change_of_the_one_that_was_shown(world: World) -> None:
    crawl(world, 0, (ONE, o3("10", "40")))
    crawl(world, 1, (ONE, o3("2", "40")), (OPENAI, o3("2", "39")))
    assert told(world) == [
        ("price_changed", "cost.input", "10", "2", "one"),
        ("price_restated", "cost.output", "40", "39", "openai"),
    ]


def retired(at: datetime) -> list[ListingSeen]:
    return [seen("o3", *both("10", "40"), lifecycle=(Lifecycle(event="retired", at=at),))]


def test_a_model_does_not_flip_within_a_crawl(world: World) -> None:
    crawl(world, 0, (OPENAI, o3("10", "40")), (ONE, o3("10", "40")))
    crawl(world, 1, (OPENAI, retired(day(0.5))), settles=False)
    assert world.models()["openai/o3"]["status"] == "retired"
    crawl(world, 1.1, (OPENAI, o3("10", "40")), (ONE, o3("10", "40")))
    assert world.models()["openai/o3"]["status"] == "active"
    assert told(world) == []


def test_a_retirement_names_its_source_and_comes_on_its_day(world: World) -> None:
    crawl(world, 0, (OPENAI, o3("10", "40")))
    crawl(world, 1, (OPENAI, retired(day(2.5))))
    crawl(world, 2, (OPENAI, "unchanged"))
    crawl(world, 3, (OPENAI, "unchanged"))
    assert [(row[0], row[2], row[4]) for row in told(world)] == [
        ("retirement_date_changed", None, "openai"),
        ("status_changed", "active", "openai"),
        ("status_changed", "deprecated", "openai"),
    ]
    assert [row[0].date() for row in world.rows("select at from event order by id")] == [day(n).date() for n in (1, 1, 3)]


def test_a_foreseen_step_is_told_when_it_comes(world: World) -> None:
    steps = (
        *both("10", "40", valid_to=day(1.5)),
        *both("2", "40", valid_from=day(1.5)),
    )
    for number in range(4):
        crawl(world, number, (OPENAI, [seen("o3", *steps)]))
    assert told(world) == [("price_changed", "cost.input", "10", "2", "openai")]
    assert world.rows("select at from event")[0][0].date() == day(2).date()


def test_a_first_crawl_and_a_first_reading_of_a_source_are_no_news(world: World) -> None:
    crawl(world, 0, (ONE, o3("10", "40")), (OPENAI, o3("9", "36")))
    assert told(world) == []
    crawl(world, 1, (OTHER, [*o3("8", "40"), seen("gpt-4o", *both("5", "15"))]), (ONE, "unchanged"), (OPENAI, "unchanged"))
    assert told(world) == []
    crawl(world, 2, (OTHER, [*o3("8", "40"), seen("gpt-4o", *both("5", "15")), seen("o1", *both("5", "15"))]))
    assert told(world) == [("model_added", None, None, "o1", None)]


def test_every_meter_condition_and_currency_moves_for_itself(world: World) -> None:
    def prices(factor: str) -> Any:
        by = Decimal(factor)
        return (
            price("character", Decimal(8) * by, "1M characters"),
            usd("reasoning", str(Decimal(6) * by)),
            usd("cache_write_1h", str(Decimal(4) * by)),
            usd("input", str(Decimal(10) * by), currency="EUR"),
            price("image", Decimal("0.04") * by, "image", conditions={"quality": "high"}),
            price("image", Decimal("0.02"), "image", conditions={"quality": "low"}),
        )

    crawl(world, 0, (OPENAI, [seen("gpt-4o", *prices("1"))]))
    crawl(world, 1, (OPENAI, [seen("gpt-4o", *prices("0.5"))]))
    assert {row[1:4] for row in told(world)} == {
        ("cost.cache_write_1h", "4", "2"),
        ("cost.character", "8", "4"),
        ("cost.reasoning", "6", "3"),
        ("prices.image|standard|0||quality=high|USD|", "0.04", "0.02"),
        ("prices.input|standard|0|||EUR|", "10", "5"),
    }
    assert {row[0] for row in told(world)} == {"price_changed"}


def days_of(world: World, ends: Sequence[bool]) -> list[Told]:
    """Three days of three sources; `ends` says after which of the last day's publications a crawl ends."""
    for number in (0, 1):
        crawl(world, number, (ONE, o3("10", "40")), (OTHER, o3("10", "40")), (OPENAI, o3("10", "40")))
    last = [(ONE, o3("2", "40")), (OTHER, o3("10", "40")), (OPENAI, [*o3("2", "8"), seen("o1", *both("5", "15"))])]
    for place, (said, is_end) in enumerate(zip(last, ends, strict=True)):
        crawl(world, 2 + place / 100, said, settles=is_end)
    settle_crawl(world.connection, day(2.5))
    return sorted(told(world), key=str)


@pytest.mark.parametrize("ends", [(False, False, True), (True, True, True), (False, False, False), (False, True, False)])
def test_one_crawl_several_and_a_killed_job_tell_the_same(world: World, ends: tuple[bool, ...]) -> None:
    assert days_of(world, ends) == [
        ("model_added", None, None, "o1", None),
        ("price_changed", "cost.input", "10", "2", "openai"),
        ("price_changed", "cost.output", "40", "8", "openai"),
    ]
    assert world.rows("select count(*) from unsettled")[0][0] == 0


def test_the_last_of_several_jobs_tells_of_them_all(database_url: URL) -> None:
    engine: Engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        world = World(connection)
        crawl(world, 0, (ONE, o3("10", "40")), (OPENAI, o3("10", "40")))
        crawl(world, 1, (OPENAI, o3("2", "40")), settles=False)
    with engine.connect() as other, engine.begin() as connection:
        assert try_lock_source(other, "one")
        settle_crawl(connection, day(1.1))
        assert told(World(connection)) == []
        other.rollback()
        settle_crawl(connection, day(1.2))
        assert told(World(connection)) == [("price_changed", "cost.input", "10", "2", "openai")]


def test_the_developers_own_cut_outweighs_a_resellers(world: World) -> None:
    def sold(own: str, elsewhere: str) -> list[ListingSeen]:
        return [seen("o3", *both(own, "40")), seen("o3", *both(elsewhere, "40"), provider="groq"), seen("o1", *both("5", own))]

    crawl(world, 0, (ONE, sold("10", "10")))
    crawl(world, 1, (ONE, sold("5", "5")))
    weights = {row[0]: row[1] for row in world.rows("select offer, weight from event")}
    assert weights["openai/openai/o3"] == Decimal("3.170")  # 1 halving * (1 + 2 of 2 offers) * log2(1 + 2)
    assert weights["groq/openai/o3"] == Decimal("1.585")
    assert weights["openai/openai/o1"] == Decimal("2.000")
