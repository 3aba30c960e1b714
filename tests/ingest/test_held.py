"""What is held back keeps the last good figures and their date, until the source says something else."""

from __future__ import annotations

from tests.ingest.worlds import FIRST, World, both, day, seen, usd


def test_a_held_figure_keeps_the_last_good_one_and_its_date(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", *both("2.5", "10"))])
    report = world.crawl(day(1), [seen("gpt-4o", *both("2500", "10"))])
    assert report.stats["held"] == 1
    assert world.claims() == [("gpt-4o", "input", "2.5", 0, None, None), ("gpt-4o", "output", "10", 0, None, None)]
    assert world.offers()["openai/openai/gpt-4o"]["cost"]["input"] == "2.5"
    held = world.rows('select item, "check", reason, decided from held')
    assert (held[0].check, held[0].decided) == ("moved", None)
    assert held[0].item["value"]["amount"] == "2500"


def test_a_held_step_freezes_its_whole_series(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "5", valid_to=day(-5)), usd("input", "4", valid_from=day(-5)))])
    before = world.claims()
    world.crawl(day(1), [seen("gpt-4o", usd("input", "5", valid_to=day(-6)), usd("input", "4000", valid_from=day(-6)))])
    assert world.claims() == before


def test_a_held_fact_keeps_the_last_good_one(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", facts={"limit.context": 128_000})])
    world.crawl(day(1), [seen("gpt-4o", facts={"limit.context": -1})])
    assert ("gpt-4o", "limit.context", 128_000, 0, None, None) in world.claims("fact")


def test_what_is_held_again_keeps_the_day_since_when_and_what_is_held_no_longer_is_superseded(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "9000"))])
    world.crawl(day(1), [seen("gpt-4o", usd("input", "9000")), seen("gpt-4.1", usd("input", "2"))])
    assert world.rows("select since, decided from held") == [(day(0), None)]
    world.crawl(day(2), [seen("gpt-4o", usd("input", "5")), seen("gpt-4.1", usd("input", "2"))])
    assert world.rows("select decided, decided_at from held") == [("superseded", day(2))]


def test_a_new_hold_moves_the_dataset_version_and_a_standing_one_does_not(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "5"))])
    dataset = world.version()[0]
    world.crawl(day(1), [seen("gpt-4o", usd("input", "9000"))])
    assert world.version()[0] == dataset + 1
    world.crawl(day(2), [seen("gpt-4o", usd("input", "9000"))])
    assert world.version()[0] == dataset + 1


def test_a_standing_hold_of_a_whole_document_moves_no_version(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "5"))])
    dataset = world.version()[0]
    world.crawl(day(1), [])
    assert [row[-1] for row in world.claims()] == [None]
    assert world.version()[0] == dataset + 1
    world.crawl(day(2), [])
    assert world.version()[0] == dataset + 1, "the same again is no change"


def test_a_document_that_recovers_is_held_no_longer(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "5"))])
    world.crawl(day(1), [])
    dataset = world.version()[0]
    world.crawl(day(2), [seen("gpt-4o", usd("input", "4"))])
    assert world.rows("select decided from held") == [("superseded",)]
    assert world.version()[0] > dataset


def test_an_unchanged_document_leaves_its_held_items_held(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "9000"))])
    world.crawl(day(1), {FIRST: "unchanged"})
    assert world.rows("select decided from held") == [(None,)]
