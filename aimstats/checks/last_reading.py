"""What the ledger holds of a source's documents from their last publication: listings, fields and figures."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from aimstats.checks.figures import COUNTED, Place, numbers_of
from aimstats.domain.claims import ListingKey, json_text

_LISTINGS: Final = """
select c.document_id, l.provider, l.host, l.external_id, l.region, l.variant, l.ordinal, l.id from claim c
join listing l on l.id = c.listing_id
where c.document_id = any(:documents) and c.observed_to is null and c.kind = 'identity' order by l.id
"""
_FIELD: Final = """
case c.kind when 'price' then split_part(c.key, '|', 1) || '|' || split_part(c.key, '|', 2)
                              || case when jsonb_exists(c.value, 'absent') then ', absent' else '' end
            when 'lifecycle' then split_part(c.key, '#', 1) || case when c.value->>'at' is null then '' else ', dated' end
            else split_part(split_part(c.key, '|', 1), '#', 1) end
"""
_FIELDS: Final = f"""
select c.document_id, c.kind, {_FIELD} as field, count(distinct c.listing_id) as listings
from claim c where c.document_id = any(:documents) and c.observed_to is null and c.kind <> 'identity' group by 1, 2, 3
"""
_SERIES: Final = f"""
select l.provider, l.host, l.external_id, l.region, l.variant, l.ordinal, c.kind, c.key, {_FIELD} as field,
       c.value
from claim c join listing l on l.id = c.listing_id
where c.document_id = :document and c.observed_to is null and (:with_identity or c.kind <> 'identity') order by l.id, c.id
"""
_PRICES: Final = """
select l.provider, l.host, l.external_id, l.region, l.variant, l.ordinal, c.key, c.value, c.valid_from, c.valid_to
from claim c join listing l on l.id = c.listing_id
where c.document_id = :document and c.observed_to is null and c.kind = 'price' and l.external_id = any(:ids)
"""
_NUMBERS: Final = """
select c.document_id, l.provider, l.host, l.external_id, l.region, l.variant, c.kind, c.key, c.valid_from, c.usd,
       case when c.usd is null then c.value end as value
from claim c join listing l on l.id = c.listing_id
where c.document_id = any(:documents) and c.observed_to is null
  and (c.kind in ('price', 'score') or (c.kind = 'fact' and c.key ~ :counted))
"""


class Series(NamedTuple):
    """A series that stands: of which listing, what it is, its field, and what it states."""

    listing: ListingKey
    ordinal: int
    kind: str
    key: str
    field: str
    value: Any


class StandingPrice(NamedTuple):
    """A price that stands, with its value as canonical JSON."""

    key: str
    value: str
    valid_from: datetime | None
    valid_to: datetime | None


@dataclass(slots=True)
class LastReading:
    """By document: listings as they came (each with its ordinals and numbers), in how many each (kind, field) stands; and the
    figures by place.
    """

    listings: dict[int, dict[ListingKey, list[tuple[int, int]]]] = field(default_factory=lambda: defaultdict(dict))
    fields: dict[int, dict[tuple[str, str], int]] = field(default_factory=lambda: defaultdict(dict))
    numbers: dict[Place, list[tuple[datetime | None, Decimal]]] = field(default_factory=lambda: defaultdict(list))


def last_reading(connection: Connection, documents: Sequence[int]) -> LastReading:
    """What stands open of these documents."""
    found = LastReading()
    wanted = {"documents": list(documents)}
    for row in connection.execute(text(_LISTINGS), wanted):
        found.listings[row.document_id].setdefault(_key(row), []).append((row.ordinal, row.id))
    if not found.listings:
        return found
    for row in connection.execute(text(_FIELDS), wanted):
        found.fields[row.document_id][row.kind, row.field] = row.listings
    counted = f"^({'|'.join(map(re.escape, COUNTED))})"
    for row in connection.execute(text(_NUMBERS), wanted | {"counted": counted}):
        for part, number in numbers_of(row.kind, row.key, row.usd, row.value):
            found.numbers[row.document_id, _key(row), row.kind, row.key, part].append((row.valid_from, number))
    return found


def series_of(connection: Connection, document: int, *, with_identity: bool = False) -> Iterator[Series]:
    """Every series that stands open of a document; identities are left out unless they are asked for."""
    for row in connection.execute(text(_SERIES), {"document": document, "with_identity": with_identity}):
        yield Series(_key(row), row.ordinal, row.kind, row.key, row.field, row.value)


def prices_of(connection: Connection, document: int, ids: Sequence[str]) -> dict[tuple[ListingKey, int], set[StandingPrice]]:
    """The prices that stand open of a document's listings with these external ids."""
    found: dict[tuple[ListingKey, int], set[StandingPrice]] = defaultdict(set)
    for row in connection.execute(text(_PRICES), {"document": document, "ids": list(ids)}):
        price = StandingPrice(row.key, json_text(row.value), row.valid_from, row.valid_to)
        found[_key(row), row.ordinal].add(price)
    return found


def _key(row: Any) -> ListingKey:
    return row.provider, row.host, row.external_id, row.region, row.variant
