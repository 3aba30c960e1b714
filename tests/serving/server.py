"""gunicorn with production's configuration, on a database of the test's own that is reached through a proxy which can fail."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from gunicorn.app.wsgiapp import run
from gunicorn.util import close_graceful
from sqlalchemy.engine import URL

import aimstats.worker
from aimstats.config import SETTINGS
from aimstats.config.values import PROJECT_ROOT
from aimstats.worker import ARRIVAL_S, LINGER_S
from tests.conftest import as_text
from tests.forked import HUNG_S, Forked, until


def say_binds(event: str, _: object) -> None:
    """Write down who takes a port."""
    if event == "socket.bind":
        print(f"bound by {os.getpid()}", flush=True)


def gunicorn(arrival_s: float, linger_s: float, says_binds: bool) -> None:
    """What `gunicorn -c gunicorn.conf.py` does, in the project's folder."""
    if says_binds:
        sys.addaudithook(say_binds)
    aimstats.worker.ARRIVAL_S, aimstats.worker.LINGER_S = arrival_s, linger_s
    close_graceful.__defaults__ = (
        linger_s,
        *(close_graceful.__defaults__ or ())[1:],
    )  # gunicorn's own way to wait, which holds all up
    os.chdir(PROJECT_ROOT)
    sys.argv = ["gunicorn", "-c", "gunicorn.conf.py"]
    run()


def environment(**extra: str) -> dict[str, str]:
    """The environment without any setting of ours but `extra`."""
    ours = {name for setting in SETTINGS for name in (setting.name, *setting.aliases)}
    return {name: value for name, value in os.environ.items() if name not in ours} | extra


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def listeners(port: int) -> int:
    """How many sockets listen at a port: one a worker, each once it is ready."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


@dataclass(frozen=True)
class Said:
    """An answer; status 0 where the connection was refused or broken off before its first byte, -1 after it."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass
class Served:
    """A running gunicorn (tests/test_serving.py starts its command line)."""

    process: Forked
    port: int

    def ask(self, path: str, headers: dict[str, str] | None = None) -> Said:
        """The answer to a GET on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=HUNG_S)
        try:
            return asked(connection, path, headers)
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """The pids of gunicorn's workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children]

    def comes(self, path: str, status: int) -> Said:
        """Ask until the answer has that status."""
        found: list[Said] = []

        def is_there() -> bool:
            assert self.process.is_alive, self.process.end()
            found[:] = [self.ask(path)]
            return found[0].status == status

        until(is_there)
        return found[0]


def asked(connection: HTTPConnection, path: str, headers: dict[str, str] | None = None) -> Said:
    """The answer to a GET on a connection that may be kept."""
    status = 0
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        status = -1
        body = response.read()
        return Said(
            response.status, {name.lower(): value for name, value in response.getheaders()}, body.decode("utf-8", "replace")
        )
    except (OSError, HTTPException):
        return Said(status)


@contextmanager
def serving(
    database: URL | str, arrival_s: float = ARRIVAL_S, linger_s: float = LINGER_S, says_binds: bool = False, **extra: str
) -> Iterator[Served]:
    """gunicorn on that database, once it listens; ended with its test."""
    port = free_port()
    url = database if isinstance(database, str) else as_text(database)
    given = {"DATABASE_URL": url, "PORT": str(port), "RATE_LIMIT": "", "WEB_CONCURRENCY": "1"} | extra
    process = Forked(gunicorn, arrival_s, linger_s, says_binds, environment=environment(**given))
    try:
        served = Served(process, port)
        workers = int(given["WEB_CONCURRENCY"])
        until(lambda: not process.is_alive or listeners(port) == workers)
        assert process.is_alive, process.end()
        yield served
    finally:
        if process.is_alive:
            process.signal(signal.SIGTERM)
            process.end()
