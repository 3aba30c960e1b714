"""The history of prices: steps on their days, the same as the catalogue of each day shows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from aimstats.domain.items import Lifecycle
from aimstats.resolution.from_ledger import moment_of, terms
from aimstats.resolution.history import PriceStep, price_steps
from tests.ingest.worlds import World, both, catalogue, day, page, seen, usd

PAGE = page("openai", "openai")
MODEL, OFFER = "openai/gpt-4o", "openai/openai/gpt-4o"


def steps(world: World, known: datetime, model: str = MODEL, meter: str = "input") -> list[PriceStep]:
    """The steps of a meter of the model's offers."""
    moment = moment_of(world.connection, known, known)
    readings: dict[int, list[datetime]] = {}
    for document, at in world.rows("select document_id, read_at from reading where status <> 'failed' order by read_at"):
        readings.setdefault(document, []).append(at)
    told = price_steps(model, terms(world.connection, moment, model), known, readings, "text", moment.price_pages)
    return [step for step in told if step.key.meter == meter]


def shape(found: list[PriceStep]) -> list[tuple[str, float, float | None, str]]:
    """(figure, from and to as days, what kind of step) of each step."""
    days = [(step.starts, step.ends) for step in found]
    numbers = [tuple(None if at is None else (at - day(0)) / timedelta(days=1) for at in pair) for pair in days]
    words = ["foreseen" if step.foreseen else "restated" if step.restated else "stated" for step in found]
    return [(str(step.usd), *pair, word) for step, pair, word in zip(found, numbers, words, strict=True)]  # type: ignore[misc]


def test_a_price_moves_on_the_day_on_which_its_source_says_so(world: World) -> None:
    for at, amount in ((0, "2.5"), (1, "2.5"), (3, "2"), (5, "1")):
        world.crawl(day(at), [seen("gpt-4o", *both(amount, "10"))], PAGE)
    assert shape(steps(world, day(9))) == [("2.5", 0, 3, "stated"), ("2", 3, 5, "stated"), ("1", 5, None, "stated")]
    assert shape(steps(world, day(4))) == [("2.5", 0, 3, "stated"), ("2", 3, None, "stated")]
    assert [step.usd for step in steps(world, day(9), meter="output")] == [10]


def test_a_time_without_evidence_is_a_gap(world: World) -> None:
    stated = [seen("gpt-4o", *both("2.5", "10")), seen("o3", *both("2", "8"))]
    for at, rows in ((0, stated), (2, stated[1:]), (4, stated)):
        world.crawl(day(at), rows, PAGE)
    assert shape(steps(world, day(9))) == [("2.5", 0, 2, "stated"), ("2.5", 4, None, "stated")]


def test_a_source_that_is_believed_in_anothers_place_is_no_step_in_the_world(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", *both("2.6", "10"))], catalogue())
    world.crawl(day(1), [seen("gpt-4o", *both("2.5", "10"))], PAGE)
    world.crawl(day(3), [seen("o3", *both("2", "8"))], PAGE)
    assert shape(steps(world, day(4))) == [("2.6", 0, 1, "stated"), ("2.5", 1, 3, "restated"), ("2.6", 3, None, "restated")]
    world.crawl(day(6), [seen("gpt-4o", *both("2", "10"))], catalogue())
    assert shape(steps(world, day(9)))[-1] == ("2", 6, None, "stated")


def test_an_announced_step_that_was_taken_back_is_told_as_foreseen(world: World) -> None:
    announced = (usd("input", "2", valid_to=day(5)), usd("input", "3", valid_from=day(5)), usd("output", "10"))
    world.crawl(day(0), [seen("gpt-4o", *announced)], PAGE)
    assert shape(steps(world, day(1)))[-1] == ("3", 5, None, "stated")
    world.crawl(day(3), [seen("gpt-4o", *both("2", "10"))], PAGE)
    assert ("3", 5, None, "foreseen") in shape(steps(world, day(9)))


@pytest.mark.parametrize("known", [2.5, 6.5, 9.0])
def test_history_says_what_the_catalogue_of_each_day_shows(world: World, known: float) -> None:
    """Every day's figure lies in the step of that day, over sellers, sources, dated steps and ends."""
    stated: list[tuple[float, Any, list[Any]]] = [
        (0, catalogue(), [seen("gpt-4o", *both("2.6", "10")), seen("gpt-4o", *both("3", "11"), provider="azure")]),
        (1, PAGE, [seen("gpt-4o", usd("input", "2.5", valid_from=day(-3)), usd("output", "10")), seen("o3", *both("2", "8"))]),
        (2, catalogue(), [seen("gpt-4o", *both("2.6", "10")), seen("gpt-4o", *both("2.9", "11"), provider="azure")]),
        (4, PAGE, [seen("gpt-4o", *both("2", "10")), seen("o3", *both("2", "8"))]),
        (6, catalogue(), [seen("gpt-4o", *both("2", "10"))]),
        (
            8,
            PAGE,
            [seen("gpt-4o", usd("input", "2", valid_to=day(9)), usd("input", "1", valid_from=day(9)), usd("output", "9"))],
        ),
    ]
    for at, source, rows in stated:
        if at <= known:
            world.crawl(day(at), rows, source)
    told = steps(world, day(known))
    for at in (-1, 0.5, 1.5, 2.5, 4.5, 6.5, 8.5):
        if at > known:
            continue
        costs = world.cost_at(day(at), day(known))
        shown = {offer: cost["input"] for offer, cost in costs.items() if offer.endswith("gpt-4o") and cost.get("input")}
        running = [step for step in told if step.starts <= day(at) and (step.ends is None or day(at) < step.ends)]
        assert shown == {step.offer: str(step.usd) for step in running}, at


def test_history_leaves_out_what_the_catalogue_has_a_reason_for(world: World) -> None:
    """A catalogue's 0 while three other sellers charge, and what a seller's own complete page does not name while it lives."""

    def sold(*charging: str, free: bool = True) -> list[Any]:
        rows = [seen("gpt-4o", *both("3", "11"), provider=provider) for provider in charging]
        return [*rows, *([seen("gpt-4o", *both("0", "0"), provider="publicai")] if free else [])]

    own = page("openai", "openai", complete=("text",))
    life = page("openai_life", "openai", kind="lifecycle")
    ends = (Lifecycle(event="retired", at=day(7)),)
    named, other = [seen("gpt-4o", *both("2.5", "10"))], [seen("o3", *both("2", "8"))]
    stated: list[tuple[float, Any, list[Any]]] = [
        (0, catalogue(), sold("azure", "groq", "openai")),
        (1, own, [*named, *other]),
        (2, catalogue(), sold("azure", "openai")),
        (3, own, other),
        (4, catalogue(), sold("azure", "groq", "openai")),
        (5, life, [seen("gpt-4o", lifecycle=ends)]),
        (8, catalogue(), sold("azure", "groq", "openai", "together")),
        (9, own, [*named, *other]),
    ]
    for at, source, rows in stated:
        world.crawl(day(at), rows, source)
    told = steps(world, day(10))
    kept: dict[str, list[float]] = {}
    for at in (0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 7.5, 8.5, 9.5):
        costs = world.cost_at(day(at), day(10))
        shown = {offer: cost["input"] for offer, cost in costs.items() if offer.endswith("gpt-4o") and cost.get("input")}
        running = [step for step in told if step.starts <= day(at) and (step.ends is None or day(at) < step.ends)]
        assert shown == {step.offer: str(step.usd) for step in running}, at
        for offer in shown:
            kept.setdefault(offer, []).append(at)
    assert kept["publicai/openai/gpt-4o"] == [2.5, 3.5]
    assert kept[OFFER] == [0.5, 1.5, 2.5, 5.5, 9.5]


def test_a_price_without_a_beginning_begins_with_the_release_that_is_believed(world: World) -> None:
    days = {"a": "2026-01-05", "b": "2026-01-05", "c": "2020-01-01"}
    for id_, released in days.items():
        prices = (usd("input", "10", valid_to=day(5)), usd("input", "2", valid_from=day(5)), usd("output", "8"))
        world.crawl(day(0), [seen("gpt-4o", *prices, facts={"release_date": released})], catalogue(id_))
    assert steps(world, day(9))[0].starts.date().isoformat() == "2026-01-05"
