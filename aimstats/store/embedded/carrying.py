"""A data folder of another major version: recognised at start, and carried over by a dump of its own server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aimstats.store.embedded import locks
from aimstats.store.embedded.binaries import programs_of, server_programs, wheel
from aimstats.store.embedded.cluster import NAME, PORT, Cluster
from aimstats.store.embedded.errors import EmbeddedError, explained
from aimstats.store.embedded.place import CLUSTER, Home, settle, socket_folder

DUMP = "carried.dump"
HALF = f"{CLUSTER}.carried"
"""The new cluster until it holds everything; a name that no start takes for a database."""


def carry_over(data_dir: Path, programs: Path | None = None) -> str:
    """Make `pg18` in `data_dir` of the folder of another major version; returns that folder's name. It stays as it was.

    `programs` is the folder of that version's `postgres` and `pg_dump`, where the wheel has none. Stopped at any moment it leaves
    nothing that a start would take; repeat it. Nobody may use the folder meanwhile. Raises `EmbeddedError`, with one line that
    says what to do.
    """
    with explained(data_dir):
        site = wheel()
        home = settle(data_dir.absolute())
        share = locks.Share()
        with locks.alone(home):
            share.hold(home)
            try:
                if not share.is_last():
                    raise EmbeddedError(f"Somebody uses the database in {home.folder}: stop that first.")
                return _carried(home, site, programs)
            finally:
                share.release()


def _carried(home: Home, site: Path, programs: Path | None) -> str:
    old_name = home.other_major()
    if (home.folder / CLUSTER).exists() or old_name is None:
        raise EmbeddedError(f"There is nothing to carry over in {home.folder}.")
    theirs = programs or programs_of(old_name.removeprefix("pg"), site, home.account)
    ours = server_programs(site, home.account)
    dump, half = home.folder / DUMP, home.folder / HALF
    for name, programs in ((old_name, theirs), (HALF, ours)):  # what one that was killed left running
        Cluster(home, programs, socket_folder(home), True, name).stop()
    shutil.rmtree(half, ignore_errors=True)
    try:
        with _awake(home, theirs, old_name):
            # Its own: a packager's server may keep options in the catalogue that only the pg_dump of that package leaves out.
            _run(home, theirs, "write out", "pg_dump", "-Fc", "-f", str(dump), NAME)
        with _awake(home, ours, HALF):
            _run(home, ours, "take in", "pg_restore", "--exit-on-error", "-d", NAME, str(dump))
        half.rename(home.folder / CLUSTER)
    finally:
        dump.unlink(missing_ok=True)
        shutil.rmtree(half, ignore_errors=True)
    return old_name


@contextmanager
def _awake(home: Home, programs: Path, name: str) -> Iterator[None]:
    cluster = Cluster(home, programs, socket_folder(home), True, name)
    try:
        cluster.wake()
        yield
    finally:
        cluster.stop()


def _run(home: Home, programs: Path, act: str, program: str, *arguments: str) -> None:
    sockets = socket_folder(home)
    asked = ("-h", str(sockets), "-p", str(PORT), "-U", NAME)
    Cluster(home, programs, sockets, True).run_to_end(act, program, *asked, *arguments)
