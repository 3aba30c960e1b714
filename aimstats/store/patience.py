"""How long a thread that answers requests waits, whatever it is that does not come: one account for all waits of a request."""

from __future__ import annotations

import math
import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg2
from psycopg2 import extensions

REQUEST_S: Final = 2.0
"""All that one request waits: for a look at what is published, a place in a pool, a connection, a server of our own that is
started anew, and each word of the database. A page is wanted within 3 s, so that the rest is there to make it."""
LONG_WAIT_S: Final = 10.0
"""All that a request waits which reads the ledger for another day; for a single word no longer than was left to it before."""

_left = threading.local()


def be_impatient() -> None:
    """Let every wait for the server, in this process and from now on, end when the patience of its thread does; a thread that
    was given none waits as ever. psycopg2 calls it "support for coroutine libraries"; COPY is not possible then.
    """
    extensions.set_wait_callback(_wait)


@contextmanager
def patience(seconds: float, at_once_s: float = math.inf) -> Iterator[None]:
    """Within it this thread waits so long in all and `at_once_s` for one answer; what takes longer raises OperationalError. Once
    something has not come, nothing is waited for any more, outside of it neither where that is within another one."""
    before = _left.__dict__.copy()
    _left.total_s, _left.at_once_s = seconds, at_once_s
    try:
        yield
    finally:
        is_over = before and left_s() <= 0
        _left.__dict__.clear()
        _left.__dict__.update(before)
        if is_over:
            _left.total_s = 0.0


def longer() -> Any:
    """The patience for many rows, where the thread has any."""
    return patience(LONG_WAIT_S, left_s())


def left_s() -> float:
    """How long this thread may still wait for one thing; infinite where it was given no patience."""
    return max(0.0, min(getattr(_left, "total_s", math.inf), getattr(_left, "at_once_s", math.inf)))


@contextmanager
def waiting() -> Iterator[float]:
    """A wait: how long it may last; what it lasted is taken from the patience of this thread, and all where nothing came."""
    granted, begun = left_s(), time.monotonic()
    try:
        yield granted
    finally:
        lasted = time.monotonic() - begun
        if hasattr(_left, "total_s"):
            _left.total_s = _left.total_s - lasted if lasted < granted else 0.0


class Aside:
    """A call in a thread of its own: who waits for its end leaves when the patience is over, and the call goes on."""

    def __init__(self, name: str, call: Callable[[], object]) -> None:
        self._call = call
        self._over = threading.Event()
        self._failure: Exception | None = None
        threading.Thread(target=self._run, name=name, daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Whether it has ended, well or not."""
        return self._over.is_set()

    def wait(self, at_most_s: float = math.inf) -> bool:
        """Wait for its end, and say whether it has come; raise what it raised, to the first who asks."""
        with waiting() as granted:
            wait_s = min(at_most_s, granted)
            self._over.wait(None if math.isinf(wait_s) else wait_s)
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        return self.is_over

    def _run(self) -> None:
        try:
            self._call()
        except Exception as error:
            self._failure = error
        finally:
            self._over.set()


def _wait(connection: Any) -> None:
    """psycopg2 closes the connection of whoever raises here; it holds its lock meanwhile, so that nothing here may close it."""
    with waiting() as granted:
        ends = time.monotonic() + granted
        while (state := connection.poll()) != extensions.POLL_OK:
            remaining = ends - time.monotonic()
            if remaining <= 0 or not _ready(connection, state, remaining):
                raise psycopg2.OperationalError("the database did not answer in time")


def _ready(connection: Any, state: int, timeout_s: float) -> bool:
    """Whether the socket can be read or written in time; poll, since a server of many clients has high numbers."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
    return bool(waiting.poll(None if math.isinf(timeout_s) else math.ceil(timeout_s * 1_000)))
