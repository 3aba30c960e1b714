"""What a person decides is remembered: accepted figures are published, rejected ones stay out in silence."""

import pytest
from sqlalchemy import text

from aimstats.checks.decisions import ACCEPTED, REJECTED, decide, open_items
from aimstats.ingest.documents import known_documents
from tests.checks.acme import models, times
from tests.checks.decided import decide_all
from tests.ingest.worlds import FIRST, World, both, day, seen


def test_an_accepted_figure_is_published_by_the_next_run_and_not_held_again(world: World) -> None:
    world.crawl(day(0), [seen("claude-x", *both("3", "15"))])
    world.crawl(day(1), [seen("claude-x", *both("60", "15"))])
    decide_all(world, ACCEPTED, day(1.5))
    report = world.crawl(day(2), [seen("claude-x", *both("60", "15"))])
    assert report.stats["held"] == 0
    assert ("claude-x", "input", "60", 2, None, None) in world.claims()
    assert ("claude-x", "input", "3", 0, 2, "corrected") in world.claims()
    assert world.crawl(day(3), [seen("claude-x", *both("60", "16"))]).stats["held"] == 0


def test_accepting_one_figure_accepts_no_other(world: World) -> None:
    world.crawl(day(0), [seen("claude-x", *both("3", "15"))])
    world.crawl(day(1), [seen("claude-x", *both("60", "15"))])
    decide_all(world, ACCEPTED, day(1.5))
    assert world.crawl(day(2), [seen("claude-x", *both("6000", "15"))]).stats["held"] == 1


def test_a_document_of_which_something_was_accepted_is_read_anew(world: World) -> None:
    world.crawl(day(0), [seen("claude-x", *both("3", "15"))])
    world.crawl(day(1), [seen("claude-x", *both("60", "15"))])
    assert FIRST not in known_documents(world.connection, {"cat": "test"}).get("cat", {}), "it waits"
    world.connection.execute(text("update held set waits = false"))
    assert FIRST in known_documents(world.connection, {"cat": "test"})["cat"]
    decide_all(world, ACCEPTED, day(1.5))
    assert FIRST not in known_documents(world.connection, {"cat": "test"}).get("cat", {})
    world.crawl(day(2), [seen("claude-x", *both("60", "15"))])
    assert FIRST in known_documents(world.connection, {"cat": "test"})["cat"]


def test_a_rejected_figure_stays_out_and_is_not_reported_again(world: World) -> None:
    world.crawl(day(0), [seen("claude-x", *both("3", "15"))])
    world.crawl(day(1), [seen("claude-x", *both("60", "15"))])
    decide_all(world, REJECTED, day(1.5))
    for number in range(2, 7):
        report = world.crawl(day(number), [seen("claude-x", *both("60", "15"))])
        assert report.stats["held"] == 0
    assert open_items(world.connection) == []
    assert [claim[2] for claim in world.claims() if claim[4] is None] == ["3", "15"]
    assert world.crawl(day(7), [seen("claude-x", *both("61", "15"))]).stats["held"] == 1, "another figure is another question"


def test_the_last_decision_counts(world: World) -> None:
    world.crawl(day(0), [seen("claude-x", *both("3", "15"))])
    for number, decision in enumerate((REJECTED, ACCEPTED)):
        world.connection.execute(text("update held set decided = null"))
        world.crawl(day(number + 1), [seen("claude-x", *both("60", "15")), seen(f"acme-{number}", *both("1", "2"))])
        decide_all(world, decision, day(number + 1.5))
    world.crawl(day(4), [seen("claude-x", *both("60", "15"))])
    assert ("claude-x", "input", "60", 4, None, None) in world.claims()


def test_what_moved_together_is_published_by_the_run_after_it_was_accepted(world: World) -> None:
    world.crawl(day(0), models(40))
    world.crawl(day(1), models(40, times("10")))
    decide_all(world, ACCEPTED, day(1.5))
    report = world.crawl(day(2), models(40, times("10")))
    assert (report.status, report.stats["held"], report.stats["corrected"]) == ("published", 0, 120)
    assert open_items(world.connection) == []


def test_a_rejection_can_be_taken_back(world: World) -> None:
    world.crawl(day(0), [seen("claude-x", *both("3", "15"))])
    world.crawl(day(1), [seen("claude-x", *both("60", "15"))])
    decide_all(world, REJECTED, day(1.5))
    (item,) = open_items(world.connection, REJECTED)
    assert decide(world.connection, [item.id], ACCEPTED, day(1.6)) == [item.id]
    assert decide(world.connection, [item.id], REJECTED, day(1.7)) == [], "what a run may have published is not rejected"
    world.crawl(day(2), [seen("claude-x", *both("60", "15"))])
    assert ("claude-x", "input", "60", 2, None, None) in world.claims()


def test_what_moved_together_and_was_rejected_stays_out_without_a_new_report(world: World) -> None:
    world.crawl(day(0), models(40))
    world.crawl(day(1), models(40, times("10")))
    decide_all(world, REJECTED, day(1.5))
    for number in range(2, 6):
        assert world.crawl(day(number), models(40, times("10"))).stats["held"] == 0
    assert open_items(world.connection) == []
    assert all(claim[4] is None for claim in world.claims())


@pytest.mark.parametrize("decision", [ACCEPTED, REJECTED])
def test_a_decision_is_made_once_and_moves_the_dataset_version(world: World, decision: str) -> None:
    world.crawl(day(0), [seen("claude-x", *both("3", "15"))])
    world.crawl(day(1), [seen("claude-x", *both("60", "15"))])
    (item,) = open_items(world.connection)
    dataset = world.version()[0]
    assert decide(world.connection, [item.id, 10**9], decision, day(2)) == [item.id]
    assert decide(world.connection, [item.id], decision, day(2)) == []
    assert world.version()[0] == dataset + 1


def test_an_open_item_says_what_it_is_of(world: World) -> None:
    world.crawl(day(0), [seen("claude-x", *both("3", "15"), provider="acme")])
    world.crawl(day(1), [seen("claude-x", *both("60", "15"), provider="acme")])
    (item,) = open_items(world.connection)
    assert (item.source, item.listing, item.field, item.since) == ("cat", "acme/claude-x", "input|standard|0|||USD|", day(1))
    assert item.is_publishable
