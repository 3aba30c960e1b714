"""A release in the order in which it happens: populated databases migrate while they are read, and the release before goes on."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.config.values import PROJECT_ROOT
from aimstats.store.migrate import MIGRATIONS, schema_state, upgrade
from jobs.mirror import start_mirror
from tests.conftest import as_text
from tests.forked import HUNG_S
from tests.ingest.worlds import START, World, both, seen
from tests.jobs.jobs_run import write_mirror

LEDGER = (
    "source", "document", "run", "reading", "listing", "assignment", "claim", "held",
    "offer", "published_model", "resolved_model", "resolved_offer",
)  # fmt: skip
HERE = "(select oid from pg_database where datname = current_database())"
WAITS = text(f"select count(*) from pg_locks where not granted and database = {HERE}")


def engine_of(url: URL) -> Engine:
    return create_engine(url, poolclass=NullPool)


def to_revision(connection: Connection, revision: str) -> None:
    """Take the schema back, as far as it goes."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


def rows(engine: Engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        return {name: list(connection.scalars(text(f"select to_jsonb(t)::text from {name} t order by 1"))) for name in LEDGER}


@pytest.fixture
def populated(database_url: URL) -> Engine:
    """A database with a small history."""
    engine = engine_of(database_url)
    with engine.begin() as connection:
        world = World(connection)
        world.crawl(START, [seen("gpt-4o", *both("2.5", "10"))])
    return engine


def test_a_populated_database_of_the_first_schema_migrates_with_all_that_it_holds(populated: Engine) -> None:
    before = rows(populated)
    assert all(before[name] for name in ("run", "reading", "listing", "assignment", "claim", "resolved_offer"))
    with populated.connect() as connection:
        to_revision(connection, "0001")
        assert schema_state(connection) == "older"
        upgrade(connection)
        assert schema_state(connection) == "current"
    after = rows(populated)
    for name, rows_before in before.items():
        assert len(after[name]) == len(rows_before), name
    kept = [{key: value for key, value in json.loads(row).items() if key not in ("waits", "restated")} for row in after["claim"]]
    assert kept == [{key: value for key, value in json.loads(row).items() if key in kept[0]} for row in before["claim"]]


def test_a_migration_waits_for_a_reader_and_keeps_no_other_one_waiting(populated: Engine) -> None:
    """A reader holds every table for longer than one try; others read with a visitor's two seconds all the while."""
    with populated.connect() as connection:
        to_revision(connection, "0001")
    failures: list[Exception] = []

    def migrate() -> None:
        try:
            with populated.connect() as connection:
                upgrade(connection)
        except Exception as error:
            failures.append(error)

    with populated.connect() as reader:
        for name in LEDGER:
            reader.execute(text(f"select count(*) from {name}"))
        migration = threading.Thread(target=migrate)
        migration.start()
        with populated.connect() as watcher:
            was_seen = 0
            while was_seen < 2:
                was_seen += bool(watcher.scalar(WAITS))
                watcher.rollback()
                with populated.begin() as visitor:
                    visitor.execute(text("set local statement_timeout = 2000"))
                    for name in LEDGER:
                        visitor.execute(text(f"select count(*) from {name}"))
        assert migration.is_alive()
    migration.join(HUNG_S)
    assert failures == []
    with populated.connect() as connection:
        assert schema_state(connection) == "current"


SERVES = """
import sys
from aimstats.config import load_config
from aimstats.factory import create_app
client = create_app(load_config()).test_client()
paths = sys.argv[1:]
print([client.get(path).status_code for path in paths])
"""


def said_by_git(*asked: str) -> str:
    """What git answers; empty where it cannot: the history is not here, or not whole."""
    return subprocess.run(["git", "-C", str(PROJECT_ROOT), *asked], capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code of the last release that was tagged before the newest migration, of the commit before it where none was: what
    still serves while a release migrates."""
    head = max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    added = said_by_git("log", "--diff-filter=A", "--format=%H", "-1", "--", f"migrations/versions/{head}")
    last = said_by_git("rev-parse", "--verify", "--quiet", f"{added}^") if added else ""
    if not last:
        pytest.skip("the commit before the newest migration is not here: no clone, or a shallow one")
    release = said_by_git("describe", "--tags", "--match=v*", "--abbrev=0", last) or last
    folder = tmp_path_factory.mktemp("before")
    packed = subprocess.run(["git", "-C", str(PROJECT_ROOT), "archive", release], capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed.stdout, check=True)
    assert not (folder / "migrations" / "versions" / head).exists()
    return folder


def test_the_release_before_serves_and_crawls_on_the_new_schema(before: Path, database_url: URL, tmp_path: Path) -> None:
    write_mirror(tmp_path)
    with start_mirror(tmp_path) as mirror:
        environment = {
            "PATH": "/usr/bin:/bin", "DATABASE_URL": as_text(database_url), "SCRAPE_MIRROR_URL": mirror.address, "RATE_LIMIT": "",
            "LOG_LEVEL": "ERROR", "SCRAPE_CONTACT": "ops@example.org",
        }  # fmt: skip

        def run(*arguments: str) -> subprocess.CompletedProcess[str]:
            command = [sys.executable, *arguments]
            return subprocess.run(command, cwd=before, env=environment, capture_output=True, text=True, timeout=HUNG_S)

        crawled = run("-m", "jobs.scrape", "models_dev")
        assert crawled.returncode == 0, crawled.stderr
        paths = ("/readyz", "/", "/changes", "/api/v1/models", "/api/v1/offers?limit=1", "/api/v1/changes")
        served = run("-c", SERVES, *paths)
        assert json.loads(served.stdout.splitlines()[-1]) == [200] * len(paths), served.stderr
