"""Dates: another day is news, however many move; held is what cannot be, and a table whose columns changed places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aimstats.domain.items import Lifecycle, ListingSeen
from tests.ingest.worlds import World, catalogue, day

Change = Callable[[int, Lifecycle], Lifecycle]
PAGE = catalogue("acme_deprecations", kind="lifecycle", provider="acme")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def models(count: int = 12, change: Change = lambda _, event: event) -> list[ListingSeen]:
    """Models that become legacy month by month, and end half a year later; the world's first day is 1 March 2026."""
    found = []
    for number in range(count):
        legacy = at("2025-06-15") + timedelta(days=31 * number)
        events = (
            Lifecycle(event="legacy", at=legacy),
            Lifecycle(event="retired", at=legacy + timedelta(days=180), effect="error"),
        )
        found.append(
            ListingSeen(
                provider="acme",
                external_id=f"acme-{number}",
                region="us-east-1",
                lifecycle=tuple(change(number, event) for event in events),
            )
        )
    return found


def swapped(_: int, event: Lifecycle) -> Lifecycle:
    return (
        replace(event, event="legacy", effect="") if event.event == "retired" else replace(event, event="retired", effect="error")
    )


def later(days: float, *numbers: int) -> Change:
    return lambda number, event: (
        replace(event, at=event.at and event.at + timedelta(days=days))
        if event.event == "retired" and number in numbers
        else event
    )


@pytest.mark.parametrize("days", [-60, 14, 365])
@pytest.mark.parametrize("numbers", [(9,), tuple(range(12))])
def test_another_day_is_published_however_many_move(world: World, numbers: tuple[int, ...], days: int) -> None:
    world.crawl(day(0), models(), PAGE)
    assert world.crawl(day(1), models(change=later(days, *numbers)), PAGE).stats["held"] == 0
    moved = {claim[0] for claim in world.claims("lifecycle") if claim[5] is not None}
    assert moved == {f"acme-{number}" for number in numbers}


@pytest.mark.parametrize("count", [3, 12, 40])
def test_columns_that_changed_places_are_held_together_and_the_last_dates_stay(world: World, count: int) -> None:
    world.crawl(day(0), models(count), PAGE)
    good = world.claims("lifecycle")
    for number in range(1, 6):
        world.crawl(day(number), models(count, swapped), PAGE)
        assert world.claims("lifecycle") == good, "no number of days makes it true"
    assert ("dates_swapped",) in world.rows('select "check" from held where decided is null')


def test_swapped_columns_of_a_new_page_are_held_by_their_order(world: World) -> None:
    world.crawl(day(0), models(3, swapped), PAGE)
    assert world.claims("lifecycle") == []
    assert set(world.rows('select "check" from held where decided is null')) == {("dates_swapped",), ("order",)}


def test_one_row_out_of_order_is_held_alone(world: World) -> None:
    world.crawl(day(0), models(change=lambda n, event: swapped(n, event) if n == 4 else event), PAGE)
    assert set(world.rows('select "check" from held where decided is null')) == {("order",)}
    assert {claim[0] for claim in world.claims("lifecycle")} == {f"acme-{number}" for number in range(12) if number != 4}


def test_a_date_of_1970_is_held_and_the_last_one_stays(world: World) -> None:
    world.crawl(day(0), models(), PAGE)
    good = world.claims("lifecycle")
    world.crawl(day(1), models(change=lambda _, event: replace(event, at=at("1970-01-01"))), PAGE)
    assert world.claims("lifecycle") == good
