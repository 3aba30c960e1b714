"""Scores: what a run cost is judged like a price, and the whole score is held with it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from aimstats.domain.items import ListingSeen, Score
from tests.ingest.worlds import World, day, seen

COST = Decimal("12.5")
FIELDS = ("run_cost_usd", "cost_per_task_usd")


def board(count: int, factor: str = "1", field: str = FIELDS[0], share: int = 1) -> list[ListingSeen]:
    """So many models with a score and what it cost, the cost of one in `share` multiplied."""
    return [
        seen(
            f"acme-{number}",
            provider="acme",
            scores=(
                Score(
                    benchmark="tough",
                    value=Decimal(40 + number),
                    unit="percent",
                    **{field: COST * (number + 1) * (Decimal(factor) if number % share == 0 else 1)},  # type: ignore[arg-type]  # money
                ),
            ),
        )
        for number in range(count)
    ]


def reasons(world: World) -> list[tuple[str, str]]:
    """What is held, and why."""
    return [(row[0], row[1]) for row in world.rows('select "check", reason from held where decided is null order by id')]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    ("factor", "check"),
    [("1000", "moved"), ("0.001", "moved"), ("100", "moved"), ("0.01", "moved"), ("0", "free_now"), ("3", None), ("0.2", None)],
)
def test_a_cost_that_moves_by_a_unit_keeps_the_last_score(world: World, field: str, factor: str, check: str | None) -> None:
    world.crawl(day(0), board(1, field=field))
    world.crawl(day(1), board(1, factor, field))
    assert [found for found, _ in reasons(world)] == ([check] if check else [])
    (standing,) = [claim[2] for claim in world.claims("score") if claim[4] is None]
    assert Decimal(standing[field]) == (COST if check else COST * Decimal(factor))


@pytest.mark.parametrize(
    ("field", "factor", "check"),
    [
        ("run_cost_usd", "1000000", "too_dear"), ("run_cost_usd", "0.000001", "too_cheap"),
        ("cost_per_task_usd", "10000", "too_dear"), ("cost_per_task_usd", "0.000001", "too_cheap"), ("run_cost_usd", "0", None),
    ],
)  # fmt: skip
def test_a_cost_that_cannot_be_is_held_on_first_sight(world: World, field: str, factor: str, check: str | None) -> None:
    world.crawl(day(0), board(1, factor, field))
    assert [found for found, _ in reasons(world)] == ([check] if check else [])


@pytest.mark.parametrize(
    ("factor", "check"),
    [("1000", "moved_together"), ("0.92", "one_factor"), ("0", "free_now_together"), ("10", "moved_together")],
)
def test_a_board_whose_costs_are_in_another_unit_keeps_its_scores(world: World, factor: str, check: str) -> None:
    world.crawl(day(0), board(12))
    good = world.claims("score")
    world.crawl(day(1), board(12, factor))
    assert check in {found for found, _ in reasons(world)}
    assert world.claims("score") == good


def test_a_board_may_be_run_anew_for_another_price(world: World) -> None:
    world.crawl(day(0), board(12))
    report = world.crawl(day(1), board(12, "2.5", share=3))
    assert (report.status, report.stats["held"]) == ("published", 0)


def test_costs_that_are_stated_no_more_are_shown_no_more(world: World) -> None:
    bare = [seen(f"acme-{n}", provider="acme", scores=(Score(benchmark="tough", value=Decimal(40 + n)),)) for n in range(12)]
    world.crawl(day(0), board(12))
    world.crawl(day(1), bare)
    assert reasons(world) == []


def test_the_reason_names_the_cost(world: World) -> None:
    world.crawl(day(0), board(1))
    world.crawl(day(1), board(1, "1000"))
    assert reasons(world)[0][1] == (
        "cost of the run in tough||||| went from $12.5 to $12500.0, 1,000 times dearer: probably another unit"
    )
