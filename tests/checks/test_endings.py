"""What a document states no longer: ends of listings, vanished fields, sections left empty, documents that an index drops."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aimstats.checks.decisions import ACCEPTED, REJECTED, decide, open_items
from aimstats.domain.absence import Absence
from aimstats.domain.items import DocumentSeen, Lifecycle, ListingSeen
from aimstats.domain.prices import price
from aimstats.ingest.documents import known_documents
from tests.checks.acme import amounts, models, times, without
from tests.ingest.worlds import FIRST, World, both, day, seen, usd


def standing(world: World) -> set[str]:
    """The ids of the listings of which a price stands."""
    return {row[0] for row in world.claims() if row[4] is None}


def names(*numbers: int) -> set[str]:
    return {f"acme-{number}" for number in numbers}


@pytest.mark.parametrize(("count", "gone"), [(40, (3, 17, 21)), (40, tuple(range(9))), (9, (0, 4, 5)), (3, (1,))])
def test_a_few_listings_end_at_once(world: World, count: int, gone: tuple[int, ...]) -> None:
    world.crawl(day(0), models(count))
    kept = [listing for listing in models(count) if listing.external_id not in names(*gone)]
    report = world.crawl(day(1), kept)
    assert (report.status, report.stats["held"]) == ("published", 0)
    assert standing(world) == {listing.external_id for listing in kept}


@pytest.mark.parametrize(
    "listings",
    [[], models(20), models(29), models(40, first=40), models(30, first=30)],
    ids=["empty", "half", "less than three quarters", "other ids", "mostly other ids"],
)
def test_where_a_quarter_would_end_together_the_ends_wait_and_the_rest_is_published(
    world: World, listings: list[ListingSeen]
) -> None:
    world.crawl(day(0), models(40))
    changed = [replace(one, facts={**one.facts, "limit.context": 200_000}) for one in listings]
    report = world.crawl(day(1), changed)
    assert standing(world) >= names(*range(40))
    assert {row[0] for row in world.claims("fact") if row[2] == 200_000} == {one.external_id for one in listings}
    assert report.stats["held"] == 1
    assert world.rows('select "check", waits from held') == [("ends", True)]
    for number in (1.2, 2, 2.5):
        world.crawl(day(number), changed)
        assert standing(world) >= names(*range(40)), "another reading of a day that counts already decides nothing"
    world.crawl(day(4), changed)
    assert standing(world) == {one.external_id for one in listings}
    assert {row[4] for row in world.claims() if row[4] is not None} <= {1, 4}, "an end is never backdated"
    assert world.rows("select decided, ended_at from held") == [("confirmed", day(4))]


def test_each_end_waits_three_days_of_its_own(world: World) -> None:
    world.crawl(day(0), models(40))
    world.crawl(day(1), models(28))
    world.crawl(day(2), models(16))
    world.crawl(day(3), models(16))
    assert standing(world) == names(*range(28))
    world.crawl(day(4), models(16))
    assert standing(world) == names(*range(16))


def test_what_a_cut_text_lost_of_the_listings_that_are_left_waits_with_the_ends(world: World) -> None:
    end = Lifecycle(event="retired", at=day(90), precision="exact", effect="error", replacements=("acme-9",))
    last = seen("acme-19", *both("1", "2"), usd("input", "3", plan="fast"), provider="acme", aliases=("last",), lifecycle=(end,))
    whole = [*models(19), last, *models(20, first=20)]
    cut = replace(last, prices=both("1", "2"), aliases=(), lifecycle=(replace(end, replacements=()),))
    world.crawl(day(0), whole)
    for number in (1, 2):
        world.crawl(day(number), [*models(19), cut])
        assert not world.rows("select from claim where observed_to is not null")
    world.crawl(day(3), [*models(19), cut])
    closed = "select c.kind, c.closed_as from claim c join listing l on l.id = c.listing_id where c.observed_to = :at"
    found = world.rows(f"{closed} and l.external_id = 'acme-19'", at=day(3))
    assert set(found) == {("price", "vanished"), ("identity", "corrected"), ("lifecycle", "corrected")}


def test_where_ends_wait_the_dates_and_names_of_rows_that_are_left_wait_too(world: World) -> None:
    """What is left of a document may be the older of two rows of a listing; a new date is news."""

    def row(number: int, end: float, name: str, *more: Lifecycle) -> ListingSeen:
        event = Lifecycle(event="retired", at=day(end), precision="exact", effect="error")
        return seen(f"acme-{number}", provider="acme", name=name, lifecycle=(event, *more))

    whole = [row(number, 90, f"Acme {number}") for number in range(20)]
    news = Lifecycle(event="deprecated", at=day(9), precision="exact")
    left = [row(0, 30, "Acme 0"), row(1, 90, "Acme one"), row(2, 90, "Acme 2", news), *whole[3:10]]
    world.crawl(day(0), whole)
    for number in (1, 2):
        world.crawl(day(number), left)
        opened = [row[:2] for kind in ("lifecycle", "fact") for row in world.claims(kind) if row[3] > 0]
        assert opened == [("acme-2", "deprecated")]
        assert {row[4] for kind in ("lifecycle", "fact") for row in world.claims(kind)} == {None}
    world.crawl(day(3), left)
    opened = [row[:2] for kind in ("lifecycle", "fact") for row in world.claims(kind) if row[3] == 3]
    assert opened == [("acme-0", "retired"), ("acme-1", "name")]


@pytest.mark.parametrize("factor", ["1", "1000"])
def test_where_ends_wait_another_name_of_what_is_gone_is_nothing_new(world: World, factor: str) -> None:
    """Rows that a document states alike are one listing: without the one the other would be new, or without prices both one."""
    whole = [
        replace(models(1)[0], aliases=("also-0",)),
        replace(models(1, first=1)[0], aliases=("also-1",)),
        *models(18, first=2),
    ]
    new = replace(models(1, times(factor))[0], external_id="also-0")
    left = [new, replace(models(1, times(factor), first=2)[0], aliases=("acme-0",)), *models(8, times(factor), first=3)]
    world.crawl(day(0), whole)
    for number in (1, 2):
        world.crawl(day(number), left)
        assert standing(world) == names(*range(20))
        assert {row[3:5] for row in world.claims("identity")} == {(0, None)}
    world.crawl(day(3), left)
    assert standing(world) == names(*range(2, 11)) | ({"also-0"} if factor == "1" else set())


def test_listings_that_a_document_loses_while_its_prices_are_doubted_wait_three_days(world: World) -> None:
    """A table without the column may be no table of prices any more."""
    embeds = [seen("acme-90", usd("input", "0.1"), provider="acme")]
    world.crawl(day(0), [*models(20), *embeds])
    for number in (1, 2):
        world.crawl(day(number), models(20, without("output")))
        assert standing(world) == names(*range(20), 90)
    world.crawl(day(3), models(20, without("output")))
    assert standing(world) == names(*range(20))


def test_a_listing_that_states_anything_new_is_not_cut(world: World) -> None:
    world.crawl(day(0), [*models(40), seen("acme-x", *both("1", "2"), usd("cache_write", "1"), provider="acme")])
    world.crawl(day(1), [*models(20), seen("acme-x", *both("1.5", "2"), provider="acme")])
    assert ("acme-x", "cache_write", "1", 0, 1, "vanished") in world.claims()


def test_what_comes_back_ends_no_more(world: World) -> None:
    world.crawl(day(0), models(40))
    world.crawl(day(1), models(20))
    world.crawl(day(2), models(40))
    world.crawl(day(3), models(20))
    assert standing(world) == names(*range(40))


def test_failed_readings_count_for_nothing_and_unchanged_ones_do(world: World) -> None:
    world.crawl(day(0), models(40))
    world.crawl(day(1), models(20))
    world.crawl(day(2), {FIRST: "failed", f"{FIRST}/other": models(1, first=99)})
    assert standing(world) == names(*range(40), 99)
    world.crawl(day(3), {FIRST: "unchanged", f"{FIRST}/other": "unchanged"})
    world.crawl(day(4), {FIRST: models(20), f"{FIRST}/other": "unchanged"})
    assert standing(world) == names(*range(20), 99)


def test_a_document_with_anything_pending_is_read_whole(world: World) -> None:
    world.crawl(day(0), models(40))
    assert FIRST in known_documents(world.connection, {"cat": "test"})["cat"]
    for number in (1, 2):
        world.crawl(day(number), models(20))
        assert FIRST not in known_documents(world.connection, {"cat": "test"}).get("cat", {})
    world.crawl(day(3), models(20))
    assert FIRST in known_documents(world.connection, {"cat": "test"})["cat"]


def test_the_end_of_a_text_that_is_gone_waits_though_it_is_little(world: World) -> None:
    world.crawl(day(0), models(40))
    world.crawl(day(1), models(36))
    assert standing(world) == names(*range(40))


@pytest.mark.parametrize(("decision", "left"), [(ACCEPTED, 20), (REJECTED, 40)])
def test_a_person_may_end_the_waiting(world: World, decision: str, left: int) -> None:
    world.crawl(day(0), models(40))
    world.crawl(day(1), models(20))
    decide(world.connection, [item.id for item in open_items(world.connection)], decision, day(1.5))
    for number in (2, 3, 4, 5) if decision == REJECTED else (2,):
        assert world.crawl(day(number), models(20)).stats["held"] == 0
    assert standing(world) == names(*range(left))


def test_what_waits_to_end_is_as_old_as_its_last_reading(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", *both("2.5", "10")), *models(3)])
    world.crawl(day(1), [])
    offer = world.offers()["openai/openai/gpt-4o"]
    assert offer["frozen_at"] == day(0).isoformat()
    assert {row["held"]["check"] for row in offer["prices"]} == {"ends"}


def test_nothing_ends_by_a_document_that_leaves_announced_sections_empty(world: World) -> None:
    world.crawl(day(0), models(30))
    changed = [replace(one, facts={**one.facts, "limit.context": 200_000}) for one in models(4, without("output"))]
    partial = DocumentSeen(url=FIRST, listings=(*changed, *models(26, first=4)[:24]), unread=("Batch",))
    for number in range(1, 33):
        report = world.crawl(day(number), {FIRST: partial})
        assert report.stats["held"] == 1
    assert standing(world) == names(*range(30))
    assert all(row[4] is None for row in world.claims()), "no meter of four, no listing of two"
    assert len([row for row in world.claims("fact") if row[2] == 200_000]) == 4
    world.crawl(day(34), models(28))
    assert standing(world) == names(*range(28)), "a whole reading ends them"


def field_of(world: World, name: str) -> list[Any]:
    return [row for row in world.claims() if row[1] == name]


def test_a_meter_that_vanishes_stays_with_its_age_frozen_and_everything_else_goes_through(world: World) -> None:
    world.crawl(day(0), models(20))
    bare = [replace(one, facts={**one.facts, "limit.context": 200_000}) for one in models(20, without("output"))]
    report = world.crawl(day(1), bare)
    assert (report.status, report.stats["held"]) == ("published", 1)
    assert len(field_of(world, "output")) == 20
    assert all(row[4] is None for row in field_of(world, "output"))
    assert len([row for row in world.claims("fact") if row[2] == 200_000]) == 20
    offer = next(body for body in world.offers().values() if body["external_id"] == "acme-3")
    frozen = {row["meter"]: row["held"]["confirmed_at"] for row in offer["prices"] if "held" in row}
    assert frozen == {"output": day(0).isoformat()}
    (reason,) = world.rows("select reason from held")[0]
    assert reason == "price output, standard was stated by 20 listings that are still there and is by 0 now: renamed, or dropped"


@pytest.mark.parametrize("kept", [False, True])
def test_the_few_reasons_why_there_is_no_such_price_wait_with_the_column(world: World, kept: bool) -> None:
    """But for a reason alone: where the column is still there, a listing says no more why it has none."""
    routers = [
        seen(f"acme-{n}", usd("input", "2"), price("output", None, absent=Absence.VARIABLE), provider="acme") for n in (90, 91)
    ]
    bare = [seen(f"acme-{n}", usd("input", "2"), provider="acme") for n in (90, 91)]
    later = [*(models(20) if kept else models(20, without("output"))), *bare]
    world.crawl(day(0), [*models(20), *routers])
    world.crawl(day(1), later)
    ends = {row[0]: row[4] for row in field_of(world, "output")}
    assert len(ends) == 22
    assert {ends["acme-90"], ends["acme-91"]} == {1 if kept else None}
    for number in range(2, 31):
        world.crawl(day(number), later)
    assert {row[4] for row in field_of(world, "output")} == ({None, 1} if kept else {30})


def test_a_column_that_is_gone_waits_whole_where_a_tier_of_it_is_left(world: World) -> None:
    tier = usd("output", "30", min_context_tokens=200_000)
    tiered = seen("acme-90", *both("2", "20"), tier, provider="acme")
    world.crawl(day(0), [*models(20), tiered])
    world.crawl(day(1), [*models(20, without("output")), seen("acme-90", usd("input", "2"), tier, provider="acme")])
    assert [row[4] for row in field_of(world, "output")] == [None] * 22


def test_what_vanishes_with_a_column_of_prices_waits_with_it_however_little(world: World) -> None:
    """A publisher that renames a column may rename what few state too; what vanishes on another day ends."""
    few = [
        seen(f"acme-{n}", usd("input", "2"), usd("output_image", "30"), provider="acme", facts={"type": "image"})
        for n in (90, 91)
    ]
    left = [seen("acme-90", usd("input", "2"), provider="acme"), seen("acme-91", usd("output_image", "30"), provider="acme")]
    gone = [*models(20, without("output")), *left]
    world.crawl(day(0), [*models(20), *few])
    assert world.crawl(day(1), gone).stats["held"] == 2
    assert {row[4] for row in [*world.claims(), *world.claims("fact")]} == {None}
    offer = next(body for body in world.offers().values() if body["external_id"] == "acme-90")
    reasons = {row["meter"]: row["held"]["reason"] for row in offer["prices"] if "held" in row}
    assert reasons == {
        "output_image": "vanished in the very reading in which columns of its document were renamed, dropped or exchanged"
    }
    later = [*models(19, without("output")), seen("acme-19", usd("input", "5.25"), provider="acme"), *left]
    world.crawl(day(2), later)
    assert {(row[0], row[1]) for row in world.claims() if row[4] is not None} == {("acme-19", "cache_read")}
    for number in range(3, 31):
        world.crawl(day(number), later)
    assert {(row[1], row[4]) for row in world.claims() if row[4] not in (None, 2)} == {
        ("output", 30),
        ("output_image", 30),
        ("input", 30),
    }
    assert {row[0] for row in world.rows("select decided from held")} == {"confirmed"}


def test_what_waits_beside_a_column_ends_when_the_column_is_read_again(world: World) -> None:
    few = [seen("acme-90", usd("input", "2"), usd("output_image", "30"), provider="acme")]
    left = [seen("acme-90", usd("input", "2"), provider="acme")]
    world.crawl(day(0), [*models(20), *few])
    world.crawl(day(1), [*models(20, without("output")), *left])
    world.crawl(day(2), [*models(20), *left])
    assert {(row[1], row[4]) for row in world.claims() if row[4] is not None} == {("output_image", 2)}


@pytest.mark.parametrize(("decision", "end"), [(ACCEPTED, 2), (REJECTED, None)])
def test_a_person_decides_of_what_waits_beside_a_column(world: World, decision: str, end: int | None) -> None:
    few = [seen("acme-90", usd("input", "2"), usd("output_image", "30"), provider="acme")]
    left = [seen("acme-90", usd("input", "2"), provider="acme")]
    world.crawl(day(0), [*models(20), *few])
    world.crawl(day(1), [*models(20, without("output")), *left])
    decide(world.connection, [item.id for item in open_items(world.connection)], decision, day(1.5))
    for number in (2,) if decision == ACCEPTED else range(2, 34):
        world.crawl(day(number), [*models(20, without("output")), *left])
    assert {row[4] for row in world.claims() if row[1] in ("output", "output_image")} == {end}


def test_a_fact_that_is_gone_from_everywhere_holds_no_price_back(world: World) -> None:
    world.crawl(day(0), models(20))
    bare = [replace(one, facts={"limit.context": 128_000}) for one in models(20)]
    bare[3] = replace(bare[3], prices=bare[3].prices[:2])
    world.crawl(day(1), bare)
    assert {row[4] for row in world.claims("fact")} == {None}
    assert {(row[0], row[1]) for row in world.claims() if row[4] is not None} == {("acme-3", "cache_read")}


def test_a_vanished_field_is_as_it_was_when_a_parser_reads_it_again(world: World) -> None:
    world.crawl(day(0), models(20))
    world.crawl(day(1), models(20, without("output")))
    world.crawl(day(2), models(20))
    assert world.rows("select decided from held") == [("superseded",)]
    assert {row[4] for row in world.claims()} == {None}


def test_a_vanished_field_ends_after_thirty_days_of_readings(world: World) -> None:
    world.crawl(day(0), models(6))
    for number in range(1, 30):
        world.crawl(day(number), models(6, without("output")))
    assert {row[4] for row in field_of(world, "output")} == {None}
    world.crawl(day(30), models(6, without("output")))
    assert {row[4:] for row in field_of(world, "output")} == {(30, "vanished")}
    assert world.rows("select decided from held") == [("confirmed",)]


def test_a_vanished_field_ends_when_a_person_accepts_it(world: World) -> None:
    world.crawl(day(0), models(6))
    world.crawl(day(1), models(6, without("output")))
    decide(world.connection, [item.id for item in open_items(world.connection)], ACCEPTED, day(1.5))
    world.crawl(day(2), models(6, without("output")))
    assert {row[4] for row in field_of(world, "output")} == {2}


def test_a_fact_that_is_gone_from_everywhere_stays_too(world: World) -> None:
    world.crawl(day(0), models(20))
    bare = [seen(f"acme-{n}", *(usd(m, a) for m, a in amounts(n).items()), provider="acme", name=f"Acme {n}") for n in range(20)]
    world.crawl(day(1), bare)
    assert {row[4] for row in world.claims("fact")} == {None}


def test_a_flag_of_our_own_parser_is_never_judged(world: World) -> None:
    world.crawl(day(0), [replace(one, incomplete=True) for one in models(40)])
    report = world.crawl(day(1), models(40))
    assert (report.status, report.stats["held"]) == ("published", 0)
    assert {row[4] for row in world.claims("fact") if row[1] == "flags.prices_incomplete"} == {1}


def test_a_flag_that_a_publisher_states_is_a_field_like_others(world: World) -> None:
    world.crawl(day(0), [replace(one, facts={"flags.json_output": True}) for one in models(6)])
    assert world.crawl(day(1), [replace(one, facts={}) for one in models(6)]).stats["held"] == 1
    assert {row[4] for row in world.claims("fact")} == {None}


@pytest.mark.parametrize("absent", ["not_published", "variable"])
def test_prices_that_are_all_said_to_be_absent_stay(world: World, absent: str) -> None:
    world.crawl(day(0), [seen(f"acme-{n}", usd("input", str(n + 1)), provider="acme") for n in range(6)])
    gone = [seen(f"acme-{n}", price("input", None, absent=Absence(absent)), provider="acme") for n in range(6)]
    world.crawl(day(1), gone)
    assert [row[4] for row in world.claims()] == [None] * 6


def test_a_price_that_is_said_to_be_absent_from_one_listing_is_published(world: World) -> None:
    world.crawl(day(0), models(6))
    last = seen("acme-5", price("input", None, absent=Absence.NOT_OFFERED), *both("1.75", "8.75")[1:], provider="acme")
    assert world.crawl(day(1), [*models(5), last]).stats["held"] == 0


def test_dates_that_cannot_be_read_any_more_stay(world: World) -> None:
    def page(with_date: bool) -> list[ListingSeen]:
        event = Lifecycle(event="retired", at=day(90) if with_date else None, precision="exact" if with_date else "none")
        return [seen(f"acme-{number}", provider="acme", lifecycle=(event,)) for number in range(12)]

    world.crawl(day(0), page(with_date=True))
    good = world.claims("lifecycle")
    world.crawl(day(1), page(with_date=False))
    assert world.claims("lifecycle") == good


INDEX = f"{FIRST}/index"


def index_of(*numbers: int) -> dict[str, Any]:
    """An index with its documents, one model each."""
    urls = {f"{FIRST}/{number}": models(1, first=number) for number in numbers}
    return {INDEX: DocumentSeen(url=INDEX, links=tuple(urls)), **urls}


def test_what_an_index_stops_naming_waits_where_it_is_a_quarter(world: World) -> None:
    world.crawl(day(0), index_of(*range(16)), index=INDEX)
    world.crawl(day(1), index_of(*range(14)), index=INDEX)
    assert standing(world) == names(*range(14)), "a few are gone at once"
    for number in (2, 3):
        report = world.crawl(day(number), index_of(*range(7)), index=INDEX)
        assert (standing(world), report.stats["held"]) == (names(*range(14)), 1)
        assert INDEX not in known_documents(world.connection, {"cat": "test"})["cat"]
    world.crawl(day(4), index_of(*range(7)), index=INDEX)
    assert standing(world) == names(*range(7))
