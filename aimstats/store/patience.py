"""How long a thread that answers requests waits for the database, whatever it is that does not come."""

from __future__ import annotations

import math
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg2
from psycopg2 import extensions

REQUEST_S: Final = 2.0
"""All that one request waits."""
LONG_WAIT_S: Final = 10.0
"""All that a request waits which reads the ledger for another day; no single word of the server takes REQUEST_S of it."""

_left = threading.local()


def be_impatient() -> None:
    """Let every wait for the server, in this process and from now on, end when the patience of its thread does; a thread that
    was given none waits as ever. psycopg2 calls it "support for coroutine libraries"; COPY is not possible then.
    """
    extensions.set_wait_callback(_wait)


@contextmanager
def patience(seconds: float, at_once_s: float = math.inf) -> Iterator[None]:
    """Within it this thread waits so long in all and `at_once_s` for one answer; what takes longer raises OperationalError."""
    before = _left.__dict__.copy()
    _left.total_s, _left.at_once_s = seconds, at_once_s
    try:
        yield
    finally:
        _left.__dict__.clear()
        _left.__dict__.update(before)


def longer() -> Any:
    """The patience for many rows, where the thread has any."""
    return patience(LONG_WAIT_S, REQUEST_S) if hasattr(_left, "total_s") else patience(math.inf)


def _wait(connection: Any) -> None:
    """psycopg2 closes the connection of whoever raises here; it holds its lock meanwhile, so that nothing here may close it."""
    begun = time.monotonic()
    granted = min(getattr(_left, "total_s", math.inf), getattr(_left, "at_once_s", math.inf))
    try:
        while (state := connection.poll()) != extensions.POLL_OK:
            remaining = begun + granted - time.monotonic()
            if remaining <= 0 or not _ready(connection, state, remaining):
                raise psycopg2.OperationalError("the database did not answer in time")
    finally:
        if hasattr(_left, "total_s"):
            _left.total_s -= time.monotonic() - begun


def _ready(connection: Any, state: int, timeout_s: float) -> bool:
    """Whether the socket can be read or written in time; poll, since a server of many clients has high numbers."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
    return bool(waiting.poll(None if math.isinf(timeout_s) else math.ceil(timeout_s * 1_000)))
