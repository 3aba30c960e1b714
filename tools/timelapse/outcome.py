"""What became of a replay: a row a document, and of the prices how many were opened, held, confirmed, taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import Connection, text

from aimstats.checks.evidence import shown
from tools.timelapse.replay import Day

SLIP: Final = 80
"""What a source takes back by so many times was no price."""
FATES: Final = ("confirmed", "taken back", "still held")
_OPENED = "select count(*) from claim where kind = 'price' and not jsonb_exists(value, 'absent')"
_HELD = """
select d.source, d.url, l.provider, l.external_id, l.region, l.variant, h.item->>'kind' as kind, h.item->>'key' as key,
       h.item->'value' as stated, min(h.since) as since, max(h.ended_at) filter (where not is_open) as ended_at,
       bool_or(is_open) as is_open, (array_agg(h."check" order by h.id))[1] as "check",
       (array_agg(h.reason order by h.id))[1] as reason, h.document_id, h.listing_id
from (select *, ended_at is null and decided is distinct from 'rejected' as is_open from held) h
join document d on d.id = h.document_id left join listing l on l.id = h.listing_id
where jsonb_exists(h.item, 'key')
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, h.document_id, h.listing_id order by min(h.since), d.source, l.external_id, 8
"""
_SERIES = """
select c.listing_id, c.document_id, c.kind, c.key, c.value, c.usd, c.observed_from, c.observed_to from claim c
where exists (select from held h where h.listing_id = c.listing_id and h.document_id = c.document_id
              and h.item->>'kind' = c.kind and h.item->>'key' = c.key)
order by c.observed_from, c.id
"""
_DOCUMENTS = """
select d.source, d.url, h."check", h.reason, h.since, h.ended_at from held h join document d on d.id = h.document_id
where not jsonb_exists(h.item, 'key') order by h.since, h.id
"""
_TAKEN_BACK = """
select l.source, l.provider, l.external_id, l.region, c.key, c.usd, n.usd as then_usd, c.observed_from, c.observed_to
from claim c join listing l on l.id = c.listing_id
join claim n on n.listing_id = c.listing_id and n.document_id = c.document_id and n.kind = c.kind and n.key = c.key
  and n.observed_from = c.observed_to and n.valid_from is not distinct from c.valid_from
where c.kind = 'price' and c.closed_as = 'corrected' and c.usd > 0 and n.usd > 0
  and greatest(c.usd / n.usd, n.usd / c.usd) >= :slip
order by c.observed_from, l.source, l.external_id, c.key
"""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document over all its days; `editions` are different bytes, `published` those of them that the catalogue came to
    say; `still` is how many days it said something older."""

    source: str
    url: str
    editions: int
    published: int
    unchanged: int
    failed: int
    still: int
    why: tuple[tuple[datetime, str], ...]


def document_rows(documents: dict[tuple[str, str], list[Day]]) -> list[DocumentRow]:
    """A row a document, by source and address."""
    return [_row(source, url, days) for (source, url), days in sorted(documents.items())]


def _row(source: str, url: str, days: Sequence[Day]) -> DocumentRow:
    read = [day for day in days if day.status != "gone"]
    seen = {day.sha256 for day in read}
    good = {day.sha256 for day in read if day.is_published}
    still = sum((after.at - day.at).days for day, after in pairwise(days) if not day.is_published and day.status != "gone")
    why: list[tuple[datetime, str]] = []
    for day in read:
        if not day.is_published and day.sha256 not in good and (not why or why[-1][1] != day.why):
            why.append((day.at, day.why))
    statuses = Counter(day.status for day in read)
    return DocumentRow(source, url, len(seen), len(good), statuses["unchanged"], statuses["failed"], still, tuple(why))


@dataclass(frozen=True, slots=True)
class HeldFigure:
    """One figure that was held: what is stated where, what was published instead, and what became of it."""

    source: str
    listing: str
    kind: str
    key: str
    check: str
    reason: str
    stated: str
    standing: str
    since: datetime
    fate: str
    later: str
    """What the source said of it afterwards, where it was published."""
    later_at: datetime | None


def held_figures(connection: Connection) -> list[HeldFigure]:
    """Every figure that the gate held, in the order of time; the same figure held again, or by another check, is one."""
    series: dict[tuple[int, int, str, str], list[Any]] = {}
    for row in connection.execute(text(_SERIES)):
        series.setdefault((row.listing_id, row.document_id, row.kind, row.key), []).append(row)
    return [
        _held(row, series.get((row.listing_id, row.document_id, row.kind, row.key), []))
        for row in connection.execute(text(_HELD))
    ]


def _held(row: Any, claims: Sequence[Any]) -> HeldFigure:
    before = [claim for claim in claims if claim.observed_from < row.since and (claim.observed_to or row.since) >= row.since]
    after = [claim for claim in claims if claim.observed_from >= row.since]
    same = next((claim for claim in after if _figure(claim.value) == _figure(row.stated)), None)
    later = same or next(iter(after), None)
    fate = "confirmed" if same is not None else "still held" if row.is_open else "taken back"
    return HeldFigure(
        source=row.source,
        listing=" ".join(part for part in (row.provider, row.external_id, row.region, row.variant) if part),
        kind=row.kind,
        key=row.key,
        check=row.check,
        reason=row.reason,
        stated=shown(row.stated),
        standing=shown(before[-1].value, before[-1].usd) if before else "",
        since=row.since,
        fate=fate,
        later=shown(later.value, later.usd) if later is not None else "",
        later_at=later.observed_from if later is not None else row.ended_at,
    )


def _figure(value: Any) -> Any:
    """What of a claim's value is the figure itself."""
    if isinstance(value, dict) and "amount" in value:
        return Decimal(value["amount"]), value.get("unit")
    return value


def held_documents(connection: Connection) -> list[Any]:
    """What was held of documents as such: since when, by which check, until when."""
    return list(connection.execute(text(_DOCUMENTS)).all())


def taken_back(connection: Connection) -> list[Any]:
    """Prices that were published and that their source took back by 80 times or more."""
    return list(connection.execute(text(_TAKEN_BACK), {"slip": SLIP}).all())


def opened_prices(connection: Connection) -> int:
    """How many prices were published in all."""
    return int(connection.execute(text(_OPENED)).scalar_one())


def by_check(figures: Iterable[HeldFigure]) -> dict[str, Counter[str]]:
    """Held prices by check, and how many of them came to which end."""
    counts: dict[str, Counter[str]] = {}
    for figure in figures:
        if figure.kind == "price":
            counts.setdefault(figure.check, Counter())[figure.fate] += 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1].total(), pair[0])))
