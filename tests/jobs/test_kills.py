"""Killed at any step of writing to the database and run again, the job leaves what an undisturbed run leaves."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable

import pytest
from sqlalchemy.engine import URL

from aimstats.store.tables.base import Base
from tests.jobs.jobs_run import THREE, Jobs, write_mirror
from tests.jobs.killed import killed_after, killed_at, killed_at_commit, steps_of

COMMITS = 1 + len(THREE) + 1 + 1 + 2
"""The declarations, a source each, what is settled at the end of a crawl, the bulk files, and old runs and events."""
KILLS = 50
WHOLE = (0, 1)
"""All is published; 1 says that something of it is held, as one figure of the small LiteLLM page is."""


def left(jobs: Jobs) -> tuple[list[str], list[tuple[object, ...]]]:
    """What stands in the database: all that was published, and how many rows each table has."""
    counts = " union all ".join(f"select '{name}', count(*) from {name}" for name in sorted(Base.metadata.tables))
    return jobs.state(), jobs.rows(counts)


def test_killed_on_either_side_of_each_commit(jobs: Jobs, new_database: Callable[[], URL]) -> None:
    """What a kill before a commit leaves is what the commit before it left, from which the run after that kill goes on."""

    def another() -> Jobs:
        return Jobs(new_database(), jobs.environment["SCRAPE_MIRROR_URL"], jobs.folder)

    committed = left(jobs)
    whole = killed_at_commit(jobs, 0, False, *THREE)
    assert whole.stderr.splitlines()[-1] == f"commits {COMMITS}"
    expected = jobs.state()
    for number in range(1, COMMITS + 1):
        disturbed = another()
        assert killed_at_commit(disturbed, number, False, *THREE).returncode == -signal.SIGKILL
        assert left(disturbed) == committed, f"killed before commit {number} of {COMMITS}"
        disturbed = another()
        assert killed_at_commit(disturbed, number, True, *THREE).returncode == -signal.SIGKILL
        committed = left(disturbed)
        assert disturbed.run(*THREE).returncode in WHOLE
        assert disturbed.state() == expected, f"killed after commit {number} of {COMMITS}"


@pytest.mark.long
def test_killed_at_steps_all_over_a_run_from_empty(jobs: Jobs, new_database: Callable[[], URL]) -> None:
    total = steps_of(jobs, *THREE)
    expected = jobs.state()
    for number in range(KILLS):
        step = 1 + number * (total - 1) // (KILLS - 1)
        disturbed = Jobs(new_database(), jobs.environment["SCRAPE_MIRROR_URL"], jobs.folder)
        assert killed_at(disturbed, step, *THREE).returncode == -signal.SIGKILL
        assert disturbed.run(*THREE).returncode in WHOLE
        assert disturbed.state() == expected, f"killed at step {step} of {total}"


@pytest.mark.long
def test_killed_at_a_hundred_random_moments_it_still_does(jobs: Jobs, undisturbed: Jobs) -> None:
    dice = random.Random(20261123)
    page = (jobs.folder / "models_dev.json").read_text(encoding="utf-8")
    for turn in range(10):
        write_mirror(jobs.folder, {"models_dev": page.replace('"name": "', f'"name": "{turn} ')})
        for _ in range(10):
            killed_after(jobs, dice.uniform(0.3, 3.5), *THREE)
        for each in (jobs, undisturbed):
            assert each.run(*THREE).returncode in WHOLE
        assert jobs.state() == undisturbed.state()
