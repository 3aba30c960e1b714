"""Advisory locks: one a source while it is crawled, one global while a publication is written; all transaction-level."""

from __future__ import annotations

import zlib

from sqlalchemy import Connection, text

_SOURCE_SPACE = 0x41494D53
"""The first key of every source lock ("AIMS"); the second is the source id's CRC-32."""
_PUBLISHING = 0x41494D53_50554253


def lock_publishing(connection: Connection) -> None:
    """Wait for, then hold until the transaction ends, the one lock under which anything is published."""
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _PUBLISHING})


def try_lock_source(connection: Connection, source: str) -> bool:
    """Hold the source until the transaction ends, so that no second job crawls it; False when another one does."""
    number = zlib.crc32(source.encode())
    second = number - 2**32 if number >= 2**31 else number
    row = connection.execute(
        text("select pg_try_advisory_xact_lock(cast(:first as integer), cast(:second as integer))"),
        {"first": _SOURCE_SPACE, "second": second},
    )
    return bool(row.scalar_one())


def is_any_source_held(connection: Connection) -> bool:
    """Whether any job is crawling a source of this database now."""
    row = connection.execute(
        text(
            "select exists (select from pg_locks where locktype = 'advisory' and granted and classid = :first and objsubid = 2 "
            "and database = (select oid from pg_database where datname = current_database()))"
        ),
        {"first": _SOURCE_SPACE},
    )
    return bool(row.scalar_one())
