"""Which models a publication must resolve anew: those of changed claims, and those for whom time itself changed something."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from aimstats.catalogue.choice import COMPARABLE_WITHIN

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
    """Models with a stated date that passed since the last publication, or with figures too old to be compared."""
    last = connection.execute(text("select published_at from version")).scalar_one_or_none()
    if last is None:
        return set(), set()
    dated = _read(
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
    old = touched_by(connection, documents=far_behind(connection))
    return dated[0] | old[0], dated[1] | old[1]


def far_behind(connection: Connection) -> set[int]:
    """Documents whose last reading is (almost) too long before others' for their figures to be compared."""
    rows = connection.execute(
        text("select id from document where checked_at < (select max(checked_at) from document) - cast(:limit as interval)"),
        {"limit": COMPARABLE_WITHIN - timedelta(days=2)},
    )
    return set(rows.scalars())


_RIVALS = """
select d.id, d.source, d.checked_at from document d join source s on s.id = d.source, source o
where o.id = :source and (s.id = o.id or s.body->>'priority' = o.body->>'priority'
    or (s.body->>'provider' = o.body->>'provider' and o.body->>'provider' <> ''))
order by d.id
"""


class ReadingOrder:
    """In which order the documents that compete with a source's were last read: between equals the later reading decides."""

    def __init__(self, connection: Connection, source: str) -> None:
        self._rows = connection.execute(text(_RIVALS), {"source": source}).all()
        self._source = source
        self._far_behind = far_behind(connection)

    def changed_since(self, before: ReadingOrder) -> set[int]:
        """The source's documents if their order among all is another now, and those that were too old to be compared."""
        own = {row.id for row in self._rows if row.source == self._source}
        others = own if self._ranks() != before._ranks() else set()
        return others | (own & before._far_behind)

    def _ranks(self) -> dict[int, int]:
        places = {
            instant: place for place, instant in enumerate(sorted({row.checked_at for row in self._rows if row.checked_at}))
        }
        return {row.id: places[row.checked_at] for row in self._rows if row.checked_at}
