"""A snapshot: the ledger of the sources that may be bundled, as a file of facts that is replayed through the same path.

The file is gzipped JSON, one value a line: a head with the declarations of all sources (ours, not theirs), then each source with
its runs and documents, then its listings with their claims, open and closed. Resolved values and texts of others are never in it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from aimstats.domain.claims import ClaimRow, Flat, ListingRows, json_text, json_value
from aimstats.domain.items import Benchmark, Source
from aimstats.domain.money import canonical
from aimstats.domain.prices import UNITS, parse_price_key
from aimstats.domain.readings import Reading, SourceResult
from aimstats.ingest.documents import mark_stale
from aimstats.ingest.editions import choose_editions
from aimstats.ingest.publish import Recorded, record
from aimstats.ingest.resolved import write_resolved
from aimstats.ingest.runs import Clock, declare, declare_unread, finish_run, move_version
from aimstats.ingest.touched import rank_documents
from aimstats.store.locks import lock_publishing

FORMAT = 1
BUNDLED = Path(__file__).parent / "bundled" / "claims.jsonl.gz"
"""The snapshot that comes with the project: openly licensed sources only."""


class SnapshotError(ValueError):
    """A file that is no snapshot of a format that this code reads; the message is one line."""


@dataclass(slots=True)
class Imported:
    """What an import did: source -> `imported`, `known` (nothing to do), or why it was refused."""

    sources: dict[str, str] = field(default_factory=dict)
    runs: int = 0
    claims: int = 0


_DECLARED = "select body from source order by id"
_SOURCES = "select body from source where (body->>'bundle')::boolean order by id"
_BENCHMARKS = """
select b.id, b.body from benchmark b where exists (
    select from claim c join listing l on l.id = c.listing_id
    where l.source = :source and c.kind = 'score' and split_part(c.key, '|', 1) = b.id) order by b.id
"""
_RUNS = """
select r.id, r.observed_at, r.started_at from run r
where r.source = :source and r.status in ('published', 'unchanged') order by r.observed_at, r.id
"""
_DOCUMENTS = """
select id, url, sha256, document_date, position from document where source = :source and checked_at is not null
order by position, url
"""
_READINGS = """
select run_id, document_id, status, sha256, read_at from reading where run_id = any(:runs) and status <> 'failed'
order by run_id, document_id
"""
_CLAIMS = """
select l.id, l.provider, l.host, l.external_id, l.region, l.variant, l.ordinal, l.is_page_name,
       c.document_id, c.kind, c.key, c.value, c.url, c.valid_from, c.valid_to, c.observed_from, c.observed_to
from claim c join listing l on l.id = c.listing_id where l.source = :source
order by l.provider, l.host, l.external_id, l.region, l.variant, l.ordinal, c.document_id, c.kind, c.key, c.observed_from
"""


def _instant(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _line(out: gzip.GzipFile, value: Any) -> None:
    out.write(json_text(value).encode() + b"\n")


def export(connection: Connection, path: Path) -> dict[str, int]:
    """Write the snapshot of all sources that may be bundled; returns claims by source.

    The bytes depend on the ledger alone: exporting twice gives the same file.
    """
    counts: dict[str, int] = {}
    partial = path.with_suffix(path.suffix + ".part")
    with partial.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as out:
        _line(out, {"format": FORMAT, "declared": list(connection.execute(text(_DECLARED)).scalars())})
        for (body,) in connection.execute(text(_SOURCES)).all():
            counts[body["id"]] = _export_source(connection, body, out)
    partial.replace(path)
    return counts


def _export_source(connection: Connection, body: dict[str, Any], out: gzip.GzipFile) -> int:
    source = {"source": body["id"]}
    runs = connection.execute(text(_RUNS), source).all()
    documents = connection.execute(text(_DOCUMENTS), source).all()
    number = {row.id: place for place, row in enumerate(documents)}
    readings: dict[int, list[Any]] = {}
    for row in connection.execute(text(_READINGS), {"runs": [run.id for run in runs]}):
        if row.document_id in number:
            readings.setdefault(row.run_id, []).append([number[row.document_id], row.status, row.sha256, _instant(row.read_at)])
    head = {
        "source": body,
        "benchmarks": [dict(row.body) for row in connection.execute(text(_BENCHMARKS), source)],
        "documents": [[row.url, row.sha256, _instant(row.document_date), row.position] for row in documents],
        "runs": [[_instant(run.observed_at), _instant(run.started_at), readings[run.id]] for run in runs if run.id in readings],
    }
    _line(out, head)
    listing: list[Any] | None = None
    listing_id, count = None, 0
    for row in connection.execute(text(_CLAIMS), source):
        if row[8] not in number:
            continue
        if row[0] != listing_id:
            if listing is not None:
                _line(out, listing)
            listing_id, listing = row[0], [*row[1:8], []]
        assert listing is not None
        listing[-1].append([number[row[8]], *row[9:13], *map(_instant, row[13:17])])
        count += 1
    if listing is not None:
        _line(out, listing)
    return count


def _read(path: Path) -> Iterator[tuple[dict[str, Any], list[list[Any]]]]:
    """The snapshot's head, then each source's with its listings. Raises SnapshotError."""
    try:
        with gzip.open(path, "rb") as lines:
            first = json.loads(next(lines, b"null"))
            if not isinstance(first, dict) or first.get("format") != FORMAT:
                raise SnapshotError(f"{path}: no snapshot of format {FORMAT}")
            yield first, []
            head: dict[str, Any] | None = None
            listings: list[list[Any]] = []
            for line in lines:
                value = json_value(line.decode())
                if isinstance(value, dict):
                    if head is not None:
                        yield head, listings
                    head, listings = value, []
                else:
                    listings.append(value)
            if head is not None:
                yield head, listings
    except (OSError, EOFError, ValueError) as error:
        if isinstance(error, SnapshotError):
            raise
        raise SnapshotError(f"{path}: {error}") from error


@dataclass(slots=True)
class _Step:
    """One run to be replayed."""

    observed_at: datetime
    started_at: datetime
    source: Source
    head: dict[str, Any]
    readings: list[list[Any]]
    listings: list[list[Any]]


def _source(body: dict[str, Any]) -> Source:
    return Source(**(body | {"hosts": tuple(body["hosts"])}))


def import_(connection: Connection, path: Path, now: datetime, software: str) -> Imported:
    """Replay the snapshot's runs in time order inside the caller's transaction, then resolve once.

    A source whose last run is later than the snapshot's is refused; one whose runs are all known writes nothing.
    Raises SnapshotError.
    """
    lock_publishing(connection)
    done = Imported()
    steps: list[_Step] = []
    parts = _read(path)
    first, _ = next(parts)
    declare_unread(connection, map(_source, first.get("declared", ())))
    for head, listings in parts:
        source = _source(head["source"])
        runs = [
            _Step(datetime.fromisoformat(run[0]), datetime.fromisoformat(run[1]), source, head, run[2], listings)
            for run in head["runs"]
        ]
        last = connection.execute(
            text("select max(observed_at) from run where source = :id and status in ('published', 'unchanged')"),
            {"id": source.id},
        ).scalar_one()
        if not runs or (last is not None and last == runs[-1].observed_at):
            done.sources[source.id] = "known"
        elif last is not None:
            done.sources[source.id] = f"refused: the catalogue has a run of {last.isoformat()}"
        else:
            done.sources[source.id] = "imported"
            steps += runs
    for step in sorted(steps, key=lambda step: (step.observed_at, step.source.id)):
        recorded = _replay(connection, step, now, software)
        done.runs += 1
        done.claims += recorded.change.opened
        stats = {"opened": recorded.change.opened, "snapshot": True}
        finish_run(connection, recorded.run, "published", stats, now)
    if steps:
        choose_editions(connection)
        mark_stale(connection, now)
        rank_documents(connection)
        write_resolved(connection, now, None)
        move_version(connection, now, True)
    return done


def import_bundled_if_empty(engine: Engine, now: datetime, software: str) -> bool:
    """Fill a catalogue in which nothing was ever published with the bundled snapshot; whether it did."""
    with engine.begin() as connection:
        if connection.execute(text("select published_at from version")).scalar_one() is not None or not BUNDLED.exists():
            return False
        import_(connection, BUNDLED, now, software)
    return True


def _replay(connection: Connection, step: _Step, now: datetime, software: str) -> Recorded:
    documents = step.head["documents"]
    urls = {number: documents[number][0] for number, *_ in step.readings}
    instants = {number: datetime.fromisoformat(read_at) for number, _, _, read_at in step.readings}
    flats = {urls[number]: Flat() for number, status, *_ in step.readings if status == "ok"}
    for listing in step.listings:
        _add_standing(flats, urls, instants, listing)
    readings = tuple(
        Reading(url=urls[number], status=status, sha256=sha256, position=documents[number][3])
        for number, status, sha256, _ in step.readings
    )
    at = {urls[number]: instant for number, instant in instants.items()}
    dates = {row[0]: datetime.fromisoformat(row[2]) for row in documents if row[2]}
    result = SourceResult(source=step.source, finished=True, close_reason="finished", readings=readings)
    declare(connection, step.source, [Benchmark(**body) for body in step.head["benchmarks"]])
    clock = _ReplayClock(started_at=step.started_at, now=now, observed_at=step.observed_at, at=at)
    recorded = record(connection, result, flats, clock, software, is_replay=True)
    if not isinstance(recorded, Recorded):
        raise SnapshotError(f"{step.source.id}: {recorded.error}")
    connection.execute(
        text("update document set document_date = :date where source = :source and url = :url"),
        [{"source": step.source.id, "url": url, "date": dates.get(url)} for url in at],
    )
    return recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReplayClock(Clock):
    """Each reading counts as of the instant that the snapshot states."""

    at: dict[str, datetime]

    def of(self, reading: Reading) -> datetime:
        return self.at[reading.url]


def _add_standing(flats: dict[str, Flat], urls: dict[int, str], instants: dict[int, datetime], listing: list[Any]) -> None:
    """Add to each document read in a run the listing's claims that stood after it."""
    by_document: dict[int, list[ClaimRow]] = {}
    for number, kind, key, value, url, valid_from, valid_to, opened, closed in listing[-1]:
        instant = instants.get(number)
        if instant is None or urls[number] not in flats or datetime.fromisoformat(opened) > instant:
            continue
        if closed is not None and datetime.fromisoformat(closed) <= instant:
            continue
        by_document.setdefault(number, []).append(
            ClaimRow(kind, key, json_text(value), _usd(kind, key, value), url, *_dates(valid_from, valid_to))
        )
    provider, host, external_id, region, variant, ordinal, is_page_name, _ = listing
    for number, claims in by_document.items():
        flats[urls[number]].listings.append(
            ListingRows((provider, host, external_id, region, variant), ordinal, is_page_name, claims, {})
        )


def _dates(*texts: str | None) -> Iterable[datetime | None]:
    return (datetime.fromisoformat(text) if text else None for text in texts)


def _usd(kind: str, key: str, value: Any) -> Decimal | None:
    """The normalised figure, derived again from what is stated."""
    if kind != "price" or "amount" not in value or parse_price_key(key).currency != "USD":
        return None
    return canonical(Decimal(value["amount"]) * UNITS[value["unit"]][1])
