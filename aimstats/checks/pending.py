"""How long what is held has been stated: on how many days readings said the same, counted from the readings themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from aimstats.checks.decisions import Place, place_of_row
from aimstats.domain.claims import ListingKey, json_text

_OPEN: Final = (
    "select document_id, item, since, decided, covers from held where document_id = any(:documents) and ended_at is null"
)
_READ: Final = """
select document_id, read_at from reading where document_id = any(:documents) and status in ('ok', 'unchanged')
and read_at >= :since
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of a document waits together: on how many days it was stated, what was decided of it, its detail, and the
    series that wait, as (listing, kind, key)."""

    since: datetime
    days: int
    decided: str | None
    detail: Mapping[str, Any]
    covers: frozenset[tuple[int, str, str]] = frozenset()


@dataclass(slots=True)
class Pending:
    """What is held of some documents, each with the days on which it was stated, the day of this reading included."""

    figures: dict[Place, int] = field(default_factory=dict)
    together: dict[tuple[int, str], Waiting] = field(default_factory=dict)
    _read: dict[int, set[datetime]] = field(default_factory=lambda: defaultdict(set))
    _at: Mapping[int, datetime] = field(default_factory=dict)

    def days_since(self, document: int, since: datetime) -> int:
        """On how many UTC days the document was read from then on, this reading included."""
        days: set[date] = {read.date() for read in self._read[document] if read >= since}
        return len(days | {self._at[document].date()})

    def of_figure(self, document: int, listing: ListingKey, item: dict[str, Any]) -> int:
        """On how many days this very figure was stated and held, today included: 1 at first."""
        place = (document, listing, item.get("kind", ""), item.get("key", ""), json_text(item.get("value")))
        return self.figures.get(place, 1)

    def of_document(self, document: int, what: str) -> Waiting:
        """What is known of a thing that waits together; one that is new was stated today."""
        return self.together.get((document, what)) or Waiting(self._at[document], 1, None, {})

    def is_known(self, document: int, what: str) -> bool:
        """Whether a thing waited together before this reading."""
        return (document, what) in self.together


def pending(connection: Connection, at: Mapping[int, datetime]) -> Pending:
    """What waits of these documents (id -> when they were read now)."""
    found = Pending(_at=at)
    rows = connection.execute(text(_OPEN), {"documents": list(at)}).all()
    if not rows:
        return found
    wanted = {"documents": sorted({row.document_id for row in rows}), "since": min(row.since for row in rows)}
    for row in connection.execute(text(_READ), wanted):
        found._read[row.document_id].add(row.read_at)
    for row in rows:
        days = found.days_since(row.document_id, row.since)
        if "listing" in row.item:
            found.figures[place_of_row(row.document_id, row.item)] = days
        elif "what" in row.item:
            covers = frozenset((listing, kind, key) for listing, kind, key in row.covers or ())
            waiting = Waiting(row.since, days, row.decided, row.item, covers)
            found.together[row.document_id, row.item["what"]] = waiting
    return found
