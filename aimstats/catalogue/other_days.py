"""Catalogues of another day: resolved from the ledger on demand, at most two kept, one built at a time."""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Final

import orjson

from aimstats.catalogue.building import build
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.engine.table import StoredRow
from aimstats.domain.spans import instant_of, instant_text
from aimstats.resolution.unit import Resolved

KEPT: Final = 2
RETRY_AFTER_S: Final = 5


class BusyError(RuntimeError):
    """Another day's catalogue is being built: ask again after `retry_after` seconds."""

    def __init__(self) -> None:
        super().__init__("the catalogue of another day is being built")
        self.retry_after = RETRY_AFTER_S


Key = tuple[int, date | None, datetime | None]


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
    """The few catalogues of other days that a process keeps."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Catalogue] = OrderedDict()
        self._building = threading.Lock()

    def get(
        self,
        current: Catalogue,
        as_of: date | None,
        known_at: datetime | None,
        open_units: Callable[[], AbstractContextManager[Iterable[Resolved]]],
    ) -> Catalogue:
        """The catalogue of that day: kept, or built now. Raises BusyError while another request builds one."""
        key = (current.version.dataset, as_of, known_at)
        found = self._kept.get(key)
        if found is not None:
            return found.rechecked(current.version, current.documents)
        if not self._building.acquire(blocking=False):
            raise BusyError
        try:
            with open_units() as units:
                built = self._build(current, key, units)
            self._kept[key] = built
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return built
        finally:
            self._building.release()

    def _build(self, current: Catalogue, key: Key, units: Iterable[Resolved]) -> Catalogue:
        """Offers are needed before models: bodies wait as compact JSON, never as 9,000 dictionaries."""
        models: list[bytes] = []
        offers: list[bytes] = []
        evidence: dict[str, bytes] = {}
        for unit in units:
            if unit.body is not None:
                models.append(orjson.dumps(unit.body))
                evidence[f"models {unit.body['id']}"] = _small(unit.evidence)
            for offer in unit.offers:
                offers.append(orjson.dumps(offer.body))
                evidence[f"offers {offer.body['id']}"] = _small(offer.evidence)
        return build(
            _stated(models),
            _stated(offers),
            current.documents,
            current.version,
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
