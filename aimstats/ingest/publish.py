"""One source published: documents, claims, meanings and the resolved difference in one transaction, all or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from aimstats.checks import Gate
from aimstats.domain.claims import Flat, flatten
from aimstats.domain.readings import SourceResult
from aimstats.domain.reasons import Reason
from aimstats.ingest.assignments import Reassigned, assign, reassign_all
from aimstats.ingest.documents import (
    DocumentState,
    document_states,
    mark_stale,
    mark_stale_figures,
    note_readings,
    without_never_seen,
)
from aimstats.ingest.editions import choose_editions
from aimstats.ingest.events import tell_crawl
from aimstats.ingest.gone import end_unnamed
from aimstats.ingest.held import Standing, end_gone, write_held
from aimstats.ingest.ledger import Change, close_gone, number_listings, write_claims
from aimstats.ingest.meant import meaning_for
from aimstats.ingest.refusals import (
    AbsentError,
    PublicationRefusedError,
    failures,
    refusal,
    refuse_the_past,
    refuse_without_details,
    with_children,
)
from aimstats.ingest.resolved import Difference, resolve_anew, write_resolved
from aimstats.ingest.runs import Clock, Report, begin_run, declare, finish_run, move_version, resolver_changed, rules_changed
from aimstats.ingest.touched import complete_sellers, note_ranks, passed_in_time, rank_documents, touched_at, touched_by
from aimstats.ingest.unsettled import begin_crawl
from aimstats.store.locks import lock_publishing


@dataclass(slots=True)
class Recorded:
    """What one run wrote to the ledger, before the catalogue is resolved from it."""

    run: int
    result: SourceResult
    flats: Mapping[int, Flat]
    change: Change
    reassigned: Reassigned
    held: Standing
    models: set[str]
    providers: set[str]
    redeclared: bool = False
    """The source or one of its benchmarks is declared otherwise than before."""
    everything: bool = False
    """The rules changed: every model is resolved anew."""
    lost: int = 0
    """Documents that were read before and could not be now."""


def publish(connection: Connection, result: SourceResult, clock: Clock, software: str, *, resolves: bool = True) -> Report:
    """Publish one source's readings inside the caller's transaction; the caller commits or rolls back.

    Without `resolves` only the ledger is written, for a catalogue that nobody looks at. Raises PublicationRefusedError when
    nothing may be published; a failed run is then recorded by `record_failure`.
    """
    reason = refusal(result)
    if reason is not None:
        raise PublicationRefusedError(reason)
    lock_publishing(connection)
    begin_crawl(connection, clock.now)
    if resolves and resolver_changed(connection):
        difference, last = resolve_anew(connection, clock.now)
        move_version(connection, last, bool(difference), rows=True)
    result = with_children(result)
    flats = {r.url: flatten(r.document) for r in result.readings if r.status == "ok" and r.document is not None}
    return settle(connection, record(connection, result, flats, clock, software), clock.now, resolves=resolves)


def record(
    connection: Connection,
    result: SourceResult,
    seen: Mapping[str, Flat],
    clock: Clock,
    software: str,
) -> Recorded:
    """Write one run to the ledger: readings, claims, meanings. `seen` is by address what its ok documents say.

    Raises PublicationRefusedError when nothing may be published.
    """
    asked, result = result, without_never_seen(connection, result)
    if not result.readings:
        raise AbsentError(Reason("none_there"))
    refuse_without_details(asked, result)
    benchmarks = [row for reading in result.readings if reading.document for row in reading.document.benchmarks]
    redeclared = declare(connection, result.source, benchmarks)
    states = document_states(connection, result)
    flats = {states[url].id: flat for url, flat in seen.items()}
    end_unnamed(connection, result, states, flats, clock)
    refuse_the_past(result, states, clock)
    run = begin_run(connection, result, clock, software)
    at = {states[reading.url].id: clock.of(reading) for reading in result.readings}
    Gate(connection, result.source.id, meaning_for(result.source), clock.now).judge(flats, at)
    rules = rules_changed(connection)
    reassigned = reassign_all(connection, clock.now) if rules else Reassigned()
    change, held = _write(connection, result, states, flats, run, clock)
    reassigned.add(assign(connection, change.renamed, max(map(clock.of, result.readings))))
    note_readings(connection, result, states, run, clock.of)
    models, providers = touched_by(connection, change.listings | held.listings)
    if redeclared:
        more_models, more_providers = touched_by(connection, documents={state.id for state in states.values()})
        models, providers = models | more_models, providers | more_providers
    if result.source.complete and change.listings:
        sold = touched_at(connection, result.source.provider)
        models, providers = models | sold[0], providers | sold[1]
    return Recorded(
        run=run,
        result=result,
        flats=flats,
        change=change,
        reassigned=reassigned,
        held=held,
        models=models | reassigned.models,
        providers=providers | reassigned.providers,
        redeclared=redeclared,
        everything=rules,
        lost=sum(states[reading.url].checked_at is not None for reading in failures(result.readings)),
    )


def settle(connection: Connection, recorded: Recorded, now: datetime, *, resolves: bool = True) -> Report:
    """Resolve what the run touched, move the version and finish the run."""
    difference = _resolve(connection, recorded, now) if resolves else Difference()
    moved = bool(difference or recorded.reassigned.written or recorded.held.changed or recorded.redeclared)
    move_version(connection, now, moved, names=True, rows=True)
    stats = _stats(recorded, difference)
    status = "published" if recorded.change.listings or moved else "unchanged"
    finish_run(connection, recorded.run, status, stats, now)
    return Report(recorded.result.source.id, status, stats)


def _resolve(connection: Connection, recorded: Recorded, now: datetime) -> Difference:
    passed_models, passed_providers = passed_in_time(connection, now)
    models = recorded.models | passed_models
    if recorded.change.listings or recorded.reassigned.written:
        models |= choose_editions(connection)
    providers = recorded.providers | passed_providers
    touched = None if recorded.everything else models
    return write_resolved(connection, now, touched, providers, recorded.reassigned.moved)


def settle_crawl(connection: Connection, now: datetime, *, resolves: bool = True) -> None:
    """Once a crawl, when every source had its turn: bring up to date what time and the readings alone change (dates that
    passed, stale documents, which reading is the later one), inside the caller's transaction; and tell what changed.
    `resolves` as for `publish`.
    """
    lock_publishing(connection)
    begin_crawl(connection, now)
    aged, aged_figures = mark_stale(connection, now), mark_stale_figures(connection, now)
    if not resolves:
        note_ranks(connection)
        return
    changes = (
        passed_in_time(connection, now),
        touched_by(connection, documents=aged),
        *(touched_at(connection, provider) for provider in complete_sellers(connection, aged)),
        touched_by(connection, aged_figures),
        rank_documents(connection),
    )
    models = set().union(*(change[0] for change in changes))
    providers = set().union(*(change[1] for change in changes))
    difference = write_resolved(connection, now, models, providers)
    told = tell_crawl(connection, now)
    if aged or difference or told:
        move_version(connection, now, bool(difference or told))


def _write(
    connection: Connection,
    result: SourceResult,
    states: Mapping[str, DocumentState],
    flats: dict[int, Flat],
    run: int,
    clock: Clock,
) -> tuple[Change, Standing]:
    observed = {states[reading.url].id: clock.of(reading) for reading in result.readings}
    latest = max(observed.values())
    change, held = Change(), Standing()
    if flats:
        numbers = number_listings(connection, result.source.id, flats.values())
        addresses = {states[reading.url].id: reading.address for reading in result.readings if reading.address}
        change = write_claims(connection, flats, numbers, run, observed, addresses)
        confirmed = {state.id: state.checked_at for state in states.values()}
        for document, flat in flats.items():
            held.add(write_held(connection, document, flat, numbers, run, observed[document], confirmed[document]))
    gone = [state.id for state in states.values() if state.is_gone_now]
    if gone:
        held.changed = end_gone(connection, gone, latest) or held.changed
        closed = close_gone(connection, gone, run, latest)
        change.listings |= closed.listings
        change.renamed |= closed.renamed
        change.vanished += closed.vanished
    return change, held


def _stats(recorded: Recorded, difference: Difference) -> dict[str, Any]:
    unknown: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    readings, flats, change = recorded.result.readings, recorded.flats, recorded.change
    for reading in readings:
        if reading.document is not None:
            unknown.update(reading.document.unknown)
            skipped.update(reading.document.skipped)
    return {
        "documents": dict(Counter(reading.status for reading in readings)),
        "listings": sum(len(flat.listings) for flat in flats.values()),
        "claims": sum(len(row.claims) for flat in flats.values() for row in flat.listings),
        "repeated": sum(flat.repeated for flat in flats.values()),
        "opened": change.opened,
        "corrected": change.corrected,
        "vanished": change.vanished,
        "assigned": recorded.reassigned.written,
        "moved": recorded.reassigned.moved[:100],
        "unsure": recorded.reassigned.unsure[:100],
        "listings_unsure": len(recorded.reassigned.unsure),
        "added": difference.models_added[:100],
        "models_added": len(difference.models_added),
        "merged": difference.models_merged[:100],
        "models_merged": len(difference.models_merged),
        "models_changed": len(difference.models_changed),
        "models_removed": len(difference.models_removed),
        "offers_changed": len(difference.offers_changed),
        "offers_removed": len(difference.offers_removed),
        "held": recorded.held.count,
        "held_new": recorded.held.new,
        "lost": recorded.lost,
        "unknown": dict(unknown.most_common(100)),
        "skipped": dict(skipped.most_common(100)),
        "bytes": sum(reading.bytes for reading in readings),
        "errors": [f"{r.url}: {r.error}" for r in readings if r.status == "failed"][:20],
    }
