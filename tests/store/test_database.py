"""Engines: bounded pools, time-outs that PgBouncer accepts, and none for the job."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from aimstats.config import load_config
from aimstats.store.database import Database, open_database
from tests.conftest import as_text


@pytest.fixture
def serving(database_url: URL) -> Iterator[Database]:
    with open_database(load_config({"DATABASE_URL": as_text(database_url)})) as database:
        yield database


@pytest.fixture
def crawling(database_url: URL) -> Iterator[Database]:
    with open_database(load_config({"DATABASE_URL": as_text(database_url)}), "scrape") as database:
        yield database


def test_nothing_connects_before_it_is_asked() -> None:
    with open_database(load_config({"DATABASE_URL": "postgresql://u:hush@127.0.0.1:1/d"})) as database:
        assert not database.is_embedded
        with pytest.raises(OperationalError) as caught:
            database.engine.connect()
    assert "hush" not in str(caught.value)


def test_a_serving_statement_ends_after_two_seconds(serving: Database) -> None:
    with serving.engine.connect() as connection, pytest.raises(OperationalError, match=r"statement timeout"):
        connection.execute(text("select pg_sleep(10)"))


def test_the_time_out_lives_in_the_transaction_and_not_in_the_session(serving: Database) -> None:
    with serving.engine.connect() as connection:
        assert connection.scalar(text("show statement_timeout")) == "2s"
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.rollback()
        cursor = raw.cursor()
        cursor.execute("show statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_the_job_has_no_statement_time_out(crawling: Database) -> None:
    with crawling.engine.connect() as connection:
        assert connection.scalar(text("show statement_timeout")) == "0"


def test_the_pool_never_overflows_and_waits_no_longer_than_a_second(serving: Database) -> None:
    with serving.engine.connect(), serving.engine.connect(), pytest.raises(PoolTimeoutError):
        serving.engine.connect()


def test_a_connection_that_the_server_closed_is_replaced(serving: Database) -> None:
    with serving.engine.connect() as connection:
        pid = connection.scalar(text("select pg_backend_pid()"))
    with serving.separate_engine(pool_size=1, connect_timeout_s=1, pool_timeout_s=1).connect() as other:
        other.execute(text("select pg_terminate_backend(:pid, 1000)"), {"pid": pid})
        other.engine.dispose()
    with serving.engine.connect() as connection:
        assert connection.scalar(text("select 1")) == 1


def test_a_relative_data_folder_lies_below_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_config({"DATA_DIR": "elsewhere"}).data_dir.parent != tmp_path
