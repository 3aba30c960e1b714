"""What the ledger holds of a source's documents from their last publication: listings, fields and figures."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, text

from aimstats.checks.dates import Day
from aimstats.checks.figures import COSTS, COUNTED, Place, field_of, numbers_of
from aimstats.domain.claims import ListingKey

_LISTINGS = """
select c.document_id, l.provider, l.host, l.external_id, l.region, l.variant from claim c
join listing l on l.id = c.listing_id
where c.document_id = any(:documents) and c.observed_to is null and c.kind = 'identity' order by l.id
"""
_PRICES = """
select c.document_id, l.provider, l.host, l.external_id, l.region, l.variant, count(*) as claims from claim c
join listing l on l.id = c.listing_id
where c.document_id = any(:documents) and c.observed_to is null and c.kind = 'price' and not jsonb_exists(c.value, 'absent')
group by 1, 2, 3, 4, 5, 6
"""
_FIELDS = """
select c.document_id, c.kind,
       case c.kind when 'price' then split_part(c.key, '|', 1) || '|' || split_part(c.key, '|', 2)
                                     || case when jsonb_exists(c.value, 'absent') then ', absent' else '' end
                   when 'lifecycle' then split_part(c.key, '#', 1) || case when c.value->>'at' is null then '' else ', dated' end
                   else split_part(split_part(c.key, '|', 1), '#', 1) end as field,
       count(distinct c.listing_id) as listings
from claim c where c.document_id = any(:documents) and c.observed_to is null and c.kind <> 'identity' group by 1, 2, 3
"""
_COSTS = """
select c.document_id, c.kind, split_part(c.key, '|', 1) || ', ' || part as field, count(distinct c.listing_id) as listings
from claim c cross join unnest(cast(:parts as text[])) part
where c.document_id = any(:documents) and c.observed_to is null and c.kind = 'score' and jsonb_exists(c.value, part)
group by 1, 2, 3
"""
_NUMBERS = """
select c.document_id, l.provider, l.host, l.external_id, l.region, l.variant, c.kind, c.key, c.valid_from, c.usd,
       case when c.usd is null then c.value end as value
from claim c join listing l on l.id = c.listing_id
where c.document_id = any(:documents) and c.observed_to is null
  and (c.kind in ('price', 'score') or (c.kind = 'fact' and c.key ~ :counted))
"""
_DATES = """
select c.document_id, l.provider, l.host, l.external_id, l.region, l.variant, c.key, c.value from claim c
join listing l on l.id = c.listing_id
where c.document_id = any(:documents) and c.observed_to is null and c.kind = 'lifecycle' and c.value->>'at' is not null
"""


@dataclass(slots=True)
class LastReading:
    """By document: listings as they came, in how many each (kind, field) stands, prices by listing, days of events; and the
    figures by place.
    """

    listings: dict[int, dict[ListingKey, None]] = field(default_factory=lambda: defaultdict(dict))
    fields: dict[int, dict[tuple[str, str], int]] = field(default_factory=lambda: defaultdict(dict))
    prices: dict[int, dict[ListingKey, int]] = field(default_factory=lambda: defaultdict(dict))
    days: dict[int, dict[tuple[ListingKey, str], list[Day]]] = field(default_factory=dict)
    numbers: dict[Place, list[tuple[datetime | None, Decimal]]] = field(default_factory=lambda: defaultdict(list))


def last_reading(connection: Connection, documents: Sequence[int]) -> LastReading:
    """What stands open of these documents."""
    found = LastReading()
    wanted = {"documents": list(documents)}
    for row in connection.execute(text(_LISTINGS), wanted):
        found.listings[row.document_id].setdefault((row.provider, row.host, row.external_id, row.region, row.variant))
    if not found.listings:
        return found
    costs = connection.execute(text(_COSTS), wanted | {"parts": list(COSTS)})
    for row in (*connection.execute(text(_FIELDS), wanted), *costs):
        found.fields[row.document_id][row.kind, row.field] = row.listings
    for row in connection.execute(text(_PRICES), wanted):
        found.prices[row.document_id][row.provider, row.host, row.external_id, row.region, row.variant] = row.claims
    for row in connection.execute(text(_DATES), wanted):
        key = (row.provider, row.host, row.external_id, row.region, row.variant)
        days = found.days.setdefault(row.document_id, {})
        days.setdefault((key, field_of("lifecycle", row.key)), []).append(Day.of(row.value))
    counted = f"^({'|'.join(map(re.escape, COUNTED))})"
    for row in connection.execute(text(_NUMBERS), wanted | {"counted": counted}):
        key = (row.provider, row.host, row.external_id, row.region, row.variant)
        for part, number in numbers_of(row.kind, row.key, row.usd, row.value):
            found.numbers[row.document_id, key, row.kind, row.key, part].append((row.valid_from, number))
    return found
