"""Which models a publication must resolve anew: those of changed claims, and those for whom time itself changed something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlalchemy import Connection, text

from aimstats.resolution.choice import COMPARABLE_WITHIN
from aimstats.resolution.inputs import OFFER_KINDS
from aimstats.resolution.unsold import SAME_CRAWL

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


def touched_at(connection: Connection, provider: str) -> Touched:
    """Every model sold at a provider: what its own price pages name decides over all of them."""
    rows = text("select distinct model, provider from assignment where observed_to is null and provider = :provider")
    return _read(connection.execute(rows, {"provider": provider}))


def complete_sellers(connection: Connection, documents: Collection[int]) -> list[str]:
    """The providers whose complete price pages are among these documents."""
    rows = text(
        "select distinct s.body->>'provider' from document d join source s on s.id = d.source "
        "where d.id = any(:documents) and jsonb_array_length(coalesce(s.body->'complete', '[]')) > 0 order by 1"
    )
    return list(connection.execute(rows, {"documents": list(documents)}).scalars())


PASSED = """
select distinct a.model, a.provider from claim c join assignment a on a.listing_id = c.listing_id
where a.observed_to is null and c.observed_to is null and (
(c.valid_from > :last and c.valid_from <= :now) or (c.valid_to > :last and c.valid_to <= :now) or
(c.kind = 'lifecycle' and cast(c.value->>'at' as timestamptz) <= :now
and cast(c.value->>'at' as timestamptz) > cast(:last as timestamptz)
- case when c.value->>'precision' = 'month' then interval '32 days' else interval '0' end))
"""
"""Asked by every publication: an index of these claims (`ix_claim_dated_open`) keeps it from reading all that was ever closed."""


def passed_in_time(connection: Connection, now: datetime) -> Touched:
    """Models with a stated date that passed since the last publication."""
    last = connection.execute(text("select published_at from version")).scalar_one_or_none()
    if last is None:
        return set(), set()
    return _read(connection.execute(text(PASSED), {"last": last, "now": now}))


_NAMED_BEFORE_THEIR_PAGE = """
select distinct a.model, a.provider from document d join source s on s.id = d.source
join assignment a on a.provider = s.body->>'provider' and a.observed_to is null
join claim c on c.listing_id = a.listing_id and c.observed_from > d.ranked_at + :same_crawl
    and c.observed_from <= d.checked_at + :same_crawl
where jsonb_array_length(coalesce(s.body->'complete', '[]')) > 0 and d.ranked_at < d.checked_at
"""
_RANKS = """
select d.id, d.source, coalesce(d.ranked_at, d.checked_at) as ranked_at, d.checked_at,
       s.body->>'kind' as kind, s.body->>'provider' as provider, s.body->>'priority' as priority
from document d join source s on s.id = d.source where d.checked_at is not null and s.body->>'kind' = any(:selling)
order by d.id
"""


@dataclass(frozen=True, slots=True)
class _Rank:
    """Documents that were read alike: by which reading figures were ranked, and by which they are to be."""

    source: str
    kind: str
    provider: str
    priority: str
    before: datetime
    after: datetime

    def may_tie(self, other: _Rank) -> bool:
        """Whether only the later reading decides between figures of the two."""
        kinds = {self.kind, other.kind}
        if self.source == other.source:
            return True
        if "catalogue" in kinds:
            return len(kinds) == 1 and self.priority == other.priority
        # What is no word of the seller itself ranks alike, whatever the kind: a router's and a page's of another seller.
        is_one_seller = len(kinds) == 1 and self.provider == other.provider != ""
        return is_one_seller or self.priority == other.priority

    def stands_otherwise(self, other: _Rank) -> bool:
        """Whether the two stand to each other as they did not before: which was read later, or whether they are compared."""
        if _comparable(self.before, other.before) != _comparable(self.after, other.after):
            return True
        return self.may_tie(other) and _order(self.before, other.before) != _order(self.after, other.after)


def _order(one: datetime, other: datetime) -> int:
    return (one > other) - (one < other)


def _comparable(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= COMPARABLE_WITHIN


def _named_before_their_page(connection: Connection) -> Touched:
    """What others named at a seller after its complete price pages were ranked last and before they were read last."""
    return _read(connection.execute(text(_NAMED_BEFORE_THEIR_PAGE), {"same_crawl": SAME_CRAWL}))


def rank_documents(connection: Connection) -> Touched:
    """Rank every document by its last good reading; the models for which two documents now stand otherwise to each other.

    Between equals the later reading decides, and figures that were read too long apart are not compared. Done once a crawl,
    when all of its sources had their turn: else the order in which they end would decide for a while.
    """
    models, providers = _named_before_their_page(connection)
    alike: dict[_Rank, list[int]] = defaultdict(list)
    for row in connection.execute(text(_RANKS), {"selling": sorted(OFFER_KINDS)}):
        rank = _Rank(row.source, row.kind, row.provider, row.priority, row.ranked_at, row.checked_at)
        alike[rank].append(row.id)
    for one, other in combinations(alike, 2):
        if not one.stands_otherwise(other):
            continue
        of_one, of_other = (touched_by(connection, documents=alike[rank]) for rank in (one, other))
        models |= of_one[0] & of_other[0]
        providers |= of_one[1] & of_other[1]
    note_ranks(connection)
    return models, providers


def note_ranks(connection: Connection) -> None:
    """Let every document be ranked by its last good reading from now on."""
    connection.execute(text("update document set ranked_at = checked_at where ranked_at is distinct from checked_at"))
