"""What a document states no longer: ends of listings, sections left empty, documents that an index drops."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aimstats.checks.decisions import ACCEPTED, REJECTED, decide, open_items
from aimstats.domain.items import DocumentSeen, Lifecycle, ListingSeen
from aimstats.ingest.documents import known_documents
from tests.checks.acme import models, times, without
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
