"""Dates of a page: many that move at once are held, one or two that move are news; what ended does not end anew."""

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


def in_year(year: int) -> Change:
    return lambda _, event: replace(event, at=event.at and event.at.replace(year=year))


def later(days: float, *numbers: int, precision: str = "exact") -> Change:
    return lambda number, event: (
        replace(event, at=event.at and event.at + timedelta(days=days), precision=precision)
        if event.event == "retired" and number in numbers
        else event
    )


@pytest.mark.parametrize("count", [3, 12, 40])
@pytest.mark.parametrize("change", [swapped, in_year(2024), in_year(2030), later(-400, *range(40)), later(365, *range(40))])
def test_dates_that_all_move_are_held(world: World, change: Change, count: int) -> None:
    world.crawl(day(0), models(count), PAGE)
    good = world.claims("lifecycle")
    report = world.crawl(day(1), models(count, change), PAGE)
    if count > 3:
        assert report.status == "quarantined"
        assert world.claims("lifecycle") == good
        assert world.rows('select "check" from held where decided is null') == [("dates_moved",)]
        assert " dates of lifecycle events moved at once (" in report.error


def test_swapped_columns_of_a_new_page_are_held_by_their_order(world: World) -> None:
    world.crawl(day(0), models(3, swapped), PAGE)
    assert world.claims("lifecycle") == []
    assert set(world.rows('select "check" from held where decided is null')) == {("order",)}


@pytest.mark.parametrize("numbers", [(9,), (9, 11), (8, 9, 10, 11)])
@pytest.mark.parametrize("days", [-20, 14, 365])
def test_a_few_dates_that_move_are_published(world: World, numbers: tuple[int, ...], days: int) -> None:
    world.crawl(day(0), models(), PAGE)
    assert world.crawl(day(1), models(change=later(days, *numbers)), PAGE).status == "published"
    assert world.rows("select 1 from held") == []
    moved = {claim[0] for claim in world.claims("lifecycle") if claim[5] is not None}
    assert moved == {f"acme-{number}" for number in numbers}


def test_months_made_precise_and_midnights_of_elsewhere_are_no_moves(world: World) -> None:
    def month(_: int, event: Lifecycle) -> Lifecycle:
        return replace(event, at=event.at and event.at.replace(day=1), precision="month")

    world.crawl(day(0), models(change=month), PAGE)
    assert world.crawl(day(1), models(), PAGE).status == "published"
    assert world.crawl(day(2), models(change=later(-1 / 3, *range(12))), PAGE).status == "published"
    assert world.crawl(day(3), models(change=month), PAGE).status == "published"
    assert world.rows("select 1 from held") == []


def test_floors_that_become_dates_of_the_same_days_are_no_moves(world: World) -> None:
    world.crawl(day(0), models(change=later(0, *range(12), precision="floor")), PAGE)
    assert world.crawl(day(1), models(), PAGE).status == "published"


def test_several_days_of_one_event_in_another_order_are_no_moves(world: World) -> None:
    ends = (Lifecycle(event="retired", at=at("2026-09-01")), Lifecycle(event="retired", at=at("2026-12-01")))

    def page(events: tuple[Lifecycle, ...]) -> list[ListingSeen]:
        return [ListingSeen(provider="acme", external_id=f"acme-{number}", lifecycle=events) for number in range(6)]

    world.crawl(day(0), page(ends), PAGE)
    assert world.crawl(day(1), page(ends[::-1]), PAGE).status == "published"


@pytest.mark.parametrize("days", [-60, 30, 900])
def test_what_ended_does_not_end_anew(world: World, days: int) -> None:
    world.crawl(day(0), models(), PAGE)
    good = [claim for claim in world.claims("lifecycle") if claim[1] == "retired"]
    assert world.crawl(day(1), models(change=later(days, 1)), PAGE).status == "published"
    assert world.rows('select "check" from held where decided is null') == [("ended_already",)]
    assert [claim for claim in world.claims("lifecycle") if claim[1] == "retired"] == good


def test_what_was_postponed_on_its_last_day_is_published(world: World) -> None:
    def page(end: str) -> list[ListingSeen]:
        return [ListingSeen(provider="acme", external_id="acme-1", lifecycle=(Lifecycle(event="retired", at=at(end)),))]

    world.crawl(day(0), page("2026-03-02"), PAGE)
    world.crawl(day(2), page("2026-09-01"), PAGE)
    assert world.rows("select 1 from held") == []
