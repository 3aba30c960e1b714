"""Jobs on a database and a mirror of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from jobs import stopping
from tests.jobs.jobs_run import Jobs, jobs_on, write_mirror


@pytest.fixture
def jobs(database_url: URL, tmp_path: Path) -> Iterator[Jobs]:
    """The job against the small pages of three sources."""
    write_mirror(tmp_path)
    with jobs_on(database_url, tmp_path) as found:
        yield found


@pytest.fixture
def spared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process of the tests does not end with the job that they stop in it."""
    monkeypatch.setattr(stopping, "_end_process_in", lambda seconds: None)


@pytest.fixture
def undisturbed(second_database_url: URL, jobs: Jobs) -> Jobs:
    """The job against the same mirror with another database."""
    return Jobs(second_database_url, jobs.environment["SCRAPE_MIRROR_URL"], jobs.folder)
