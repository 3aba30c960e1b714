"""Each process's role can do its work and no more: nobody who serves or crawls can take from the ledger."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from aimstats.config.values import PROJECT_ROOT
from aimstats.domain.items import ListingSeen
from aimstats.domain.readings import Reading, SourceResult
from aimstats.extensions.rate_limits.storage import PostgresStorage
from aimstats.ingest.publish import publish
from aimstats.ingest.retention import forget
from aimstats.ingest.runs import Clock, Report
from aimstats.ingest.snapshot import BUNDLED, import_
from aimstats.store.migrate import schema_state, upgrade
from aimstats.store.tables import Base
from deploy import grants
from scrapy_project.sources import spider_classes
from tests.conftest import as_text
from tests.ingest.worlds import START, World, both, seen

TABLES = sorted(table.name for table in Base.metadata.sorted_tables)
LEDGER = ("run", "reading", "listing", "assignment", "claim", "event")
NOT_APPENDED = {"rate_limit", "version"}
THINNED = {"reading", "run", "event"}
"""Their guards let go what no answer needs: tests/ingest/test_retention.py."""
REMADE = {"resolved_model", "resolved_offer", "unsettled", "bulk_file", "bulk_part"}

EngineOf = Callable[[str], Engine]


@pytest.fixture(scope="module")
def _own_roles(admin: Engine) -> Iterator[None]:
    """Let the tests make the roles, and take away those that were not there before."""
    with admin.connect() as connection:
        if not connection.scalar(text("select rolsuper from pg_roles where rolname = current_user")):
            pytest.skip("the role of TEST_DATABASE_URL may not create roles")
        made_here = grants.missing_roles(connection)
    yield
    with admin.connect() as connection:
        for role in made_here:
            connection.execute(text(f"drop role if exists {role}"))


@pytest.fixture
def empty_url(_own_roles: None, empty_database_url: URL) -> URL:
    """An empty database that gives up its roles before they are dropped."""
    return empty_database_url


@pytest.fixture
def engine_of(_own_roles: None, database_url: URL) -> Iterator[EngineOf]:
    """Engines on a migrated database whose rights are set: of a role, or ('') of the administrator."""
    yield from engines(database_url, ready=True)


def engines(url: URL, *, ready: bool) -> Iterator[EngineOf]:
    opened: list[Engine] = []

    def engine_of(role: str) -> Engine:
        as_role = url.update_query_dict({"options": f"-c role={role}"}) if role else url
        opened.append(create_engine(as_role, poolclass=NullPool))
        return opened[-1]

    with engine_of("").begin() as connection:
        grants.run_script(connection, "roles.sql")
        if ready:
            grants.run_script(connection, "grants.sql")
    yield engine_of
    for engine in opened:
        engine.dispose()


def result_of(page: Path) -> SourceResult:
    spider = spider_classes()[page.parent.name]()
    url = spider.start_urls[0]
    body = page.read_bytes()
    reading = Reading(url=url, status="ok", sha256=f"{hash(body):x}", document=spider.parse_document(body, url))
    return SourceResult(source=spider.source, finished=True, close_reason="finished", readings=(reading,))


def published(connection: Connection, day: int, page: Path) -> Report:
    now = datetime(2026, 10, day, tzinfo=UTC)
    return publish(connection, result_of(page), Clock(started_at=now, now=now, observed_at=now), "test")


def test_the_job_publishes_closes_and_publishes_again(engine_of: EngineOf, tmp_path: Path) -> None:
    page = PROJECT_ROOT / "tests" / "pages" / "models_dev" / "page.json"
    with engine_of("aimstats_job").begin() as connection:
        first = published(connection, 1, page)
    later = tmp_path / "models_dev" / "page.json"
    later.parent.mkdir()
    later.write_text(
        page.read_text(encoding="utf-8").replace('"input": 2.5', '"input": 2.75').replace('"input": 3', '"input": 4')
    )
    with engine_of("aimstats_job").begin() as connection:
        second = published(connection, 2, later)
    assert first.status == "published"
    assert first.stats["opened"] > 10
    assert second.status == "published"
    assert second.stats["corrected"] + second.stats["held"] > 0


def test_the_job_deletes_readings_and_runs_that_no_answer_needs(engine_of: EngineOf) -> None:
    engine = engine_of("aimstats_job")
    with engine.begin() as connection:
        for hour in (6, 7, 8):
            World(connection).crawl(START.replace(hour=hour), [seen("gpt-4o", *both("2.5", "10"))])
    gone = forget(engine, Engine.begin, START + timedelta(days=60), 30)
    assert (gone.readings, gone.runs) == (1, 1)


def test_the_job_holds_what_ended_together_tells_it_otherwise_and_lets_it_go(engine_of: EngineOf) -> None:
    def names(count: int) -> list[ListingSeen]:
        return [seen(f"gpt-4o-{n}", *both("2.5", "10")) for n in range(count)]

    engine = engine_of("aimstats_job")
    for number, count in enumerate((12, 4, 5, 5, 5, 5)):
        with engine.begin() as connection:
            World(connection).crawl(START + timedelta(days=number), names(count))
    with engine.connect() as connection:
        told = connection.execute(text("select since, told_from, decided, mark from held order by id")).all()
    first, second = (START + timedelta(days=number) for number in (1, 2))
    assert [(row.since, row.told_from, row.decided) for row in told] == [
        (first, None, "superseded"),
        (first, second, "confirmed"),
    ]
    assert [row.mark for row in told] == [None, "7 listings ended"]


def refusals(engine: Engine, acts: Iterable[str]) -> dict[str, str]:
    """What the database says to each act, none of which counts."""
    said = {}
    with engine.connect() as connection:
        for act in acts:
            try:
                connection.execute(text(act))
                said[act] = "done"
            except DBAPIError as error:
                said[act] = str(error.orig)
            connection.rollback()
    return said


@pytest.mark.parametrize(
    "act", ["delete from {}", "truncate {} cascade", "drop table {} cascade", "alter table {} disable trigger all"]
)
def test_the_job_cannot_take_from_the_ledger(engine_of: EngineOf, act: str) -> None:
    tables = [table for table in LEDGER if table not in THINNED or not act.startswith("delete")]
    said = refusals(engine_of("aimstats_job"), [act.format(table) for table in tables])
    assert len(said) >= 3
    assert {act: why for act, why in said.items() if not re.search(r"permission denied|must be owner", why)} == {}


OF_THE_PAST_OR_THE_SCHEMA = (
    "update claim set value = '0'",
    "update claim set observed_from = now()",
    "update listing set external_id = 'x'",
    "update run set source = 'x'",
    "update assignment set model = 'x'",
    "delete from published_model",
    "delete from offer",
    "update offer set model = 'x'",
    "update held set item = '{}'",
    "select * from rate_limit for update",
    "insert into version (id, dataset, checked) values (2, 0, 0)",
    "create table mine (id integer)",
    "set session_replication_role = replica",
    "create role another superuser",
)


def test_the_job_cannot_change_the_past_or_the_schema(engine_of: EngineOf) -> None:
    said = refusals(engine_of("aimstats_job"), OF_THE_PAST_OR_THE_SCHEMA)
    assert {act: why for act, why in said.items() if not re.search("permission denied|Only roles with", why)} == {}


@pytest.mark.parametrize("role", ["aimstats_web", "aimstats_api"])
def test_web_and_api_read_every_table_and_write_only_the_counts(engine_of: EngineOf, role: str) -> None:
    may = ("select", "insert", "update", "delete")
    with engine_of(role).connect() as connection:
        for table in TABLES:
            connection.execute(text(f"select * from {table} limit 1"))
        rights = {table: {right for right in (*may, "truncate") if holds(connection, table, right)} for table in TABLES}
    assert rights == {table: {"select"} for table in TABLES} | {"rate_limit": set(may)}


def test_what_the_job_may_do_with_each_table_is_decided(engine_of: EngineOf) -> None:
    with engine_of("aimstats_job").connect() as connection:
        may = {right: {table for table in TABLES if holds(connection, table, right)} for right in ("select", "insert", "delete")}
        assert may == {
            "select": set(TABLES),
            "insert": set(TABLES) - NOT_APPENDED,
            "delete": (REMADE | THINNED | {"volatile"}) & set(TABLES),
        }
        assert not [table for table in TABLES if holds(connection, table, "truncate")]


def holds(connection: Connection, table: str, right: str) -> bool:
    return bool(
        connection.scalar(text("select has_table_privilege(:table, :right)"), {"table": f"public.{table}", "right": right})
    )


def test_web_counts_requests(engine_of: EngineOf) -> None:
    storage = PostgresStorage(engine=engine_of("aimstats_web").execution_options(isolation_level="AUTOCOMMIT"))
    assert [storage.incr("k", 60), storage.incr("k", 60)] == [1, 2]
    storage.clear("k")
    assert storage.get("k") == 0


def test_no_role_is_a_superuser_and_only_the_owner_owns(engine_of: EngineOf) -> None:
    with engine_of("").connect() as connection:
        able = "rolsuper or rolcreaterole or rolcreatedb or rolbypassrls"
        query = text(f"select rolname from pg_roles where rolname = any(:ours) and ({able})")
        assert connection.scalars(query, {"ours": list(grants.ROLES)}).all() == []
        owners = connection.scalars(text("select distinct tableowner from pg_tables where schemaname = 'public'")).all()
    assert owners == ["aimstats_owner"]


@pytest.mark.long
def test_on_an_empty_database_the_owner_migrates_and_the_job_imports_the_snapshot(empty_url: URL) -> None:
    for engine_of in engines(empty_url, ready=False):
        with engine_of("aimstats_owner").connect() as connection:
            upgrade(connection)
            assert schema_state(connection) == "current"
        with engine_of("aimstats_owner").begin() as connection:
            grants.run_script(connection, "grants.sql")
        with engine_of("aimstats_job").begin() as connection:
            done = import_(connection, BUNDLED, datetime.now(UTC), "test")
        assert done.claims > 1_000


def test_an_administrator_who_is_no_superuser_can_make_the_roles(empty_url: URL) -> None:
    engine = create_engine(empty_url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"drop role if exists {', '.join(grants.ROLES)}"))
        connection.execute(text("create role aimstats_test_administrator createrole createdb"))
        connection.execute(text(f'alter database "{empty_url.database}" owner to aimstats_test_administrator'))
        connection.execute(text("set local role aimstats_test_administrator"))
        grants.run_script(connection, "roles.sql")
        assert grants.missing_roles(connection) == []
        connection.rollback()
    engine.dispose()


def test_both_scripts_may_be_repeated(engine_of: EngineOf) -> None:
    with engine_of("").begin() as connection:
        grants.run_script(connection, "roles.sql")
        grants.run_script(connection, "grants.sql")


def test_the_command_grants_where_there_are_roles(
    engine_of: EngineOf, database_url: URL, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", as_text(database_url))
    with engine_of("").begin() as connection:
        connection.execute(text("revoke select on claim from aimstats_web"))
    assert grants.main() == 0
    assert "granted" in capsys.readouterr().out
    with engine_of("aimstats_web").connect() as connection:
        connection.execute(text("select * from claim"))


@pytest.mark.parametrize(
    ("url", "status", "said"),
    [("postgresql://u:p@127.0.0.1:1/d", 3, "cannot be reached"), ("mysql://u:p@h/d", 2, "DATABASE_URL")],
)
def test_the_command_says_what_is_wrong(
    url: str, status: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert grants.main() == status
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1


def test_an_unmigrated_database_is_refused_in_one_line(
    empty_url: URL, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in engines(empty_url, ready=False):
        monkeypatch.setenv("DATABASE_URL", as_text(empty_url))
        assert grants.main() == grants.REFUSED
    assert "the database refused" in capsys.readouterr().err
