"""Start, share, kill and stop: the embedded server lives exactly as long as somebody holds it."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from sqlalchemy.exc import OperationalError

from aimstats.config import load_config
from aimstats.store.database import open_database
from aimstats.store.embedded import EmbeddedError, EmbeddedPostgres
from aimstats.store.embedded.binaries import server_programs, wheel
from aimstats.store.embedded.locks import alone
from aimstats.store.embedded.processes import postmaster_by_ps
from aimstats.store.patience import REQUEST_S, patience
from tests.forked import HUNG_S, until


def test_server_is_utf8_in_utc_on_a_private_socket_and_durable(folder: Path, query: Callable[..., Any]) -> None:
    data = folder / "new" / "data"
    with EmbeddedPostgres(data) as postgres:
        wanted = {
            "server_encoding": "UTF8", "listen_addresses": "", "TimeZone": "UTC", "fsync": "on",
            "max_connections": "100", "shared_buffers": "64MB", "unix_socket_permissions": "0700",
        }  # fmt: skip
        assert {key: query(postgres.url, f"SHOW {key}") for key in wanted} == wanted
        locale = "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = current_database()"
        assert query(postgres.url, locale) == "b C.UTF-8"
        assert query(postgres.url, "SELECT current_database() || ' ' || current_user") == "aimstats aimstats"
        assert postgres.url.drivername == "postgresql+psycopg2"
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "socket").stat().st_mode & 0o777 == 0o700


def test_data_outlives_the_server(data: Path, query: Callable[..., Any]) -> None:
    with EmbeddedPostgres(data, durable=False) as postgres:
        query(postgres.url, "CREATE TABLE kept AS SELECT 42 AS n")
    with EmbeddedPostgres(data, durable=False) as postgres:
        assert query(postgres.url, "SELECT n FROM kept") == 42


def test_last_one_out_stops_the_server(
    data: Path, postmaster: Callable[[Path], int], alive: Callable[[int], bool], query: Callable[..., Any]
) -> None:
    first = EmbeddedPostgres(data, durable=False)
    second = EmbeddedPostgres(data, durable=False)
    server = postmaster(data)
    first.close()
    first.close()
    assert query(second.url, "SELECT 1") == 1
    second.close()
    assert not alive(server)
    with pytest.raises(EmbeddedError, match="open it again"):
        second.ensure()


def test_joining_and_checking_a_live_server_starts_nothing(data: Path, postmaster: Callable[[Path], int]) -> None:
    with EmbeddedPostgres(data, durable=False) as first:
        server, log = postmaster(data), (data / "postgres.log").read_text()
        with EmbeddedPostgres(data, durable=False):
            first.ensure()
        assert postmaster(data) == server
        assert (data / "postgres.log").read_text().count("starting PostgreSQL") == log.count("starting PostgreSQL")


def test_killed_postmaster_is_healed(data: Path, postmaster: Callable[[Path], int], query: Callable[..., Any]) -> None:
    with EmbeddedPostgres(data, durable=False) as postgres:
        query(postgres.url, "CREATE TABLE kept AS SELECT 42 AS n")
        killed = postmaster(data)
        os.kill(killed, signal.SIGKILL)
        postgres.ensure()
        assert query(postgres.url, "SELECT n FROM kept") == 42
        assert postmaster(data) != killed


def test_a_killed_postmaster_is_healed_beside_the_requests(data: Path, postmaster: Callable[[Path], int]) -> None:
    """Somebody else holds the lock under which it is started, for longer than any request waits."""
    with open_database(load_config({"DATA_DIR": str(data)})) as database, EmbeddedPostgres(data) as postgres:

        def failure() -> str:
            try:
                with patience(REQUEST_S / 10), database.engine.connect():
                    return ""
            except OperationalError as error:
                return str(error)

        assert failure() == ""
        assert postgres._home is not None
        with alone(postgres._home):
            os.kill(postmaster(data), signal.SIGKILL)
            database.engine.dispose()
            until(lambda: "the embedded database is not there yet" in failure())
        until(lambda: failure() == "")


def test_next_owner_heals_a_postmaster_that_was_killed(
    data: Path, postmaster: Callable[[Path], int], query: Callable[..., Any]
) -> None:
    with EmbeddedPostgres(data, durable=False) as first:
        os.kill(postmaster(data), signal.SIGKILL)
        with EmbeddedPostgres(data, durable=False) as second:
            assert query(second.url, "SELECT 1") == 1
        first.ensure()
        assert query(first.url, "SELECT 1") == 1


@pytest.mark.parametrize("stopped", [False, True], ids=["busy", "stopped"])
def test_back_end_that_outlives_its_postmaster_does_not_hold_the_restart_up(
    stopped: bool, data: Path, postmaster: Callable[[Path], int], query: Callable[..., Any], dies: Callable[[int], bool]
) -> None:
    with EmbeddedPostgres(data, durable=False) as postgres:
        url = postgres.url
        busy = subprocess.Popen(
            [_psql(), "-h", str(url.query["host"]), "-U", "aimstats", "-c",
             "SELECT count(*) FROM generate_series(1, 100000000000)"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        activity = "SELECT max(pid) FROM pg_stat_activity WHERE query LIKE '%generate_series%' AND pid <> pg_backend_pid()"
        while (back_end := query(url, activity)) is None:
            time.sleep(0.01)
        if stopped:
            os.kill(back_end, signal.SIGSTOP)
        os.kill(postmaster(data), signal.SIGKILL)
        postgres.ensure()
        assert query(postgres.url, "SELECT 1") == 1
        assert dies(back_end)
        busy.wait(HUNG_S)


def _psql() -> str:
    return str(server_programs(wheel(), None) / "psql")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_server_of_a_killed_owner_is_taken_over_and_stopped(
    end: signal.Signals, data: Path, owner: Callable[..., Any], postmaster: Callable[[Path], int],
    alive: Callable[[int], bool],
) -> None:  # fmt: skip
    first = owner(data)
    first.url()
    server = postmaster(data)
    first.kill(end)
    assert alive(server)
    with EmbeddedPostgres(data, durable=False):
        assert postmaster(data) == server
    assert not alive(server)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_owners_started_together_share_one_server_whatever_their_order_of_leaving(
    order: tuple[int, ...], folder: Path, owner: Callable[..., Any], postmaster: Callable[[Path], int],
    alive: Callable[[int], bool], query: Callable[..., Any],
) -> None:  # fmt: skip
    owners = [owner(folder / "data") for _ in order]
    urls = {each.url() for each in owners}
    assert len(urls) == 1
    server = postmaster(folder / "data")
    for number in order[:-1]:
        if number == 2:
            owners[number].kill(signal.SIGKILL)
        else:
            owners[number].leave()
        assert query(next(iter(urls)), "SELECT 1") == 1
    owners[order[-1]].leave()
    assert not alive(server)
    assert (folder / "data" / "postgres.log").read_text().count("starting PostgreSQL") == 1


def test_owners_that_heal_together_start_one_server(
    data: Path, owner: Callable[..., Any], postmaster: Callable[[Path], int], query: Callable[..., Any]
) -> None:
    owners = [owner(data) for _ in range(3)]
    for each in owners:
        each.url()
    starts = (data / "postgres.log").read_text().count("ready to accept connections")
    os.kill(postmaster(data), signal.SIGKILL)
    for each in owners:
        each.ask()
    for each in owners:
        assert query(each.url(), "SELECT 1") == 1
    assert (data / "postgres.log").read_text().count("ready to accept connections") == starts + 1


def test_forked_child_does_not_stop_the_server(
    data: Path, script: Callable[..., str], postmaster: Callable[[Path], int], dies: Callable[[int], bool]
) -> None:
    code = """
import os, sys
from pathlib import Path
from aimstats.store.embedded import EmbeddedPostgres
postgres = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
server = (Path(sys.argv[1]) / "pg18/postmaster.pid").read_text().split()[0]
child = os.fork()
if not child:
    postgres.close()
    sys.exit(0)  # runs the atexit hooks that it inherited
assert os.waitpid(child, 0)[1] == 0
postgres.ensure()
assert (Path(sys.argv[1]) / "pg18/postmaster.pid").read_text().split()[0] == server
print(server)
"""
    server = int(script(code, data))
    assert dies(server)


def test_parent_stops_the_server_though_a_forked_child_lives_on(
    data: Path, script: Callable[..., str], alive: Callable[[int], bool]
) -> None:
    code = """
import os, sys
from pathlib import Path
from aimstats.store.embedded import EmbeddedPostgres
postgres = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
print((Path(sys.argv[1]) / "pg18/postmaster.pid").read_text().split()[0], flush=True)
ended, end = os.pipe()
child = os.fork()
if not child:
    os.close(end)
    os.read(ended, 1)
    os._exit(0)
postgres.close()
assert not (Path(sys.argv[1]) / "pg18/postmaster.pid").exists()
EmbeddedPostgres(Path(sys.argv[1]), durable=False).close()  # the child's copy of the lock hinders nobody
os.close(end)
os.waitpid(child, 0)
"""
    assert not alive(int(script(code, data)))


def test_interrupt_from_the_terminal_does_not_reach_the_server(
    data: Path, owner: Callable[..., Any], postmaster: Callable[[Path], int], query: Callable[..., Any]
) -> None:
    with EmbeddedPostgres(data, durable=False) as guard:
        os.kill(postmaster(data), signal.SIGKILL)
        first = owner(data, start_new_session=True, stderr=subprocess.DEVNULL)  # it starts the server
        first.url()
        server = postmaster(data)
        os.killpg(first.process.pid, signal.SIGINT)
        first.process.wait(HUNG_S)
        assert query(guard.url, "SELECT 1") == 1
        assert postmaster(data) == server


def test_zombie_postmaster_counts_as_dead(data: Path, script: Callable[..., str]) -> None:
    if os.uname().sysname != "Linux":
        pytest.skip("only Linux lets a test adopt the server")
    code = """
import ctypes, os, signal, sys, time
from pathlib import Path
from aimstats.store.embedded import EmbeddedPostgres
assert ctypes.CDLL(None).prctl(36, 1, 0, 0, 0) == 0  # orphans below us become our children, and we reap none
pid_file = Path(sys.argv[1]) / "pg18/postmaster.pid"
with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as postgres:
    server = int(pid_file.read_text().split()[0])
    os.kill(server, signal.SIGKILL)
    while Path(f"/proc/{server}/stat").read_text().rpartition(") ")[2][0] != "Z":
        time.sleep(0.01)
    postgres.ensure()
    os.kill(server, 0)
    second = int(pid_file.read_text().split()[0])
    assert second != server
state = Path(f"/proc/{second}/stat").read_text().rpartition(") ")[2][0]
assert state == "Z", state
print("healed and stopped")
"""
    assert script(code, data) == "healed and stopped\n"


def test_dropped_database_comes_back(data: Path, query: Callable[..., Any]) -> None:
    with EmbeddedPostgres(data, durable=False) as postgres:
        query(postgres.url.set(database="postgres"), "DROP DATABASE aimstats")
        postgres.ensure()
        assert query(postgres.url, "SELECT 1") == 1


def test_full_server_counts_as_alive(data: Path, postmaster: Callable[[Path], int]) -> None:
    with EmbeddedPostgres(data, durable=False) as postgres:
        server = postmaster(data)
        host = str(postgres.url.query["host"])
        with ExitStack() as stack:
            for _ in range(100):
                stack.callback(psycopg2.connect(host=host, port=5432, user="aimstats", dbname="aimstats").close)
            with pytest.raises(psycopg2.OperationalError, match="too many clients"):
                psycopg2.connect(host=host, port=5432, user="aimstats", dbname="aimstats")
            postgres.ensure()
        assert postmaster(data) == server


def test_removed_data_folder_gives_a_new_database(data: Path, query: Callable[..., Any]) -> None:
    with EmbeddedPostgres(data, durable=False) as postgres:
        shutil.rmtree(data)
        postgres.ensure()
        assert query(postgres.url, "SELECT count(*) FROM pg_class WHERE relname = 'kept'") == 0
    assert not (data / "pg18" / "postmaster.pid").exists()


def test_where_there_is_no_proc_the_command_line_names_the_server(data: Path, postmaster: Callable[[Path], int]) -> None:
    if shutil.which("ps") is None:
        pytest.skip("there is no ps")
    cluster = data / "pg18"
    with EmbeddedPostgres(data, durable=False):
        server = postmaster(data)
        assert postmaster_by_ps(cluster, data / "socket") == server
        assert postmaster_by_ps(cluster, data / "other" / "socket") is None
    assert postmaster_by_ps(cluster, data / "socket") is None
    cluster.joinpath("postmaster.pid").write_text(f"{os.getpid()}\n")
    assert postmaster_by_ps(cluster, data / "socket") is None
