"""Which models a publication must resolve anew: those of changed claims, and those for whom time itself changed something."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from aimstats.catalogue.choice import COMPARABLE_WITHIN
from aimstats.catalogue.views import OFFER_KINDS

Touched = tuple[set[str], set[str]]
"""Models, and providers whose routers, tools and fees are meant."""


def _read(rows: Any) -> Touched:
    models: set[str] = set()
    providers: set[str] = set()
    for model, provider in rows:
        if model is None:
            providers.add(provider)
        else:
            models.add(model)
    return models, providers


def touched_by(connection: Connection, listings: Collection[int] = (), *, documents: Collection[int] = ()) -> Touched:
    """The models of these listings, or of all listings that these documents speak of."""
    if documents:
        return _read(
            connection.execute(
                text(
                    "select distinct a.model, a.provider from assignment a where a.observed_to is null and a.listing_id in "
                    "(select listing_id from claim where document_id = any(:documents) and observed_to is null)"
                ),
                {"documents": list(documents)},
            )
        )
    if not listings:
        return set(), set()
    return _read(
        connection.execute(
            text("select distinct model, provider from assignment where observed_to is null and listing_id = any(:ids)"),
            {"ids": list(listings)},
        )
    )


def passed_in_time(connection: Connection, now: datetime) -> Touched:
    """Models with a stated date that passed since the last publication."""
    last = connection.execute(text("select published_at from version")).scalar_one_or_none()
    if last is None:
        return set(), set()
    return _read(
        connection.execute(
            text(
                "select distinct a.model, a.provider from claim c join assignment a on a.listing_id = c.listing_id "
                "where a.observed_to is null and c.observed_to is null and ("
                "(c.valid_from > :last and c.valid_from <= :now) or (c.valid_to > :last and c.valid_to <= :now) or "
                "(c.kind = 'lifecycle' and cast(c.value->>'at' as timestamptz) <= :now "
                "and cast(c.value->>'at' as timestamptz) > cast(:last as timestamptz) "
                "- case when c.value->>'precision' = 'month' then interval '32 days' else interval '0' end))"
            ),
            {"last": last, "now": now},
        )
    )


_RIVALS = """
select d.id, d.source, d.checked_at from document d join source s on s.id = d.source, source o
where o.id = :source and o.body->>'kind' = any(:selling) and s.body->>'kind' = o.body->>'kind'
  and (s.id = o.id or (s.body->>'provider' = o.body->>'provider' and o.body->>'provider' <> '')
       or (s.body->>'kind' in ('catalogue', 'rendered') and s.body->>'priority' = o.body->>'priority'))
order by d.id
"""


class ReadingOrder:
    """When each document was last read: between equals the later reading decides, and figures that were read too long apart
    are not compared.
    """

    def __init__(self, connection: Connection, source: str) -> None:
        self._connection = connection
        self._rivals = connection.execute(text(_RIVALS), {"source": source, "selling": sorted(OFFER_KINDS)}).all()
        rows = connection.execute(text("select id, source, checked_at from document where checked_at is not null"))
        self._read_at: dict[int, datetime] = {}
        self._own: set[int] = set()
        for row in rows:
            self._read_at[row.id] = row.checked_at
            if row.source == source:
                self._own.add(row.id)

    def touched_since(self, before: ReadingOrder) -> Touched:
        """The models of the source's documents if these stand in another order now, and those of which two documents may
        be compared now and could not before, or the reverse.
        """
        reordered = self._own if self._ranks() != before._ranks() else set()
        models, providers = touched_by(self._connection, documents=reordered)
        moved = {
            own: {other for other in self._read_at if self._comparable(own, other) != before._comparable(own, other)}
            for own in self._own & before._own
            if self._read_at[own] != before._read_at[own]
        }
        others = set().union(*moved.values())
        if others:
            of_own = touched_by(self._connection, documents={own for own, far in moved.items() if far})
            of_others = touched_by(self._connection, documents=others)
            models |= of_own[0] & of_others[0]
            providers |= of_own[1] & of_others[1]
        return models, providers

    def _comparable(self, one: int, other: int) -> bool | None:
        if one not in self._read_at or other not in self._read_at:
            return None
        return abs(self._read_at[one] - self._read_at[other]) <= COMPARABLE_WITHIN

    def _ranks(self) -> dict[int, int]:
        instants = sorted({row.checked_at for row in self._rivals if row.checked_at})
        places = {instant: place for place, instant in enumerate(instants)}
        return {row.id: places[row.checked_at] for row in self._rivals if row.checked_at}
