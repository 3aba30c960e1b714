"""Fields that vanished from listings which are still there, and what vanished beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aimstats.checks.decisions import ACCEPTED, REJECTED, decide, open_items
from aimstats.domain.absence import Absence
from aimstats.domain.items import Lifecycle, ListingSeen
from aimstats.domain.prices import price
from tests.checks.acme import amounts, models, without
from tests.ingest.worlds import World, both, day, seen, usd


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
