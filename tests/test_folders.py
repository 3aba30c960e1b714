"""What a killed test run leaves behind, the next one removes, and nothing else."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from aimstats.config.values import PROJECT_ROOT
from tests.folders import open_folder, remove_leftovers

RUN = """
import sys
from pathlib import Path
from aimstats.store.embedded import EmbeddedPostgres
from tests.folders import open_folder
with open_folder("run", Path(sys.argv[1])) as folder, EmbeddedPostgres(folder / "data", durable=False) as server:
    print(folder, server.url, flush=True)
    sys.stdin.read()
"""


@contextmanager
def run(parent: Path) -> Iterator[tuple[subprocess.Popen[str], Path, str]]:
    """A run with a server, until it is told to end: its process, its folder and its server's address."""
    command = [sys.executable, "-c", RUN, str(parent)]
    with subprocess.Popen(command, cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        folder, url = process.stdout.readline().split()
        yield process, Path(folder), url


def answers(url: str) -> bool:
    engine = create_engine(make_url(url))
    try:
        with engine.connect() as connection:
            return bool(connection.execute(text("select true")).scalar())
    except OperationalError:
        return False
    finally:
        engine.dispose()


def test_a_killed_run_is_cleared_away_by_the_next_and_a_living_one_is_not() -> None:
    with open_folder("leftovers") as parent, run(parent) as (living, kept, kept_url):
        stranger = parent / "aimstats-stranger"
        (stranger / "data").mkdir(parents=True)
        with run(parent) as (killed, left, left_url):
            killed.send_signal(signal.SIGKILL)
            killed.wait()
            assert answers(left_url)
            remove_leftovers(parent)
            assert not left.exists()
            assert not answers(left_url)
        assert stranger.exists(), "nobody says that it is ours"
        assert kept.exists()
        assert answers(kept_url)
        living.communicate("")
        assert not kept.exists()
        assert not answers(kept_url)
