"""How a job that is told to stop does so in time: the statement is cancelled, its transaction rolled back, and nobody waits for
what does not end.
"""

from __future__ import annotations

import faulthandler
import queue
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg2
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import SQLAlchemyError

GRACE_S = 3.0
"""So long the end of the transaction is waited for; a stretch without statements that takes longer is left behind."""
LAST_S = 7.0
"""So long after the order the process ends, whatever still hangs; it says where."""
HANG_S = 120.0
"""A call that lets nothing else run for so long (a runaway regular expression) ends the process; it says where."""
_BEAT_S = 5.0
_AGAIN_S = 0.1


class StoppedError(Exception):
    """The transaction is not to go on, since the job stops; what was published before it stays."""


class Stop:
    """The order to stop, and the watch over the transactions that heed it."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._is_over = False
        self._writing: Any = None
        self._news: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._watch = threading.Thread(target=self._watch_over, name="stopping", daemon=True)

    @property
    def is_ordered(self) -> bool:
        """Whether the job was told to stop."""
        return self._since is not None

    @property
    def is_overdue(self) -> bool:
        """Whether what runs had its time to end."""
        return self._since is not None and time.monotonic() > self._since + GRACE_S

    def start(self) -> None:
        """Begin to watch."""
        self._watch.start()

    def end(self) -> None:
        """Nothing is written any more."""
        self._is_over = True
        self._news.put(None)
        self._watch.join(1.0)

    def order(self) -> None:
        """Stop; from any thread and from a signal's handler, therefore without a lock."""
        if self._since is None:
            self._since = time.monotonic()
            _end_process_in(LAST_S)
            self._news.put(None)

    @contextmanager
    def transaction(self, engine: Engine) -> Iterator[Connection]:
        """A transaction that is rolled back when the job stops before its commit. Raises StoppedError then."""
        self._heed()
        try:
            with engine.begin() as connection:
                event.listen(connection, "before_cursor_execute", self._heed)
                self._writing = connection.connection.driver_connection
                try:
                    yield connection
                finally:
                    self._writing = None
                self._heed()
        except (SQLAlchemyError, psycopg2.Error) as error:
            if self.is_ordered:
                raise StoppedError from error
            raise

    def _heed(self, *_: object) -> None:
        if self.is_ordered:
            raise StoppedError

    def _watch_over(self) -> None:
        """Put the end of a process that hangs off as long as this thread gets its turn; once ordered, cancel what runs, again
        and again: a cancellation between two statements is lost.
        """
        while not self._is_over and not self.is_ordered:
            _end_process_in(HANG_S)
            with suppress(queue.Empty):
                self._news.get(timeout=_BEAT_S)
        if not self.is_ordered:
            faulthandler.cancel_dump_traceback_later()
        if self.is_ordered:
            _end_process_in(LAST_S)  # again, since the order may have come between the lines above
        while not self._is_over:
            writing = self._writing
            if writing is not None:
                with suppress(psycopg2.Error):
                    writing.cancel()
            time.sleep(_AGAIN_S)


def _end_process_in(seconds: float) -> None:
    """A thread without Python does it, so that no call that holds the interpreter keeps it from its turn."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__ or sys.stderr)
