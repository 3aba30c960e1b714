"""Opening the database: an external PostgreSQL, or the embedded one, which is healed when it was killed."""

import threading
from collections.abc import Callable
from typing import Any, Literal

import psycopg2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool
from sqlalchemy.util.queue import Queue

from aimstats.config import Config
from aimstats.store.embedded import EmbeddedError, EmbeddedPostgres
from aimstats.store.migrate import upgrade
from aimstats.store.patience import Aside, waiting

POOL_TIMEOUT_S = 1
CONNECT_TIMEOUT_S = 1
STATEMENT_TIMEOUT_MS = 2_000
# A peer that vanished without a word is given up after this long, instead of the kernel's quarter of an hour.
TCP_USER_TIMEOUT_MS = 5_000

Process = Literal["serve", "scrape"]


class _Places(Queue[ConnectionPoolEntry]):
    def get(self, block: bool = True, timeout: float | None = None) -> ConnectionPoolEntry:
        """A connection; who has to wait for one waits no longer than its thread has patience."""
        if not block:
            return super().get(block=False)
        with waiting() as granted:
            return super().get(timeout=granted if timeout is None else min(timeout, granted))


class PatientPool(QueuePool):
    """A pool in which a place is waited for like all else (see `patience`)."""

    _queue_class = _Places


class Database:
    """One process's way to the database.

    ``engine`` never connects before it is used, so that a process starts without its database. For ``serve`` it
    pools ``DATABASE_POOL_SIZE`` connections and gives statements two seconds; for ``scrape`` it opens a connection
    when one is asked for and gives statements all the time that they need.
    """

    def __init__(self, config: Config, process: Process = "serve") -> None:
        self._config = config
        self._embedded: EmbeddedPostgres | None = None
        self._opening = threading.Lock()
        self._helping = threading.Lock()
        self._help: Aside | None = None
        self.engine = self._engine(process)

    @property
    def is_embedded(self) -> bool:
        """Whether this process runs, or shares, its own server."""
        return self._config.database_url is None

    @property
    def embedded(self) -> EmbeddedPostgres | None:
        """The embedded server, started or attached to by the first call; None with an external database."""
        if not self.is_embedded:
            return None
        with self._opening:
            if self._embedded is None:
                self._embedded = EmbeddedPostgres(self._config.data_dir)
            return self._embedded

    @property
    def url(self) -> URL:
        """Where the database is; starts the embedded server."""
        if self._config.database_url is not None:
            return self._config.database_url
        assert self.embedded is not None
        return self.embedded.url

    def prepare(self) -> None:
        """Start and migrate the embedded database; an external one is migrated at release, never from here.

        Raises EmbeddedError with one sentence that says what to do.
        """
        if self.is_embedded:
            with self.engine.connect() as connection:
                upgrade(connection)

    def separate_engine(self, *, pool_size: int, connect_timeout_s: int, pool_timeout_s: float) -> Engine:
        """Return another pool to the same database, without statement time-out, each statement its own transaction."""
        engine = create_engine(
            "postgresql+psycopg2://", poolclass=PatientPool, pool_size=pool_size, max_overflow=0, pool_timeout=pool_timeout_s,
            isolation_level="AUTOCOMMIT", pool_pre_ping=True, pool_recycle=300,
        )  # fmt: skip
        self._connect_here(engine, connect_timeout_s)
        return engine

    def close(self) -> None:
        """Close the connections and leave the embedded server; the last one to leave stops it."""
        self.engine.dispose()
        with self._opening:
            if self._embedded is not None:
                self._embedded.close()
                self._embedded = None

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _engine(self, process: Process) -> Engine:
        options: dict[str, Any] = {"poolclass": NullPool}
        if process == "serve":
            options = {
                "poolclass": PatientPool,
                "pool_size": self._config.database_pool_size,
                "max_overflow": 0,
                "pool_timeout": POOL_TIMEOUT_S,
                "pool_pre_ping": True,
                "pool_recycle": 1_800,
            }
        engine = create_engine("postgresql+psycopg2://", **options)
        self._connect_here(engine, CONNECT_TIMEOUT_S)
        if process == "serve":
            limit_statements(engine)
        return engine

    def _connect_here(self, engine: Engine, timeout_s: int) -> None:
        """Let the engine connect to where the database is at that moment."""

        def connect(dialect: Dialect, _: ConnectionPoolEntry, args: list[Any], options: dict[str, Any]) -> Any:
            return self._connection(dialect, timeout_s)

        event.listen(engine, "do_connect", connect)

    def _connection(self, dialect: Dialect, timeout_s: int) -> Any:
        """Open one connection; a dead embedded server is started again first, once."""
        try:
            if self.is_embedded and self._embedded is None:
                self._aside(lambda: self.embedded)
            args, named = dialect.create_connect_args(self.url)
            options = {**named, "connect_timeout": timeout_s, "tcp_user_timeout": TCP_USER_TIMEOUT_MS}
            try:
                return psycopg2.connect(*args, **options)
            except psycopg2.OperationalError:
                if self._embedded is None:
                    raise
                self._aside(self._embedded.ensure)
                return psycopg2.connect(*args, **options)
        except EmbeddedError as error:
            raise psycopg2.OperationalError(str(error)) from error

    def _aside(self, call: Callable[[], object]) -> None:
        """Start our own server, or join it, in the time that it takes; who has no patience for that finds it later."""
        with self._helping:
            if self._help is None or self._help.is_over:
                self._help = Aside("embedded server", call)
            help_under_way = self._help
        if not help_under_way.wait():
            raise psycopg2.OperationalError("the embedded database is not there yet")


def reason(error: SQLAlchemyError) -> str:
    """Return what the driver or the server said, on one line and without SQLAlchemy's own words."""
    said = getattr(error, "orig", None) or error
    return " ".join(str(said).split())


def limit_statements(engine: Engine) -> None:
    """Give every statement STATEMENT_TIMEOUT_MS, set inside each transaction: PgBouncer refuses it as a start-up
    option in transaction mode, and a session's own SET would leak into other clients' transactions.
    """

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"set local statement_timeout = {STATEMENT_TIMEOUT_MS}")

    event.listen(engine, "begin", begin)


def open_database(config: Config, process: Process = "serve") -> Database:
    """Return the database that the configuration names; nothing is started or connected before it is used."""
    return Database(config, process)
