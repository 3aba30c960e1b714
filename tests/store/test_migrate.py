"""Migrations: one way for job, tests and Flask; how a schema stands against the code."""

import os

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.config import load_config
from aimstats.factory import create_app
from aimstats.store.migrate import SchemaState, schema_state, upgrade
from tests.conftest import as_text
from tests.forked import Forked


def state_of(url: URL) -> SchemaState:
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return schema_state(connection)


def test_an_empty_database_becomes_current(empty_database_url: URL) -> None:
    assert state_of(empty_database_url) == "empty"
    with create_engine(empty_database_url, poolclass=NullPool).connect() as connection:
        upgrade(connection)
    assert state_of(empty_database_url) == "current"


def test_a_second_upgrade_changes_nothing(database_url: URL) -> None:
    with create_engine(database_url, poolclass=NullPool).connect() as connection:
        upgrade(connection)
    assert state_of(database_url) == "current"


def migrate(url: str) -> None:
    with create_engine(url).connect() as connection:
        upgrade(connection)


def test_several_processes_at_once_migrate_once(empty_database_url: URL) -> None:
    url = empty_database_url.render_as_string(hide_password=False)
    running = [Forked(migrate, url, environment=os.environ) for _ in range(3)]
    assert [(done.stderr, done.returncode) for done in (one.end() for one in running)] == [("", 0)] * 3
    assert state_of(empty_database_url) == "current"


def test_a_revision_of_a_later_release_is_newer_and_left_alone(db: Connection) -> None:
    db.execute(text("update alembic_version set version_num = 'later'"))
    assert schema_state(db) == "newer"


def test_the_flask_command_serves_the_same_migrations(empty_database_url: URL) -> None:
    app = create_app(load_config({"DATABASE_URL": as_text(empty_database_url)}))
    ended = app.test_cli_runner().invoke(args=["db", "upgrade"])
    app.extensions["database"].close()
    assert ended.exit_code == 0, ended.output
    assert state_of(empty_database_url) == "current"


def test_the_migrations_make_what_the_tables_say(database_url: URL) -> None:
    app = create_app(load_config({"DATABASE_URL": as_text(database_url)}))
    ended = app.test_cli_runner().invoke(args=["db", "check"])
    app.extensions["database"].close()
    assert ended.exit_code == 0, ended.output


def test_an_unreachable_database_is_one_line_from_the_flask_command() -> None:
    app = create_app(load_config({"DATABASE_URL": "postgresql://u:hush@127.0.0.1:1/d"}))
    ended = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert ended.exit_code == 1
    assert ended.output.startswith("the database cannot be reached: ")
    assert len(ended.output.splitlines()) == 1
    assert "hush" not in ended.output
