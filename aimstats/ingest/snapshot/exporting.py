"""The ledger of the sources that may be bundled written to a file."""

from __future__ import annotations

import gzip
from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from aimstats.ingest.snapshot.file import CLOSED_AS, FORMAT, date_at, write_line

_DECLARED = "select body from source order by id"
_SOURCES = "select body from source where (body->>'bundle')::boolean order by id"
_BENCHMARKS = """
select b.id, b.body from benchmark b where exists (
    select from claim c join listing l on l.id = c.listing_id
    where l.source = :source and c.kind = 'score' and split_part(c.key, '|', 1) = b.id) order by b.id
"""
_RUNS = """
select * from (
    select r.id, r.observed_at, r.started_at,
           exists (select from claim c where c.opened_by = r.id)
           or exists (select from claim c where c.closed_by = r.id) as changed
    from run r where r.source = :source and r.status in ('published', 'unchanged')) found
where changed or cast(:days as date[]) is null or cast(observed_at at time zone 'UTC' as date) = any(cast(:days as date[]))
order by observed_at, id
"""
_DOCUMENTS = """
select id, url, sha256, document_date, position, gone_at, gone_runs from document
where source = :source and checked_at is not null order by position, url
"""
_READINGS = """
select run_id, document_id, status, sha256, read_at, document_date from reading where run_id = any(:runs) and status <> 'failed'
order by run_id, document_id
"""
_CLAIMS = """
select l.id, l.provider, l.host, l.external_id, l.region, l.variant, l.ordinal, l.is_page_name,
       c.document_id, c.kind, c.key, c.value, c.url, c.valid_from, c.valid_to, c.observed_from, c.observed_to, c.closed_as
from claim c join listing l on l.id = c.listing_id where l.source = :source
order by l.provider, l.host, l.external_id, l.region, l.variant, l.ordinal, c.document_id, c.kind, c.key, c.observed_from,
         c.valid_from
"""
_LETTER = {word: letter for letter, word in CLOSED_AS.items()}


def export(connection: Connection, path: Path, days: Collection[date] | None = None) -> dict[str, int]:
    """Write the snapshot of all sources that may be bundled; returns claims by source.

    With `days`, runs of other days are left out unless a claim began or ended in them: what only confirmed is not told.
    The bytes depend on the ledger alone: exporting twice gives the same file.
    """
    counts: dict[str, int] = {}
    partial = path.with_suffix(path.suffix + ".part")
    with partial.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as out:
        write_line(out, {"format": FORMAT, "declared": list(connection.execute(text(_DECLARED)).scalars())})
        for (body,) in connection.execute(text(_SOURCES)).all():
            if count := _export_source(connection, body, out, days):
                counts[body["id"]] = count
    partial.replace(path)
    return counts


def _instant(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _export_source(connection: Connection, body: dict[str, Any], out: gzip.GzipFile, days: Collection[date] | None) -> int:
    source = {"source": body["id"]}
    runs = connection.execute(text(_RUNS), source | {"days": None if days is None else sorted(days)}).all()
    documents = connection.execute(text(_DOCUMENTS), source).all()
    number = {row.id: place for place, row in enumerate(documents)}
    last = {row.id: row.document_date for row in documents}
    readings: dict[int, list[Any]] = {}
    for row in connection.execute(text(_READINGS), {"runs": [run.id for run in runs]}):
        if row.document_id in number:
            reading = [number[row.document_id], row.status, row.sha256, _instant(row.read_at)]
            is_told = row.status == "gone" or row.document_date == date_at(last[row.document_id], row.read_at)
            readings.setdefault(row.run_id, []).append(reading if is_told else [*reading, _instant(row.document_date)])
    if not readings:
        return 0
    head = {
        "source": body,
        "benchmarks": [dict(row.body) for row in connection.execute(text(_BENCHMARKS), source)],
        "documents": [
            [row.url, row.sha256, _instant(row.document_date), row.position, _instant(row.gone_at), row.gone_runs]
            for row in documents
        ],
        "runs": [
            [_instant(run.observed_at), _instant(run.started_at), readings.get(run.id, [])]
            for run in runs
            if run.id in readings or run.changed
        ],
    }
    write_line(out, head)
    listing: list[Any] | None = None
    listing_id, count = None, 0
    for row in connection.execute(text(_CLAIMS), source):
        if row[8] not in number:
            continue
        if row[0] != listing_id:
            if listing is not None:
                write_line(out, listing)
            listing_id, listing = row[0], [*row[1:8], []]
        assert listing is not None
        claim = [number[row[8]], *row[9:13], *map(_instant, row[13:17])]
        listing[-1].append([*claim, _LETTER[row[17]]] if row[17] else claim)
        count += 1
    if listing is not None:
        write_line(out, listing)
    return count
