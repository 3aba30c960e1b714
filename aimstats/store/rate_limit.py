"""Counting a client's requests in PostgreSQL, so that one limit holds across workers and instances."""

import threading
import time
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from aimstats.store.database import Database, reason

POOL_SIZE = 2
POOL_TIMEOUT_S = 0.2
CONNECT_TIMEOUT_S = 1
STATEMENT_TIMEOUT_MS = 500
PURGE_EVERY_S = 60.0

# One simple query, hence one implicit transaction: the time-out is local to it, which PgBouncer needs.
_COUNT = f"""
set local statement_timeout = {STATEMENT_TIMEOUT_MS};
insert into rate_limit as held (key, hits, expires)
values (%(key)s, 1, clock_timestamp() + make_interval(secs => %(window)s))
on conflict (key) do update set
    hits = case when held.expires <= clock_timestamp() then 1 else held.hits + 1 end,
    expires = case when held.expires <= clock_timestamp() then excluded.expires else held.expires end
returning hits, extract(epoch from expires - clock_timestamp())::float8
"""
_PURGE = f"""
set local statement_timeout = {STATEMENT_TIMEOUT_MS};
delete from rate_limit where expires <= clock_timestamp()
"""


class CountError(RuntimeError):
    """The store of counts cannot be reached."""


@dataclass(frozen=True, slots=True)
class Window:
    """What a client has sent in its current window, this request included, and the seconds until it ends."""

    hits: int
    ends_in_s: float


class PostgresCounter:
    """Counts kept in the unlogged table ``rate_limit``, over a pool of its own with short time-outs."""

    def __init__(self, database: Database) -> None:
        self._engine = database.separate_engine(
            pool_size=POOL_SIZE, connect_timeout_s=CONNECT_TIMEOUT_S, pool_timeout_s=POOL_TIMEOUT_S
        )
        self._purged_at = time.monotonic()
        self._purging = threading.Lock()

    def count(self, key: str, window_s: int) -> Window:
        """Add one request to the key's window, which opens with its first; raise CountError without the store."""
        try:
            with self._engine.connect() as connection:
                row = connection.exec_driver_sql(_COUNT, {"key": key, "window": window_s}).one()
                if self._purge_is_due():
                    connection.exec_driver_sql(_PURGE)
        except SQLAlchemyError as error:
            raise CountError(reason(error)) from error
        return Window(hits=row[0], ends_in_s=max(0.0, row[1]))

    def close(self) -> None:
        """Close the pool."""
        self._engine.dispose()

    def _purge_is_due(self) -> bool:
        with self._purging:
            if time.monotonic() - self._purged_at < PURGE_EVERY_S:
                return False
            self._purged_at = time.monotonic()
            return True
