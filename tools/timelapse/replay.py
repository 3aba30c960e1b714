"""Editions published one after the other, each on three days from its own, by the functions that a crawl calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, text

from aimstats.domain.readings import SourceResult
from aimstats.ingest.documents import known_documents
from aimstats.ingest.publish import publish, settle_crawl
from aimstats.ingest.refusals import AbsentError, PublicationRefusedError
from aimstats.ingest.runs import Clock, Report, declare_unread, record_failure
from jobs.turns import turn
from scrapy_project.base import SourceSpider
from scrapy_project.parsers import parser_version
from tools.timelapse.editions import Edition
from tools.timelapse.reading import is_there, read

DAYS = 3
"""An edition is read on its own day and on the two after it, the same bytes: so many readings confirm what was doubted."""


@dataclass(frozen=True, slots=True)
class Day:
    """How one document was read on one day: the hash of its bytes, the reading's status, whether the catalogue says since
    then what the document says (all but single figures that are held), and if not, why."""

    at: datetime
    sha256: str
    status: str
    is_published: bool
    why: str


@dataclass(slots=True)
class Replayed:
    """Every document's days, by (source, address), and how every run ended."""

    documents: dict[tuple[str, str], list[Day]] = field(default_factory=dict)
    reports: list[tuple[datetime, Report]] = field(default_factory=list)


def replay(
    engine: Engine,
    worlds: Iterable[Edition],
    classes: Sequence[type[SourceSpider]],
    *,
    days: int = DAYS,
    resolves: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Replayed:
    """Publish every edition into the engine's ledger, on `days` days from its own; `tell` gets a line a day.

    Nothing is resolved unless it `resolves`: the gate judges by the ledger, and nobody looks at the catalogue in between.
    """
    ordered = sorted(classes, key=lambda cls: turn(cls.source))
    software = {cls.source.id: f"timelapse {parser_version(cls.__module__)}" for cls in ordered}
    with engine.begin() as connection:
        declare_unread(connection, (cls.source for cls in ordered))
    done = Replayed()
    for edition in worlds:
        mine = [cls for cls in ordered if is_there(cls, edition.documents)]
        for number in range(days):
            at = edition.noon + timedelta(days=number)
            with engine.connect() as connection:
                known = known_documents(connection, software)
            reports = []
            for cls in mine:
                result = read(cls, edition.documents, known.get(cls.source.id, {}))
                reports.append(_publish(engine, result, at, software[cls.source.id], resolves))
                if reports[-1].status != "absent":
                    _note(engine, done, result, reports[-1], at)
            with engine.begin() as connection:
                settle_crawl(connection, at, resolves=resolves)
            done.reports += [(at, report) for report in reports]
            tell(_line(at, reports))
    return done


def _publish(engine: Engine, result: SourceResult, at: datetime, software: str, resolves: bool) -> Report:
    clock = Clock(started_at=at, now=at, observed_at=at)
    try:
        with engine.begin() as connection:
            return publish(connection, result, clock, software, resolves=resolves)
    except PublicationRefusedError as refused:
        message, status = str(refused), "absent" if isinstance(refused, AbsentError) else "failed"
    with engine.begin() as connection:
        return record_failure(connection, result, clock, software, message, status)


def _note(engine: Engine, done: Replayed, result: SourceResult, report: Report, at: datetime) -> None:
    with engine.connect() as connection:
        standing = _standing(connection, result.source.id)
        held = _held(connection, result.source.id)
    for reading in result.readings:
        if reading.status == "gone" and reading.url not in standing:
            continue
        sha256, checked_at = standing.get(reading.url, ("", None))
        is_good = reading.status in ("ok", "unchanged") and checked_at == at and sha256 == reading.sha256
        why = "" if is_good else reading.error or held.get(reading.url, "") or report.error
        days = done.documents.setdefault((result.source.id, reading.url), [])
        days.append(Day(at, reading.sha256, reading.status, is_good, why))


def _standing(connection: Connection, source: str) -> Mapping[str, tuple[str, datetime | None]]:
    rows = connection.execute(text("select url, sha256, checked_at from document where source = :source"), {"source": source})
    return {row.url: (row.sha256, row.checked_at) for row in rows}


def _held(connection: Connection, source: str) -> Mapping[str, str]:
    """By address why a whole document is held."""
    rows = connection.execute(
        text(
            "select d.url, h.reason from held h join document d on d.id = h.document_id where d.source = :source "
            "and h.decided is null and h.listing_id is null and not jsonb_exists(h.item, 'listing') order by h.id"
        ),
        {"source": source},
    )
    return {row.url: row.reason for row in rows}


def _line(at: datetime, reports: Sequence[Report]) -> str:
    counts: dict[str, int] = {}
    for report in reports:
        counts[report.status] = counts.get(report.status, 0) + 1
    opened = sum(report.stats.get("opened", 0) for report in reports)
    said = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    return f"{at:%Y-%m-%d}: {said or 'no source'}; {opened:,} claims opened"
