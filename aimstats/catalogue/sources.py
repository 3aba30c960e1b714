"""The sources: one row each, from its declaration, its runs, its documents and what is held of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from aimstats.catalogue.columns.declarations import Body
from aimstats.catalogue.columns.sources import HELD_SHOWN, SOURCE_COLUMNS, SOURCES
from aimstats.catalogue.engine.table import StoredRow, Table, instant
from aimstats.domain.claims import json_value
from aimstats.domain.reasons import Reason, explained, told
from aimstats.domain.staleness import is_stale, stale_after

_ENDED = "case when stats ? 'snapshot' then observed_at else coalesce(finished_at, started_at) end as ended"
"""When a crawl ended. What a snapshot replays was read then, not on the day on which it is taken in."""
_RUNS = f"select distinct on (source) source, status, stats, {_ENDED} from run order by source, id desc"
_GOOD = f"""
select source, max(ended) as ended from (select source, {_ENDED} from run where status in ('published', 'unchanged')) good
group by source
"""
_DOCUMENTS = """
select source, count(*) as documents, max(checked_at) as checked_at from document where gone_at is null group by source
"""
_ITEMS = """
select source, count(*) as items from listing
where exists (select from claim where claim.listing_id = listing.id and claim.observed_to is null) group by source
"""
_HELD_ROWS = """
select document.source, held."check", held.reason, min(held.because::text) as because, count(*) as items,
       min(held.since) as since
from held join document on document.id = held.document_id where held.decided is null
group by document.source, held."check", held.reason order by items desc, since, held."check", held.reason
"""


def _status(run: Any, checked_at: datetime | None, cadence_hours: int, now: datetime) -> str:
    """How a source stands; what is wrong with its last run comes before its age."""
    if run is None:
        return "never_run"
    if run.status == "quarantined":  # by a release that held whole sources
        return "failed"
    if run.status not in ("published", "unchanged"):
        return str(run.status)
    return "stale" if is_stale(checked_at, cadence_hours, now) else str(run.status)


def _error(run: Any) -> dict[str, Any]:
    """What went wrong in the last run, in words and as a code where it has one."""
    errors = run.stats.get("errors") if run is not None and run.status not in ("published", "unchanged") else None
    return {"error": str(errors[0]) if errors else None, "error_because": run.stats.get("because") if errors else None}


def _note(status: str, body: Body, checked_at: datetime | None) -> Reason | None:
    """What a reader is to think of the figures of a source that is not as it should be."""
    stands = Reason("nothing_known") if checked_at is None else Reason("stands_since", day=f"{checked_at:%Y-%m-%d}")
    if status == "failed":
        return Reason("both", first=stands, last=Reason("read_next"))
    if status in ("not_configured", "absent"):
        return Reason("both", first=Reason("wants_a_key" if status == "not_configured" else "never_there"), last=stands)
    if status not in ("stale", "never_run"):
        return None
    if body.get("default", True):
        said = Reason("not_read_yet" if status == "never_run" else "not_read_lately")
    else:
        is_licence = "NC" in (body.get("license") or "").split("-")
        said = Reason("not_by_itself_licence" if is_licence else "not_by_itself")
    return said if status == "never_run" else Reason("both", first=said, last=stands)


def _by_source(connection: Connection, statement: str) -> Mapping[str, Any]:
    return {row.source: row for row in connection.execute(text(statement))}


def read_sources(connection: Connection, now: datetime) -> Table:
    """Every declared source as it stands now."""
    runs, good = _by_source(connection, _RUNS), _by_source(connection, _GOOD)
    documents, items = _by_source(connection, _DOCUMENTS), _by_source(connection, _ITEMS)
    held: dict[str, list[Any]] = {}
    for row in connection.execute(text(_HELD_ROWS)):
        held.setdefault(row.source, []).append(row)
    rows: list[StoredRow] = []
    for declared in connection.execute(text("select id, body from source")):
        source, body = declared.id, declared.body
        run, read = runs.get(source), documents.get(source)
        checked_at, cadence = read.checked_at if read else None, body.get("cadence_hours", 24)
        kept = held.get(source, [])
        status = _status(run, checked_at, cadence, now)
        note = _note(status, body, checked_at)
        state = {
            "status": status,
            "last_run": instant(run.ended) if run else None,
            "last_published": instant(good[source].ended) if source in good else None,
            "checked_at": instant(checked_at),
            "stale_after": instant(stale_after(checked_at, cadence)),
            "documents": read.documents if read else 0,
            "items": items[source].items if source in items else 0,
            "held": sum(row.items for row in kept),
            "held_reasons": [
                {
                    "check": row.check,
                    **explained(told(row.reason, json_value(row.because) if row.because else None)),
                    "items": row.items,
                    "since": instant(row.since),
                }
                for row in kept[:HELD_SHOWN]
            ],
            "unknown": (run.stats.get("unknown") or {}) if run else {},
            **_error(run),
            "note": None if note is None else str(note),
            "note_because": None if note is None else note.body,
        }
        shown = {column.key: body.get(column.key) for column in SOURCE_COLUMNS if column.key in body}
        rows.append(({"id": source, "name": body.get("name", source), **shown, **state}, None))
    return Table(SOURCES, rows)
