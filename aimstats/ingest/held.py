"""What the gate keeps back, what it keeps back no longer, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from aimstats.domain.claims import Flat, HeldItem, HeldTogether, json_text
from aimstats.domain.reasons import Reason
from aimstats.ingest.ledger import Numbered

_Saying = tuple[int | None, str]
"""(listing, item as canonical JSON)."""
_Series = tuple[int | None, str, str]
"""(listing, kind, key)."""
_STANDING: Final = """
select id, listing_id, "check", reason, item, decided, confirmed_at, ended_at, covers, waits from held
where document_id = :document and (ended_at is null or decided = 'rejected') order by id
"""
_HOLD: Final = """
insert into held (run_id, document_id, listing_id, item, "check", reason, because, since, confirmed_at, waits, covers)
values (:run, :document, :listing, cast(:item as jsonb), :check, :reason, cast(:because as jsonb), :at, :age, :waits,
        cast(:covers as jsonb))
"""
_GO_ON: Final = """
insert into held (run_id, document_id, listing_id, item, "check", reason, because, since, told_from, decided, decided_at,
                  confirmed_at, stale, waits, covers)
select :run, document_id, listing_id, cast(:item as jsonb), :check, :reason, cast(:because as jsonb), since, :at, decided,
       decided_at, cast(:age as timestamptz), stale, :waits, cast(:covers as jsonb)
from held where id = :id
"""
_LEAVE: Final = """
update held set ended_at = coalesce(ended_at, :at), decided = 'superseded', decided_at = :at where id = any(:ids)
"""
_END: Final = """
update held set ended_at = :at, decided = coalesce(decided, 'superseded'), decided_at = coalesce(decided_at, :at)
where id = any(:ids)
"""
_CONFIRM: Final = """
update held set ended_at = :at, decided = coalesce(decided, 'confirmed'), decided_at = coalesce(decided_at, :at),
                mark = :reason, mark_because = cast(:because as jsonb)
where id = :id
"""


@dataclass(slots=True)
class Standing:
    """What a run left of the items that are held of a document: how many (without those that a person rejected), how many of
    them are new, whether these are others than before, and the listings of which something is held now that was not, or no
    longer.
    """

    count: int = 0
    new: int = 0
    changed: bool = False
    listings: set[int] = field(default_factory=set)

    def add(self, other: Standing) -> None:
        """Take in what was left of another document."""
        self.count += other.count
        self.new += other.new
        self.changed = self.changed or other.changed
        self.listings |= other.listings


def write_held(
    connection: Connection,
    document: int,
    flat: Flat,
    numbers: Numbered,
    run: int,
    at: datetime,
    confirmed_at: datetime | None,
) -> Standing:
    """Replace what is held of the document by what this run holds; what was held before and is again keeps its `since`.

    The figure that stands before a held one was last confirmed by the reading before, `confirmed_at`; one that follows another
    held one inherits its age. What a person rejected stands until the document says something else.
    """
    rows = connection.execute(text(_STANDING), {"document": document}).all()
    writing = _Writing(connection, {"run": run, "document": document, "at": at}, confirmed_at)
    writing.figures([row for row in rows if "listing" in row.item], flat.held, numbers)
    named = {row.item.get("what", row.id): row for row in rows if "listing" not in row.item and row.ended_at is None}
    writing.together(named, flat.together, numbers | flat.absent)
    confirmed = {}
    for one in flat.confirmed:
        listing = numbers.get((one.listing, one.ordinal))
        confirmed[listing, json_text(one.item | {"listing": list(one.listing)})] = one.mark
    writing.close(confirmed, flat.let_go)
    return writing.standing


class _Writing:
    """What is held of one document, compared with what was."""

    def __init__(self, connection: Connection, names: dict[str, Any], confirmed_at: datetime | None) -> None:
        self._connection = connection
        self._names = names
        self._confirmed_at = confirmed_at
        self._left: dict[Any, Any] = {}
        self.standing = Standing()

    def figures(self, rows: Sequence[Any], items: Iterable[HeldItem], numbers: Numbered) -> None:
        before: dict[_Saying, Any] = {}
        ages: dict[_Series, datetime] = {}
        for row in rows:
            if row.ended_at is None and row.confirmed_at is not None and "key" in row.item:
                ages[row.listing_id, row.item["kind"], row.item["key"]] = row.confirmed_at
            before[row.listing_id, json_text(row.item)] = row
        fresh, going_on = [], []
        for held in items:
            self.standing.count += not held.quiet
            listing = numbers.get((held.listing, held.ordinal))
            item = held.item | {"listing": list(held.listing)}
            known = before.pop((listing, json_text(item)), None)
            says = _reason(held.reason) | {"check": held.check, "waits": held.waits}
            if known is not None and known.ended_at is None:
                if (known.check, known.waits) != (held.check, held.waits) and known.decided is None:
                    going_on.append(says | {"id": known.id, "item": json_text(item), "age": known.confirmed_at, "covers": None})
                    self.standing.changed = True
                    self._touch(listing)
                continue
            self._touch(listing)
            age = ages.get((listing, item.get("kind", ""), item.get("key", "")), self._confirmed_at)
            place = {"item": json_text(item), "age": age, "covers": None}
            if known is not None:
                going_on.append(says | place | {"id": known.id})
            elif not held.quiet:
                fresh.append(self._names | says | place | {"listing": listing})
        self._left = {key: row for key, row in before.items() if row.ended_at is None}
        self._hold(fresh)
        self._go_on(going_on)

    def together(self, known: dict[Any, Any], items: Iterable[HeldTogether], numbers: Numbered) -> None:
        fresh, going_on = [], []
        for held in items:
            self.standing.count += not held.quiet
            covers = [list(row) for row in sorted((numbers[k.listing, k.ordinal], k.kind, k.key) for k in held.covers)]
            listings = {numbers[kept.listing, kept.ordinal] for kept in held.covers}
            item = {"what": held.what, **held.detail}
            says = _reason(held.reason) | {"check": held.check, "waits": held.waits, "item": json_text(item)}
            says["covers"] = json_text(covers)
            row = known.pop(held.what, None)
            if row is None:
                self._touch(*listings)
                fresh.append(self._names | says | {"listing": None, "age": self._confirmed_at})
            elif (row.covers, row.item, row.check, row.waits) != (covers, item, held.check, held.waits):
                before = {cover[0] for cover in row.covers or ()}
                is_told_alike = (row.check, row.reason) == (held.check, held.reason)
                self._touch(*(listings ^ before if is_told_alike else listings | before))
                going_on.append(says | {"id": row.id, "age": row.confirmed_at})
        self._left |= {(None, what): row for what, row in known.items()}
        self._hold(fresh)
        self._go_on(going_on)

    def close(self, confirmed: dict[_Saying, Reason], let_go: dict[str, Reason]) -> None:
        """End what is held no longer; what further readings decided says so."""
        ended = []
        for (listing, what), row in self._left.items():
            self._touch(listing, *(cover[0] for cover in row.covers or ()))
            mark = let_go.get(what) if row.listing_id is None else confirmed.get((listing, what))
            if mark is None:
                ended.append(row.id)
            else:
                self._connection.execute(text(_CONFIRM), {"id": row.id, "at": self._names["at"]} | _reason(mark))
            self.standing.changed = self.standing.changed or row.decided is None
        _end(self._connection, ended, self._names["at"])

    def _hold(self, fresh: list[dict[str, Any]]) -> None:
        if fresh:
            self._connection.execute(text(_HOLD), fresh)
            self.standing.new += len(fresh)
            self.standing.changed = True

    def _go_on(self, rows: list[dict[str, Any]]) -> None:
        """Hold what was held under another wording, or had ended since a person rejected it: what was told before stays."""
        if rows:
            self._connection.execute(text(_GO_ON), [self._names | row for row in rows])
            self._connection.execute(text(_LEAVE), {"at": self._names["at"], "ids": [row["id"] for row in rows]})

    def _touch(self, *listings: int | None) -> None:
        self.standing.listings |= {listing for listing in listings if listing is not None}


def _reason(reason: Reason) -> dict[str, str]:
    """As its two columns hold it: the sentence, and the code with its values."""
    return {"reason": str(reason), "because": json_text(reason.body)}


def _end(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    if ids:
        connection.execute(text(_END), {"at": at, "ids": list(ids)})


def end_gone(connection: Connection, documents: Sequence[int], at: datetime) -> bool:
    """Hold nothing more of documents that are gone; whether anything was held."""
    open_ = text("select id from held where document_id = any(:documents) and ended_at is null")
    ids = connection.execute(open_, {"documents": list(documents)}).scalars().all()
    _end(connection, ids, at)
    return bool(ids)
