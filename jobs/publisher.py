"""Publishes crawled sources one after the other, in their fixed order, in a thread of its own, while the crawl goes on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from aimstats.domain.items import Source
from aimstats.domain.readings import SourceResult
from aimstats.domain.reasons import Reason
from aimstats.ingest.publish import publish, settle_crawl
from aimstats.ingest.refusals import AbsentError, PublicationRefusedError
from aimstats.ingest.retention import forget
from aimstats.ingest.runs import Clock, Report, record_failure
from aimstats.log import IN_WORDS
from aimstats.store.database import reason
from jobs.bulk.making import make_bulk
from jobs.closing_table import in_words
from jobs.progress import Progress
from jobs.stopping import Stop, StoppedError
from jobs.turns import Turns

log = logging.getLogger("aimstats.scrape")


class Publisher:
    """Takes results as sources close, and publishes them in the order of `sources`; each is one transaction, so what is
    published stays, whatever follows. `release` gives the sources up when all are published: whichever job is the last to do
    so then sees no other at work, and tells what changed. Readings older than `keep_readings_days` are thinned at last.
    """

    def __init__(
        self,
        engine: Engine,
        started_at: datetime,
        observed_at: datetime | None,
        software: Mapping[str, str],
        sources: Sequence[str],
        release: Callable[[], object] = lambda: None,
        progress: Progress | None = None,
        keep_readings_days: int | None = None,
    ) -> None:
        self._engine = engine
        self._started_at = started_at
        self._observed_at = observed_at
        self._software = software
        self._turns = Turns(sources)
        self._release = release
        self._progress = progress or Progress(())
        self._keep_readings_days = keep_readings_days
        self._thread = threading.Thread(target=self._work, name="publisher", daemon=True)
        self._failure: SQLAlchemyError | None = None
        self._taken: list[str] = []
        self._stop = Stop()
        self.reports: list[Report] = []

    def __enter__(self) -> Self:
        self._stop.start()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        """Publish what is waiting, unless the job stops; raises what the database raised."""
        self._turns.close()
        self._thread.join(0.5)
        while self._thread.is_alive() and not self._stop.is_overdue:
            self._thread.join(0.1)
        self._stop.end()
        reported = {report.source for report in self.reports}
        self.reports += [_stopped(source) for source in self._taken if source not in reported]
        if self._failure is not None and kind is None:
            raise self._failure

    def take(self, result: SourceResult) -> None:
        """Publish the result when its turn comes; a crawl that is shut down publishes nothing more."""
        if not result.finished and result.close_reason == "shutdown":
            self.stop()
        self._taken.append(result.source.id)
        self._turns.put(result)

    def leave_out(self, source: Source) -> None:
        """Write down that a source is not crawled since its key is not configured; its last good values grow old."""
        clock = Clock(started_at=self._started_at, now=datetime.now(UTC), observed_at=self._observed_at)
        result = SourceResult(source=source, finished=False, close_reason="not_configured")
        reason_ = Reason("key_not_set", variable=source.key_variable)
        with self._engine.begin() as connection:
            report = record_failure(connection, result, clock, self._software[source.id], reason_, status="not_configured")
        self.reports.append(report)
        told = {"source": source.id, "status": report.status, IN_WORDS: True}
        log.info("%s: not configured: %s", source.id, reason_, extra=told)

    def stop(self) -> None:
        """Leave what is waiting and what is being written to the next run; what is published stays."""
        self._stop.order()

    def _work(self) -> None:
        while (result := self._turns.next()) is not None:
            try:
                report = self._publish(result)
            except StoppedError:
                report = _stopped(result.source.id)
            except SQLAlchemyError as error:
                self._failure = self._failure or error
                report = Report(result.source.id, "failed", {}, "the database refused")
            self.reports.append(report)
            level = logging.WARNING if report.error and report.status != "absent" else logging.INFO
            counts = {name: value for name, value in report.stats.items() if isinstance(value, int)}
            message = ": ".join(filter(None, (report.source, report.status, in_words(report), report.error)))
            log.log(level, message, extra={"source": report.source, "status": report.status, **counts, IN_WORDS: True})
            self._progress.published(report.source)
            for name, count in report.stats.get("unknown", {}).items():
                log.warning("%s: unknown key %s (%d times)", report.source, name, count, extra={"source": report.source})
        if self.reports and not self._stop.is_ordered and self._failure is None:
            self._settle()

    def _settle(self) -> None:
        """What only the end of the crawl decides; a job that does not come so far leaves it to the next."""
        try:
            self._release()
            with self._stop.transaction(self._engine) as connection:
                settle_crawl(connection, datetime.now(UTC))
            self._progress.settled()
        except StoppedError:
            log.warning("the job was stopped before the end of the crawl was settled: the next one does it")
        except SQLAlchemyError as error:
            self._failure = error
        else:
            self._make_bulk()
            self._forget()

    def _make_bulk(self) -> None:
        """Make the files of the whole catalogue; where that fails those before stay, and the next crawl tries again."""
        try:
            make_bulk(self._engine, self._stop.transaction, datetime.now(UTC))
        except StoppedError:
            log.warning("the job was stopped before the bulk files were made: the next one makes them")
        except Exception as error:
            said = reason(error) if isinstance(error, SQLAlchemyError) else f"{type(error).__name__}: {error}"
            log.warning("the bulk files were not made, those before stay: %s", said)

    def _forget(self) -> None:
        """Delete what no answer needs any more; what is left over the next crawl deletes."""
        if self._keep_readings_days is None or self._stop.is_ordered:
            return
        try:
            gone = forget(self._engine, self._stop.transaction, datetime.now(UTC), self._keep_readings_days)
        except StoppedError:
            log.warning("the job was stopped before all that no answer needs was deleted: the next one goes on")
        except SQLAlchemyError as error:
            log.warning("what no answer needs was not all deleted, the next crawl goes on: %s", reason(error))
        else:
            if gone:
                log.info("deleted, since no answer needs them: %s", gone)

    def _publish(self, result: SourceResult) -> Report:
        clock = Clock(started_at=self._started_at, now=datetime.now(UTC), observed_at=self._observed_at)
        software = self._software[result.source.id]
        if self._stop.is_ordered:
            return Report(result.source.id, "stopped", {}, "the job was stopped before its turn came")
        if not result.finished and not result.errors:
            return Report(result.source.id, "stopped", {}, f"the crawl was stopped ({result.close_reason})")
        try:
            with self._stop.transaction(self._engine) as connection:
                return publish(connection, result, clock, software)
        except PublicationRefusedError as error:
            message, status = error.reason, "absent" if isinstance(error, AbsentError) else "failed"
        except (OperationalError, InterfaceError, StoppedError):
            raise
        except Exception as error:
            log.exception("%s: publishing failed", result.source.id)
            said = reason(error) if isinstance(error, SQLAlchemyError) else str(error)
            message, status = Reason("publishing_failed", error=f"{type(error).__name__}: {said}"), "failed"
        with self._stop.transaction(self._engine) as connection:
            return record_failure(connection, result, clock, software, message, status)


def _stopped(source: str) -> Report:
    return Report(source, "stopped", {}, "the job was stopped while it was written: nothing of it is kept")
