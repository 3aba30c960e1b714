"""Kernel locks on files: they end with their holder, however it ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aimstats.store.embedded.errors import EmbeddedError
from aimstats.store.embedded.place import START_LOCK, USERS_LOCK, Home, open_private

PATIENCE = 120.0
"""Seconds to wait for another process that starts or stops the server."""


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Hold the right to start or stop the server; a forked child that inherits the descriptor holds nothing after."""
    path = home.folder / START_LOCK
    descriptor = open_private(path, home.account)
    try:
        _wait(descriptor, path)
        try:
            yield
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _take(descriptor, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"Another process has held {path} for {PATIENCE:.0f} seconds: end it (`fuser {path}` names it), then try again."
            )
        time.sleep(0.01)


class Share:
    """One user's share in the server: shared with every other user, exclusive to the last one."""

    def __init__(self) -> None:
        self._descriptor: int | None = None

    def hold(self, home: Home) -> None:
        """Take the share, or take it anew when the lock's file was replaced since."""
        path = home.folder / USERS_LOCK
        if self._descriptor is not None and _same_file(self._descriptor, path):
            return
        self.release()
        descriptor = open_private(path, home.account)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        self._descriptor = descriptor

    def is_last(self) -> bool:
        """Whether nobody else has a share, forked children apart; `release` must follow. Call it `alone`."""
        return self._descriptor is not None and _take(self._descriptor, fcntl.LOCK_EX)

    def release(self) -> None:
        """Give the share back for all copies of it, forked ones too; harmless when there is none."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)


def _take(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
