"""The whole mirror crawled by the job: everything published, nothing written again, whatever the order and whoever kills it."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from aimstats.config.values import PROJECT_ROOT
from scrapy_project.sources import spider_classes
from tests.faults.documents import mirrored
from tests.jobs.jobs_run import Jobs, jobs_on, table_of
from tests.jobs.killed import killed_after, killed_at

pytestmark = pytest.mark.long

WHOLE = (0, 1)
"""All is published; 1 says that some figures are held, as some of the real documents are wrong."""
MOST_MEGABYTES = 200
PARTS = 6
ROUNDS, KILLS = 4, 25
"""Crawls from an empty database, and how often each of them is killed."""
STEPS = 1_000


def with_documents(shared: Path) -> list[str]:
    """The sources of which the mirror has documents."""
    documents = mirrored(shared / "mirror")
    return [
        id_ for id_, cls in spider_classes().items() if any(url.split("://", 1)[1] in documents for url in cls.first_documents())
    ]


@pytest.fixture
def whole(shared: Path, database_url: URL) -> Iterator[tuple[Jobs, list[str]]]:
    """The job on the whole mirror, and its sources."""
    with jobs_on(database_url, shared / "mirror") as jobs:
        yield jobs, with_documents(shared)


@pytest.fixture
def other(second_database_url: URL, whole: tuple[Jobs, list[str]]) -> Jobs:
    """The job on the same mirror with another database."""
    jobs, _ = whole
    return Jobs(second_database_url, jobs.environment["SCRAPE_MIRROR_URL"], jobs.folder)


def peak_megabytes(jobs: Jobs, sources: Sequence[str]) -> float:
    """The most memory that a run of the job holds; started by a small process, whose own memory a child begins with."""
    measured = "import resource, subprocess, sys; subprocess.run(sys.argv[1:]); "
    measured += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)"
    command = [sys.executable, "-c", measured, sys.executable, "-m", "jobs.scrape", *sources]
    done = subprocess.run(command, cwd=PROJECT_ROOT, env=jobs.environment, capture_output=True, text=True, check=True)
    assert "unchanged" in done.stderr
    return int(done.stderr.splitlines()[-1]) / 1_024


def test_from_empty_every_source_is_published_and_again_nothing_is_written(whole: tuple[Jobs, list[str]]) -> None:
    jobs, sources = whole
    first = jobs.run(*sources)
    assert first.returncode in WHOLE, first.stderr
    assert {cells["status"] for cells in table_of(first.stderr).values()} == {"published"}
    assert set(table_of(first.stderr)) == set(sources)
    unknown = jobs.rows("select source, key from run, jsonb_object_keys(stats->'unknown') as key")
    assert [row for row in unknown if any(word in row[1] for word in ("price", "cost", "rate", "multiplier"))] == []
    tables = ("claim", "assignment", "listing", "event", "resolved_model", "resolved_offer", "held")
    before = {table: jobs.rows(f"select * from {table} order by 1") for table in tables}, jobs.rows("select dataset from version")
    assert peak_megabytes(jobs, sources) < MOST_MEGABYTES
    after = {table: jobs.rows(f"select * from {table} order by 1") for table in tables}, jobs.rows("select dataset from version")
    assert after == before
    assert jobs.rows("select distinct status from (select distinct on (source) status from run order by source, id desc) r") == [
        ("unchanged",)
    ]


def disturbed(run: Callable[[Jobs, list[str]], None], whole: tuple[Jobs, list[str]], other: Jobs) -> None:
    """Crawl in the given way, and compare with one undisturbed crawl."""
    jobs, sources = whole
    run(jobs, sources)
    assert other.run(*sources).returncode in WHOLE
    assert jobs.state() == other.state()


def test_sources_crawled_in_any_order_leave_the_same(whole: tuple[Jobs, list[str]], other: Jobs) -> None:
    def shuffled(jobs: Jobs, sources: list[str]) -> None:
        order = random.Random(20261125).sample(sources, len(sources))
        for part in range(PARTS):
            assert jobs.run(*order[part::PARTS]).returncode in WHOLE
        assert jobs.run(*sources).returncode in WHOLE

    disturbed(shuffled, whole, other)


def test_killed_a_hundred_times_in_the_whole_crawl_it_leaves_the_same(
    whole: tuple[Jobs, list[str]], new_database: Callable[[], URL]
) -> None:
    jobs, sources = whole
    assert jobs.run(*sources).returncode in WHOLE
    expected, dice = jobs.state(), random.Random(20261126)
    for _ in range(ROUNDS):
        disturbed = Jobs(new_database(), jobs.environment["SCRAPE_MIRROR_URL"], jobs.folder)
        for number in range(KILLS):
            if number % 2:
                killed_at(disturbed, dice.randint(1, STEPS), *sources)
            else:
                killed_after(disturbed, dice.uniform(0.5, 7), *sources)
        assert disturbed.run(*sources).returncode in WHOLE
        assert disturbed.state() == expected
