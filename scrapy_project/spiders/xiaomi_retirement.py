"""Xiaomi's MiMo deprecations: first the old name is answered by a newer model, later it fails."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycle_dates import BEIJING, when
from scrapy_project.base.lifecycles import Lives, model_ids, names_in, rows_of
from scrapy_project.formats.tables import page_tables, text_of

COLUMNS = ("Deprecated Model", "Offline Time", "System replacement time", "System Replacement Model")
_TIME = re.compile(r"(\d{1,2}):(\d{2})\s{0,9}\Z")


class XiaomiRetirementSpider(SourceSpider):
    """Reads the table of `System replacement time` (a redirect) and `Offline Time` (the end), both in Beijing time."""

    source = Source(
        id="xiaomi_retirement",
        name="Xiaomi MiMo deprecations",
        kind="lifecycle",
        provider="xiaomi",
        url="https://mimo.mi.com/docs/en-US/updates/deprecate",
        license=None,
        terms_url="https://platform.xiaomimimo.com/docs/terms/user-agreement",
        attribution="Xiaomi",
        hosts=("mimo.mi.com",),
        priority=10,
    )
    start_urls = ("https://mimo.mi.com/docs/en-US/updates/deprecate",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a page without the table."""
        text = text_of(body, "Xiaomi's deprecations")
        tables = page_tables(text)
        tables = [table for table in tables if table.has("Deprecated Model", "Offline Time", "System replacement time")]
        if not tables:
            raise DocumentRefusedError("Xiaomi's deprecations: no table with `Offline Time` and `System replacement time`")
        tally = Tally()
        lives = Lives("xiaomi", tally)
        for table in tables:
            for row in rows_of(table, tally, *COLUMNS, optional=("Replacement Impact",)):
                replacements = tuple(model_ids(row.get("System Replacement Model", "")))
                events = []
                for event, effect, column in (
                    ("redirected", "redirect", "System replacement time"),
                    ("retired", "error", "Offline Time"),
                ):
                    at = _beijing(row[column])
                    if at is None:
                        tally.count_unknown(f"{column}: not a Beijing time")
                    else:
                        events.append(Lifecycle(event=event, at=at, effect=effect, replacements=replacements))
                for name in names_in(row["Deprecated Model"], tally):
                    lives.add(name, events)
        rows = sum(len(table.rows) for table in tables)
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=rows)


def _beijing(text: str) -> datetime | None:
    """`Beijing Time 2026.6.30 00:00` as aware UTC."""
    stated, time = when(text), _TIME.search(text)
    if (
        stated.at is None
        or stated.precision != "exact"
        or time is None
        or "beijing" not in text.lower()
        or int(time[1]) > 24
        or int(time[2]) > 59
    ):
        return None
    local = stated.at.replace(tzinfo=BEIJING) + timedelta(hours=int(time[1]), minutes=int(time[2]))
    return local.astimezone(UTC)
