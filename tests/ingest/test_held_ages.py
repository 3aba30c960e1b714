"""A figure that stays because its successor is held is as old as the last reading that stated it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from aimstats.checks.decisions import ACCEPTED, REJECTED
from aimstats.domain.items import ListingSeen
from tests.checks.decided import decide_all
from tests.ingest.worlds import FIRST, World, both, catalogue, day, seen, usd

OFFER = "anthropic/anthropic/claude-x"
RIVAL = catalogue("rival", priority=100)


def stated(input_: str, output: str = "15") -> list[ListingSeen]:
    """One listing at Anthropic."""
    return [seen("claude-x", *both(input_, output), provider="anthropic")]


def ages(world: World) -> dict[str, Any]:
    """Meter -> when it was confirmed, of the prices whose successor is held."""
    rows = world.offers()[OFFER]["prices"]
    return {row["meter"]: datetime.fromisoformat(row["held"]["confirmed_at"]) for row in rows if "held" in row}


@pytest.fixture
def held(world: World) -> World:
    """3 dollars on the first day, confirmed on the second, 60 (held) on the third."""
    world.crawl(day(0), stated("3"))
    world.crawl(day(1), {FIRST: "unchanged"})
    world.crawl(day(2), stated("60"))
    return world


def test_the_age_of_the_last_good_value_freezes_and_that_of_the_other_figures_does_not(held: World) -> None:
    assert ages(held) == {"input": day(1)}
    held.crawl(day(3), {FIRST: "unchanged"})
    assert ages(held) == {"input": day(1)}
    assert datetime.fromisoformat(held.offers()[OFFER]["frozen_at"]) == day(1)
    evidence = held.rows("select evidence from resolved_offer")[0][0]
    assert [row["held"]["check"] for row in evidence] == ["moved"]


def test_another_held_figure_inherits_the_age(held: World) -> None:
    held.crawl(day(3), stated("61"))
    assert ages(held) == {"input": day(1)}


def test_a_source_that_mends_itself_confirms_again(held: World) -> None:
    held.crawl(day(3), stated("3"))
    assert ages(held) == {}
    assert "frozen_at" not in held.offers()[OFFER]
    held.crawl(day(4), stated("60"))
    assert ages(held) == {"input": day(3)}


def test_what_a_person_rejects_stays_as_old_as_it_was_until_the_source_says_otherwise(held: World) -> None:
    decide_all(held, REJECTED, day(2.5))
    held.crawl(day(3), stated("60"))
    assert ages(held) == {"input": day(1)}
    held.crawl(day(4), stated("3"))
    assert ages(held) == {}
    assert held.crawl(day(5), stated("60")).stats["held"] == 0
    assert ages(held) == {"input": day(4)}


def test_what_a_person_accepts_is_as_old_as_its_reading(held: World) -> None:
    decide_all(held, ACCEPTED, day(2.5))
    held.crawl(day(3), stated("60"))
    assert ages(held) == {}
    assert held.offers()[OFFER]["cost"]["input"] == "60"


def test_a_held_figure_is_no_reading_that_others_lose_against(held: World) -> None:
    held.crawl(day(2), stated("3.3"), RIVAL)
    assert held.offers()[OFFER]["cost"]["input"] == "3.3", "it was read later than the other was confirmed"


def test_a_frozen_figure_becomes_stale_though_its_document_is_read(held: World) -> None:
    held.crawl(day(2), stated("3.3"), catalogue("later", priority=200))
    assert held.offers()[OFFER]["cost"]["input"] == "3"
    for number in (3, 4):
        held.crawl(day(number), {FIRST: "unchanged"})
        held.crawl(day(number), {FIRST: "unchanged"}, catalogue("later", priority=200))
    assert held.offers()[OFFER]["cost"]["input"] == "3.3"


def test_what_waits_to_end_becomes_stale_though_its_document_is_read(world: World) -> None:
    others = [seen(f"claude-{n}", *both("1", "2"), provider="anthropic") for n in range(6)]
    later = catalogue("later", priority=200)
    world.crawl(day(0), [*stated("3"), *others])
    for number in (1, 2):
        world.crawl(day(number), stated("3.3"), later)
        world.crawl(day(number), {FIRST: [seen("claude-9", *both("1", "2"), provider="anthropic")]})
        assert world.rows('select distinct "check" from held where ended_at is null') == [("ends",)]
        assert world.offers()[OFFER]["cost"]["input"] == ("3" if number == 1 else "3.3"), "36 hours after it was stated last"
    published = world.state()
    world.rebuild(day(2))
    assert world.state() == published


def test_what_waits_with_others_is_told_in_the_words_of_today_on_every_row(world: World) -> None:
    names = ("claude-opus-4", "claude-opus-4.1", "claude-opus-4.5", "claude-sonnet-4", "claude-sonnet-4.5", "claude-haiku-4.5")
    every = [seen(name, *both("1", "2"), provider="anthropic") for name in (*names, "claude-3-opus", "claude-3-haiku")]
    for hours, left in ((0, 8), (6, 4), (12, 3)):
        world.crawl(day(hours / 24), every[:left])
    told = [row["held"]["reason"] for offer in world.offers().values() for row in offer["prices"] if "held" in row]
    assert len(told) == 10
    assert {reason[:6] for reason in told} == {"5 of 8"}
    published = world.state()
    world.rebuild(day(0.5))
    assert world.state() == published


def test_what_was_known_then_knew_the_age_of_then(held: World) -> None:
    held.crawl(day(3), stated("3"))
    rows = held.unit_at(day(2.5)).offers[0].body["prices"]
    assert [row["held"]["confirmed_at"] for row in rows if "held" in row] == [day(1).isoformat()]
    assert all("held" not in row for row in held.unit_at(day(3.5)).offers[0].body["prices"])


def test_a_document_that_is_gone_holds_nothing_more(held: World) -> None:
    for number in (3, 4):
        held.crawl(day(number), {FIRST: "gone", "https://a.example/other": [seen("o3", usd("input", "1"))]})
    assert held.rows("select count(*) from held where decided is null") == [(0,)]


def test_a_rebuild_says_the_same(held: World) -> None:
    published = held.state()
    held.rebuild(day(2))
    assert held.state() == published
