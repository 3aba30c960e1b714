"""What the gate keeps back, and what it keeps back no longer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from aimstats.checks import HeldDocument
from aimstats.domain.claims import HeldItem, json_text
from aimstats.ingest.ledger import Numbered

_Saying = tuple[int | None, str, str]
"""(listing, check, item as canonical JSON)."""
_Series = tuple[int | None, str, str]
"""(listing, kind, key)."""
_STANDING: Final = """
select id, listing_id, "check", item, decided, confirmed_at, ended_at from held
where document_id = :document and (ended_at is null or decided = 'rejected') order by id
"""
_HOLD: Final = """
insert into held (run_id, document_id, listing_id, item, "check", reason, since, confirmed_at)
values (:run, :document, :listing, cast(:item as jsonb), :check, :reason, :at, :age)
"""
_END: Final = """
update held set ended_at = :at, decided = coalesce(decided, 'superseded'), decided_at = coalesce(decided_at, :at)
where id = any(:ids)
"""


@dataclass(slots=True)
class Standing:
    """What a run left of the items that are held of a document: how many (without those that a person rejected), whether these
    are others than before, and the listings of which something is held now that was not, or no longer.
    """

    count: int = 0
    changed: bool = False
    listings: set[int] = field(default_factory=set)


def write_held(
    connection: Connection,
    document: int,
    items: Iterable[HeldItem],
    numbers: Numbered,
    run: int,
    at: datetime,
    confirmed_at: datetime | None,
) -> Standing:
    """Replace what is held of the document by what this run holds; what was held before and is again keeps its `since`.

    The figure that stands before a held one was last confirmed by the reading before, `confirmed_at`; one that follows another
    held one inherits its age. What a person rejected stands until the document says something else.
    """
    before: dict[_Saying, Any] = {}
    ages: dict[_Series, datetime] = {}
    for row in connection.execute(text(_STANDING), {"document": document}):
        if row.ended_at is None and row.confirmed_at is not None and "key" in row.item:
            ages[row.listing_id, row.item["kind"], row.item["key"]] = row.confirmed_at
        before[row.listing_id, row.check, json_text(row.item)] = row
    standing = Standing()
    fresh, resumed = [], []
    for held in items:
        standing.count += not held.quiet
        listing = numbers.get((held.listing, held.ordinal))
        item = held.item | {"listing": list(held.listing)}
        known = before.pop((listing, held.check, json_text(item)), None)
        if known is not None and known.ended_at is None:
            continue
        if listing is not None:
            standing.listings.add(listing)
        age = ages.get((listing, item.get("kind", ""), item.get("key", "")), confirmed_at)
        if known is not None:
            resumed.append({"id": known.id, "age": age})
        elif not held.quiet:
            fresh.append(
                {"run": run, "document": document, "listing": listing, "item": json_text(item), "check": held.check,
                 "reason": held.reason, "at": at, "age": age}
            )  # fmt: skip
    ended = [row for row in before.values() if row.ended_at is None]
    standing.listings |= {row.listing_id for row in ended if row.listing_id is not None}
    if fresh:
        connection.execute(text(_HOLD), fresh)
    if resumed:
        connection.execute(text("update held set ended_at = null, confirmed_at = :age where id = :id"), resumed)
    _end(connection, [row.id for row in ended], at)
    standing.changed = bool(fresh or any(row.decided is None for row in ended))
    return standing


def _end(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    if ids:
        connection.execute(text(_END), {"at": at, "ids": list(ids)})


def end_gone(connection: Connection, documents: Sequence[int], at: datetime) -> bool:
    """Hold nothing more of documents that are gone; whether anything was held."""
    open_ = text("select id from held where document_id = any(:documents) and ended_at is null")
    ids = connection.execute(open_, {"documents": list(documents)}).scalars().all()
    _end(connection, ids, at)
    return bool(ids)


def hold_document(connection: Connection, held: HeldDocument, run: int, sha256: str, at: datetime) -> bool:
    """Hold a whole document unless the same check holds it already, or a person rejected the same bytes; whether it is new.

    What another check held of the whole document before is superseded.
    """
    item = {"sha256": sha256} | ({"is_sum": True} if held.is_sum else {})
    named = {"run": run, "document": held.document, "check": held.check, "reason": held.reason, "sha256": sha256, "at": at}
    connection.execute(
        text(
            "update held set decided = 'superseded', decided_at = :at, ended_at = :at "
            "where document_id = :document and decided is null "
            "and not jsonb_exists(item, 'listing') and \"check\" <> :check"
        ),
        named,
    )
    named["item"] = json_text(item)
    rows = connection.execute(
        text(
            'insert into held (run_id, document_id, item, "check", reason, since) '
            "select :run, :document, cast(:item as jsonb), :check, :reason, :at "
            'where not exists (select from held where document_id = :document and "check" = :check '
            "and not jsonb_exists(item, 'listing') "
            "and (decided is null or (decided = 'rejected' and item->>'sha256' = :sha256)))"
        ),
        named,
    )
    return rows.rowcount > 0


def release_documents(connection: Connection, documents: Sequence[int], at: datetime) -> bool:
    """Hold documents no longer as a whole, since they were read again as they last stood; whether any was held."""
    rows = connection.execute(
        text(
            "update held set decided = 'superseded', decided_at = :at, ended_at = :at "
            "where document_id = any(:ids) and not jsonb_exists(item, 'listing') and decided is null"
        ),
        {"at": at, "ids": list(documents)},
    )
    return rows.rowcount > 0
