"""Whatever the database does, pages and API go on from what they hold, say so, and come back by themselves."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from tests.forked import until
from tests.serving.proxy import Proxy
from tests.serving.server import Said, Served, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="production runs on Linux")

FOR_EVER_S = 900.0
HELD = (
    "/",
    "/?q=ode",
    "/models/alpha/ode-4.5",
    "/providers",
    "/api/v1/models",
    "/api/v1/offers?sort=cost.input",
    "/api/v1/models.csv",
)
"""What the catalogue in memory answers, whole or but for its evidence."""
OF_THE_LEDGER = ("/changes", "/api/v1/changes", "/api/v1/changes.csv", "/api/v1/history?model=alpha/ode-4.5")


another_day = itertools.count(1)
READ_ONLY = (
    """do $$ begin
        execute format('alter database %I set default_transaction_read_only = on', current_database());
    end $$""",
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
)
DISK_FULL = (
    """create function full_disk() returns trigger language plpgsql as $$ begin
        raise exception 'could not extend file: No space left on device' using errcode = 'disk_full';
    end $$""",
    "create trigger full_disk before insert or update on rate_limit for each row execute function full_disk()",
)


def run(url: URL, *statements: str) -> None:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def is_stale(said: Said) -> bool:
    return said.status == 200 and json.loads(said.text)["meta"].get("stale_since") is not None


def goes_on_from_what_it_holds(server: Served) -> None:
    until(lambda: is_stale(server.ask("/api/v1/models")))
    for path in HELD:
        assert server.ask(path).status == 200, path
    assert "The database has not answered since" in server.ask("/").text
    asked = (*OF_THE_LEDGER, f"/?as_of=2026-05-{next(another_day):02d}")
    with ThreadPoolExecutor() as clients:  # each may wait its two seconds
        answers = list(clients.map(server.ask, asked))
    for path, said in zip(asked, answers, strict=True):
        assert said.status == 503, path
        assert int(said.headers["retry-after"]) > 0, path
    ready = server.ask("/readyz")
    assert (ready.status, json.loads(ready.text)["problem"]) == (503, "database_unreachable")
    assert server.ask("/healthz").status == 200


def is_whole_again(server: Served) -> None:
    until(lambda: not is_stale(server.ask("/api/v1/models")))
    assert {path: server.ask(path).status for path in ("/readyz", *HELD, *OF_THE_LEDGER)} == dict.fromkeys(
        ("/readyz", *HELD, *OF_THE_LEDGER), 200
    )


def test_a_database_that_is_gone_and_one_that_says_nothing(proxy: Proxy) -> None:
    """Each word of the server is held back longer than a test may take: no answer waits for one."""
    with serving(proxy.url, RATE_LIMIT="1000000/minute") as server:
        is_whole_again(server)
        proxy.vanish()
        goes_on_from_what_it_holds(server)
        proxy.listen()
        is_whole_again(server)
        proxy.delay_s = FOR_EVER_S
        goes_on_from_what_it_holds(server)
        proxy.delay_s = 0.0
        is_whole_again(server)


def test_a_database_that_is_absent_at_start(proxy: Proxy) -> None:
    proxy.vanish()
    with serving(proxy.url) as server:
        for path in (*HELD, *OF_THE_LEDGER):
            said = server.ask(path)
            assert said.status == 503, path
            assert int(said.headers["retry-after"]) > 0, path
        proxy.listen()
        until(lambda: server.ask("/api/v1/models").status == 200)
        is_whole_again(server)


@contextmanager
def visitor(url: URL) -> Iterator[URL]:
    """A role that has no privileges beyond web's, and may so run out of connections."""
    name = f"visitor_of_{url.database}"
    run(url, f"create role {name} login", f"grant select on all tables in schema public to {name}",
        f"grant insert, update, delete on rate_limit to {name}")  # fmt: skip
    yield url.set(username=name)
    run(url, f"drop owned by {name}", f"drop role {name}")


def test_a_database_that_gives_no_more_connections(published_url: URL) -> None:
    with visitor(published_url) as url, serving(url) as server:
        is_whole_again(server)
        ended = f"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{url.username}'"
        run(published_url, f"alter role {url.username} connection limit 0", ended)
        goes_on_from_what_it_holds(server)
        run(published_url, f"alter role {url.username} connection limit -1")
        is_whole_again(server)


@pytest.mark.parametrize("fault", ["read-only", "disk full"])
def test_a_database_that_takes_nothing(published_url: URL, fault: str) -> None:
    """Only counts are written by who serves: requests pass uncounted."""
    with serving(published_url, RATE_LIMIT="3/minute") as server:
        # Where the machine is so busy that counting takes half a second, the first requests pass uncounted.
        until(lambda: server.ask("/api/v1/models").headers.get("ratelimit-remaining") == "2")
        run(published_url, *(READ_ONLY if fault == "read-only" else DISK_FULL))
        answers = [server.ask("/api/v1/models") for _ in range(8)]
        assert {answer.status for answer in answers} == {200}
        assert "ratelimit-remaining" not in answers[-1].headers
        assert {path: server.ask(path).status for path in (*HELD, *OF_THE_LEDGER)} == dict.fromkeys((*HELD, *OF_THE_LEDGER), 200)
