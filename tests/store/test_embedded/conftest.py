"""Real folders, owners and servers for the embedded database's cases; each test's server is ended with it."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from sqlalchemy.engine import URL, make_url

from aimstats.store.embedded import EmbeddedPostgres
from tests.folders import open_folder
from tests.forked import HUNG_S

PROJECT = Path(__file__).resolve().parents[3]

OWNER = """
import sys
import sysconfig
from pathlib import Path
from aimstats.store.embedded import EmbeddedError, EmbeddedPostgres
try:
    postgres = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
except EmbeddedError as error:
    print("error", error, flush=True)
    sys.exit(1)
print("ready", postgres.url, flush=True)
for line in sys.stdin:
    postgres.ensure()
    print("ready", postgres.url, flush=True)
"""


class Owner:
    """A process of its own that holds the embedded database until it is told to leave, or killed."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def answer(self) -> str:
        """The next line that it says: `ready URL` or `error MESSAGE`."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def url(self) -> URL:
        """Its database's address, once it is ready."""
        state, _, url = self.answer().partition(" ")
        assert state == "ready", url
        return make_url(url)

    def ask(self) -> None:
        """Have it call `ensure`; the answer is read with `url`."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def leave(self) -> None:
        """Let it end by itself."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(HUNG_S)

    def kill(self, kind: signal.Signals) -> None:
        """End it with a signal."""
        self.process.send_signal(kind)
        self.process.wait(HUNG_S)


def _identity(user: str | None) -> dict[str, Any]:
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    if subprocess.run(["test", "-x", str(PROJECT / "aimstats")], user=entry.pw_uid, check=False).returncode:
        pytest.skip(f"{user} cannot read the project's folder")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _python(user: str | None) -> tuple[str, list[Path]]:
    """An interpreter of this version that the user can run, and where it finds the packages of this one."""
    if user is None or not subprocess.run(["test", "-x", sys.executable], user=pwd.getpwnam(user).pw_uid, check=False).returncode:
        return sys.executable, []
    packages = Path(sysconfig.get_path("purelib"))
    other = shutil.which("python3", path="/usr/bin")
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    shown = subprocess.run([other, "-V"], capture_output=True, text=True, check=False).stdout if other else ""
    readable = not subprocess.run(["test", "-x", str(packages)], user=pwd.getpwnam(user).pw_uid, check=False).returncode
    if other is None or not shown.startswith(f"Python {version}.") or not readable:
        pytest.skip(f"{user} can run no Python {version} with the packages of this one")
    return other, [packages]


def _environment(site: Path | None = None, packages: Iterable[Path] = ()) -> dict[str, str]:
    paths = [*([str(site)] if site else []), *map(str, packages)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([*paths, str(PROJECT)]), "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of the test's own."""
    with open_folder("embedded-test") as base:
        yield base


@pytest.fixture(scope="session")
def seed() -> Iterator[Path]:
    """A data folder that was created once and stopped, to copy: its creation is what takes time."""
    with open_folder("embedded-seed") as base:
        EmbeddedPostgres(base / "data", durable=False).close()
        yield base / "data"


@pytest.fixture
def data(folder: Path, seed: Path) -> Path:
    """A data folder that holds a whole, stopped database."""
    subprocess.run(["cp", "-pR", str(seed), str(folder / "data")], check=True)
    return folder / "data"


@pytest.fixture
def owner() -> Iterator[Callable[..., Owner]]:
    """Start a process that owns the database of a folder: `owner(folder, user="nobody", site=..., ...)`."""
    started: list[Owner] = []

    def start(data_dir: Path, user: str | None = None, site: Path | None = None, **options: Any) -> Owner:
        python, packages = _python(user)
        process = subprocess.Popen(
            [python, "-c", OWNER, str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=_environment(site, packages), cwd="/", **_identity(user), **options,
        )  # fmt: skip
        started.append(Owner(process))
        return started[-1]

    yield start
    for each in started:
        each.leave()
        assert each.process.stdout is not None
        each.process.stdout.close()


@pytest.fixture
def script() -> Callable[..., str]:
    """Run Python code in a process of its own and return what it printed; it must succeed."""

    def run(code: str, *arguments: object, user: str | None = None, **options: Any) -> str:
        python, packages = _python(user)
        done = subprocess.run(
            [python, "-W", "error", "-c", code, *map(str, arguments)], env=_environment(packages=packages), cwd="/", text=True,
            capture_output=True, timeout=HUNG_S, check=False, **_identity(user), **options,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return str(done.stdout)

    return run


@pytest.fixture
def query() -> Callable[..., Any]:
    """Run one statement on a database address and return its first value, if any."""

    def run(url: URL, statement: str) -> Any:
        connection = psycopg2.connect(
            host=str(url.query["host"]), port=str(url.query["port"]), user=url.username, dbname=url.database
        )
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone()[0] if cursor.description else None  # type: ignore[index]  # these have a row
        finally:
            connection.close()

    return run


@pytest.fixture
def postmaster() -> Callable[[Path], int]:
    """The pid that the healthy server of a data folder wrote down."""

    def read(data_dir: Path) -> int:
        return int((data_dir / "pg18" / "postmaster.pid").read_text().split()[0])

    return read


@pytest.fixture
def dies() -> Callable[[int], bool]:
    """Whether a process ends, however long a busy machine takes."""

    return _gone


@pytest.fixture
def alive() -> Callable[[int], bool]:
    """Whether a process lives; a zombie does not."""
    return lives


def _gone(pid: int) -> bool:
    for _ in range(HUNG_S * 100):
        if not lives(pid):
            return True
        time.sleep(0.01)
    return False


def lives(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    except OSError:
        return False
