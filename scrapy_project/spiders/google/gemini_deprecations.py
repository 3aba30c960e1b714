"""Google's Gemini API deprecations: release and shutdown dates by model, with what replaces it."""

from __future__ import annotations

import re
from dataclasses import replace

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycles import Lives, date_in, ended, model_ids, rows_of
from scrapy_project.formats.tables import Table, page_tables, text_of

FLOOR_NOTE = re.compile(r"\bearliest\b[^.|]{0,40}\bdates?\b")
"""While the page says that the listed dates are the earliest possible ones, they are floors."""


class GeminiDeprecationsSpider(SourceSpider):
    """Reads one table a family, in Markdown or HTML. Rows after `Preview models` are previews."""

    source = Source(
        id="gemini_deprecations",
        name="Gemini API deprecations",
        kind="lifecycle",
        provider="google",
        url="https://ai.google.dev/gemini-api/docs/deprecations",
        license=None,
        terms_url="https://ai.google.dev/gemini-api/terms",
        attribution="Google",
        hosts=("ai.google.dev",),
        priority=10,
    )
    start_urls = ("https://ai.google.dev/gemini-api/docs/deprecations",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a page without tables of `Model` and `Shutdown date`."""
        text = text_of(body, "Gemini's deprecations")
        tables = [table for table in page_tables(text) if table.has("Model", "Shutdown date")]
        if not tables:
            raise DocumentRefusedError("Gemini's deprecations: no table with `Model` and `Shutdown date`")
        tally = Tally()
        lives = Lives("google", tally)
        are_floors = FLOOR_NOTE.search(re.sub(r"[_*]|<[^<>]*>", "", text.lower())) is not None
        for table in tables:
            _take(table, lives, tally, are_floors=are_floors)
        rows = sum(len(table.rows) for table in tables)
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=rows)


def _take(table: Table, lives: Lives, tally: Tally, *, are_floors: bool) -> None:
    preview = False
    for row in rows_of(table, tally, "Model", "Release date", "Shutdown date", "Recommended replacement"):
        names = model_ids(row["Model"])
        if not names:
            preview = row["Model"].lower().startswith("preview")
            tally.skip("row that divides the table")
            continue
        stated = date_in(row["Shutdown date"], "Shutdown date", tally)
        if are_floors and stated.at:
            stated = replace(stated, precision="floor")
        replacements = model_ids(row.get("Recommended replacement", ""))
        facts = {
            "release_date": date_in(row.get("Release date", ""), "Release date", tally).date,
            "status": "preview" if preview else "",
        }
        for name in names:
            lives.add(name, [ended(stated, replacements)] if stated.at or replacements else [], facts=facts)
