"""What a person wants to know of a held figure: what is stated, what stands, and what others say of the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy import Connection, text

from aimstats.checks.findings import dollars
from aimstats.domain.claims import json_text

_STANDING = """
select distinct on (h.id) h.id, c.usd, c.value, c.observed_from
from held h join claim c on c.document_id = h.document_id and c.listing_id = h.listing_id
  and c.kind = h.item->>'kind' and c.key = h.item->>'key' and c.observed_to is null
where h.id = any(:ids) order by h.id, c.valid_from desc nulls last
"""
_OTHERS = """
select distinct h.id, l.source, c.usd, b.provider,
       (b.provider, b.host, b.offer_variant, b.region) = (a.provider, a.host, a.offer_variant, a.region) as is_same
from held h join document d on d.id = h.document_id
join assignment a on a.listing_id = h.listing_id and a.observed_to is null
join assignment b on b.model = a.model and b.observed_to is null
join listing l on l.id = b.listing_id and l.source <> d.source
join claim c on c.listing_id = l.id and c.kind = 'price' and c.key = h.item->>'key' and c.observed_to is null
  and c.valid_to is null and c.usd is not null
where h.id = any(:ids) and h.item->>'kind' = 'price' order by h.id, l.source, c.usd
"""


@dataclass(slots=True)
class Evidence:
    """What is known beside a held item: the value that stands with the day since when, others' of the offer, other sellers'."""

    standing: str = ""
    since: datetime | None = None
    others: tuple[str, ...] = ()
    sellers: tuple[Decimal, ...] = ()

    def sentence(self, stated: str) -> str:
        """All of it in one line.

        >>> Evidence("$3", datetime(2026, 3, 1), ("litellm $3",)).sentence("$3000")
        'states $3000; published: $3 since 2026-03-01; other sources: litellm $3'
        """
        parts = [f"states {stated}"] if stated else []
        parts.append(f"published: {self.standing} since {self.since:%Y-%m-%d}" if self.since else "published: nothing")
        if self.others:
            parts.append(f"other sources: {', '.join(self.others)}")
        if self.sellers:
            middle = f"{dollars(median(self.sellers))} in the middle of {len(self.sellers)}"
            parts.append(f"other sellers: {dollars(min(self.sellers))} to {dollars(max(self.sellers))}, {middle}")
        return "; ".join(parts)


def evidence(connection: Connection, ids: Sequence[int]) -> dict[int, Evidence]:
    """What is known beside each of these held items; of a whole document nothing is."""
    found = {id_: Evidence() for id_ in ids}
    wanted = {"ids": list(ids)}
    for row in connection.execute(text(_STANDING), wanted):
        found[row.id].standing = shown(row.value, row.usd)
        found[row.id].since = row.observed_from
    for row in connection.execute(text(_OTHERS), wanted):
        if row.is_same:
            found[row.id].others += (f"{row.source} {dollars(row.usd)}",)
        elif row.usd > 0:
            found[row.id].sellers += (row.usd,)
    return found


def shown(value: Any, usd: Decimal | None = None) -> str:
    """A claim's value in few words: dollars per base unit where they are known, else the amount and unit, else as it is.

    >>> shown({"amount": "3", "unit": "1M tokens"}), shown("1970-01-01"), shown({"value": "71.5", "unit": "percent"})
    ('3 per 1M tokens', '1970-01-01', 'value 71.5, unit percent')
    """
    if usd is not None:
        return dollars(usd)
    if isinstance(value, dict) and "amount" in value:
        return f"{value['amount']} per {value['unit']}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {part if isinstance(part, str) else json_text(part)}" for key, part in value.items())
    return "" if value is None else value if isinstance(value, str) else json_text(value)
