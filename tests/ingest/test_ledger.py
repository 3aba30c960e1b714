"""What one run writes to the ledger: only differences, only of its own documents, closed once and for a stated reason."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from aimstats.domain.items import DocumentSeen, Lifecycle
from aimstats.ingest.publish import PublicationRefusedError
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


def test_a_failed_document_touches_nothing(world: World) -> None:
    urls = [f"https://a.example/{n}" for n in range(6)]
    world.crawl(day(0), {url: [seen(f"gpt-{n}", usd("input", "5"))] for n, url in enumerate(urls)})
    before = world.claims()
    world.crawl(day(1), {url: "failed" if n == 0 else "unchanged" for n, url in enumerate(urls)})
    assert world.claims() == before
    checked = dict(tuple(row) for row in world.rows("select url, checked_at from document"))
    assert checked[urls[0]] == day(0)
    assert checked[urls[1]] == day(1)


def test_more_than_a_fifth_of_the_documents_failed_publishes_nothing(world: World) -> None:
    urls = [f"https://a.example/{n}" for n in range(6)]
    listings = {url: [seen(f"gpt-{n}", usd("input", "5"))] for n, url in enumerate(urls)}
    with pytest.raises(PublicationRefusedError, match="2 of 6 documents failed"):
        world.crawl(day(0), listings | {urls[0]: "failed", urls[1]: "failed"})
    assert world.claims() == []


def test_a_failed_index_publishes_nothing(world: World) -> None:
    urls = [f"https://a.example/{n}" for n in range(9)]
    with pytest.raises(PublicationRefusedError, match="index failed"):
        world.crawl(day(0), {FIRST: "failed"} | {url: [seen("gpt-4o")] for url in urls}, index=FIRST)


def test_a_document_not_found_once_is_kept_and_twice_is_gone(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "5"))])
    world.crawl(day(1), {FIRST: "gone"})
    assert [row[-1] for row in world.claims()] == [None]
    world.crawl(day(2), {FIRST: "gone"})
    assert [row[3:] for row in world.claims()] == [(0, 2, "vanished")]
    assert world.rows("select gone_at from document") == [(day(2),)]
    assert world.offers() == {}


def test_a_document_found_again_starts_to_count_anew(world: World) -> None:
    listings = [seen("gpt-4o", usd("input", "5"))]
    world.crawl(day(0), listings)
    world.crawl(day(1), {FIRST: "gone"})
    world.crawl(day(2), {FIRST: "unchanged"})
    world.crawl(day(3), {FIRST: "gone"})
    assert [row[-1] for row in world.claims()] == [None]


def test_a_document_that_its_index_names_no_longer_is_gone_at_once(world: World) -> None:
    index = "https://a.example/index"
    other = {SECOND: [seen("gpt-4o", usd("input", "6"))]}
    world.crawl(
        day(0),
        {index: DocumentSeen(url=index, links=(FIRST, SECOND)), FIRST: [seen("o3", usd("input", "5"))]} | other,
        index=index,
    )
    world.crawl(day(1), {index: DocumentSeen(url=index, links=(SECOND,)), SECOND: "unchanged"}, index=index)
    assert world.claims() == [("gpt-4o", "input", "6", 0, None, None), ("o3", "input", "5", 0, 1, "vanished")]


def test_a_document_that_a_failed_run_did_not_reach_is_not_gone(world: World) -> None:
    index = "https://a.example/index"
    world.crawl(day(0), {index: DocumentSeen(url=index, links=(FIRST,)), FIRST: [seen("o3", usd("input", "5"))]}, index=index)
    world.crawl(day(1), {index: "unchanged"}, index=index)
    assert [row[-1] for row in world.claims()] == [None]


def test_a_gone_document_at_the_instant_of_its_last_reading_is_refused_with_its_reason(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "5"))])
    world.crawl(day(0), {FIRST: "gone"}, now=day(1))
    with pytest.raises(PublicationRefusedError, match="same instant"):
        world.crawl(day(0), {FIRST: "gone"}, now=day(2))
    assert [row[-1] for row in world.claims()] == [None]


def test_a_gone_document_that_comes_back_opens_its_claims_again(world: World) -> None:
    listings = [seen("gpt-4o", usd("input", "5"))]
    world.crawl(day(0), listings)
    world.crawl(day(1), {FIRST: "gone"})
    world.crawl(day(2), {FIRST: "gone"})
    world.crawl(day(3), listings)
    assert [row[3:] for row in world.claims()] == [(0, 2, "vanished"), (3, None, None)]
    assert world.rows("select gone_at from document") == [(None,)]


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


def test_an_empty_document_holds_its_source_and_keeps_all_figures_with_their_date(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "5"))])
    dataset = world.version()[0]
    assert world.crawl(day(1), []).status == "quarantined"
    assert [row[-1] for row in world.claims()] == [None]
    assert world.rows("select checked_at from document") == [(day(0),)]
    assert world.version()[0] == dataset + 1
    world.crawl(day(2), [])
    assert world.version()[0] == dataset + 1, "the same quarantine again is no change"


@pytest.mark.parametrize("recovered", ["unchanged", "changed"])
def test_a_source_that_recovers_is_held_no_longer(world: World, recovered: str) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "5"))])
    world.crawl(day(1), [])
    dataset = world.version()[0]
    world.crawl(day(2), {FIRST: "unchanged" if recovered == "unchanged" else [seen("gpt-4o", usd("input", "4"))]})
    assert world.rows("select decided from held") == [("superseded",)]
    assert world.version()[0] == dataset + 1


def test_an_unchanged_document_leaves_its_held_items_held(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "9000"))])
    world.crawl(day(1), {FIRST: "unchanged"})
    assert world.rows("select decided from held") == [(None,)]


GUARDED = {
    "delete claims": "delete from claim",
    "truncate claims": "truncate claim cascade",
    "rewrite a figure": "update claim set usd = 1",
    "close without a reason": "update claim set observed_to = observed_from + interval '1 day'",
    "open again": "update claim set observed_to = null, closed_by = null, closed_as = null where observed_to is not null",
    "close twice": "update claim set observed_to = now() where observed_to is not null",
    "delete assignments": "delete from assignment",
    "rewrite an assignment": "update assignment set model = 'x/y'",
    "delete listings": "delete from listing",
    "rename a listing": "update listing set external_id = 'x'",
    "delete runs": "delete from run",
    "rewrite a finished run": "update run set status = 'failed'",
    "delete readings": "delete from reading",
    "rewrite a reading": "update reading set status = 'ok'",
    "truncate readings": "truncate reading",
}


@pytest.mark.parametrize("statement", GUARDED.values(), ids=GUARDED)
def test_the_database_itself_refuses_to(world: World, statement: str) -> None:
    world.crawl(day(0), [seen("gpt-4o", *both("5", "15"))])
    world.crawl(day(1), [seen("gpt-4o", *both("2.5", "15"))])
    with pytest.raises(IntegrityError), world.connection.begin_nested():
        world.connection.execute(text(statement))


def test_one_series_step_has_at_most_one_open_claim(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "5"))])
    columns = "listing_id, document_id, kind, key, value, observed_from, opened_by"
    with pytest.raises(IntegrityError, match="uq_claim_open"), world.connection.begin_nested():
        world.connection.execute(text(f"insert into claim ({columns}) select {columns} from claim where kind = 'price'"))


def test_a_reading_older_than_the_last_one_is_refused(world: World) -> None:
    world.crawl(day(5), [seen("gpt-4o", usd("input", "5"))])
    with pytest.raises(PublicationRefusedError, match="last read at"):
        world.crawl(day(4), [seen("gpt-4o", usd("input", "6"))], now=day(6))


def test_other_bytes_at_the_same_instant_are_refused_and_the_same_bytes_are_not(world: World) -> None:
    world.crawl(day(5), [seen("gpt-4o", usd("input", "5"))])
    assert world.crawl(day(5), [seen("gpt-4o", usd("input", "5"))], now=day(6)).status == "unchanged"
    with pytest.raises(PublicationRefusedError, match="same instant"):
        world.crawl(day(5), [seen("gpt-4o", usd("input", "6"))], now=day(6))


def test_the_age_of_one_document_does_not_refuse_another_source(world: World) -> None:
    world.crawl(day(5), [seen("gpt-4o", usd("input", "5"))])
    assert world.crawl(day(1), [seen("gpt-4o", usd("input", "6"))], catalogue("other"), now=day(6)).status == "published"


def test_observed_at_document_takes_each_documents_own_date(world: World) -> None:
    dated = {
        FIRST: DocumentSeen(url=FIRST, date=day(1), listings=(seen("gpt-4o", usd("input", "5")),)),
        SECOND: DocumentSeen(url=SECOND, date=day(3), listings=(seen("o3", usd("input", "2")),)),
    }
    world.crawl(day(9), dated, observed="document")
    assert [(row[0], row[3]) for row in world.claims()] == [("gpt-4o", 1), ("o3", 3)]
    assert dict(tuple(row) for row in world.rows("select url, checked_at from document")) == {FIRST: day(1), SECOND: day(3)}


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
