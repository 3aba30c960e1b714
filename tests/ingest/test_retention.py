"""What is deleted changes no answer about any day, and the database lets nothing else go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from aimstats.catalogue.changes import CHANGES, changes_page
from aimstats.catalogue.engine.query import parse
from aimstats.catalogue.published import read_beginning, read_catalogue
from aimstats.checks.pending import pending
from aimstats.domain.keeping import CHANGES_SPAN
from aimstats.domain.readings import SourceResult
from aimstats.ingest.retention import SLACK, forget
from aimstats.ingest.runs import Clock, record_failure
from aimstats.ingest.snapshot import export, import_
from aimstats.resolution.from_ledger import moment_of, resolved_at, terms
from aimstats.resolution.history import price_steps
from tests.ingest.worlds import FIRST, SECOND, World, both, catalogue, day, page, seen, usd

PAGE = page("openai", "openai", bundle=True, cadence_hours=1)
OTHER = catalogue("other", bundle=True, priority=10)
HOUR = 1 / 24
NOW = day(60)
KEPT_DAYS = 30
OLDEST_KEPT = (NOW - timedelta(days=KEPT_DAYS)).date()


def crawl_often(world: World) -> None:
    """Five days with a crawl every three hours: prices that change within a day, one after another source's dated step of
    that day, documents that fail, a figure that is held, a run that fails; and one such day that is recent."""
    for number in (0, 1, 2, 3, 4, 50):
        for hour in range(0, 18, 3):
            at = day(number + hour * HOUR)
            first: Any = [seen("gpt-4o", *both("5", "15"))] if (number, hour) < (2, 8) else [seen("gpt-4o", *both("2.5", "10"))]
            second: Any = [seen("o3", *both("1000" if (number, hour) > (1, 6) else "10", "40"))]
            if (number, hour) >= (4, 12):
                first = [seen("gpt-4o", *both("2", "8"))]
            if (number + hour) % 5 == 0 and number + hour:
                second = "failed"
            dated = [usd("input", "2", valid_from=day(4 + 5 * HOUR))] if number >= 3 else []
            world.crawl(at, {FIRST: first, SECOND: second}, PAGE, settles=False)
            world.crawl(at, [seen("gpt-4o", *dated, usd("output", "15")), seen("o3", usd("input", "10"))], OTHER)
        failed = SourceResult(source=PAGE, finished=True, close_reason="finished")
        at = day(number + 19 * HOUR)
        record_failure(world.connection, failed, Clock(started_at=at, now=at, observed_at=at), "test", "it failed")


def answers(connection: Connection) -> list[Any]:
    """Every row of every day as known on every later one, the history as known on each day, since when anything was read, and for
    how long what is held has been stated."""
    ends = [datetime.combine(day(number), datetime.max.time(), day(0).tzinfo) for number in (0, 1, 2, 3, 4, 5, 49, 50, 55)]
    found: list[Any] = [read_beginning(connection)]
    for known_at in ends:
        found += [
            (at, known_at, unit.body, unit.evidence, [(offer.body, offer.evidence) for offer in unit.offers])
            for at in ends
            if at <= known_at
            for unit in resolved_at(connection, at, known_at)
        ]
        moment = moment_of(connection, known_at, known_at)
        read = "select document_id, read_at from reading where status in ('ok', 'unchanged') and read_at <= :at order by read_at"
        readings: dict[int, list[datetime]] = {}
        for document, at in connection.execute(text(read), {"at": known_at}):
            readings.setdefault(document, []).append(at)
        for model in ("openai/gpt-4o", "openai/o3"):
            told = price_steps(model, terms(connection, moment, model), known_at, readings, "text", moment.price_pages)
            found += [(step.starts, step.ends, step.usd, step.source, step.restated) for step in told]
    documents = connection.execute(text("select id from document")).scalars()
    waiting = pending(connection, dict.fromkeys(documents, NOW))
    return [*found, waiting.figures, waiting.together]


@pytest.fixture
def engine(database_url: URL) -> Iterator[Engine]:
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        crawl_often(World(connection))
    yield engine
    engine.dispose()


class KilledError(Exception):
    pass


def test_no_answer_about_a_day_is_another_one_and_nothing_more_may_be_deleted(
    engine: Engine, second_database_url: URL, tmp_path: Path
) -> None:
    rows = "select (select count(*) from reading), (select count(*) from run)"
    with engine.connect() as connection:
        before = answers(connection)
        had = connection.execute(text(rows)).one()
        assert connection.scalar(text("select count(*) from held where ended_at is null")), "something waits"
        assert connection.scalar(text("select count(*) from claim where closed_as = 'corrected'"))
    lots = iter(range(2))

    def killed(engine: Engine) -> AbstractContextManager[Connection]:
        if next(lots, None) is None:
            raise KilledError
        return engine.begin()

    with pytest.raises(KilledError):
        forget(engine, killed, NOW, KEPT_DAYS)
    with engine.connect() as connection:
        between = connection.execute(text(rows)).one()
        assert answers(connection) == before
    gone = forget(engine, Engine.begin, NOW, KEPT_DAYS)
    assert not forget(engine, Engine.begin, NOW, KEPT_DAYS), "all is gone the first time"

    with engine.connect() as connection:
        assert answers(connection) == before
        left = connection.execute(text(rows)).one()
        assert had[0] > between[0] > left[0]
        assert (between[0] - left[0], between[1] - left[1]) == (gone.readings, gone.runs)
        assert left[0] < had[0] / 2
        recent = "select count(*) from reading where cast(read_at at time zone 'UTC' as date) >= :day"
        assert connection.scalar(text(recent), {"day": OLDEST_KEPT}) == 3 * 6
        for table in ("reading", "run"):
            for ctid in connection.execute(text(f"select ctid::text from {table}")).scalars().all():
                if table == "reading" and is_recent(connection, ctid):
                    continue
                with pytest.raises(IntegrityError), connection.begin_nested():
                    connection.execute(text(f"delete from {table} where ctid = cast(:ctid as tid)"), {"ctid": ctid})
        export(connection, tmp_path / "s.gz")
        claims = sorted(map(str, World(connection).claims()))
    other = create_engine(second_database_url, poolclass=NullPool)
    with other.begin() as connection:
        import_(connection, tmp_path / "s.gz", NOW, "test")
        assert sorted(map(str, World(connection).claims())) == claims, "a snapshot of what is left is whole"
    other.dispose()


def is_recent(connection: Connection, ctid: str) -> bool:
    """Whether the reading is of a day of which all are kept."""
    at = connection.scalar(text("select read_at from reading where ctid = cast(:ctid as tid)"), {"ctid": ctid})
    return bool(at and at.date() >= OLDEST_KEPT)


def test_changes_go_back_three_years_and_what_is_older_is_deleted(database_url: URL) -> None:
    engine = create_engine(database_url, poolclass=NullPool)

    def told(connection: Connection) -> list[str | None]:
        catalogue_ = read_catalogue(connection)
        assert catalogue_ is not None
        query = parse(CHANGES, iter([("kind", ["model_removed"])]), now=NOW)
        found = changes_page(connection, catalogue_, query)
        assert found.total == len(found.changes)
        return [change.model for change in found.changes]

    ages = {"x/told": CHANGES_SPAN, "x/past": CHANGES_SPAN + timedelta(seconds=1), "x/gone": CHANGES_SPAN + SLACK * 2}
    with engine.begin() as connection:
        World(connection).crawl(day(0), [seen("gpt-4o", *both("5", "15"))])
        published = connection.execute(text("select published_at from version")).scalar_one()
        for model, age in ages.items():
            write = text("insert into event (at, dataset, kind, model) values (:at, 0, 'model_removed', :model)")
            connection.execute(write, {"at": published - age, "model": model})
        connection.execute(text("insert into event (at, dataset, kind) values (now(), 1, 'model_added')"))
    with engine.connect() as connection:
        assert told(connection) == ["x/told"]
    assert forget(engine, Engine.begin, NOW, KEPT_DAYS).events == 1
    with engine.connect() as connection:
        assert told(connection) == ["x/told"]
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text("delete from event where at > now() - interval '1 day'"))
    engine.dispose()
