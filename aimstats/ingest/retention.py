"""What keeps readings, runs and events from growing for ever: those that no answer needs are deleted, in small lots."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, text

from aimstats.domain.keeping import CHANGES_SPAN

LOT: Final = 2_000
"""Rows of a transaction: some 0.1 s, in which nobody is kept waiting."""
SLACK: Final = timedelta(days=2)
"""For so long an event stays that no list has any more: a process may still serve the edition before."""
LOCK_TIMEOUT_MS: Final = 5_000

Transaction = Callable[[Engine], AbstractContextManager[Connection]]

_DOCUMENTS: Final = "select distinct document_id from reading where read_at < :before order by 1"
_READINGS: Final = """
with good as (
    select run_id, lead(run_id) over (order by read_at, run_id) as next, row_number() over of_day = 1 as is_first,
           lead(run_id) over of_day is null as is_last
    from reading where document_id = :document and status in ('ok', 'unchanged') and read_at < :before
    window of_day as (partition by cast(read_at at time zone 'UTC' as date) order by read_at, run_id)
), spare as (
    select run_id from good where not is_first and not is_last
    and not exists (select from claim c where c.document_id = :document and c.opened_by in (good.run_id, good.next))
    and not exists (select from claim c where c.document_id = :document and c.closed_by in (good.run_id, good.next))
    union all
    select run_id from reading where document_id = :document and status = 'failed' and read_at < :before
    limit :lot
)
delete from reading r using spare where r.document_id = :document and r.run_id = spare.run_id
"""
_RUNS: Final = """
delete from run where id in (
    select r.id from run r where r.observed_at < :before and r.finished_at is not null
    and not exists (select from reading where run_id = r.id) and not exists (select from held where run_id = r.id)
    and not exists (select from claim where opened_by = r.id) and not exists (select from claim where closed_by = r.id)
    and exists (select from run l where l.source = r.source and l.id > r.id)
    and (r.status not in ('published', 'unchanged') or (
        exists (select from run l where l.source = r.source and l.id > r.id and l.status in ('published', 'unchanged'))
        and exists (select from run e where e.source = r.source and e.id < r.id and e.status in ('published', 'unchanged'))))
    limit :lot)
"""
_EVENTS: Final = """
delete from event where id in (
    select e.id from event e, version v where e.at < v.published_at - cast(:span as interval) order by e.at limit :lot)
"""


@dataclass(slots=True)
class Forgotten:
    """How many rows of each table are gone."""

    readings: int = 0
    runs: int = 0
    events: int = 0

    def __bool__(self) -> bool:
        return bool(self.readings or self.runs or self.events)

    def __str__(self) -> str:
        return f"{self.readings:,} readings, {self.runs:,} runs, {self.events:,} events"


def forget(engine: Engine, transaction: Transaction, now: datetime, readings_days: int) -> Forgotten:
    """Delete what no answer about a day needs: of readings older than `readings_days` (whole days in UTC) those that failed, and
    those between a document's first and last of a day, except where a claim began or ended in one or in the one after it; runs of
    then that nothing refers to any more, except a source's first good one and its last ones; events that `/changes` has no more.

    Each lot is a transaction that `transaction` begins: what was stopped goes on from there the next time. No claim, listing,
    assignment or held item is touched. The database's triggers refuse to delete anything else.
    """
    before = datetime.combine(now.astimezone(UTC).date() - timedelta(days=readings_days), time(), UTC)
    with engine.connect() as connection:
        documents = connection.execute(text(_DOCUMENTS), {"before": before}).scalars().all()
    lots = _Lots(engine, transaction)
    done = Forgotten()
    for document in documents:
        done.readings += sum(lots.deleted(_READINGS, {"document": document, "before": before}))
    done.runs = sum(lots.deleted(_RUNS, {"before": before}))
    done.events = sum(lots.deleted(_EVENTS, {"span": CHANGES_SPAN + SLACK}))
    return done


@dataclass(frozen=True, slots=True)
class _Lots:
    engine: Engine
    transaction: Transaction

    def deleted(self, statement: str, values: Mapping[str, Any]) -> Iterator[int]:
        """Lot by lot, how many rows went."""
        count = LOT
        while count == LOT:
            with self.transaction(self.engine) as connection:
                connection.exec_driver_sql(f"set local lock_timeout = {LOCK_TIMEOUT_MS}")
                count = connection.execute(text(statement), {**values, "lot": LOT}).rowcount
            yield count
