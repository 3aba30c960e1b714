"""Folders in memory for the servers that tests start, and the end of those that a killed run has left behind.

A run holds a lock in each of its folders. The kernel gives it back however the run ends, so a folder whose lock is free is
nobody's; a pid that is written down may have become somebody else's.
"""

from __future__ import annotations

import fcntl
import os
import select
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK = "run.lock"
_PREFIX = "aimstats-"
_MEMORY = Path("/dev/shm")
_ENDS_S = 60.0
"""So long a server may take to end before it is killed, on a machine however busy."""


@contextmanager
def open_folder(purpose: str, parent: Path | None = None) -> Iterator[Path]:
    """A folder that a database server's account reaches too, in memory where there is room: tests make hundreds of databases.

    pytest's own `tmp_path` is closed to that account when we are root. What runs in the folder at the end is ended with it.
    """
    roomy = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > 2_000_000_000
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{purpose}-", dir=parent or (_MEMORY if roomy else None)))
    folder.chmod(0o755)
    with (folder / "new.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / "new.lock").rename(folder / LOCK)  # under its name it is never free while we live
        try:
            yield folder
        finally:
            _remove(folder)


def remove_leftovers(*parents: Path) -> None:
    """End the servers of this account's dead runs and remove their folders, below where `open_folder` makes them by default."""
    if not Path("/proc/self").exists():  # their servers could not be told from others
        return
    for parent in parents or {_MEMORY, Path(tempfile.gettempdir())}:
        for path in parent.glob(f"{_PREFIX}*/{LOCK}"):
            with suppress(OSError), path.open("r+") as lock:  # a living run's, another account's, or gone meanwhile
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if path.stat().st_uid == os.getuid():
                    _remove(path.parent)


def end_servers(base: Path) -> None:
    """End the PostgreSQL servers that work below `base`: at once, but such that they remove their shared memory."""
    for is_child in (False, True):  # children follow their server, but for those that a killed one has left
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                process = os.pidfd_open(int(entry.name))  # pinned before it is looked at
                try:
                    if _works_below(entry, base, is_child):
                        signal.pidfd_send_signal(process, signal.SIGQUIT)
                        if not select.select([process], [], [], _ENDS_S)[0]:
                            signal.pidfd_send_signal(process, signal.SIGKILL)
                finally:
                    os.close(process)


def _works_below(process: Path, base: Path, is_child: bool) -> bool:
    return (
        (process / "comm").read_text() == "postgres\n"
        and (process / "cwd").resolve().is_relative_to(base.resolve())
        and (process / "cmdline").read_bytes().startswith(b"postgres: ") is is_child
    )


def _remove(folder: Path) -> None:
    end_servers(folder)
    shutil.rmtree(folder, ignore_errors=True)
