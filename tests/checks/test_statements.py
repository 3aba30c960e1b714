"""Dates and limits that cannot be true are held; everything that models really have is published."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from aimstats.domain.items import Lifecycle, ListingSeen, Score
from tests.ingest.worlds import World, day, seen, usd


def held(world: World) -> dict[str, str]:
    """Key -> check of everything that is held."""
    return {
        item["key"].split("|")[0]: check for item, check in world.rows('select item, "check" from held where decided is null')
    }


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"release_date": "1970-01-01"}, {"release_date"}),
        ({"release_date": "2098-12-31"}, {"release_date"}),
        ({"release_date": "2028-06"}, {"release_date"}),
        ({"last_updated": "1970"}, {"last_updated"}),
        ({"knowledge": "2099-01"}, {"knowledge"}),
        ({"release_date": "2019-02-14", "knowledge": "2017", "last_updated": "2026-08"}, set()),
        ({"limit.context": 99_999_999}, {"limit.context"}),
        ({"limit.output": 128_000_000}, {"limit.output"}),
        ({"limit.context": 20_000_000}, set()),
        ({"parameters.total": 671_000_000_000, "parameters.active": 37_000_000_000}, set()),
        ({"embedding_dimensions": 4_096}, set()),
    ],
)
def test_a_fact_that_is_a_placeholder_is_held(world: World, facts: dict[str, Any], wrong: set[str]) -> None:
    world.crawl(day(0), [seen("zephyr", usd("input", "1"), facts=facts)])
    assert set(held(world)) == wrong
    assert {claim[1] for claim in world.claims("fact")} == set(facts) - wrong


@pytest.mark.parametrize(
    ("before", "after", "is_held"),
    [
        ({"parameters.total": 7_000_000_000}, {"parameters.total": 7_000_000_000_000}, True),
        ({"parameters.total": 671_000_000_000}, {"parameters.total": 37_000_000_000}, False),
        ({"embedding_dimensions": 1_024}, {"embedding_dimensions": 8}, True),
        ({"limits.max_images_per_prompt": 3_000}, {"limits.max_images_per_prompt": 3}, True),
        ({"limits.max_images_per_prompt": 3_000}, {"limits.max_images_per_prompt": 100}, False),
    ],
)
def test_a_size_may_be_corrected_and_not_move_by_a_unit(
    world: World, before: dict[str, int], after: dict[str, int], is_held: bool
) -> None:
    world.crawl(day(0), [seen("zephyr", facts=before)])
    world.crawl(day(1), [seen("zephyr", facts=after)])
    assert list(held(world).values()) == (["moved"] if is_held else [])


def at(year: int, month: int = 1) -> datetime:
    """The first of a month."""
    return datetime(year, month, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("events", "released", "wrong"),
    [
        ([("retired", at(1970))], "", {"retired"}),
        ([("retired", at(2050))], "", {"retired"}),
        ([("deprecated", at(2026, 9)), ("retired", at(2026, 3))], "", {"retired", "deprecated"}),
        ([("legacy", at(2026, 9)), ("retired", at(2026, 3))], "", {"retired", "legacy"}),
        ([("legacy", at(2026, 3)), ("retired", at(2026, 3))], "", set()),
        ([("retired", at(2025, 3))], "2025-06", {"retired", "release_date"}),
        ([("deprecated", at(2026)), ("retired", at(2026, 9))], "2025-06", set()),
        ([("retired", at(2025, 6))], "2025-06", set()),
        ([("retired", at(2028))], "2025-06", set()),
    ],
)
def test_the_dates_of_a_life_follow_each_other(
    world: World, events: list[tuple[str, datetime]], released: str, wrong: set[str]
) -> None:
    facts = {"release_date": released} if released else {}
    world.crawl(
        day(0), [seen("zephyr", facts=facts, lifecycle=tuple(Lifecycle(event=name, at=instant) for name, instant in events))]
    )
    assert set(held(world)) == wrong


def test_a_floor_is_no_date_that_another_must_follow(world: World) -> None:
    events = (Lifecycle(event="deprecated", at=at(2026, 9)), Lifecycle(event="retired", at=at(2026, 3), precision="floor"))
    world.crawl(day(0), [seen("zephyr", lifecycle=events)])
    assert held(world) == {}


@pytest.mark.parametrize(
    ("score", "check"),
    [
        ({"value": "50", "unit": "percent", "measured_on": "2062-03-05"}, "placeholder_date"),
        ({"value": "100", "unit": "percent", "ci_low": "100", "ci_high": "100", "measured_on": "2026-02"}, None),
        ({"value": "1460", "unit": "rating", "ci_low": "1450.5", "ci_high": "1470", "measured_on": "2026"}, None),
        ({"value": "-2", "unit": "points", "ci_low": "-4", "ci_high": "0"}, None),
        ({"value": "50", "unit": "percent", "run_cost_usd": "120", "cost_per_task_usd": "0.24"}, None),
    ],
)
def test_a_score_of_a_day_that_was_not_yet_is_held(world: World, score: dict[str, str], check: str | None) -> None:
    texts = ("unit", "measured_on")
    stated: dict[str, Any] = {name: text if name in texts else Decimal(text) for name, text in score.items()}
    world.crawl(day(0), [ListingSeen(provider="acme", external_id="zephyr", scores=(Score(benchmark="tough", **stated),))])
    assert list(held(world).values()) == ([check] if check else [])


def test_a_price_that_begins_in_a_placeholder_is_held(world: World) -> None:
    world.crawl(day(0), [seen("zephyr", usd("input", "1", valid_from=at(2098)), usd("output", "2", valid_from=at(2027)))])
    assert held(world) == {"input": "placeholder_date"}


def test_the_reason_says_what_to_think(world: World) -> None:
    world.crawl(day(0), [seen("zephyr", facts={"release_date": "1970-01-01", "limit.context": 99_999_999})])
    assert sorted(world.rows("select reason from held")) == [
        ("limit.context 99,999,999 is beyond every model: a placeholder or another unit",),
        ("release_date 1970-01-01 lies before 2015: probably a placeholder",),
    ]
