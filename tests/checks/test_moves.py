"""The table of moves: a price that moved is judged by where it went, and waits where nobody can tell."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from aimstats.domain.items import ListingSeen
from aimstats.ingest.documents import known_documents
from tests.checks.decided import held
from tests.ingest.worlds import FIRST, World, both, catalogue, day, page, seen, usd

OFFER = "acme/openai/gpt-4o"
RIVALS = ("azure", "openrouter", "poe")


def sold(input_: str, output: str = "10", provider: str = "acme") -> ListingSeen:
    return seen("gpt-4o", *both(input_, output), provider=provider)


def rivals(world: World, at: float, amount: str = "2.6") -> None:
    """Three other sellers of the model, in another catalogue."""
    world.crawl(day(at), [sold(amount, provider=name) for name in RIVALS], catalogue("rivals"))


def shown(world: World) -> str:
    """The input price that stands."""
    found: str = world.offers()[OFFER]["cost"]["input"]
    return found


def marks(world: World) -> dict[str, Any]:
    return {row["meter"]: row["mark"] for row in world.offers()[OFFER]["prices"] if "mark" in row}


@pytest.mark.parametrize(
    ("before", "after", "check"),
    [
        ("2.5", "0.35", None),  # less than 8 times
        ("0.3", "2.5", None),  # to the middle of the others
        ("250", "20", None),  # nearer
        ("2.5", "25", None),  # farther, by less than a unit
        ("2.5", "190", None),
        ("2.5", "210", "far_from_others"),  # farther by 80 times
        ("2.5", "0.03", "far_from_others"),
        ("1.5", "0.015", "far_from_others"),
        ("2.5", "0", "free_now"),
        ("0", "2", None),
        ("0", "250", "far_from_others"),  # as new
    ],
)
def test_where_a_price_went_decides(world: World, before: str, after: str, check: str | None) -> None:
    world.crawl(day(0), [sold(before, "60")])
    rivals(world, 0.5)
    for number in range(1, 7):
        rivals(world, number)
        world.crawl(day(number), [sold(after, "60")])
    assert held(world) == ({"input": check} if check else {})
    assert shown(world) == (before if check else after)


def test_without_others_three_readings_on_three_days_decide_and_it_is_marked(world: World) -> None:
    world.crawl(day(0), [sold("2.5")])
    for number in (1, 1.1, 1.2, 2, 2.3):
        world.crawl(day(number), [sold("25")])
        assert (held(world), shown(world), marks(world)) == ({"input": "moved"}, "2.5", {})
        assert FIRST not in known_documents(world.connection, {"cat": "test"}).get("cat", {}), "it is read whole meanwhile"
    world.crawl(day(3), [sold("25")])
    assert (held(world), shown(world)) == ({}, "25")
    assert marks(world) == {"input": "moved 10 times, on its source's word alone"}
    assert world.rows("select decided, since, ended_at from held") == [("confirmed", day(1), day(3))]
    world.crawl(day(4), [sold("25")])
    assert marks(world) == {"input": "moved 10 times, on its source's word alone"}
    world.crawl(day(5), [sold("25")], catalogue("other"))
    assert marks(world) == {}, "another source states it too"


def test_another_figure_on_another_day_begins_anew(world: World) -> None:
    world.crawl(day(0), [sold("2.5")])
    for number, amount in ((1, "25"), (2, "26"), (3, "25"), (4, "25")):
        world.crawl(day(number), [sold(amount)])
    assert shown(world) == "2.5"
    world.crawl(day(5), [sold("25")])
    assert shown(world) == "25"


def test_whoever_still_states_what_is_being_left_is_no_witness(world: World) -> None:
    for name in ("one", "two"):
        world.crawl(day(0), [sold("2.5")], catalogue(name))
    world.crawl(day(0), [sold("2.5")])
    world.crawl(day(1), [sold("0.25")])
    assert held(world) == {"input": "moved"}
    for number in (2, 3):
        world.crawl(day(number), [sold("0.25")])
    assert held(world) == {}


def test_one_other_that_went_there_too_is_enough(world: World) -> None:
    world.crawl(day(0), [sold("2.5")], catalogue("one"))
    world.crawl(day(1), [sold("0.25")], catalogue("two"))
    world.crawl(day(0), [sold("2.5")])
    world.crawl(day(1), [sold("0.25")])
    assert held(world) == {}


def test_a_unit_away_from_all_who_lag_it_waits_for_more_than_some_days(world: World) -> None:
    for number in range(7):
        world.crawl(day(number), [sold("2.5")], catalogue("one"))
        world.crawl(day(number), [sold("2.5" if number == 0 else "2500")])
    assert shown(world) == "2.5"


def test_who_moved_in_the_same_reading_is_a_witness(world: World) -> None:
    listed = [seen("deepseek-chat", usd("cache_read", "0.028"), provider=name) for name in ("acme", *RIVALS)]
    cheaper = [seen("deepseek-chat", usd("cache_read", "0.0028"), provider=name) for name in ("acme", *RIVALS)]
    world.crawl(day(0), [*listed, *(seen(f"stock-{n}", *both("1", "4"), provider="acme") for n in range(30))])
    world.crawl(day(1), [*cheaper, *(seen(f"stock-{n}", *both("1", "4"), provider="acme") for n in range(30))])
    assert held(world) == {}


def test_what_is_stale_or_frozen_is_no_witness(world: World) -> None:
    world.crawl(day(0), [sold("3")], catalogue("stale"))
    world.crawl(day(3), [sold("2.5")])
    world.crawl(day(4), [sold("25")])
    assert held(world) == {"input": "moved"}, "three days old"
    world.crawl(day(3), [sold("2", provider="poe")], catalogue("frozen"))
    world.crawl(day(4), [sold("0", provider="poe")], catalogue("frozen"))
    world.crawl(day(4), [sold("25")])
    assert {check for (check,) in world.rows('select "check" from held where decided is null')} == {"moved", "free_now"}


def test_a_price_becomes_free_where_another_source_says_so(world: World) -> None:
    world.crawl(day(0), [sold("2.5")])
    world.crawl(day(1), [sold("0", "0")], catalogue("other"))
    world.crawl(day(1), [sold("0", "0")])
    assert held(world) == {}


@pytest.mark.parametrize("after", ["9000", "0.0001"])
def test_what_cannot_be_true_is_held_however_long_it_stands_and_whoever_says_it(world: World, after: str) -> None:
    world.crawl(day(0), [sold("2.5")])
    for number in range(1, 40, 6):
        world.crawl(day(number), [sold(after)], catalogue("other"))
        world.crawl(day(number), [sold(after)])
    assert shown(world) == "2.5"


def test_exactly_the_dearest_is_too_dear_for_a_model_that_says_its_size(world: World) -> None:
    world.crawl(day(0), [seen("ibm/granite-3-8b-instruct", *both("200", "200"))])
    assert set(held(world).values()) == {"dear_for_its_size"}


def test_a_first_sight_unlike_its_list_waits_three_days(world: World) -> None:
    stock = [seen(f"acme-{n}", *both(str(n), str(n * 4)), provider="acme") for n in range(1, 5)]
    world.crawl(day(0), stock)
    dear = seen("gpt-4o", *both("300", "1200"), provider="acme")
    for number in (1, 2):
        world.crawl(day(number), [*stock, dear])
        assert set(held(world)) == {"input", "output"}
    world.crawl(day(3), [*stock, dear])
    assert held(world) == {}
    (mark,) = {row.get("mark") for row in world.offers()[OFFER]["prices"]}
    assert mark == "on its source's word alone"


def test_a_first_sight_that_cannot_stand_beside_the_rest_of_its_listing_waits_for_no_days(world: World) -> None:
    stock = [seen(f"acme-{n}", *both(str(n), str(n * 4)), provider="acme") for n in range(1, 5)]
    minutes = seen("gpt-4o", usd("input", "0.02"), usd("output_audio", "20"), provider="acme")
    world.crawl(day(0), [*stock, minutes])
    before = world.state()
    for number in range(1, 5):
        world.crawl(day(number), [*stock, minutes])
        assert held(world) == {"input": "meters", "output_audio": "meters"}
        assert world.state() == before, "the same reading says the same reason"


def test_a_held_figure_is_said_where_it_would_stand_at_first_sight_too(world: World) -> None:
    rivals(world, 0)
    world.crawl(day(0), [sold("2500", "10")])
    offer = world.offers()[OFFER]
    assert (offer["cost"]["input"], offer["cost"]["absent"]["input"], offer["cost"]["output"]) == (None, "held", "10")
    (row,) = [row for row in offer["prices"] if row["absent"] == "held"]
    assert (row["meter"], row["usd"], row["held"]["check"]) == ("input", None, "far_from_others")
    assert "times away from what other sellers ask" in row["held"]["reason"]
    world.crawl(day(1), [sold("2.5", "10")])
    assert world.offers()[OFFER]["cost"]["absent"].get("input") is None


def test_a_held_price_of_another_plan_is_said_too(world: World) -> None:
    batch = usd("input", "250", plan="batch")
    world.crawl(day(0), [seen("gpt-4o", *both("2.5", "10"), batch, provider="acme")])
    rows = {(row["meter"], row["plan"]): row["absent"] for row in world.offers()[OFFER]["prices"]}
    assert rows["input", "batch"] == "held"


def test_the_reason_names_figures_and_what_to_think(world: World) -> None:
    world.crawl(day(0), [sold("3", "15")])
    world.crawl(day(1), [sold("300", "15")])
    (reason,) = world.rows("select reason from held")[0]
    assert reason == (
        "input price went from $3 to $300, 100 times dearer, and no other source says so: probably another unit or column"
    )


def test_readings_of_a_page_are_counted_by_utc_day(world: World) -> None:
    source = page("acme_page", "acme")
    world.crawl(day(0), [sold("2.5")], source)
    for number in (0.74, 0.76, 1.74, 1.76):  # 23:45, 00:15, ...
        world.crawl(day(number), [sold("25")], source)
    assert world.connection.execute(text("select decided from held")).scalars().all() == ["confirmed"]
