"""Making all files of one dataset version and putting them in the place of those before."""

from __future__ import annotations

import gzip
import hashlib
import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Final

from backports import zstd
from sqlalchemy import Connection, Engine

from aimstats.catalogue.published import read_catalogue, read_version
from aimstats.store.bulk import PART_BYTES, Made, keep, made_of

NAMES: Final = ("catalog.json", "catalog.parquet", "prices.parquet")
FORM: Final = 1
"""Moves when the files of the same rows come out otherwise."""
ZSTD_LEVEL: Final = 12
GZIP_LEVEL: Final = 9
READ_TIMEOUT_MS: Final = 120_000
LOCK_TIMEOUT_MS: Final = 5_000

log = logging.getLogger("aimstats.scrape")

Transaction = Callable[[Engine], AbstractContextManager[Connection]]


def make_bulk(engine: Engine, transaction: Transaction, now: datetime) -> bool:
    """Make the files, unless they are of what is published now already; true where they were made.

    What is published is read in one snapshot and without a lock: whoever publishes meanwhile does not wait, and has them made
    again. `transaction` begins the one in which they are replaced.
    """
    with engine.connect() as connection:
        version = read_version(connection)
        if version is None or made_of(connection, NAMES, FORM) == version.dataset:
            return False
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aimstats-bulk-") as folder:
        dataset, files = _made(engine, Path(folder))
        with transaction(engine) as connection:
            connection.exec_driver_sql(f"set local lock_timeout = {LOCK_TIMEOUT_MS}")
            keep(connection, files, dataset, FORM, now)
    log.info("the bulk files were made in %.1f s", time.monotonic() - began)
    return True


def _made(engine: Engine, folder: Path) -> tuple[int, list[Made]]:
    """The dataset version and its files, in a folder."""
    # Only who makes them pays for pyarrow: half a second and 60 MB.
    from jobs.bulk.catalog import catalog_json, sources_of, write_catalog
    from jobs.bulk.prices import write_prices

    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection:
        connection.exec_driver_sql(f"set local statement_timeout = {READ_TIMEOUT_MS}")
        catalogue = read_catalogue(connection)
        assert catalogue is not None, "a version is published"
        dataset, sources = catalogue.version.dataset, sources_of(connection)
        whole = _compressed(NAMES[0], catalog_json(catalogue, sources), folder)
        write_catalog(catalogue, sources, folder / NAMES[1])
        del catalogue
        write_prices(connection, sources, folder / NAMES[2])
    return dataset, [whole, *(_as_it_is(name, folder) for name in NAMES[1:])]


def _compressed(name: str, parts: Iterable[bytes], folder: Path) -> Made:
    """A file in both encodings, compressed while it is made."""
    digest = hashlib.blake2b(digest_size=12)
    with (
        zstd.open(folder / f"{name}.zst", "wb", level=ZSTD_LEVEL) as small,
        gzip.GzipFile(folder / f"{name}.gz", "wb", GZIP_LEVEL, mtime=0) as usual,
    ):
        for part in parts:
            digest.update(part)
            small.write(part)
            usual.write(part)
    encodings = {"zstd": _parts(folder / f"{name}.zst"), "gzip": _parts(folder / f"{name}.gz")}
    return Made(name, digest.hexdigest(), encodings)


def _as_it_is(name: str, folder: Path) -> Made:
    with (folder / name).open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=12))
    return Made(name, digest.hexdigest(), {"identity": _parts(folder / name)})


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(PART_BYTES):
            yield part
