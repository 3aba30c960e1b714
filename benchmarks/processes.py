"""Running the project's own commands as a user would, and what each cost."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Final

from aimstats.config import SETTINGS
from aimstats.config.values import PROJECT_ROOT

LAST_LINES: Final = 20
"""So much of what a process said goes into an error."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: wall and processor seconds, and the most memory that it held (megabytes)."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """This environment without the project's settings, but with these."""
    ours = {name for setting in SETTINGS for name in (setting.name, *setting.aliases)}
    return {name: value for name, value in os.environ.items() if name not in ours} | {"FLASK_SKIP_DOTENV": "1", **extra}


def cost_of(arguments: Sequence[str], settings: Mapping[str, str], said: Path, good: Sequence[int] = (0,)) -> Cost:
    """Run `python ARGUMENTS` to its end; what it says goes to a file. Raises RuntimeError where its exit status is not good."""
    with said.open("w", encoding="utf-8") as out:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=PROJECT_ROOT, env=environment(settings), stdout=out, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good:
        raise RuntimeError(f"{' '.join(arguments)} exited with {process.returncode}:\n{_end_of(said)}")
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1_024)


def _end_of(said: Path) -> str:
    return "\n".join(said.read_text(encoding="utf-8").splitlines()[-LAST_LINES:])


@dataclass(frozen=True, slots=True)
class Server:
    """A running gunicorn: its arbiter's pid, its port, and the seconds from its start to its first page."""

    pid: int
    port: int
    first_page_s: float

    def worker_mb(self) -> list[float]:
        """The memory that each worker holds now (megabytes resident, what it shares with others included)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split()
        return [_resident_mb(int(child)) for child in children]

    def etag(self, path: str, headers: Mapping[str, str]) -> str:
        """The ETag of a page, as it is given."""
        return self._answer(path, headers)[0].headers["ETag"]

    def get(self, path: str) -> bytes:
        """The body of an answer. Raises RuntimeError where its status is not 200."""
        response, body = self._answer(path, {})
        if response.status != 200:
            raise RuntimeError(f"{path}: answered {response.status}")
        return body

    def _answer(self, path: str, headers: Mapping[str, str]) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers=dict(headers))
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1_024 for line in status.splitlines() if line.startswith("VmRSS"))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(settings: Mapping[str, str], said: Path, timeout_s: float = 120) -> Iterator[Server]:
    """gunicorn as `make run` starts it, ready for as long as the block lasts; what it says goes to a file.

    Raises RuntimeError where it does not serve `/` in time.
    """
    port = _free_port()
    with said.open("w", encoding="utf-8") as out:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"],
            cwd=PROJECT_ROOT, env=environment({**settings, "PORT": str(port)}), stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            while not _answers(port):
                if process.poll() is not None or time.perf_counter() - started > timeout_s:
                    raise RuntimeError(f"no page was served:\n{_end_of(said)}")
                time.sleep(0.01)
            yield Server(process.pid, port, time.perf_counter() - started)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
