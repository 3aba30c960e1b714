"""The catalogue that a process holds: one look a second, one load a version, none lost when the database is away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL

from aimstats.catalogue import holder as holding
from aimstats.catalogue.holder import CatalogueHolder, CatalogueUnavailableError, EmptyCatalogueError
from aimstats.catalogue.other_days import instants
from aimstats.catalogue.published import read_catalogue
from tests.api.published import move_version, publish_small, write_rows
from tests.catalogue import bodies
from tests.ingest.worlds import FIRST, START, World, both, seen


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def engine(database_url: URL) -> Iterator[Engine]:
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def published(engine: Engine) -> Engine:
    with engine.begin() as connection:
        publish_small(connection)
    return engine


def statements_of(engine: Engine) -> list[str]:
    """The statements that go through an engine from now on."""
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    return seen


def test_an_empty_database_is_an_empty_catalogue(engine: Engine) -> None:
    with pytest.raises(EmptyCatalogueError):
        CatalogueHolder(engine).current()


def test_an_unreachable_database_is_not_an_empty_catalogue() -> None:
    nowhere = create_engine("postgresql+psycopg2://nobody@127.0.0.1:1/none", connect_args={"connect_timeout": 1})
    holder = CatalogueHolder(nowhere)
    with pytest.raises(CatalogueUnavailableError):
        holder.current()
    assert holder.stale_reason


def test_the_version_is_looked_at_once_a_second_and_rows_are_read_once_a_version(published: Engine) -> None:
    clock = Clock()
    holder = CatalogueHolder(published, clock=clock)
    first = holder.current()
    seen = statements_of(published)
    for _ in range(20):
        assert holder.current() is first
    assert seen == []
    clock.now_s += 1.1
    assert holder.current() is first
    assert len([statement for statement in seen if "from version" in statement]) == 1
    assert not [statement for statement in seen if "resolved_" in statement]


def test_what_was_only_confirmed_reads_no_rows_again(published: Engine) -> None:
    clock = Clock()
    holder = CatalogueHolder(published, clock=clock)
    first = holder.current()
    with published.begin() as connection:
        connection.execute(text("update document set checked_at = '2026-11-20T00:00Z'"))
        move_version(connection, dataset=False)
    seen = statements_of(published)
    clock.now_s += 2
    second = holder.current()
    assert second.models is first.models
    assert second.version.checked == first.version.checked + 1
    row = second.model("alpha/ode-4.5")
    assert row is not None
    assert row["checked_at"] == "2026-11-20T00:00:00Z"
    assert not [statement for statement in seen if "resolved_" in statement]


def test_a_new_version_is_loaded_by_one_while_others_go_on_with_the_old(
    published: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    holder = CatalogueHolder(published, clock=clock)
    first = holder.current()
    with published.begin() as connection:
        write_rows(connection, [bodies.model("zeta/new")], [])
        move_version(connection)
    loading, go_on = threading.Event(), threading.Event()
    read = read_catalogue

    def slowly(*given: Any) -> Any:
        loading.set()
        assert go_on.wait(10)
        return read(*given)

    monkeypatch.setattr(holding, "read_catalogue", slowly)
    clock.now_s += 2
    taken: list[Any] = []
    worker = threading.Thread(target=lambda: taken.append(holder.current()))
    worker.start()
    assert loading.wait(10)
    assert holder.current() is first
    go_on.set()
    worker.join(10)
    assert len(taken[0].models) == len(first.models) + 1
    assert holder.current() is taken[0]


def test_many_first_requests_load_once(published: Engine) -> None:
    holder = CatalogueHolder(published)
    seen = statements_of(published)
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(holder.current())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 6
    assert all(catalogue is found[0] for catalogue in found)
    assert len([statement for statement in seen if "resolved_model" in statement]) == 1


def test_without_its_database_it_serves_what_it_holds_and_recovers(published: Engine) -> None:
    clock = Clock()
    holder = CatalogueHolder(published, clock=clock)
    first = holder.current()
    with published.begin() as connection:
        connection.execute(text("alter table version rename to away"))
    clock.now_s += 2
    assert holder.current() is first
    assert holder.stale_reason is not None
    with published.begin() as connection:
        connection.execute(text("alter table away rename to version"))
    clock.now_s += 5
    assert holder.current() is first
    assert holder.stale_reason is None


def test_known_at_is_an_instant_and_not_its_second(engine: Engine) -> None:
    with engine.begin() as connection:
        world = World(connection)
        world.crawl(START, [seen("gpt-4o", *both("2.5", "10"))])
        world.crawl(START + timedelta(seconds=0.5), [seen("gpt-4o", *both("5", "20"))])
    holder = CatalogueHolder(engine)
    found = [holder.at(None, START + timedelta(seconds=seconds)) for seconds in (0, 0.499999, 0.5, 0.9)]
    assert [[row["cost.input"] for row in one.offers_by("openai")] for one in found] == [
        [Decimal(n)] for n in ("2.5", "2.5", "5", "5")
    ]
    assert len({one.known_at for one in found}) == len(found), "validators and kept rows tell them apart"


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KNOWN = datetime(2026, 2, 1, tzinfo=UTC)


def end_of(day: int, month: int) -> datetime:
    """The last instant of a day of 2026."""
    return datetime.combine(date(2026, month, day), time.max, UTC)


@pytest.mark.parametrize(
    ("as_of", "known_at", "expected"),
    [
        (None, None, (NOW, NOW)),
        (None, KNOWN, (KNOWN, KNOWN)),
        (date(2026, 3, 1), None, (NOW, NOW)),
        (date(2026, 2, 27), None, (end_of(27, 2), NOW)),
        (date(2026, 3, 2), None, (end_of(2, 3), NOW)),
        (date(2026, 2, 27), KNOWN, (end_of(27, 2), KNOWN)),
    ],
)
def test_a_day_is_its_end_or_now(as_of: date | None, known_at: datetime | None, expected: tuple[datetime, datetime]) -> None:
    assert instants(as_of, known_at, NOW) == expected


def test_what_was_known_then_was_confirmed_then_and_is_kept_so(engine: Engine) -> None:
    with engine.begin() as connection:
        world = World(connection)
        world.crawl(START, [seen("gpt-4o", *both("5", "15"))])
        world.crawl(START + timedelta(days=9), {FIRST: "unchanged"})
    clock = Clock()
    holder = CatalogueHolder(engine, clock=clock, now=lambda: START + timedelta(days=9, hours=1))
    for _ in range(2):
        then = holder.at(None, START + timedelta(days=3))
        row = then.model("openai/gpt-4o")
        assert row is not None
        assert (row.checked_at, row.stale_after) == (START, START + timedelta(hours=36))
        assert then.last_checked == START
        assert [one.url for one in row.stale_documents] == [FIRST]
        with engine.begin() as connection:
            move_version(connection, dataset=False)
        clock.now_s += 2
    now = holder.at(date(2026, 3, 4), None).model("openai/gpt-4o")
    assert now is not None
    assert now.checked_at == START + timedelta(days=9)
