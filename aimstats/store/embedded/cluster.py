"""One PostgreSQL data folder: made whole or not at all, started over whatever an abrupt end left behind."""

import enum
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2

from aimstats.store.embedded import processes
from aimstats.store.embedded.errors import EmbeddedError, disk_full
from aimstats.store.embedded.place import CLUSTER, Home, logger

NAME = "aimstats"
"""Of the database and of its only role."""

PORT = 5432
"""Names the socket's file; said everywhere, since PGPORT in the environment would change it."""

START_SECONDS = 60
_LOG_BYTES = 10_000_000
_TRANSIENT = ("pre-existing shared memory", "already exists")
_SOCKET_GRACE = 1.0
_REASONS = ("FATAL:", "PANIC:", "error:", "File too large")
_FREE_BYTES = 1_000_000


class Answer(enum.Enum):
    """What the server's socket says to a new connection."""

    READY = "serves"
    EMPTY = "serves, but the database was not created yet"
    BUSY = "starts, recovers or stops"
    SILENT = "nobody listens"


class Cluster:
    """The data folder `name` in `home`, served on a socket in `sockets`; all but `answer` want the start lock held."""

    def __init__(self, home: Home, programs: Path, sockets: Path, durable: bool, name: str = CLUSTER) -> None:
        self.sockets = sockets
        self._home = home
        self._programs = programs
        self._durable = durable
        self._data = home.folder / name
        self._log = home.folder / "postgres.log"

    def answer(self) -> Answer:
        """Ask for a connection; a refusal for another reason than start and stop is an answer of a living server."""
        try:
            psycopg2.connect(host=str(self.sockets), port=PORT, user=NAME, dbname=NAME, connect_timeout=2).close()
        except psycopg2.OperationalError as error:
            text = str(error)
            if f'database "{NAME}" does not exist' in text:
                return Answer.EMPTY
            if "the database system is" in text or "timeout expired" in text:
                return Answer.BUSY
            return Answer.READY if "FATAL" in text else Answer.SILENT
        return Answer.READY

    def wake(self) -> None:
        """Bring the server to `READY` from any state. Raises `EmbeddedError` when it does not come in a minute."""
        if self._outlast() is Answer.SILENT:
            self._create()
            processes.end_orphans(self._data)
            self._forget_the_dead()
            self._start()
        if self.answer() is Answer.EMPTY:
            self._create_database()

    def stop(self) -> None:
        """Stop the server if it lives; its temporary socket folder goes with it."""
        processes.stop(self._data, self.sockets)
        if self.sockets.parent != self._home.folder:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def _outlast(self) -> Answer:
        """Wait until a server that starts or stops has done so; one whose socket was removed is stopped."""
        begun = time.monotonic()
        while (answer := self.answer()) in (Answer.BUSY, Answer.SILENT):
            alive = processes.postmaster(self._data, self.sockets) is not None
            waited = time.monotonic() - begun
            if answer is Answer.SILENT and not alive:
                break
            if answer is Answer.SILENT and waited > _SOCKET_GRACE and not (self.sockets / f".s.PGSQL.{PORT}").exists():
                processes.stop(self._data, self.sockets)
            elif waited > START_SECONDS:
                raise EmbeddedError(
                    f"The embedded database has not answered for {START_SECONDS} seconds: read {self._log}, then try again."
                )
            time.sleep(0.01)
        return answer

    def _create(self) -> None:
        for leftover in self._home.folder.glob(f"{self._data.name}.new-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        if all((self._data / name).is_file() for name in ("PG_VERSION", "global/pg_control")):
            return
        if self._data.exists():
            aside = self._home.folder / f"{self._data.name}.broken-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"
            self._data.rename(aside)
            logger.warning("%s was incomplete: moved to %s, a new database takes its place", self._data, aside)
        fresh = Path(tempfile.mkdtemp(prefix=f"{self._data.name}.new-", dir=self._home.folder))
        try:
            if self._home.account is not None:
                shutil.chown(fresh, self._home.account.uid, self._home.account.gid)
            options = ["-U", NAME, "-A", "trust", "-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
            done = self._run("initdb", "-D", str(fresh), *options, *([] if self._durable else ["--no-sync"]))
            if "Success." not in done.stdout:  # a SIGCHLD handler (gunicorn's) may have taken the exit status
                raise self._failure("create", done.stdout)
            fresh.rename(self._data)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise

    def _forget_the_dead(self) -> None:
        """Remove the files in which a dead postmaster still claims its place; call it when none lives."""
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (self.sockets / name).unlink(missing_ok=True)

    def _start(self) -> None:
        if self._log.is_file() and self._log.stat().st_size > _LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        deadline = time.monotonic() + 15
        while True:
            read = self._log.stat().st_size if self._log.is_file() else 0
            done = self._run("pg_ctl", "start", "-D", ".", "-w", "-t", str(START_SECONDS), "-l", f"../{self._log.name}",
                             "-o", shlex.join(self._settings()))  # fmt: skip
            if self.answer() in (Answer.READY, Answer.EMPTY):
                return
            said = done.stdout + self._log_from(read)
            if time.monotonic() > deadline or not any(hint in said for hint in _TRANSIENT):
                raise self._failure("start", said)
            time.sleep(0.1)

    def _settings(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": f'"{self.sockets}"',
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": "64MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self._durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        return [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]

    def run_to_end(self, act: str, program: str, *arguments: str) -> None:
        """Run a program of the wheel for as long as it takes. Raises `EmbeddedError`, which says that `act` failed and why."""
        done = self._run(program, *arguments, seconds=None)
        if done.returncode:
            raise self._failure(act, done.stdout)

    def _run(self, program: str, *arguments: str, seconds: float | None = 2 * START_SECONDS) -> subprocess.CompletedProcess[str]:
        """Run a program of the wheel as the server's account, in a session of its own that Ctrl-C does not reach."""
        account = self._home.account
        where = self._data if program == "pg_ctl" else Path("/")  # pg_ctl puts its paths into a shell command
        try:
            return subprocess.run(
                [str(self._programs / program), *arguments],
                user=account.uid if account else None, group=account.gid if account else None,
                extra_groups=[] if account else None, umask=0o077, start_new_session=True, cwd=where,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                timeout=seconds, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise EmbeddedError(
                f"{program} took longer than {2 * START_SECONDS} seconds in {self._home.folder}: "
                "is its disk slow or stuck? Set DATA_DIR to another one."
            ) from error

    def _log_from(self, position: int) -> str:
        if not self._log.is_file():
            return ""
        with self._log.open("rb") as log:
            log.seek(position)
            return log.read().decode(errors="replace")

    def _failure(self, act: str, said: str) -> EmbeddedError:
        """The error for a failed `act`, with the last reason that `said` holds."""
        if "No space left" in said or shutil.disk_usage(self._home.folder).free < _FREE_BYTES:
            return disk_full(self._home.folder)
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        reasons = [line for line in lines if any(word in line for word in _REASONS)]
        reason = re.sub(r"^.*?(FATAL|PANIC|error): +", "", (reasons or lines or ["no reason given"])[-1])
        return EmbeddedError(
            f"PostgreSQL could not {act} its database in {self._home.folder} ({reason}): "
            "mend that, or set DATA_DIR to another folder, or set DATABASE_URL."
        )

    def _create_database(self) -> None:
        connection = psycopg2.connect(host=str(self.sockets), port=PORT, user=NAME, dbname="postgres", connect_timeout=10)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {NAME}")
        finally:
            connection.close()
