"""Alibaba Cloud Model Studio's retirements: models by the day on which calls begin to fail."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycle_dates import BEIJING, When
from scrapy_project.base.lifecycles import Lives, date_in, ended, model_ids, names_in, rows_of
from scrapy_project.formats.tables import page_tables, text_of

COLUMNS = ("Model name", "Deprecation time", "Replacement model")
_BEIJING = re.compile(r"\b(?:UTC|GMT)\s*\+\s*0?8\b|Beijing", re.IGNORECASE)


class AlibabaRetirementSpider(SourceSpider):
    """Reads every table of `Model name` and `Deprecation time` (on this page: when inference is discontinued).

    Midnight is Beijing's where the cell says UTC+08:00; where it names no zone the day is taken as it stands.
    """

    source = Source(
        id="alibaba_retirement",
        name="Alibaba Cloud Model Studio retirements",
        kind="lifecycle",
        provider="alibaba",
        url="https://www.alibabacloud.com/help/en/model-studio/model-depreciation",
        license=None,
        terms_url="https://www.alibabacloud.com/help/en/legal",
        attribution="Alibaba Cloud",
        hosts=("www.alibabacloud.com",),
        priority=10,
    )
    start_urls = ("https://www.alibabacloud.com/help/en/model-studio/model-depreciation",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a page without its tables."""
        text = text_of(body, "Alibaba's retirements")
        tables = page_tables(text)
        tables = [table for table in tables if table.has("Model name", "Deprecation time")]
        if not tables:
            raise DocumentRefusedError("Alibaba's retirements: no table with `Model name` and `Deprecation time`")
        tally = Tally()
        lives = Lives("alibaba", tally)
        for table in tables:
            for row in rows_of(table, tally, *COLUMNS, optional=("Category",)):
                stated = _when(row["Deprecation time"], tally)
                for name in names_in(row["Model name"], tally):
                    lives.add(name, [ended(stated, model_ids(row.get("Replacement model", "")))], announced=stated.date)
        rows = sum(len(table.rows) for table in tables)
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=rows)


def _when(cell: str, tally: Tally) -> When:
    stated = date_in(cell, "Deprecation time", tally)
    if stated.at and _BEIJING.search(cell):
        return replace(stated, at=stated.at.replace(tzinfo=BEIJING).astimezone(UTC))
    return stated
