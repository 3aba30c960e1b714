"""A migrated, real PostgreSQL for every test that wants one, and the app on it."""

import gc
import itertools
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.config import Config, load_config
from aimstats.config.values import PROJECT_ROOT
from aimstats.factory import create_app
from aimstats.store.embedded import EmbeddedPostgres
from aimstats.store.migrate import upgrade
from tests.folders import open_folder, remove_leftovers

_numbers = itertools.count(1)
_rolled_back = itertools.count(1)
SWEPT_EVERY = 20
"""After so many tests what they took back is swept away: a publication makes nine tables, and their rows stay behind."""

# What is drawn is the same in every run, and may take the time that a busy machine needs; long tests ask for fresh seeds.
settings.register_profile("aimstats", derandomize=True, deadline=None)
settings.load_profile("aimstats")


def pytest_configure() -> None:
    """Give processes that tests start the usual SIGINT: a shell without job control has it ignored in what it runs aside."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Let the garbage collector walk no more over what is imported and collected, which stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 20)


@pytest.fixture(scope="session")
def server_url() -> Iterator[URL]:
    """The address of a server whose role may create databases: TEST_DATABASE_URL's, else one of our own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        url = load_config({"DATABASE_URL": given}).database_url
        assert url is not None
        yield url
        return
    remove_leftovers()
    with open_folder("tests") as folder, EmbeddedPostgres(folder / "data", durable=False) as server:
        yield server.url


@pytest.fixture(scope="session")
def admin(server_url: URL) -> Iterator[Engine]:
    """An engine that creates and drops databases."""
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def template_url(admin: Engine, server_url: URL) -> Iterator[URL]:
    """A migrated and empty database, to be copied and never written to."""
    yield from _created(admin, server_url, "template", "template0", migrated=True)


@pytest.fixture
def empty_database_url(admin: Engine, server_url: URL) -> Iterator[URL]:
    """A database of this test's own in which nothing has been migrated."""
    yield from _created(admin, server_url, "empty", "template0")


@pytest.fixture
def database_url(admin: Engine, server_url: URL, template_url: URL) -> Iterator[URL]:
    """A migrated database of this test's own, for tests that commit."""
    yield from _created(admin, server_url, "test", str(template_url.database))


@pytest.fixture
def second_database_url(admin: Engine, server_url: URL, template_url: URL) -> Iterator[URL]:
    """Another such database, for tests that compare two."""
    yield from _created(admin, server_url, "second", str(template_url.database))


@pytest.fixture
def new_database(admin: Engine, server_url: URL, template_url: URL) -> Iterator[Callable[[], URL]]:
    """Makes as many such databases as a test asks for."""
    with ExitStack() as stack:
        made = contextmanager(_created)
        yield lambda: stack.enter_context(made(admin, server_url, "more", str(template_url.database)))


@pytest.fixture(scope="session")
def shared_engine(admin: Engine, server_url: URL, template_url: URL) -> Iterator[Engine]:
    """An engine on the one database of all tests that roll back."""
    for url in _created(admin, server_url, "shared", str(template_url.database)):
        engine = create_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def db(shared_engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that is rolled back; a Session on it takes
    ``join_transaction_mode="create_savepoint"``.
    """
    with shared_engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()
    if next(_rolled_back) % SWEPT_EVERY == 0:
        with shared_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("vacuum")


@pytest.fixture
def config(database_url: URL) -> Config:
    """The configuration of a deployment with nothing but a database."""
    return load_config({"DATABASE_URL": as_text(database_url)})


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The whole app on a database of its own."""
    app = create_app(config)
    yield app
    app.extensions["database"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the app."""
    return app.test_client()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents that lies beside the project on some machines."""
    folder = PROJECT_ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared with real documents is not on this machine")
    return folder


def as_text(url: URL) -> str:
    """The URL as a user writes it into DATABASE_URL."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _created(admin: Engine, server: URL, purpose: str, template: str, *, migrated: bool = False) -> Iterator[URL]:
    """Create a database as a copy of another, yield its address, and drop it."""
    name = f"aimstats_{purpose}_{os.getpid()}_{next(_numbers)}"
    with admin.connect() as connection:
        connection.execute(text(f'create database "{name}" template "{template}" strategy file_copy'))
    url = server.set(database=name)
    if migrated:
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            upgrade(connection)
    bouncer = os.environ.get("TEST_PGBOUNCER", "")
    if bouncer and purpose != "template":  # what is copied has no connection that a pool holds
        host, _, port = bouncer.rpartition(":")
        url = URL.create(url.drivername, url.username, host=host, port=int(port), database=name)
    yield url
    with admin.connect() as connection:
        connection.execute(text(f'drop database "{name}" with (force)'))
