"""Killed at any step of writing to the database and run again, the job leaves what an undisturbed run leaves."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest
from sqlalchemy.engine import URL

from tests.jobs.jobs_run import THREE, Jobs
from tests.jobs.killed import killed_at, steps_of

KILLS = 50


@pytest.mark.long
def test_killed_at_steps_all_over_a_run_from_empty(jobs: Jobs, new_database: Callable[[], URL]) -> None:
    total = steps_of(jobs, *THREE)
    expected = jobs.state()
    for number in range(KILLS):
        step = 1 + number * (total - 1) // (KILLS - 1)
        disturbed = Jobs(new_database(), jobs.environment["SCRAPE_MIRROR_URL"], jobs.folder)
        assert killed_at(disturbed, step, *THREE).returncode == -signal.SIGKILL
        assert disturbed.run(*THREE).returncode in (0, 1)
        assert disturbed.state() == expected, f"killed at step {step} of {total}"
