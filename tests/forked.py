"""Functions in processes of their own, forked from one that has imported job and crawl, which is paid for once a session."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path

HUNG_S = 600
"""What has not come by then, on a machine however busy, does not come."""
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["pytest", "tests.preloaded"])


class Forked:
    """A function that runs in a process of its own."""

    def __init__(self, function: Callable[..., object], *arguments: object, environment: Mapping[str, str]) -> None:
        self._name = function.__qualname__
        self._folder = tempfile.TemporaryDirectory(prefix="aimstats-forked-")
        self._out, self._err = (Path(self._folder.name, name) for name in ("out", "err"))
        for path in (self._out, self._err):
            path.touch()
        self._process: BaseProcess = _context.Process(
            target=_child, args=(self._out, self._err, dict(environment), function, *arguments)
        )
        self._process.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process.pid
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended by itself and nobody has waited for its end."""
        return self._process.is_alive()

    def signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def says(self, text: str, times: int = 1) -> None:
        """Wait until it has written the text so often, to whichever stream."""
        until(lambda: (self._out.read_text("utf-8") + self._err.read_text("utf-8")).count(text) >= times)

    def end(self) -> subprocess.CompletedProcess[str]:
        """Wait for its end: its status is what it gave `sys.exit`, or minus the number of the signal that ended it."""
        self._process.join(HUNG_S)
        is_hung = self._process.exitcode is None
        self._process.kill()
        self._process.join()
        said = [path.read_text("utf-8") for path in (self._out, self._err)]
        self._folder.cleanup()
        assert not is_hung, f"{self._name} hung: {said}"
        return subprocess.CompletedProcess(self._name, self._process.exitcode or 0, *said)


def run_forked(
    function: Callable[..., object], *arguments: object, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Call the function (one that a module has) in a process of its own with this environment, and wait for its end."""
    return Forked(function, *arguments, environment=environment).end()


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that must come, however long a busy machine takes."""
    for _ in range(HUNG_S * 50):
        if is_so():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come")


def _child(out: Path, err: Path, environment: Mapping[str, str], function: Callable[..., object], *arguments: object) -> None:
    for stream, path in ((sys.stdout, out), (sys.stderr, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND), stream.fileno())
    os.environ.clear()
    os.environ.update(environment)
    function(*arguments)
