"""One account for all that a request waits for: whatever does not come is waited for once, REQUEST_S in all.

What does not come here never comes: a wait that took no account of the patience would hang.
"""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import psycopg2
import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import TimeoutError

from aimstats.catalogue import holder as holding
from aimstats.catalogue.holder import CatalogueHolder, CatalogueUnavailableError
from aimstats.config import load_config
from aimstats.extensions.rate_limits import storage
from aimstats.extensions.rate_limits.limiter import REDIS_TIMEOUT_S
from aimstats.store import database
from aimstats.store.database import PatientPool, open_database
from aimstats.store.patience import LONG_WAIT_S, REQUEST_S, Aside, be_impatient, left_s, longer, patience, waiting
from tests.api.published import publish_small
from tests.conftest import as_text
from tests.serving.proxy import proxy_to

FOR_EVER_S = 900.0
A_MOMENT_S = 0.05
WANTED_S = 3.0
TO_MAKE_A_PAGE_S = 1.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of a clock that stands still until it is moved."""
    now = [0.0]
    monkeypatch.setattr("aimstats.store.patience.time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


@pytest.fixture
def never() -> Iterator[threading.Event]:
    """What does not come before the test is over."""
    event = threading.Event()
    yield event
    event.set()


def test_the_seconds_of_a_request_add_up() -> None:
    assert REQUEST_S + TO_MAKE_A_PAGE_S <= WANTED_S
    for one in (
        holding.ANSWER_WAIT_S, database.POOL_TIMEOUT_S, database.CONNECT_TIMEOUT_S, database.STATEMENT_TIMEOUT_MS / 1_000,
        storage.POOL_TIMEOUT_S + storage.CONNECT_TIMEOUT_S + storage.STATEMENT_TIMEOUT_MS / 1_000, 2 * REDIS_TIMEOUT_S,
    ):  # fmt: skip
        assert one <= REQUEST_S, "nothing is waited for longer than that by itself"


def test_all_waits_of_a_request_are_one_account(clock: list[float]) -> None:
    with patience(2.0):
        with waiting() as granted:
            assert granted == 2.0
            clock[0] += 0.5
        assert left_s() == 1.5
        with longer():
            assert left_s() == 1.5, "no single word of a long reading may take more than was left"
            for _ in range(6):
                with waiting():
                    clock[0] += 1.4
            assert 0 < left_s() < LONG_WAIT_S - 6 * 1.4 + 0.01
        assert left_s() == 1.5, "what came of a long reading, word for word, is no reason to give up the rest"
    assert math.isinf(left_s())


def test_what_did_not_come_is_not_waited_for_again(clock: list[float]) -> None:
    with patience(2.0):
        with longer(), waiting() as granted:
            clock[0] += granted
        assert left_s() == 0.0
        with longer():
            assert left_s() == 0.0


def test_a_silent_database_is_waited_for_once(database_url: URL) -> None:
    be_impatient()
    try:
        with proxy_to(database_url) as proxy:
            connection = psycopg2.connect(proxy.url)
            other = psycopg2.connect(proxy.url)
            proxy.delay_s = FOR_EVER_S
            with patience(A_MOMENT_S):
                with longer(), pytest.raises(psycopg2.OperationalError):
                    connection.cursor().execute("select 1")
                with pytest.raises(psycopg2.OperationalError):
                    other.cursor().execute("select 1")
                assert left_s() == 0.0
            assert connection.closed, "nobody takes it for one that is well"
            assert other.closed
    finally:
        psycopg2.extensions.set_wait_callback(None)


def test_a_look_that_does_not_end_is_waited_for_with_half_of_the_patience(
    database_url: URL, never: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = itertools.count(0, 10 * holding.LOOK_EVERY_S)
    monkeypatch.setattr(holding, "ANSWER_WAIT_S", FOR_EVER_S)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        publish_small(connection)
    holder = CatalogueHolder(engine, clock=lambda: next(moments))
    held = holder.current()
    monkeypatch.setattr(holder, "_look_now", lambda look: never.wait())
    with patience(2 * A_MOMENT_S):
        assert holder.current() is held
    with patience(A_MOMENT_S):
        assert holder.current() is held, "the next one does not wait for it at all"
        assert left_s() == A_MOMENT_S
    engine.dispose()


def test_a_first_edition_that_does_not_come_is_said_to_be_under_way(
    never: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "ANSWER_WAIT_S", FOR_EVER_S)
    holder = CatalogueHolder(create_engine("postgresql+psycopg2://nobody@127.0.0.1:1/none"))
    monkeypatch.setattr(holder, "_look_now", lambda look: never.wait())
    with patience(A_MOMENT_S), pytest.raises(CatalogueUnavailableError, match="still being read"):
        holder.current()


def test_a_place_in_a_pool_that_stays_full_is_waited_for_no_longer(database_url: URL) -> None:
    engine = create_engine(database_url, poolclass=PatientPool, pool_size=1, max_overflow=0, pool_timeout=FOR_EVER_S)
    with engine.connect(), patience(A_MOMENT_S), pytest.raises(TimeoutError):
        engine.connect()
    with patience(A_MOMENT_S), engine.connect():
        assert left_s() > 0, "who need not wait goes on"
    engine.dispose()


def test_the_database_of_a_deployment_has_such_pools(database_url: URL) -> None:
    with open_database(load_config({"DATABASE_URL": as_text(database_url)})) as ours:
        assert isinstance(ours.engine.pool, PatientPool)
        assert isinstance(storage.counting_engine(ours).pool, PatientPool)


def test_a_call_aside_goes_on_when_nobody_waits_for_it(never: threading.Event) -> None:
    ended: list[bool] = []
    aside = Aside("long", lambda: ended.append(never.wait()))
    with patience(A_MOMENT_S):
        assert not aside.wait()
        assert left_s() == 0.0
    never.set()
    assert aside.wait()
    assert ended == [True]
    failing = Aside("failing", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        failing.wait()
    assert failing.wait()
