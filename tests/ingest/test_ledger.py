"""What one run writes to the ledger: only differences, only of its own documents, closed once and for a stated reason."""

from __future__ import annotations

from decimal import Decimal

from aimstats.domain.items import Lifecycle
from tests.ingest.worlds import FIRST, SECOND, World, both, catalogue, day, seen, usd


def test_an_unchanged_fact_writes_nothing(world: World) -> None:
    listings = [seen("gpt-4o", *both("2.5", "10"), name="GPT-4o", facts={"limit.context": 128_000})]
    world.crawl(day(0), listings)
    before, dataset = world.rows("select * from claim"), world.version()[0]
    again = world.crawl(day(1), listings)
    assert (again.status, again.stats["opened"], again.stats["corrected"], again.stats["vanished"]) == ("unchanged", 0, 0, 0)
    assert world.rows("select * from claim") == before
    assert world.version() == (dataset, 2)


def test_float_noise_is_not_a_change_of_the_figure_and_is_kept_as_stated(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "2.2249999999999998"))])
    assert world.claims() == [("gpt-4o", "input", "2.225", 0, None, None)]


def test_a_replaced_figure_is_corrected_and_a_missing_one_vanished(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", *both("5", "15"))])
    report = world.crawl(day(1), [seen("gpt-4o", usd("input", "2.5"))])
    assert world.claims() == [
        ("gpt-4o", "input", "5", 0, 1, "corrected"),
        ("gpt-4o", "input", "2.5", 1, None, None),
        ("gpt-4o", "output", "15", 0, 1, "vanished"),
    ]
    assert (report.stats["opened"], report.stats["corrected"], report.stats["vanished"]) == (1, 1, 1)


def test_a_dropped_step_of_a_history_is_vanished_while_the_series_goes_on(world: World) -> None:
    old, new = usd("input", "5", valid_to=day(-50)), usd("input", "2.5", valid_from=day(-50))
    world.crawl(day(0), [seen("gpt-4o", old, new)])
    world.crawl(day(1), [seen("gpt-4o", new)])
    assert world.claims() == [("gpt-4o", "input", "5", 0, 1, "vanished"), ("gpt-4o", "input", "2.5", 0, None, None)]


def test_a_step_that_ends_earlier_than_was_said_is_corrected(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "5", valid_from=day(-9)))])
    world.crawl(
        day(1), [seen("gpt-4o", usd("input", "5", valid_from=day(-9), valid_to=day(4)), usd("input", "4", valid_from=day(4)))]
    )
    assert world.claims() == [
        ("gpt-4o", "input", "5", 0, 1, "corrected"),
        ("gpt-4o", "input", "5", 1, None, None),
        ("gpt-4o", "input", "4", 1, None, None),
    ]


def test_a_document_closes_only_its_own_claims(world: World) -> None:
    world.crawl(day(0), {FIRST: [seen("gpt-4o", usd("input", "5"))], SECOND: [seen("gpt-4o", usd("input", "6"))]})
    world.crawl(day(1), {FIRST: [seen("gpt-4o")], SECOND: "unchanged"})
    assert [row[2:] for row in world.claims()] == [("5", 0, 1, "vanished"), ("6", 0, None, None)]


def test_another_source_never_closes_a_claim(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "5"))])
    world.crawl(day(1), [seen("gpt-4o", usd("input", "6"))], catalogue("other"))
    assert [row[2:] for row in world.claims()] == [("5", 0, None, None), ("6", 1, None, None)]


def test_a_listing_stated_twice_differently_is_kept_twice_in_the_order_of_its_figures(world: World) -> None:
    cheap, dear = (
        seen("grok-4-fast", usd("input", "0.2"), provider="xai"),
        seen("grok-4-fast", usd("input", "0.4"), provider="xai"),
    )
    world.crawl(day(0), [dear, cheap])
    assert [row[2] for row in world.claims()] == ["0.2", "0.4"]
    assert [row[0] for row in world.rows("select ordinal from listing order by ordinal")] == [1, 2]
    assert all(row[2]["ambiguous"] for row in world.claims("identity"))
    assert {row["agreement"] for row in world.rows("select evidence from resolved_offer")[0][0]} <= {"only", "not_comparable"}


def test_the_order_of_repetitions_in_a_document_changes_nothing(world: World) -> None:
    cheap, dear = (
        seen("grok-4-fast", usd("input", "0.2"), provider="xai"),
        seen("grok-4-fast", usd("input", "0.4"), provider="xai"),
    )
    world.crawl(day(0), [dear, cheap])
    assert world.crawl(day(1), [cheap, dear]).status == "unchanged"


def test_an_equal_repetition_is_one_listing(world: World) -> None:
    twice = [seen("gpt-4o", usd("input", "5")), seen("gpt-4o", usd("input", "5"))]
    assert world.crawl(day(0), twice).stats["repeated"] == 1
    assert len(world.claims()) == 1


def test_archived_generations_in_time_order_are_a_history(world: World) -> None:
    for number, figure in ((0, "5"), (30, "2.5"), (60, "2")):
        world.crawl(day(number), [seen("gpt-4o", usd("input", figure))], now=day(100))
    costs = [world.cost_at(day(n), day(100)) for n in (-1, 0, 29.9, 30, 59, 60, 100)]
    assert costs[0] == {}
    assert [cost["openai/openai/gpt-4o"]["input"] for cost in costs[1:]] == ["5", "5", "2.5", "2.5", "2", "2"]


def test_what_was_known_then_does_not_know_of_later_runs(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "5"))])
    world.crawl(day(10), [seen("gpt-4o", usd("input", "2.5"))])
    assert world.cost_at(day(5), day(5)) == world.cost_at(day(5), day(20))
    assert world.cost_at(day(9), day(9))["openai/openai/gpt-4o"]["input"] == "5"
    assert world.cost_at(day(15), day(9))["openai/openai/gpt-4o"]["input"] == "5", "announced: still standing as known then"


def test_numbers_and_dates_are_stored_as_stated(world: World) -> None:
    event = Lifecycle(event="retired", at=day(90), replacements=("gpt-5",))
    world.crawl(day(0), [seen("gpt-4o", usd("input", "2.50"), lifecycle=(event, event))])
    row = world.rows("select value, usd from claim where kind = 'price'")[0]
    assert (row.value, row.usd) == ({"amount": "2.50", "unit": "1M tokens"}, Decimal("2.5"))
    assert len(world.claims("lifecycle")) == 1, "an equal repetition is one event"


def test_two_lifecycle_events_of_one_kind_are_both_kept(world: World) -> None:
    events = (Lifecycle(event="retired", at=day(90)), Lifecycle(event="retired", at=day(120)))
    world.crawl(day(0), [seen("gpt-4o", lifecycle=events)])
    assert [row[1] for row in world.claims("lifecycle")] == ["retired", "retired#2"]


def test_a_text_that_needs_quoting_arrives_as_it_was(world: World) -> None:
    odd = 'a "quoted", name\\.\twith\nlines'
    world.crawl(day(0), [seen(odd, usd("input", "1"), name=odd, facts={"note": "\\."})])
    assert world.rows("select external_id from listing") == [(odd,)]
    assert ("\\." in [row[2] for row in world.claims("fact")]) is True
