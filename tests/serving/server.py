"""gunicorn as production starts it, on a database of the test's own that is reached through a proxy which can fail."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from sqlalchemy.engine import URL

from aimstats.config import SETTINGS
from aimstats.config.values import PROJECT_ROOT
from tests.conftest import as_text
from tests.forked import HUNG_S, until

STARTED = (
    "import sys; import aimstats.worker as worker; worker.ARRIVAL_S = {arrival_s}; "
    "from gunicorn.app.wsgiapp import run; sys.exit(run())"
)


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
    """A running gunicorn."""

    process: subprocess.Popen[str]
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
            assert self.process.poll() is None, self.process.communicate()
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
def serving(database: URL | str, arrival_s: float = 10.0, **extra: str) -> Iterator[Served]:
    """gunicorn on that database, once it listens; ended with its test."""
    port = free_port()
    url = database if isinstance(database, str) else as_text(database)
    given = {"DATABASE_URL": url, "PORT": str(port), "RATE_LIMIT": "", "WEB_CONCURRENCY": "1"} | extra
    process = subprocess.Popen(
        [sys.executable, "-c", STARTED.format(arrival_s=arrival_s), "-c", "gunicorn.conf.py"],
        cwd=PROJECT_ROOT, env=environment(**given), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        served = Served(process, port)
        workers = int(given["WEB_CONCURRENCY"])
        until(lambda: process.poll() is not None or listeners(port) == workers)
        assert process.poll() is None, process.communicate()
        yield served
    finally:
        process.terminate()
        process.communicate(timeout=HUNG_S)
