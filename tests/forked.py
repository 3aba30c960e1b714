"""Functions in processes of their own, forked from one that has imported job and crawl, which is paid for once a session."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["pytest", "tests.preloaded"])


def run_forked(
    function: Callable[..., object], *arguments: object, environment: Mapping[str, str], seconds: float = 300
) -> subprocess.CompletedProcess[str]:
    """Call the function (one that a module has) in a process of its own with this environment, and wait for its end.

    The status is what it gave `sys.exit`, or minus the number of the signal that ended it. Raises subprocess.TimeoutExpired
    where it hangs.
    """
    with tempfile.TemporaryDirectory(prefix="aimstats-forked-") as folder:
        out, err = (Path(folder, name) for name in ("out", "err"))
        process = _context.Process(target=_child, args=(out, err, dict(environment), function, *arguments))
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(function.__qualname__, seconds, out.read_bytes(), err.read_bytes())
        return subprocess.CompletedProcess(
            function.__qualname__, process.exitcode, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
        )


def _child(out: Path, err: Path, environment: Mapping[str, str], function: Callable[..., object], *arguments: object) -> None:
    for stream, path in ((sys.stdout, out), (sys.stderr, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), stream.fileno())
    os.environ.clear()
    os.environ.update(environment)
    function(*arguments)
