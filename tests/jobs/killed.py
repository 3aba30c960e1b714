"""The job, killed as `kill -9` does: after a time, at a step of writing to the database (before or after a statement, before a
commit), or on either side of a commit.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from jobs.scrape import main
from tests.forked import run_forked
from tests.jobs.jobs_run import Jobs


def run_until(last: int, *sources: str) -> None:
    """Run the job as far as the step of this number; says how many there were."""
    taken = 0

    def step(*_: object) -> None:
        nonlocal taken
        taken += 1
        if taken == last:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, step)
    status = main(sources)
    print(f"steps {taken}", file=sys.stderr)
    sys.exit(status)


def run_until_commit(number: int, is_done: bool, *sources: str) -> None:
    """Run the job as far as the commit of this number: before it, or when it is done and its connection given back."""
    begun = 0

    def before(_: object) -> None:
        nonlocal begun
        begun += 1
        if begun == number and not is_done:
            os.kill(os.getpid(), signal.SIGKILL)

    def after(*_: object) -> None:
        if 0 < begun == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "commit", before)
    event.listen(Pool, "checkin", after)
    status = main(sources)
    print(f"commits {begun}", file=sys.stderr)
    sys.exit(status)


def killed_at_commit(jobs: Jobs, number: int, is_done: bool, *sources: str) -> subprocess.CompletedProcess[str]:
    """Run the job until it is killed before or after that commit, or to its end."""
    return run_forked(run_until_commit, number, is_done, *sources, environment=jobs.environment)


def killed_at(jobs: Jobs, step: int, *sources: str) -> subprocess.CompletedProcess[str]:
    """Run the job until it is killed at the step, or to its end before."""
    return run_forked(run_until, step, *sources, environment=jobs.environment)


def killed_after(jobs: Jobs, seconds: float, *sources: str) -> None:
    """Start the job and kill it after that time, wherever it is."""
    process = jobs.start(*sources)
    time.sleep(seconds)
    process.kill()
    process.communicate()


def steps_of(jobs: Jobs, *sources: str) -> int:
    """How many steps a run takes that nobody disturbs."""
    done = killed_at(jobs, 0, *sources)
    assert done.returncode in (0, 1), done.stderr
    return int(done.stderr.splitlines()[-1].split()[1])
