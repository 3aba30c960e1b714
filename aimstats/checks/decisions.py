"""What people decided about held items and documents, and how a decision is written down."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from aimstats.domain.claims import ListingKey, json_text

ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
UNPUBLISHABLE: Final = ("fact_value", "stated_twice", "unstorable_id")
"""Checks whose items are no claims: they cannot be accepted, only the source can mend them."""

_DECIDED = """
select document_id, item, decided from held
where document_id = any(:documents) and decided in ('accepted', 'rejected') and jsonb_exists(item, 'listing')
order by decided_at, id
"""
_ITEMS = """
select h.id, d.source, d.url, h."check", h.reason, h.since, h.item, h.decided, h.waits
from held h join document d on d.id = h.document_id
where h.decided is not distinct from :decided order by d.source, h.id
"""
_DECIDE = """
update held set decided = :decision, decided_at = :at
where (decided is null or (decided = 'rejected' and :decision = 'accepted')) and id = any(:ids) returning id
"""
_STATES = "select id, coalesce(decided, '') as decided, decided_at from held where id = any(:ids)"

_WAITING = "select document_id, item from held where document_id = any(:documents) and decided is null"

Place = tuple[int, ListingKey, str, str, str]
"""(document, listing key, kind, key, value as canonical JSON)."""


@dataclass(slots=True)
class Decisions:
    """The last decision on each figure, and what is held and not decided."""

    figures: dict[Place, str] = field(default_factory=dict)
    waiting: set[Place] = field(default_factory=set)

    def on(self, document: int, listing: ListingKey, item: dict[str, Any]) -> str | None:
        """What was decided on this very figure."""
        return self.figures.get(_place(document, listing, item))

    def is_waiting(self, document: int, listing: ListingKey, item: dict[str, Any]) -> bool:
        """Whether this very figure is held already."""
        return _place(document, listing, item) in self.waiting


def _place(document: int, listing: ListingKey, item: dict[str, Any]) -> Place:
    return document, listing, item.get("kind", ""), item.get("key", ""), json_text(item.get("value"))


def place_of_row(document: int, item: dict[str, Any]) -> Place:
    """Where a held item of a listing stands."""
    provider, host, external_id, region, variant = item["listing"]
    return _place(document, (provider, host, external_id, region, variant), item)


def decisions(connection: Connection, documents: Collection[int]) -> Decisions:
    """The decisions on figures of these documents."""
    found = Decisions()
    wanted = {"documents": list(documents)}
    for row in connection.execute(text(_WAITING), wanted):
        if "listing" in row.item:
            found.waiting.add(place_of_row(row.document_id, row.item))
    for row in connection.execute(text(_DECIDED), wanted):
        found.figures[place_of_row(row.document_id, row.item)] = row.decided
    return found


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One thing that is held: an item of a listing, or (`listing` empty) what of a document waits together, named by `field`.

    `waits`: further readings on other days decide it by themselves.
    """

    id: int
    source: str
    url: str
    check: str
    reason: str
    since: datetime
    listing: str
    field: str
    value: Any = None
    waits: bool = False

    @property
    def is_publishable(self) -> bool:
        """Whether accepting it can publish it."""
        return self.check not in UNPUBLISHABLE


def open_items(connection: Connection, decided: str | None = None) -> list[OpenItem]:
    """Everything that is held and not decided, or what was decided so."""
    return [
        OpenItem(
            id=row.id,
            source=row.source,
            url=row.url,
            check=row.check,
            reason=row.reason,
            since=row.since,
            listing="/".join(part for part in row.item.get("listing", ()) if part),
            field=row.item.get("key") or row.item.get("what", ""),
            value=row.item.get("value"),
            waits=row.waits,
        )
        for row in connection.execute(text(_ITEMS), {"decided": decided})
    ]


def decide(connection: Connection, ids: Sequence[int], decision: str, at: datetime) -> list[int]:
    """Write a decision on open items and move the dataset version; the ids that were open.

    What was accepted is published by the next run. A rejection can be taken back by accepting.
    """
    rows = connection.execute(text(_DECIDE), {"decision": decision, "at": at, "ids": list(ids)})
    done = sorted(rows.scalars())
    if done:
        connection.execute(text("update version set dataset = dataset + 1"))
    return done


def why_not_open(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Of each number that is not open what became of it; nothing of one that was never given."""
    return {
        row.id: f"was {row.decided} on {row.decided_at:%Y-%m-%d}"
        for row in connection.execute(text(_STATES), {"ids": list(ids)})
        if row.decided
    }
