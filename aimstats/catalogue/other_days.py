"""Catalogues of another day: resolved from the ledger on demand, at most two kept, one built at a time."""

from __future__ import annotations

import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import orjson

from aimstats.catalogue.building import build
from aimstats.catalogue.catalogue import Catalogue, DocumentFacts
from aimstats.catalogue.engine.table import StoredRow
from aimstats.domain.spans import instant_of, instant_text
from aimstats.resolution.unit import Resolved

KEPT_BYTES: Final = 120_000_000
"""So much other days may take of a worker's memory: three whole ones of 2,400 models (2026-11), or many small ones."""
WAIT_S: Final = 3.0
"""So long a request waits for a day in building; then it is told to come again."""
RETRY_AFTER_S: Final = 5
BUILD_S: Final = 30.0
"""So long a building may take: the dearest question that is permitted (28 s on 2 processors that ten others wanted, 2026-11)."""
AFTER_BUILD_S: Final = 60


class BusyError(RuntimeError):
    """Another day's catalogue cannot be built now: ask again after `retry_after` seconds."""

    def __init__(self, said: str = "the catalogue of another day is being built", retry_after: int = RETRY_AFTER_S) -> None:
        super().__init__(said)
        self.retry_after = retry_after


Key = tuple[int, date | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Past:
    """What the ledger says of another day: its units, and the documents as they were known then (None: as they are now)."""

    units: Iterable[Resolved]
    documents: Mapping[int, DocumentFacts] | None = None


def instants(as_of: date | None, known_at: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The instant that is asked about and the time of knowledge (ledger.md, as_of and known_at).

    >>> from datetime import UTC
    >>> now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> [at.isoformat() for at in instants(date(2026, 2, 1), None, now)]
    ['2026-02-01T23:59:59.999999+00:00', '2026-03-01T12:00:00+00:00']
    """
    known = known_at or now
    if as_of is None:
        return known, known
    return instant_of(as_of, now), known


class OtherDays:
    """The catalogues of other days that a process keeps: so many bytes of them, those that were asked for last.

    One is built at a time. Up to `waiting` requests wait for it, `wait_s` each; a building that takes longer than `build_s` is
    given up; `admit` is called before each building and may raise BusyError.
    """

    def __init__(
        self,
        waiting: int = 2,
        admit: Callable[[], None] = lambda: None,
        *,
        kept_bytes: int = KEPT_BYTES,
        wait_s: float = WAIT_S,
        build_s: float = BUILD_S,
    ) -> None:
        self._kept: OrderedDict[Key, tuple[Catalogue, int]] = OrderedDict()
        self._keeping = threading.Lock()
        self._building = threading.Lock()
        self._waiting = threading.BoundedSemaphore(waiting) if waiting else None
        self._admit = admit
        self._kept_bytes = kept_bytes
        self._wait_s = wait_s
        self._build_s = build_s

    @property
    def has_room(self) -> bool:
        """Whether a further request may wait."""
        if self._waiting is None or not self._waiting.acquire(blocking=False):
            return False
        self._waiting.release()
        return True

    def kept(self, current: Catalogue, as_of: date | None, known_at: datetime | None) -> Catalogue | None:
        """The catalogue of that day, if it is there."""
        key = (current.version.dataset, as_of, known_at)
        with self._keeping:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
        if known_at is not None:
            return found[0]
        return found[0].rechecked(current.version, current.documents)

    def get(
        self,
        current: Catalogue,
        as_of: date | None,
        known_at: datetime | None,
        open_past: Callable[[], AbstractContextManager[Past]],
    ) -> Catalogue:
        """The catalogue of that day: kept, waited for, or built now. Raises BusyError where it cannot be had in time."""
        found = self.kept(current, as_of, known_at)
        if found is not None:
            return found
        self._take_turn()
        try:
            found = self.kept(current, as_of, known_at)
            if found is not None:
                return found
            self._admit()
            key = (current.version.dataset, as_of, known_at)
            with open_past() as past:
                built = self.alone(current, as_of, known_at, past)
            self._keep(key, built)
            return built
        finally:
            self._building.release()

    def alone(self, current: Catalogue, as_of: date | None, known_at: datetime | None, past: Past) -> Catalogue:
        """A catalogue of these units alone, kept by nobody: one model's page on another day needs no other model."""
        return self._build(current, (current.version.dataset, as_of, known_at), past)

    def _take_turn(self) -> None:
        """Wait until nobody builds. Raises BusyError where that lasts too long, or enough others wait already."""
        if self._building.acquire(blocking=False):
            return
        if self._waiting is None or not self._waiting.acquire(blocking=False):
            raise BusyError
        try:
            if not self._building.acquire(timeout=self._wait_s):
                raise BusyError
        finally:
            self._waiting.release()

    def _keep(self, key: Key, built: Catalogue) -> None:
        with self._keeping:
            self._kept[key] = built, built.held_bytes
            while sum(size for _, size in self._kept.values()) > self._kept_bytes and len(self._kept) > 1:
                self._kept.popitem(last=False)

    def _build(self, current: Catalogue, key: Key, past: Past) -> Catalogue:
        """Offers are needed before models: bodies wait as compact JSON, never as 9,000 dictionaries."""
        models: list[bytes] = []
        offers: list[bytes] = []
        evidence: dict[str, bytes] = {}
        ends = time.monotonic() + self._build_s
        for unit in past.units:
            if time.monotonic() > ends:
                raise BusyError(f"that day takes longer than {self._build_s:.0f} s to put together", AFTER_BUILD_S)
            if unit.body is not None:
                models.append(orjson.dumps(unit.body))
                evidence[f"models {unit.body['id']}"] = _small(unit.evidence)
            for offer in unit.offers:
                offers.append(orjson.dumps(offer.body))
                evidence[f"offers {offer.body['id']}"] = _small(offer.evidence)
        documents, version = current.documents, current.version
        if past.documents is not None:
            documents = past.documents
            version = replace(version, stale=frozenset(id_ for id_, one in documents.items() if one.stale))
        return build(
            _stated(models),
            _stated(offers),
            documents,
            version,
            redirects=current.redirects,
            benchmarks=current.benchmarks,
            as_of=key[1].isoformat() if key[1] else None,
            known_at=instant_text(key[2]) if key[2] else None,
            evidence=evidence,
            ledger_since=current.ledger_since,
        )


def _small(evidence: Any) -> bytes:
    """Evidence in little room: it is read again only for rows that are shown."""
    return zlib.compress(orjson.dumps(evidence), 1)


def _stated(bodies: list[bytes]) -> Iterator[StoredRow]:
    for body in bodies:
        yield orjson.loads(body), None


def kept_evidence(catalogue: Catalogue, collection: str, identifier: str) -> Any:
    """The evidence of a row of another day; None where there is none."""
    stored = (catalogue.evidence or {}).get(f"{collection} {identifier}")
    return None if stored is None else orjson.loads(zlib.decompress(stored))


def all_kept_evidence(catalogue: Catalogue, collection: str) -> Iterator[tuple[str, Any]]:
    """The evidence of every row of another day, by id."""
    for name in sorted(catalogue.evidence or ()):
        kind, _, identifier = name.partition(" ")
        if kind == collection:
            yield identifier, kept_evidence(catalogue, collection, identifier)
