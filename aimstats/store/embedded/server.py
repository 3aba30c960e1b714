"""The embedded database as one user holds it: started or joined, healed when needed, stopped by the last one out."""

import atexit
import os
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg2
from sqlalchemy.engine import URL

from aimstats.store.embedded import locks
from aimstats.store.embedded.binaries import server_programs, wheel
from aimstats.store.embedded.cluster import NAME, PORT, Answer, Cluster
from aimstats.store.embedded.errors import EmbeddedError, explained
from aimstats.store.embedded.place import CLUSTER, Home, settle, socket_folder


class EmbeddedPostgres:
    """A share in the PostgreSQL server of `data_dir`, which lives as long as anybody holds one.

    Any number of processes may open the same folder; a process that forks opens one in each child that needs the
    server to outlive its parent. `durable=False` gives up safety against power cuts for speed, in tests.
    Raises `EmbeddedError`, with one line that says what to do.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._data_dir = data_dir.absolute()
        self._durable = durable
        self._owner = os.getpid()
        self._closed = False
        self._share = locks.Share()
        self._cluster: Cluster | None = None
        self._home: Home | None = None
        try:
            self._heal()
        except BaseException:
            self.close()
            raise
        atexit.register(self.close)

    @property
    def url(self) -> URL:
        """The address of the database, through its socket; it names no password, the socket's folder is private."""
        if self._cluster is None:
            raise EmbeddedError("The embedded database was not started: open it again.")
        return URL.create(
            "postgresql+psycopg2", username=NAME, database=NAME,
            query={"host": str(self._cluster.sockets), "port": str(PORT)},
        )  # fmt: skip

    def ensure(self) -> None:
        """Bring the server back if it was killed; a few milliseconds when it lives. Raises `EmbeddedError`."""
        if self._closed:
            raise EmbeddedError("The embedded database was closed here: open it again.")
        if self._cluster is None or self._cluster.answer() is not Answer.READY:
            self._heal()

    def close(self) -> None:
        """Give the share back; the last one out stops the server. Harmless when repeated and in a forked child."""
        if self._closed or os.getpid() != self._owner:
            return
        self._closed = True
        atexit.unregister(self.close)
        try:
            if self._home is not None and self._home.folder.is_dir():
                with explained(self._data_dir), locks.alone(self._home):
                    if self._share.is_last() and self._cluster is not None:
                        self._cluster.stop()
                    self._share.release()
        finally:
            self._share.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _heal(self) -> None:
        with explained(self._data_dir):
            site = wheel()
            self._home = settle(self._data_dir)
            with locks.alone(self._home):
                self._share.hold(self._home)
                if not (self._home.folder / CLUSTER).exists() and (other := self._home.other_major()):
                    raise EmbeddedError(
                        f"The database in {self._home.folder} is of PostgreSQL {other.removeprefix('pg')}, this is "
                        f"{CLUSTER.removeprefix('pg')}: carry it over with `python -m jobs.carry_over`, "
                        "or set DATA_DIR to another folder."
                    )
                programs = server_programs(site, self._home.account)
                self._cluster = Cluster(self._home, programs, socket_folder(self._home), self._durable)
                try:
                    self._cluster.wake()
                except psycopg2.Error as error:
                    reason = " ".join(str(error).split())
                    raise EmbeddedError(f"The embedded database does not serve ({reason}): try again.") from error
