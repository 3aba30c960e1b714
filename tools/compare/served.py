"""A checkout at work: its crawl of recorded documents into an empty database, and its server on what came of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

INHERITED: Final = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
"""Nothing else of the caller's environment reaches the checkout: a setting of today would be a difference tomorrow."""
PATIENCE_S: Final = 120
CRAWLED: Final = (0, 1)
"""The crawl's exit statuses that leave a catalogue: all well, or something failed or held."""


class CheckoutError(RuntimeError):
    """The checkout could not crawl or did not serve; the message is what it said."""


@contextmanager
def serving(checkout: Path, documents: Path, observed_at: str, sources: Sequence[str]) -> Iterator[str]:
    """The base address of the checkout's server on a catalogue made of `documents`, a folder with a MANIFEST.json; of
    these `sources` only, where any is named.

    All of it runs in the checkout's own processes and on a database that is gone afterwards. Raises CheckoutError.
    """
    data_dir = Path(tempfile.mkdtemp(prefix="aimstats-compare-"))
    settings = {name: os.environ[name] for name in INHERITED if name in os.environ}
    settings |= {
        "DATA_DIR": str(data_dir),
        "FLASK_SKIP_DOTENV": "1",
        "LOG_LEVEL": "WARNING",
        "RATE_LIMIT": "",
        "SCRAPE_SOURCES": ",".join(sources),
    }
    try:
        _crawl(checkout, documents, observed_at, settings)
        with _started(checkout, {**settings, "PORT": str(_free_port()), "WEB_CONCURRENCY": "1"}) as base:
            yield base
    finally:
        shutil.rmtree(data_dir, ignore_errors=True)


def fetched(address: str) -> bytes:
    """The body of an answer. Raises CheckoutError unless its status is 200."""
    try:
        with urlopen(address, timeout=PATIENCE_S) as answer:
            body: bytes = answer.read()
    except HTTPError as error:
        raise CheckoutError(f"{address} answers {error.code}") from None
    except URLError as error:
        raise CheckoutError(f"{address}: {error.reason}") from None
    return body


def _crawl(checkout: Path, documents: Path, observed_at: str, settings: Mapping[str, str]) -> None:
    mirror = subprocess.Popen(
        [sys.executable, "-m", "jobs.mirror", str(documents.resolve()), "--port", "0"],
        cwd=checkout, env=dict(settings), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with mirror:
        try:
            assert mirror.stdout is not None
            address = mirror.stdout.readline().split(" ")[0]
            if not address:
                raise CheckoutError(f"no mirror of {documents}")
            crawl = subprocess.run(
                [sys.executable, "-m", "jobs.scrape", "--observed-at", observed_at],
                cwd=checkout, env={**settings, "SCRAPE_MIRROR_URL": address}, capture_output=True, text=True, check=False,
            )  # fmt: skip
        finally:
            mirror.terminate()
    if crawl.returncode not in CRAWLED:
        raise CheckoutError(f"the crawl ended with {crawl.returncode}:\n{crawl.stderr[-2_000:]}")


@contextmanager
def _started(checkout: Path, settings: Mapping[str, str]) -> Iterator[str]:
    base = f"http://127.0.0.1:{settings['PORT']}"
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"]
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, cwd=checkout, env=dict(settings), stdout=said, stderr=said, text=True) as server,
    ):
        try:
            deadline = time.monotonic() + PATIENCE_S
            while not _is_ready(base):
                if server.poll() is not None or time.monotonic() > deadline:
                    said.seek(0)
                    raise CheckoutError(f"the server of {checkout} is not ready:\n{said.read()[-2_000:]}")
                time.sleep(0.1)
            yield base
        finally:
            server.terminate()


def _is_ready(base: str) -> bool:
    try:
        fetched(f"{base}/readyz")
    except CheckoutError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
