"""The state of a source's documents: what was read before, what is read now, what is gone and what is stale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, text

from aimstats.domain.copies import is_copy
from aimstats.domain.readings import Known, Reading, SourceResult
from aimstats.domain.staleness import STALE_AFTER

RUNS_UNTIL_GONE = 2
"""A 404 or 410 counts as gone in the second run that sees it; the copy of a page that can be read itself is gone at once."""
GOOD = frozenset({"ok", "unchanged"})


@dataclass(slots=True)
class DocumentState:
    """One document as it stood before this run."""

    id: int
    sha256: str
    checked_at: datetime | None
    gone_runs: int
    is_open: bool
    """Not gone before this run."""
    date: datetime | None = None
    is_gone_now: bool = False


def known_documents(connection: Connection, software: Mapping[str, str]) -> dict[str, dict[str, Known]]:
    """Source id -> address -> hash and validators of the last good reading: what conditional requests need.

    `software` is by source what reads it now: what other software read last is to be read anew, and so is a document of
    which a person accepted something since, or of which something waits until further readings state it.
    """
    known: dict[str, dict[str, Known]] = {}
    rows = connection.execute(
        text(
            "select d.source, d.url, d.sha256, d.etag, d.last_modified, (select r.software from run r "
            "where r.source = d.source and r.status in ('published', 'unchanged') order by r.id desc limit 1) as software "
            "from document d where d.checked_at is not null and d.gone_at is null and d.source = any(:sources) "
            "and not exists (select from held h where h.document_id = d.id and ((h.decided = 'accepted' "
            "and h.decided_at > d.checked_at) or (h.ended_at is null and (h.waits or h.listing_id is null))))"
        ),
        {"sources": list(software)},
    )
    for row in rows:
        if row.software == software[row.source]:
            known.setdefault(row.source, {})[row.url] = Known(sha256=row.sha256, etag=row.etag, last_modified=row.last_modified)
    return known


def without_never_seen(connection: Connection, result: SourceResult) -> SourceResult:
    """The result without documents that are not there and never were: a missing detail page is no failure."""
    if not any(reading.status == "gone" for reading in result.readings):
        return result
    known = set(connection.execute(text("select url from document where source = :id"), {"id": result.source.id}).scalars())
    kept = tuple(reading for reading in result.readings if reading.status != "gone" or reading.url in known)
    return replace(result, readings=kept)


def document_states(connection: Connection, result: SourceResult) -> dict[str, DocumentState]:
    """Every document of the source by address, new ones numbered in the order in which they were read."""
    source = result.source.id
    connection.execute(
        text(
            "insert into document (source, url, position) values (:source, :url, :position) on conflict (source, url) do nothing"
        ),
        [
            {"source": source, "url": reading.url, "position": position}
            for position, reading in enumerate(sorted(result.readings, key=lambda reading: reading.position))
        ],
    )
    wanted = "id, url, sha256, checked_at, gone_runs, gone_at, document_date"
    rows = connection.execute(text(f"select {wanted} from document where source = :source order by id"), {"source": source}).all()
    states = {
        row.url: DocumentState(row.id, row.sha256, row.checked_at, row.gone_runs, row.gone_at is None, row.document_date)
        for row in rows
    }
    for url in _gone(result.readings, states):
        states[url].is_gone_now = True
    return states


def _gone(readings: Iterable[Reading], states: dict[str, DocumentState]) -> set[str]:
    """Addresses of documents that are gone: 404/410 in two runs, or a copy that was not asked for because all of its source's
    pages were read."""
    gone = {
        reading.url for reading in readings if reading.status == "gone" and states[reading.url].gone_runs + 1 >= RUNS_UNTIL_GONE
    }
    if all(reading.status in GOOD for reading in readings if not is_copy(reading.url)):
        asked = {reading.url for reading in readings}
        gone |= {url for url, state in states.items() if is_copy(url) and url not in asked and state.checked_at is not None}
    return gone


def note_readings(
    connection: Connection,
    result: SourceResult,
    states: dict[str, DocumentState],
    run: int,
    observed_at: Callable[[Reading], datetime],
) -> None:
    """Write the readings of the run, and what they mean for the documents."""
    rows = []
    for reading in result.readings:
        state = states[reading.url]
        good = reading.status in GOOD
        stated = reading.document.date if reading.status == "ok" and reading.document else None
        rows.append(
            {
                "run": run,
                "id": state.id,
                "status": reading.status,
                "sha256": reading.sha256 or (state.sha256 if reading.status == "unchanged" else ""),
                "etag": reading.etag,
                "last_modified": reading.last_modified,
                "at": observed_at(reading),
                "error": reading.error or None,
                "date": (stated or state.date) if good else None,
                "good": good,
                "read": reading.status == "ok",
                "missing": reading.status == "gone",
            }
        )
    connection.execute(
        text(
            "insert into reading (run_id, document_id, status, sha256, read_at, error, document_date) "
            "values (:run, :id, :status, :sha256, :at, :error, :date)"
        ),
        rows,
    )
    connection.execute(
        text(
            "update document set "
            "checked_at = case when :good then :at else checked_at end, "
            "ranked_at = case when :good then coalesce(ranked_at, :at) else ranked_at end, "
            "sha256 = case when :good and :sha256 <> '' then :sha256 else sha256 end, "
            "etag = case when :read or :etag <> '' then :etag else etag end, "
            "last_modified = case when :read or :last_modified <> '' then :last_modified else last_modified end, "
            "document_date = case when :good then cast(:date as timestamptz) else document_date end, "
            "gone_runs = case when :good then 0 when :missing then gone_runs + 1 else gone_runs end, "
            "gone_at = case when :good then null else gone_at end "
            "where id = :id"
        ),
        rows,
    )
    gone = [state.id for state in states.values() if state.is_gone_now]
    if gone:
        connection.execute(
            text("update document set gone_at = coalesce(gone_at, :at) where id = any(:ids)"),
            {"at": max(observed_at(reading) for reading in result.readings), "ids": gone},
        )


def mark_stale(connection: Connection, now: datetime) -> set[int]:
    """Bring the stale marks of all documents up to date; the ids of those whose mark changed."""
    rows = connection.execute(
        text(
            "update document d set stale = not d.stale from source s where s.id = d.source and d.stale is distinct from "
            "(d.checked_at is null or extract(epoch from cast(:now as timestamptz) - d.checked_at) "
            "> :factor * 3600 * cast(s.body->>'cadence_hours' as numeric)) returning d.id"
        ),
        {"now": now, "factor": STALE_AFTER},
    )
    return {row[0] for row in rows}


def mark_stale_figures(connection: Connection, now: datetime) -> set[int]:
    """Bring the stale marks of figures up to date whose successor is held, alone or with others; the listings of those whose
    mark changed."""
    rows = connection.execute(
        text(
            "with aged as (update held h set stale = not h.stale from document d join source s on s.id = d.source "
            "where d.id = h.document_id and h.ended_at is null and h.confirmed_at is not null "
            "and (h.listing_id is not null or h.covers is not null) "
            "and h.stale is distinct from (extract(epoch from cast(:now as timestamptz) - h.confirmed_at) "
            "> :factor * 3600 * cast(s.body->>'cadence_hours' as numeric)) returning h.listing_id, h.covers) "
            "select listing_id from aged where listing_id is not null union "
            "select cast(cover->>0 as bigint) from aged, jsonb_array_elements(covers) as cover"
        ),
        {"now": now, "factor": STALE_AFTER},
    )
    return {row[0] for row in rows}
