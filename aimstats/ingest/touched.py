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
                "(c.kind = 'lifecycle' and cast(c.value->>'at' as timestamptz) > :last "
                "and cast(c.value->>'at' as timestamptz) <= :now))"
            ),
            {"last": last, "now": now},
        )
    )
    behind = connection.execute(
        text("select id from document where checked_at < (select max(checked_at) from document) - cast(:limit as interval)"),
        {"limit": COMPARABLE_WITHIN - timedelta(days=2)},
    ).scalars()
    old = touched_by(connection, documents=set(behind))
    return dated[0] | old[0], dated[1] | old[1]
