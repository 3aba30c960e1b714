"""What ends when: the offers that are deprecated or have an end, by model, snapshot and day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.departures import COMING, DEPARTURES, ENDED, UNDATED
from aimstats.catalogue.engine.table import StoredRow, Table
from aimstats.domain.spans import is_over

_MOVED: Final = """
select a.model, count(*) as moves from claim c join assignment a on a.listing_id = c.listing_id and a.observed_to is null
where c.kind = 'lifecycle' and c.key like 'retired%' and c.closed_as = 'corrected' and a.model is not null group by a.model
"""
_KEY: Final = "departures"
_LEAVING: Final = ("deprecated", "retired")


def departures(catalogue: Catalogue, today: date) -> Table:
    """The departures as seen on a day, made once for as long as rows and day are the same."""
    kept: tuple[date, Table] | None = catalogue.made_of_rows.get(_KEY)
    if kept is None or kept[0] != today:
        kept = catalogue.made_of_rows[_KEY] = today, Table(DEPARTURES, _stated(catalogue, today))
    return kept[1]


def moves_of(connection: Connection) -> Mapping[str, int]:
    """By model how often any source told another end than it had told before: a number that only grows."""
    return {row.model: row.moves for row in connection.execute(text(_MOVED))}


def _stated(catalogue: Catalogue, today: date) -> Iterator[StoredRow]:
    table = catalogue.offers
    by_departure: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    models = table.values["model"]
    for place, (model, status, ends) in enumerate(
        zip(models, table.values["status"], table.values["retirement_date"], strict=True)
    ):
        if model and (ends or status in _LEAVING):
            row = Row(catalogue, table, place)
            by_departure[model, row["snapshot"] or "", ends or ""].append(row)
    for (model, snapshot, ends), rows in sorted(by_departure.items()):
        changed = max(filter(None, (row["changed_at"] for row in rows)), default=None)
        yield _body(catalogue, model, snapshot, ends, rows, today), datetime.fromisoformat(changed) if changed else None


def _body(catalogue: Catalogue, model: str, snapshot: str, ends: str, rows: list[Row], today: date) -> dict[str, Any]:
    sold = catalogue.model(model)
    replacements = list(dict.fromkeys(name for row in (*rows, *filter(None, [sold])) for name in row["replacements"] or ()))
    state = _state(ends, [row["status"] for row in rows], today)
    stated = {day for row in rows for day, _ in catalogue.days_otherwise.get(row.id, ())} | ({ends} if ends else set())
    return {
        "id": "@".join(filter(None, [model, snapshot])) + (f" {ends}" if ends else ""),
        "model": model,
        "name": sold["name"] if sold else None,
        "snapshot": snapshot or None,
        "developer": sold["developer.id"] if sold else model.partition("/")[0],
        "ends": ends or None,
        "ends_first": min((day for day in stated if state != COMING or not is_over(day, today)), default=None),
        "ends_stated": [
            {
                "day": day,
                "sources": sorted({by for row in rows for one, by in catalogue.days_otherwise.get(row.id, ()) if one == day}),
            }
            for day in sorted(stated)
        ]
        if len(stated) > 1
        else [],
        "state": state,
        "deprecated": min(filter(None, (row["deprecation_date"] for row in rows)), default=None),
        "providers": sorted({row["provider"] for row in rows}),
        "offer_count": sold["offer_count"] if sold else len(rows),
        "replacements": replacements,
        "disputed": len(stated) > 1,
    }


def _state(ends: str, statuses: Iterable[str | None], today: date) -> str:
    """A day as exact as it is stated is over when the whole of it is.

    >>> _state("2026-12", ["deprecated"], date(2026, 12, 31)), _state("", ["deprecated"], date(2026, 12, 31))
    ('coming', 'undated')
    """
    if all(status == "retired" for status in statuses):
        return ENDED
    if not ends:
        return UNDATED
    return ENDED if is_over(ends, today) else COMING
