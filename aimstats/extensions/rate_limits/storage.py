"""Counting a client's requests in PostgreSQL, so that one limit holds across workers and instances."""

import threading
import time
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from limits.errors import StorageError
from limits.storage import Storage
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from aimstats.store.database import Database

SCHEME = "postgresql"
POOL_SIZE = 2
POOL_TIMEOUT_S = 0.2
CONNECT_TIMEOUT_S = 1
STATEMENT_TIMEOUT_MS = 500
PURGE_EVERY_S = 60.0

# Each statement goes as one simple query, hence one implicit transaction: the time-out is local to it, which PgBouncer needs.
_LIMITED = f"set local statement_timeout = {STATEMENT_TIMEOUT_MS};"
_COUNT = """
insert into rate_limit as held (key, hits, expires)
values (%(key)s, %(amount)s, clock_timestamp() + make_interval(secs => %(window)s))
on conflict (key) do update set
    hits = case when held.expires <= clock_timestamp() then excluded.hits else held.hits + excluded.hits end,
    expires = case when held.expires <= clock_timestamp() then excluded.expires else held.expires end
returning hits, extract(epoch from expires - clock_timestamp())::float8
"""
_READ = """
select hits, extract(epoch from expires)::float8 from rate_limit where key = %(key)s and expires > clock_timestamp()
"""
_PURGE = "delete from rate_limit where expires <= clock_timestamp() returning 1"
_CLEAR = "delete from rate_limit where key = %(key)s returning 1"
_RESET = "delete from rate_limit returning 1"

_engines: WeakKeyDictionary[Database, Engine] = WeakKeyDictionary()
_opening = threading.Lock()


@dataclass(frozen=True, slots=True)
class Window:
    """What a client has sent in its current window, this request included, and the seconds until it ends."""

    hits: int
    ends_in_s: float


def counting_engine(database: Database) -> Engine:
    """Return the pool for all counts of a process, with short time-outs: no request waits long to be counted."""
    with _opening:
        if database not in _engines:
            sizes = {"pool_size": POOL_SIZE, "connect_timeout_s": CONNECT_TIMEOUT_S}
            _engines[database] = database.separate_engine(**sizes, pool_timeout_s=POOL_TIMEOUT_S)
        return _engines[database]


class PostgresStorage(Storage):
    """Counts in the unlogged table ``rate_limit``; the ``limits`` library knows it by its scheme, ``postgresql://``.

    ``engine`` is what counting_engine returns. Every method raises StorageError when the database is out of reach and
    ``wrap_exceptions`` is set.
    """

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 (what the base class declares)

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, *, engine: Engine) -> None:
        super().__init__(uri, wrap_exceptions)
        self._engine = engine
        self._purged_at = time.monotonic()
        self._purging = threading.Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the database raises."""
        return SQLAlchemyError

    def count(self, key: str, window_s: int, amount: int = 1) -> Window:
        """Add ``amount`` requests to the key's window, which opens with its first, by one upsert; raise StorageError."""
        try:
            [row] = self._rows(_COUNT, key=key, window=window_s, amount=amount)
            if self._purge_is_due():
                self._rows(_PURGE)
        except SQLAlchemyError as error:
            raise StorageError(error) from error
        return Window(hits=row[0], ends_in_s=max(0.0, row[1]))

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to the key's window and return how many requests it holds."""
        return self.count(key, expiry, amount).hits

    def get(self, key: str) -> int:
        """Return how many requests the key's window holds."""
        return next((row[0] for row in self._rows(_READ, key=key)), 0)

    def get_expiry(self, key: str) -> float:
        """Return when the key's window ends (Unix time), now where it has none."""
        return next((row[1] for row in self._rows(_READ, key=key)), time.time())

    def check(self) -> bool:
        """Whether the database answers."""
        try:
            self._rows("select 1")
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int:
        """Forget every window and return how many there were."""
        return len(self._rows(_RESET))

    def clear(self, key: str) -> None:
        """Forget the key's window."""
        self._rows(_CLEAR, key=key)

    def close(self) -> None:
        """Close the pool."""
        self._engine.dispose()

    def _rows(self, statement: str, **parameters: object) -> list[tuple[Any, ...]]:
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(_LIMITED + statement, parameters)]

    def _purge_is_due(self) -> bool:
        with self._purging:
            if time.monotonic() - self._purged_at < PURGE_EVERY_S:
                return False
            self._purged_at = time.monotonic()
            return True
