"""Alibaba Cloud Model Studio's retirements: models by the day on which calls begin to fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycles import BEIJING, Lives, When, ended, model_ids, states_no_date, when
from scrapy_project.base.tables import html_tables, markdown_tables, text_of


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
        tables = html_tables(text) if "<table" in text.lower() else markdown_tables(text)
        tables = [table for table in tables if table.has("Model name", "Deprecation time")]
        if not tables:
            raise DocumentRefusedError("Alibaba's retirements: no table with `Model name` and `Deprecation time`")
        tally = Tally()
        lives = Lives("alibaba", tally)
        for table in tables:
            for row in table.records():
                stated = _when(row["Deprecation time"])
                if stated.at is None and not states_no_date(row["Deprecation time"]):
                    tally.count_unknown("Deprecation time: not a date")
                for name in model_ids(row["Model name"]):
                    lives.add(name, [ended(stated, model_ids(row.get("Replacement model", "")))], announced=stated.date)
        rows = sum(len(table.rows) for table in tables)
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=rows)


def _when(text: str) -> When:
    stated = when(text)
    if stated.at and "UTC+08:00" in text:
        return replace(stated, at=stated.at.replace(tzinfo=BEIJING).astimezone(UTC))
    return stated
