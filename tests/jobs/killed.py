"""The job, killed as `kill -9` does: after a time, or at a step of writing to the database (before or after a statement, before a
commit).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from sqlalchemy import Engine, event

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
