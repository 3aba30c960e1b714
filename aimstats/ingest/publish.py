"""One source published: documents, claims, meanings and the resolved difference in one transaction, all or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from aimstats.checks import Gate, HeldSource
from aimstats.domain.claims import Flat, flatten, json_text
from aimstats.domain.readings import Reading, SourceResult
from aimstats.identity import RULES_VERSION
from aimstats.ingest.assignments import Reassigned, assign
from aimstats.ingest.documents import DocumentState, document_states, mark_stale, note_readings
from aimstats.ingest.ledger import Change, close_gone, number_listings, write_claims, write_held
from aimstats.ingest.resolved import Difference, write_resolved
from aimstats.ingest.touched import passed_in_time, touched_by
from aimstats.store.locks import lock_publishing

MAX_FAILED_SHARE = 0.2
"""More than a fifth of the documents failed: nothing of that source is published (ledger.md, Runs and documents)."""


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


class PublicationRefusedError(RuntimeError):
    """Nothing of the source may be published; the reason is one that a person can act on."""


def refusal(result: SourceResult) -> str | None:
    """Why a crawl cannot be published at all: it was stopped, its index failed, or too many documents did."""
    if not result.finished:
        return f"the crawl was stopped ({result.close_reason})"
    if result.errors:
        return result.errors[0]
    if not result.readings:
        return "no document was read"
    failed = [reading for reading in result.readings if reading.status == "failed"]
    for reading in failed:
        if reading.is_index:
            return f"its index failed: {reading.url}: {reading.error}"
    if len(failed) > MAX_FAILED_SHARE * len(result.readings):
        return f"{len(failed)} of {len(result.readings)} documents failed; the first: {failed[0].url}: {failed[0].error}"
    return None


def publish(connection: Connection, result: SourceResult, clock: Clock, software: str) -> Report:
    """Publish one source's readings inside the caller's transaction; the caller commits or rolls back.

    Raises PublicationRefusedError when nothing may be published; a failed run is then recorded by `record_failure`.
    """
    reason = refusal(result)
    if reason is not None:
        raise PublicationRefusedError(reason)
    lock_publishing(connection)
    declare(connection, result)
    states = document_states(connection, result)
    _refuse_the_past(result, states, clock)
    run = _begin_run(connection, result, clock, software)
    read_before = {state.id: state.checked_at for state in states.values()}
    flats = {states[r.url].id: flatten(r.document) for r in result.readings if r.status == "ok" and r.document is not None}
    urls = {state.id: url for url, state in states.items()}
    held_source = Gate(connection, result.source.id).judge(flats, urls)
    if held_source is not None:
        return _quarantine(connection, run, result, states, held_source, clock)
    change, reassigned, held = _write(connection, result, states, flats, run, clock)
    note_readings(connection, result, states, run, clock.of)
    stale = mark_stale(connection, clock.now)
    models, providers = touched_by(connection, change.listings)
    for more_models, more_providers in (
        passed_in_time(connection, clock.now),
        touched_by(connection, documents=stale | _reordered(connection, result, states, read_before)),
    ):
        models |= more_models
        providers |= more_providers
    difference = write_resolved(connection, clock.now, models | reassigned.models, providers | reassigned.providers)
    moved = bool(difference or reassigned.written)
    _move_version(connection, clock.now, moved)
    stats = _stats(result, flats, change, reassigned, difference, held)
    status = "published" if change.listings or moved else "unchanged"
    _finish_run(connection, run, status, stats, clock.now)
    return Report(result.source.id, status, stats)


def declare(connection: Connection, result: SourceResult) -> None:
    """Write the source's declaration and its benchmarks where they differ."""
    connection.execute(
        text(
            "insert into source as s (id, body) values (:id, cast(:body as jsonb)) on conflict (id) do update "
            "set body = excluded.body where s.body is distinct from excluded.body"
        ),
        {"id": result.source.id, "body": json_text(result.source.declaration())},
    )
    for reading in result.readings:
        for benchmark in reading.document.benchmarks if reading.document else ():
            body = {name: getattr(benchmark, name) for name in benchmark.__slots__}
            connection.execute(
                text(
                    "insert into benchmark as b (id, body) values (:id, cast(:body as jsonb)) on conflict (id) "
                    "do update set body = excluded.body where b.body is distinct from excluded.body"
                ),
                {"id": benchmark.id, "body": json_text(body)},
            )


def _refuse_the_past(result: SourceResult, states: Mapping[str, DocumentState], clock: Clock) -> None:
    for reading in result.readings:
        state = states[reading.url]
        if reading.status not in ("ok", "unchanged") or state.checked_at is None:
            continue
        observed_at = clock.of(reading)
        if observed_at < state.checked_at:
            raise PublicationRefusedError(
                f"{reading.url}: observed at {observed_at.isoformat()}, but last read at {state.checked_at.isoformat()}"
            )
        if observed_at == state.checked_at and reading.sha256 and reading.sha256 != state.sha256:
            raise PublicationRefusedError(f"{reading.url}: other content at the same instant {observed_at.isoformat()}")


def _write(
    connection: Connection,
    result: SourceResult,
    states: Mapping[str, DocumentState],
    flats: dict[int, Flat],
    run: int,
    clock: Clock,
) -> tuple[Change, Reassigned, int]:
    observed = {states[reading.url].id: clock.of(reading) for reading in result.readings}
    latest = max(observed.values(), default=clock.now)
    change, reassigned, held = Change(), Reassigned(), 0
    if flats:
        numbers = number_listings(connection, result.source.id, flats.values())
        change = write_claims(connection, flats, numbers, run, observed)
        for document, flat in flats.items():
            held += write_held(connection, document, flat.held, numbers, run, observed[document])
    gone = [state.id for state in states.values() if state.is_gone_now]
    if gone:
        closed = close_gone(connection, gone, run, latest)
        change.listings |= closed.listings
        change.renamed |= closed.renamed
        change.vanished += closed.vanished
    if change.renamed:
        reassigned = assign(connection, change.renamed, latest)
    return change, reassigned, held


def _reordered(
    connection: Connection,
    result: SourceResult,
    states: Mapping[str, DocumentState],
    before: Mapping[int, datetime | None],
) -> set[int]:
    """The source's documents, if their order by last reading is another than before (it decides between them)."""
    ids = sorted(state.id for state in states.values())
    rows = connection.execute(text("select id, checked_at from document where id = any(:ids)"), {"ids": ids})
    after: dict[int, datetime | None] = {row.id: row.checked_at for row in rows}
    return set() if _ranks(ids, before) == _ranks(ids, after) else set(ids)


def _ranks(ids: Iterable[int], instants: Mapping[int, datetime | None]) -> list[int]:
    known = sorted({instant for instant in instants.values() if instant})
    return [known.index(instant) if (instant := instants.get(id_)) else -1 for id_ in ids]


def _quarantine(
    connection: Connection,
    run: int,
    result: SourceResult,
    states: Mapping[str, DocumentState],
    held: HeldSource,
    clock: Clock,
) -> Report:
    document = states[held.url].id if held.url in states else next(iter(states.values())).id
    connection.execute(
        text(
            'insert into held (run_id, document_id, item, "check", reason, since) '
            "select :run, :document, '{}'::jsonb, :check, :reason, :at where not exists (select from held "
            'where document_id = :document and "check" = :check and decided is null and listing_id is null)'
        ),
        {"run": run, "document": document, "check": held.check, "reason": held.reason, "at": clock.now},
    )
    stats = {"documents": dict(Counter(reading.status for reading in result.readings)), "errors": [held.reason]}
    _finish_run(connection, run, "quarantined", stats, clock.now)
    _move_version(connection, clock.now, True)
    return Report(result.source.id, "quarantined", stats, held.reason)


def _begin_run(connection: Connection, result: SourceResult, clock: Clock, software: str) -> int:
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


def _finish_run(connection: Connection, run: int, status: str, stats: dict[str, Any], now: datetime) -> None:
    connection.execute(
        text("update run set status = :status, stats = cast(:stats as jsonb), finished_at = :now where id = :run"),
        {"run": run, "status": status, "stats": json_text(stats), "now": now},
    )


def record_failure(
    connection: Connection, result: SourceResult, clock: Clock, software: str, error: str, status: str = "failed"
) -> Report:
    """Write down that a source published nothing, and why; its last good values go on standing."""
    declare(connection, result)
    run = _insert_run(connection, result.source.id, clock.now, clock.started_at, software)
    stats = {"documents": dict(Counter(reading.status for reading in result.readings)), "errors": [error]}
    _finish_run(connection, run, status, stats, clock.now)
    return Report(result.source.id, status, stats, error)


def _move_version(connection: Connection, now: datetime, moved: bool) -> None:
    connection.execute(
        text(
            "update version set checked = checked + 1, dataset = dataset + cast(:moved as integer), "
            "published_at = case when :moved_too then :now else coalesce(published_at, :now) end, rules_version = :rules"
        ),
        {"moved": int(moved), "moved_too": moved, "now": now, "rules": RULES_VERSION},
    )


def _stats(
    result: SourceResult,
    flats: Mapping[int, Flat],
    change: Change,
    reassigned: Reassigned,
    difference: Difference,
    held: int,
) -> dict[str, Any]:
    unknown: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    for reading in result.readings:
        if reading.document is not None:
            unknown.update(reading.document.unknown)
            skipped.update(reading.document.skipped)
    return {
        "documents": dict(Counter(reading.status for reading in result.readings)),
        "listings": sum(len(flat.listings) for flat in flats.values()),
        "claims": sum(len(row.claims) for flat in flats.values() for row in flat.listings),
        "repeated": sum(flat.repeated for flat in flats.values()),
        "opened": change.opened,
        "corrected": change.corrected,
        "vanished": change.vanished,
        "assigned": reassigned.written,
        "moved": reassigned.moved[:100],
        "unsure": reassigned.unsure[:100],
        "models_changed": len(difference.models_changed),
        "models_removed": len(difference.models_removed),
        "offers_changed": len(difference.offers_changed),
        "offers_removed": len(difference.offers_removed),
        "held": held,
        "unknown": dict(unknown.most_common(100)),
        "skipped": dict(skipped.most_common(100)),
        "bytes": sum(reading.bytes for reading in result.readings),
        "errors": [f"{r.url}: {r.error}" for r in result.readings if r.status == "failed"][:20],
    }
