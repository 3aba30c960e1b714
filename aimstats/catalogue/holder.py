"""The catalogue that a process holds: loaded once a version, kept when the database is away."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from aimstats.catalogue.catalogue import Catalogue, Version
from aimstats.catalogue.engine.table import Table
from aimstats.catalogue.other_days import OtherDays, all_kept_evidence, instants, kept_evidence
from aimstats.catalogue.published import (
    LOAD_TIMEOUT_MS,
    read_catalogue,
    read_documents,
    read_evidence,
    read_scores,
    read_version,
)
from aimstats.catalogue.scores import KEPT, Scores
from aimstats.catalogue.sources import read_sources
from aimstats.resolution.from_ledger import resolved_at
from aimstats.resolution.unit import Resolved

LOOK_EVERY_S: Final = 1.0
SOURCES_KEPT_S: Final = 30.0
LOOK_AGAIN_AFTER_FAILURE_S: Final = 3.0
FIRST_LOAD_WAIT_S: Final = 10.0
TABLES: Final = {"models": "resolved_model", "offers": "resolved_offer"}

log = logging.getLogger(__name__)


class EmptyCatalogueError(RuntimeError):
    """Nothing was ever published."""


class CatalogueUnavailableError(RuntimeError):
    """The database cannot be read and this process holds nothing yet."""


class CatalogueHolder:
    """One a process. It looks at the published version at most once a second, when asked; the request that finds a
    new one loads it while all others go on with the old. Without the database it serves what it holds: `stale_reason`
    says why. At each look the documents are judged by the clock `now`: which of them are too old is part of the version.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        days: OtherDays | None = None,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._now = now
        self._held: Catalogue | None = None
        self._next_look = float("-inf")
        self._looking = threading.Lock()
        self._sources: tuple[float, Version, Table] | None = None
        self._days = days or OtherDays()
        self._stale_since: datetime | None = None

    @property
    def stale_reason(self) -> str | None:
        """Why what is served may be old: a sentence, or None while the database answers."""
        if self._stale_since is None:
            return None
        return f"The database has not answered since {self._stale_since:%Y-%m-%d %H:%M} UTC."

    @property
    def stale_since(self) -> datetime | None:
        """Since when the database has not answered; None while it does."""
        return self._stale_since

    def now(self) -> datetime:
        """The time by which documents are judged."""
        return self._now()

    def current(self) -> Catalogue:
        """The published catalogue.

        Raises EmptyCatalogueError when nothing was published yet, CatalogueUnavailableError when the database does not
        answer before this process has loaded anything.
        """
        if self._clock() >= self._next_look:
            self._look()
        if self._held is not None:
            return self._held
        if self._stale_since is not None:
            raise CatalogueUnavailableError("the database does not answer")
        raise EmptyCatalogueError("nothing has been published yet")

    def at(self, as_of: date | None, known_at: datetime | None, model: str | None = None) -> Catalogue:
        """The catalogue of a day, as known at a time; the present one for None, None and for today. With a `model` only that one
        and its offers need be in it.

        Raises BusyError while another is being built, CatalogueUnavailableError when the ledger cannot be read, and what
        `current` raises.
        """
        present = self.current()
        if known_at is None and as_of in (None, self._now().date()):
            return present
        at, known = instants(as_of, known_at, self._now())

        @contextmanager
        def open_units() -> Iterator[Iterable[Resolved]]:
            with self.snapshot() as connection:
                yield resolved_at(connection, at, known)

        try:
            if model is not None:
                found = self._days.kept(present, as_of, known_at)
                if found is not None:
                    return found
                with self.snapshot() as connection:
                    return self._days.alone(present, as_of, known_at, resolved_at(connection, at, known, [model]))
            return self._days.get(present, as_of, known_at, open_units)
        except SQLAlchemyError as error:
            raise CatalogueUnavailableError("the ledger cannot be read") from error

    def with_sources(self) -> Catalogue:
        """The present catalogue with the table of sources, which is at most half a minute old.

        Raises what `current` raises, and CatalogueUnavailableError when sources were never read and cannot be.
        """
        present = self.current()
        kept = self._sources
        if kept is None or kept[1] != present.version or self._clock() > kept[0] + SOURCES_KEPT_S:
            try:
                with self._engine.connect() as connection:
                    kept = self._clock(), present.version, read_sources(connection, self._now())
            except SQLAlchemyError as error:
                if kept is None:
                    raise CatalogueUnavailableError("the database does not answer") from error
            self._sources = kept
        assert kept is not None
        return present.including(kept[2])

    def evidence(self, catalogue: Catalogue, collection: str, identifiers: Iterable[str]) -> Mapping[str, Any] | None:
        """The evidence of these rows by id, as their resolved tables hold it, each line with its `stale_after`; None when the
        database does not answer."""
        wanted = list(identifiers)
        if catalogue.evidence is not None:
            return {one: _dated(catalogue, kept_evidence(catalogue, collection, one)) for one in wanted}
        try:
            with self._engine.connect() as connection:
                found = read_evidence(connection, TABLES[collection], wanted)
            return {identifier: _dated(catalogue, stated) for identifier, stated in found.items()}
        except SQLAlchemyError as error:
            log.warning("evidence cannot be read: %s", type(error).__name__)
            return None

    def scores(self, catalogue: Catalogue) -> Scores:
        """Every stated score of a catalogue, read once for as long as its rows are the same.

        Raises CatalogueUnavailableError where they were not read yet and the database does not answer.
        """
        found: Scores | None = catalogue.made_of_rows.get(KEPT)
        if found is None:
            try:
                if catalogue.evidence is not None:
                    told = all_kept_evidence(catalogue, "models")
                    found = Scores((model, stated["scores"]) for model, stated in told if stated.get("scores"))
                else:
                    with self.snapshot() as connection:
                        found = Scores(read_scores(connection))
            except SQLAlchemyError as error:
                raise CatalogueUnavailableError("the scores cannot be read") from error
            catalogue.made_of_rows[KEPT] = found
        return found

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A read-only connection that sees one moment of the database, with time for long reads."""
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._engine.connect().execution_options(**options) as connection:
            connection.exec_driver_sql(f"set local statement_timeout = {LOAD_TIMEOUT_MS}")
            yield connection

    def _look(self) -> None:
        """Load what was published since; one thread at a time, the others wait only while there is nothing to serve."""
        nothing_yet = self._held is None
        if not self._looking.acquire(timeout=FIRST_LOAD_WAIT_S if nothing_yet else 0):
            return
        try:
            if self._clock() < self._next_look:
                return
            self._held = self._judged(self._load())
            self._stale_since = None
            self._next_look = self._clock() + LOOK_EVERY_S
        except SQLAlchemyError as error:
            if self._stale_since is None:
                self._stale_since = self._now()
                log.warning("the catalogue's version cannot be read: %s", type(error).__name__)
            self._held = self._judged(self._held)
            self._next_look = self._clock() + LOOK_AGAIN_AFTER_FAILURE_S
        finally:
            self._looking.release()

    def _judged(self, catalogue: Catalogue | None) -> Catalogue | None:
        return catalogue and catalogue.judged(self._now())

    def _load(self) -> Catalogue | None:
        """The published catalogue: the one that is held, its documents read anew, or the whole."""
        held = self._held
        with self._engine.connect() as connection:
            version = read_version(connection)
        if version is None or (held is not None and replace(held.version, stale=version.stale) == version):
            return held
        with self.snapshot() as connection:
            if held is not None and _same_rows(held.version, version):
                return held.rechecked(read_version(connection) or version, read_documents(connection))
            return read_catalogue(connection)


def _dated(catalogue: Catalogue, stated: Any) -> Any:
    """The evidence of an offer (lines) or of a model (lines by field; scores are as old as their benchmark says)."""
    if isinstance(stated, Mapping):
        return {field: rows if field == "scores" else _dated(catalogue, rows) for field, rows in stated.items()}
    return None if stated is None else [catalogue.dated(row) for row in stated]


def _same_rows(held: Version, published: Version) -> bool:
    """Whether only documents were confirmed, and no row has changed."""
    return replace(held, checked=published.checked, published_at=published.published_at, stale=published.stale) == published
