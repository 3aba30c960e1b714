"""A source that has been dead for a month: its last good values stand with their age, and nothing is told as removed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from aimstats.domain.readings import SourceResult
from aimstats.ingest.publish import settle_crawl
from aimstats.ingest.runs import Clock, record_failure, still_sources
from tests.ingest.worlds import FIRST, World, both, catalogue, day, page, reading_of, seen

DEAD = page("dead", "openai")


def test_after_thirty_days_its_values_stand_with_their_age_and_nothing_is_removed(db: Connection) -> None:
    world = World(db)
    world.crawl(day(0), [seen("gpt-4o", *both("2.5", "10"))], DEAD)
    world.crawl(day(0), [seen("gpt-4o", *both("2.5", "10")), seen("gpt-4o-mini", *both("0.15", "0.6"))])
    before, claims = world.offers(), world.claims()
    told = world.rows("select count(*) from event")
    for number in range(1, 31):
        now = day(number)
        clock = Clock(started_at=now, now=now, observed_at=now)
        failed = SourceResult(source=DEAD, finished=True, close_reason="finished", readings=(reading_of(FIRST, "failed", 0),))
        with db.begin_nested():
            record_failure(db, failed, clock, "test", "the server does not answer")
        world.crawl(now, {FIRST: "unchanged"}, catalogue())
    assert still_sources(db, day(30)) == {"dead": 30}
    assert world.claims() == claims, "no claim was closed"
    after = world.offers()
    assert after.keys() == before.keys()
    assert {id_: body["cost"]["input"] for id_, body in after.items()} == {
        id_: body["cost"]["input"] for id_, body in before.items()
    }
    assert [body["status"] for body in after.values()] == [body["status"] for body in before.values()]
    assert world.rows("select source, stale, checked_at from document order by source") == [
        ("cat", False, day(30)),
        ("dead", True, day(0)),
    ]
    kinds = {row[0] for row in world.rows("select kind from event where at > :at", at=day(0) + timedelta(hours=1))}
    assert not kinds & {"model_removed", "price_changed", "status_changed"}
    assert world.rows("select count(*) from event") == told
    assert world.rows("select count(*) from run where source = 'dead' and status = 'failed'") == [(30,)]
    with db.begin_nested():
        settle_crawl(db, day(31))
    assert world.offers().keys() == before.keys()
