"""Runs as the ledger keeps them: their clock, how they ended and why; and the version that publications move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from aimstats.domain.claims import json_text
from aimstats.domain.items import Benchmark, Source
from aimstats.domain.readings import Reading, SourceResult
from aimstats.domain.reasons import Reason
from aimstats.identity import RULES_VERSION
from aimstats.resolution.version import RESOLVER_VERSION

STILL_DAYS: Final = 3
"""A source that was not read for so long is told of after each crawl."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The instants of one run (aware UTC): when it started, the wall clock, and what its readings count as.

    `observed_at` None means each document's own date (`--observed-at document`).
    """

    started_at: datetime
    now: datetime
    observed_at: datetime | None

    def of(self, reading: Reading) -> datetime:
        """The instant that a reading counts as: never after the wall clock."""
        if self.observed_at is not None:
            return min(self.observed_at, self.now)
        own = reading.document.date if reading.document else None
        return min(own or reading.served_at or self.now, self.now)


@dataclass(slots=True)
class Report:
    """What a run did, as the closing table, the `run` row and `/sources` show it."""

    source: str
    status: str
    stats: dict[str, Any] = field(default_factory=dict)
    error: str = ""


def declare(connection: Connection, source: Source, benchmarks: Iterable[Benchmark] = ()) -> bool:
    """Write the source's declaration and its benchmarks where they differ; whether a declaration known before is another now."""
    rows = [("source", source.id, source.declaration())]
    rows += [("benchmark", row.id, {name: getattr(row, name) for name in row.__slots__}) for row in benchmarks]
    changed = False
    for table, id_, body in rows:
        written = connection.execute(
            text(
                f"insert into {table} as t (id, body) values (:id, cast(:body as jsonb)) on conflict (id) do update "
                "set body = excluded.body where t.body is distinct from excluded.body returning t.xmax <> 0"
            ),
            {"id": id_, "body": json_text(body)},
        )
        changed = bool(written.scalar_one_or_none()) or changed
    return changed


def declare_unread(connection: Connection, sources: Iterable[Source]) -> None:
    """Write the declarations of sources that are not known yet, so that what was never read is shown as such."""
    rows = [{"id": source.id, "body": json_text(source.declaration())} for source in sources]
    if rows:
        connection.execute(text("insert into source (id, body) values (:id, cast(:body as jsonb)) on conflict do nothing"), rows)


def still_sources(connection: Connection, now: datetime) -> dict[str, int]:
    """The sources read by default none of whose documents was read for STILL_DAYS (and one and a half of its intervals): for how
    many days."""
    rows = connection.execute(
        text(
            "select s.id, max(d.checked_at) from source s join document d on d.source = s.id "
            "where coalesce((s.body->>'default')::boolean, true) group by s.id having max(d.checked_at) <= :now "
            "- greatest(make_interval(days => :days), "
            "1.5 * make_interval(hours => coalesce((s.body->>'cadence_hours')::int, 24))) order by s.id"
        ),
        {"now": now, "days": STILL_DAYS},
    )
    return {source: (now - checked_at).days for source, checked_at in rows}


def begin_run(connection: Connection, result: SourceResult, clock: Clock, software: str) -> int:
    observed = max((clock.of(reading) for reading in result.readings), default=clock.now)
    return _insert_run(connection, result.source.id, observed, clock.started_at, software)


def _insert_run(connection: Connection, source: str, observed_at: datetime, started_at: datetime, software: str) -> int:
    row = connection.execute(
        text(
            "insert into run (source, observed_at, started_at, status, stats, software) "
            "values (:source, :observed_at, :started_at, 'failed', '{}', :software) returning id"
        ),
        {"source": source, "observed_at": observed_at, "started_at": started_at, "software": software},
    )
    return int(row.scalar_one())


def finish_run(connection: Connection, run: int, status: str, stats: dict[str, Any], now: datetime) -> None:
    """Write down how a run ended; it cannot be changed afterwards."""
    connection.execute(
        text("update run set status = :status, stats = cast(:stats as jsonb), finished_at = :now where id = :run"),
        {"run": run, "status": status, "stats": json_text(stats), "now": now},
    )


def record_failure(
    connection: Connection, result: SourceResult, clock: Clock, software: str, error: str, status: str = "failed"
) -> Report:
    """Write down that a source published nothing, and why; its last good values go on standing."""
    known = text("select exists (select from source where id = :id)")
    if not connection.execute(known, {"id": result.source.id}).scalar_one():
        declare(connection, result.source)
    run = _insert_run(connection, result.source.id, clock.now, clock.started_at, software)
    stats = {"documents": dict(Counter(reading.status for reading in result.readings)), "errors": [error]}
    if isinstance(error, Reason):
        stats["because"] = error.body
    finish_run(connection, run, status, stats, clock.now)
    return Report(result.source.id, status, stats, error)


def rules_changed(connection: Connection) -> bool:
    """Whether the last publication was made under other rules of identity than today's."""
    known = connection.execute(text("select rules_version from version")).scalar_one()
    return known not in ("", RULES_VERSION)


def resolver_changed(connection: Connection) -> bool:
    """Whether what stands was resolved by another resolver than today's; an empty catalogue was resolved by none."""
    row = connection.execute(text("select dataset, resolver_version from version")).one()
    return bool(row.dataset) and row.resolver_version != RESOLVER_VERSION


def move_version(connection: Connection, now: datetime, moved: bool, *, names: bool = False, rows: bool = False) -> None:
    """Count a confirmation; a dataset version too when `moved`.

    Where the names were read (`names`) or the rows resolved (`rows`) by what the code says today, that is noted: what is still to
    be done must not be called done.
    """
    connection.execute(
        text(
            "update version set checked = checked + 1, dataset = dataset + cast(:moved as integer), "
            "published_at = case when :moved_too then :now else coalesce(published_at, :now) end, "
            "rules_version = case when :names then :rules else rules_version end, "
            "resolver_version = case when :rows then :resolver else resolver_version end"
        ),
        {
            "moved": int(moved), "moved_too": moved, "now": now, "names": names, "rules": RULES_VERSION,
            "rows": rows, "resolver": RESOLVER_VERSION,
        },
    )  # fmt: skip
