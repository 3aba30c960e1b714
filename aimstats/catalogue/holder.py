"""The catalogue that a process holds: loaded once a version, kept when the database is away."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from aimstats.catalogue.catalogue import Catalogue, Version
from aimstats.catalogue.engine.table import Table
from aimstats.catalogue.other_days import OtherDays, Past, all_kept_evidence, instants, kept_evidence
from aimstats.catalogue.published import (
    LOAD_TIMEOUT_MS,
    read_catalogue,
    read_documents,
    read_documents_then,
    read_evidence,
    read_scores,
    read_version,
)
from aimstats.catalogue.scores import KEPT, Scores
from aimstats.catalogue.sources import read_sources
from aimstats.resolution.from_ledger import resolved_at
from aimstats.store.patience import Aside, left_s, longer, patience

LOOK_EVERY_S: Final = 1.0
SOURCES_KEPT_S: Final = 30.0
LOOK_AGAIN_AFTER_FAILURE_S: Final = 3.0
FIRST_LOAD_WAIT_S: Final = 10.0
ANSWER_WAIT_S: Final = 2.0
"""A database that has not answered a look for so long is away; what is held is served without waiting any longer."""
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
        self._beginning = threading.Lock()
        self._looking: Look | None = None
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
        if self._looking is not None and not self._looking.is_over:
            raise CatalogueUnavailableError("the catalogue is still being read")
        raise EmptyCatalogueError("nothing has been published yet")

    def current_at_once(self) -> Catalogue | None:
        """The published catalogue; None where the database has to be looked at first, which may take a while."""
        return None if self._clock() >= self._next_look else self._held

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
        def open_past(models: Collection[str] | None = None) -> Iterator[Past]:
            with self.snapshot() as connection:
                documents = None if known_at is None else read_documents_then(connection, known)
                yield Past(resolved_at(connection, at, known, models), documents)

        try:
            if model is not None:
                found = self._days.kept(present, as_of, known_at)
                if found is not None:
                    return found
                with open_past([model]) as past:
                    return self._days.alone(present, as_of, known_at, past)
            return self._days.get(present, as_of, known_at, open_past)
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
                self.refuse_while_away()
                with self._engine.connect() as connection:
                    kept = self._clock(), present.version, read_sources(connection, self._now())
            except (SQLAlchemyError, CatalogueUnavailableError) as error:
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
        if self._stale_since is not None:
            return None
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
        """A read-only connection that sees one moment of the database, with time for long reads.

        Raises CatalogueUnavailableError at once while the database is known not to answer.
        """
        self.refuse_while_away()
        with longer(), self._long_read() as connection:
            yield connection

    @contextmanager
    def _long_read(self) -> Iterator[Connection]:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._engine.connect().execution_options(**options) as connection:
            connection.exec_driver_sql(f"set local statement_timeout = {LOAD_TIMEOUT_MS}")
            yield connection

    def refuse_while_away(self) -> None:
        """Raise CatalogueUnavailableError where the database did not answer the last look: who asks would wait for nothing."""
        if self._stale_since is not None:
            raise CatalogueUnavailableError("the database does not answer")

    def _look(self) -> None:
        """Load what was published since, beside the requests; the one that finds the time come waits for it with half of its
        patience, as its answer may need the rest. While nothing is held there is nothing else to wait for.

        What it raises that is not the database's fault is raised here.
        """
        with self._beginning:
            look, is_mine = self._looking, False
            if look is None or look.is_over:
                if self._clock() < self._next_look:
                    return
                look, is_mine = Look(self._look_now), True
                self._looking = look
        if self._held is None:
            look.wait(FIRST_LOAD_WAIT_S)
        elif is_mine:
            look.wait(min(ANSWER_WAIT_S, left_s() / 2))
        if not look.is_answered and look.age_s > ANSWER_WAIT_S:
            self._note_away("no answer")

    def _look_now(self, look: Look) -> None:
        try:
            with patience(ANSWER_WAIT_S):
                version = self._published_version()
            look.is_answered = True
            with patience(LOAD_TIMEOUT_MS / 1_000):
                self._held = self._judged(self._load(version))
            self._stale_since = None
            self._next_look = self._clock() + LOOK_EVERY_S
        except SQLAlchemyError as error:
            self._note_away(type(error).__name__)
            self._held = self._judged(self._held)
            self._next_look = self._clock() + LOOK_AGAIN_AFTER_FAILURE_S

    def _note_away(self, why: str) -> None:
        if self._stale_since is None:
            self._stale_since = self._now()
            log.warning("the catalogue's version cannot be read: %s", why)

    def _judged(self, catalogue: Catalogue | None) -> Catalogue | None:
        return catalogue and catalogue.judged(self._now())

    def _published_version(self) -> Version | None:
        with self._engine.connect() as connection:
            return read_version(connection)

    def _load(self, version: Version | None) -> Catalogue | None:
        """The catalogue of that version: the one that is held, its documents read anew, or the whole."""
        held = self._held
        if version is None or (held is not None and replace(held.version, stale=version.stale) == version):
            return held
        with self._long_read() as connection:
            if held is not None and _same_rows(held.version, version):
                return held.rechecked(read_version(connection) or version, read_documents(connection))
            return read_catalogue(connection)


class Look(Aside):
    """One look at the database in a thread of its own."""

    def __init__(self, look_now: Callable[[Look], None]) -> None:
        self._look_now = look_now
        self._begun = time.monotonic()
        self.is_answered = False
        """Whether the database has said which version is published."""
        super().__init__("look", self._look)

    @property
    def age_s(self) -> float:
        """How long ago it began."""
        return time.monotonic() - self._begun

    def wait(self, at_most_s: float = FIRST_LOAD_WAIT_S) -> bool:
        """Wait for its end, but only ANSWER_WAIT_S where the database says nothing at all; raise what it raised."""
        if super().wait(min(at_most_s, ANSWER_WAIT_S)):
            return True
        return self.is_answered and super().wait(at_most_s - ANSWER_WAIT_S)

    def _look(self) -> None:
        try:
            self._look_now(self)
        except Exception:
            log.exception("the published catalogue cannot be made")
            raise


def _dated(catalogue: Catalogue, stated: Any) -> Any:
    """The evidence of an offer (lines) or of a model (lines by field; scores are as old as their benchmark says)."""
    if isinstance(stated, Mapping):
        return {field: rows if field == "scores" else _dated(catalogue, rows) for field, rows in stated.items()}
    return None if stated is None else [catalogue.dated(row) for row in stated]


def _same_rows(held: Version, published: Version) -> bool:
    """Whether only documents were confirmed, and no row has changed."""
    return replace(held, checked=published.checked, published_at=published.published_at, stale=published.stale) == published
