"""Catalogues of another day: resolved from the ledger on demand, at most two kept, one built at a time."""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection

from aimstats.catalogue.catalogue import Catalogue, ProviderFacts, build, unnamed
from aimstats.catalogue.columns import Body
from aimstats.catalogue.table import Stated, instant

KEPT: Final = 2
RETRY_AFTER_S: Final = 5


class BusyError(RuntimeError):
    """Another day's catalogue is being built: ask again after `retry_after` seconds."""

    def __init__(self) -> None:
        super().__init__("the catalogue of another day is being built")
        self.retry_after = RETRY_AFTER_S


class NoHistoryError(RuntimeError):
    """This process was not given a way to resolve another day."""


@dataclass(frozen=True, slots=True)
class ResolvedRow:
    """One model or offer as it stood: the body and evidence that its resolved table would hold."""

    body: Body
    changed_at: datetime
    evidence: Any


@dataclass(frozen=True, slots=True)
class DayRows:
    """Everything that stood on a day, in any order; read once, so both may be generators (offers are read first)."""

    models: Iterable[ResolvedRow]
    offers: Iterable[ResolvedRow]


RowsAt = Callable[[Connection, date | None, datetime | None], DayRows]
"""Resolves from the ledger what was in force at the end of a UTC day, as known at a time (None: now)."""

Key = tuple[int, str | None, str | None]


class OtherDays:
    """The few catalogues of other days that a process keeps."""

    def __init__(self, provider_facts: ProviderFacts = unnamed) -> None:
        self._provider_facts = provider_facts
        self._kept: OrderedDict[Key, Catalogue] = OrderedDict()
        self._building = threading.Lock()

    def get(
        self,
        current: Catalogue,
        as_of: date | None,
        known_at: datetime | None,
        open_rows: Callable[[], AbstractContextManager[DayRows]],
    ) -> Catalogue:
        """The catalogue of that day: kept, or built now. Raises BusyError while another request builds one."""
        key = (current.version.dataset, as_of.isoformat() if as_of else None, instant(known_at))
        found = self._kept.get(key)
        if found is not None:
            return found.rechecked(current.version, current.documents)
        if not self._building.acquire(blocking=False):
            raise BusyError
        try:
            with open_rows() as rows:
                built = self._build(current, key, rows)
            self._kept[key] = built
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return built
        finally:
            self._building.release()

    def _build(self, current: Catalogue, key: Key, rows: DayRows) -> Catalogue:
        evidence: dict[str, bytes] = {}
        return build(
            _noting_evidence(rows.models, "models", evidence),
            _noting_evidence(rows.offers, "offers", evidence),
            current.documents,
            current.version,
            redirects=current.redirects,
            as_of=key[1],
            known_at=key[2],
            evidence=evidence,
            provider_facts=self._provider_facts,
        )


def _noting_evidence(rows: Iterable[ResolvedRow], collection: str, evidence: dict[str, bytes]) -> Iterator[Stated]:
    """The rows, their evidence kept aside in small: it is read again only for the rows that are shown."""
    for row in rows:
        evidence[f"{collection} {row.body['id']}"] = zlib.compress(orjson.dumps(row.evidence), 1)
        yield row.body, row.changed_at


def kept_evidence(catalogue: Catalogue, collection: str, identifier: str) -> Any:
    """The evidence of a row of another day; None where there is none."""
    stored = (catalogue.evidence or {}).get(f"{collection} {identifier}")
    return None if stored is None else orjson.loads(zlib.decompress(stored))
