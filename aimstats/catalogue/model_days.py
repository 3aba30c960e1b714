"""What changed of one model on one day, together: by day, what weighs most first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlalchemy import Connection, text

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.changes import COLUMNS, Change, conditions
from aimstats.catalogue.engine.cursor import Cursor
from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.domain.money import plain

_WHOSE: Final = "coalesce(model, split_part(offer, '/', 1), '')"
_DAYS = """
select * from (
    select cast(at at time zone 'UTC' as date) as day, {whose} as whose, max(weight) as weight, array_agg(id) as ids
    from event where {where} group by 1, 2) found
where {after} order by day desc, weight desc, whose limit :limit
"""
_AFTER = "(day < :day or (day = :day and (weight < :weight or (weight = :weight and whose > :whose))))"


@dataclass(frozen=True, slots=True)
class ModelDay:
    """What changed of a model (or of the other things of a provider) on a day in UTC, what weighs most first."""

    day: date
    whose: str
    weight: Decimal
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ModelDays:
    """One page of them, of how many events in all; `next` is the cursor of the following page."""

    days: tuple[ModelDay, ...]
    total: int
    next: str | None


def model_days(connection: Connection, catalogue: Catalogue, query: Query) -> ModelDays:
    """As many as the query's limit, none newer than the catalogue. Raises QueryError for a cursor that is none of ours."""
    where, values = conditions(catalogue, query)
    total = connection.execute(text(f"select count(*) from event where {where}"), values).scalar_one()
    place = _place(query.cursor)
    statement = _DAYS.format(whose=_WHOSE, where=where, after=_AFTER if place else "true")
    rows = connection.execute(text(statement), {**values, **place, "limit": query.limit + 1}).all()
    shown, more = rows[: query.limit], len(rows) > query.limit
    wanted = text(f"select {COLUMNS} from event where id = any(:ids) order by weight desc, id")
    events = {
        row.id: Change(**row._mapping) for row in connection.execute(wanted, {"ids": [id_ for row in shown for id_ in row.ids]})
    }
    days = []
    for row in shown:
        ids = set(row.ids)
        days.append(ModelDay(row.day, row.whose, row.weight, tuple(change for id_, change in events.items() if id_ in ids)))
    last = shown[-1] if more else None
    cursor = last and Cursor(
        catalogue.version.dataset, query.order_text, (f"{last.day.isoformat()} {plain(last.weight)}",), last.whose
    )
    return ModelDays(tuple(days), total, str(cursor) if cursor else None)


def _place(cursor: Cursor | None) -> Mapping[str, Any]:
    if cursor is None:
        return {}
    day, _, weight = (cursor.values[0] or "").partition(" ")
    try:
        place = {"day": date.fromisoformat(day), "weight": Decimal(weight), "whose": cursor.id}
        if len(weight) > 30 or "\0" in cursor.id or not Decimal(weight).is_finite():
            raise ValueError
    except (ValueError, InvalidOperation):
        raise QueryError([{"parameter": "cursor", "message": "must be a cursor that this page gave"}]) from None
    return place
