"""One source of a snapshot written to a ledger that knows nothing of it: rows by COPY, then what its listings meant and when."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, insert, text

from aimstats.domain.claims import json_text
from aimstats.domain.items import Benchmark, Source
from aimstats.domain.money import canonical, plain
from aimstats.domain.prices import UNITS, parse_price_key
from aimstats.ingest.assignments import NAMING_FACTS, assign
from aimstats.ingest.ledger import copy_rows
from aimstats.ingest.runs import declare
from aimstats.ingest.snapshot.file import CLOSED_AS, SnapshotError, StoredClaim, StoredDocument, StoredRun, StoredSource, date_at
from aimstats.store.tables.ledger import Document, Run

_STAGE: Final = """
drop table if exists stored_listing, stored_claim;
create temporary table stored_listing (
    n integer primary key, provider text collate "C", host text collate "C", external_id text collate "C",
    region text collate "C", variant text collate "C", ordinal integer, is_page_name boolean, id bigint
) on commit drop;
create temporary table stored_claim (
    n integer, document_id bigint, kind text collate "C", key text collate "C", value jsonb, usd numeric, url text collate "C",
    valid_from timestamptz, valid_to timestamptz, observed_from timestamptz, observed_to timestamptz,
    opened_by bigint, closed_by bigint, closed_as text
) on commit drop
"""
_LISTINGS: Final = """
insert into listing (source, provider, host, external_id, region, variant, ordinal, is_page_name)
select :source, provider, host, external_id, region, variant, ordinal, is_page_name from stored_listing order by n
"""
_NUMBERS: Final = """
update stored_listing s set id = l.id from listing l where l.source = :source and (l.provider, l.host, l.external_id, l.region,
    l.variant, l.ordinal) = (s.provider, s.host, s.external_id, s.region, s.variant, s.ordinal)
"""
_CLAIMS: Final = """
insert into claim (listing_id, document_id, kind, key, value, usd, url, valid_from, valid_to, observed_from, observed_to,
                   opened_by, closed_by, closed_as)
select l.id, c.document_id, c.kind, c.key, c.value, c.usd, c.url, c.valid_from, c.valid_to, c.observed_from, c.observed_to,
       c.opened_by, c.closed_by, c.closed_as
from stored_claim c join stored_listing l on l.n = c.n order by l.id, c.observed_from, c.kind, c.key, c.valid_from
"""
GOOD: Final = ("ok", "unchanged")


@dataclass(slots=True)
class Loaded:
    """What was written: runs and claims; and by the day of a run the listings of which something about their meaning changed."""

    runs: int = 0
    claims: int = 0
    renamed: dict[datetime, set[int]] = field(default_factory=lambda: defaultdict(set))


def load(connection: Connection, stored: StoredSource, software: str, now: datetime) -> Loaded:
    """Write the source's documents, runs, readings, listings and claims. Raises SnapshotError."""
    source = source_of(stored)
    declare(connection, source, [Benchmark(**body) for body in stored.benchmarks])
    runs = _runs(connection, source.id, stored, software, now)
    documents = _documents(connection, source.id, stored)
    copy_rows(
        connection,
        "reading (run_id, document_id, status, sha256, read_at, document_date)",
        (
            (runs[place], documents[row[0]], *row[1:4], _date_of(row, stored.documents[row[0]]))
            for place, run in enumerate(stored.runs)
            for row in run.readings
        ),
    )
    connection.exec_driver_sql(_STAGE)
    copy_rows(connection, "stored_listing", ((n, *row[:7], None) for n, row in enumerate(stored.listings)))
    connection.execute(text(_LISTINGS), {"source": source.id})
    connection.exec_driver_sql("analyze stored_listing")
    connection.execute(text(_NUMBERS), {"source": source.id})
    done = Loaded(runs=len(runs))
    named: dict[datetime, set[int]] = defaultdict(set)
    copy_rows(connection, "stored_claim", _claims(stored, _Runs(stored.runs), runs, documents, done, named))
    connection.exec_driver_sql("analyze stored_claim")
    connection.execute(text(_CLAIMS))
    ids = {row.n: row.id for row in connection.execute(text("select n, id from stored_listing"))}
    for at, numbers in named.items():
        done.renamed[at] = {ids[n] for n in numbers}
    return done


def assign_as_then(connection: Connection, loaded: Iterable[Loaded]) -> None:
    """Say what the listings meant, day by day, as the runs would have said it under today's rules."""
    renamed: dict[datetime, set[int]] = defaultdict(set)
    for one in loaded:
        for at, listings in one.renamed.items():
            renamed[at] |= listings
    for at in sorted(renamed):
        assign(connection, renamed[at], at)


def source_of(stored: StoredSource) -> Source:
    """The source's declaration. Raises SnapshotError."""
    try:
        lists = {name: tuple(stored.declaration.get(name, ())) for name in ("hosts", "complete")}
        return Source(**(stored.declaration | lists))
    except (TypeError, KeyError) as error:
        raise SnapshotError(f"a source that is declared otherwise than here: {error}") from error


def _runs(connection: Connection, source: str, stored: StoredSource, software: str, now: datetime) -> list[int]:
    opened = Counter(row[7] for listing in stored.listings for row in listing.claims)
    rows = [
        {
            "source": source,
            "observed_at": datetime.fromisoformat(run.observed_at),
            "started_at": datetime.fromisoformat(run.started_at),
            "finished_at": now,
            "status": "published",
            "stats": {"opened": opened[run.observed_at], "snapshot": True},
            "software": software,
        }
        for run in stored.runs
    ]
    statement = insert(Run).returning(Run.id, sort_by_parameter_order=True)
    return list(connection.execute(statement, rows).scalars())


def _documents(connection: Connection, source: str, stored: StoredSource) -> list[int]:
    checked: dict[int, str] = {}
    for run in stored.runs:
        checked |= {number: read_at for number, status, _, read_at, *_ in run.readings if status in GOOD}
    rows = [
        {
            "source": source,
            "url": document.url,
            "sha256": document.sha256,
            "position": document.position,
            "document_date": _instant(document.date),
            "checked_at": _instant(checked.get(number)),
            "ranked_at": _instant(checked.get(number)),
            "gone_at": _instant(document.gone_at),
            "gone_runs": document.gone_runs,
        }
        for number, document in enumerate(stored.documents)
    ]
    statement = insert(Document).returning(Document.id, sort_by_parameter_order=True)
    return list(connection.execute(statement, rows).scalars())


def _date_of(reading: Sequence[Any], document: StoredDocument) -> datetime | None:
    """The document's own date as of one of its readings."""
    if reading[1] not in GOOD:
        return None
    return _instant(reading[4]) if len(reading) > 4 else date_at(_instant(document.date), datetime.fromisoformat(reading[3]))


def _instant(stated: str | None) -> datetime | None:
    return datetime.fromisoformat(stated) if stated else None


class _Runs:
    """Which run read a document at an instant; what ended with a document that was gone ended in the run of that instant."""

    def __init__(self, runs: list[StoredRun]) -> None:
        self._by_reading = {(row[0], row[3]): place for place, run in enumerate(runs) for row in run.readings}
        self._by_instant = {run.observed_at: place for place, run in enumerate(runs)}

    def of(self, document: int, instant: str) -> int:
        """The run's place. Raises SnapshotError for an instant at which no run of the file was."""
        place = self._by_reading.get((document, instant), self._by_instant.get(instant))
        if place is None:
            raise SnapshotError(f"a claim begins or ends at {instant}, where no run of its source is")
        return place


def _claims(
    stored: StoredSource,
    runs: _Runs,
    run_ids: list[int],
    document_ids: list[int],
    done: Loaded,
    named: dict[datetime, set[int]],
) -> Iterator[tuple[Any, ...]]:
    """The rows of all claims; counts them, and notes at which run's instant a listing's name or identity began or ended."""
    instants = [datetime.fromisoformat(run.observed_at) for run in stored.runs]
    for n, listing in enumerate(stored.listings):
        claims = [StoredClaim(*row) for row in listing.claims]
        begun = {(claim.document, claim.kind, claim.key, claim.observed_from) for claim in claims}
        for claim in claims:
            opened = runs.of(claim.document, claim.observed_from)
            closed = None if claim.observed_to is None else runs.of(claim.document, claim.observed_to)
            closed_as = None
            if closed is not None:
                is_corrected = (claim.document, claim.kind, claim.key, claim.observed_to) in begun
                closed_as = CLOSED_AS.get(claim.closed_as or "", "corrected" if is_corrected else "vanished")
            if claim.kind == "identity" or (claim.kind == "fact" and claim.key in NAMING_FACTS):
                named[instants[opened]].add(n)
                if closed is not None:
                    named[instants[closed]].add(n)
            done.claims += 1
            usd = _usd(claim)
            yield (
                n,
                document_ids[claim.document],
                claim.kind,
                claim.key,
                json_text(claim.value),
                plain(usd) if usd is not None else None,
                *claim[4:9],
                run_ids[opened],
                None if closed is None else run_ids[closed],
                closed_as,
            )


def _usd(claim: StoredClaim) -> Decimal | None:
    """The normalised figure, derived again from what is stated."""
    if claim.kind != "price" or "amount" not in claim.value or parse_price_key(claim.key).currency != "USD":
        return None
    return canonical(Decimal(claim.value["amount"]) * UNITS[claim.value["unit"]][1])
