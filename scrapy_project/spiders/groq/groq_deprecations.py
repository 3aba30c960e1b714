"""Groq's model deprecations: what Groq ceases to host (the models live on elsewhere)."""

from __future__ import annotations

import re

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycle_dates import NEVER, when
from scrapy_project.base.lifecycles import Lives, date_in, deprecated, ended, model_ids, names_in, rows_of
from scrapy_project.formats.tables import markdown_tables, text_of

NAMES = ("Deprecated Model", "Model ID", "Model", "Deprecated Model ID")
REPLACEMENT = "Recommended Replacement Model ID"
_EMAILED = re.compile(
    r"\bon (\w+ \d{1,2}(?:st|nd|rd|th)?, \d{4}|\d{1,2} \w+ \d{4}|\d{4}-\d{2}-\d{2}),? we (?:e-?mailed|notified)", re.IGNORECASE
)


class GroqDeprecationsSpider(SourceSpider):
    """Reads the table under each announcement; the day of the e-mail is the deprecation. Dates are US, `08/16/26`."""

    source = Source(
        id="groq_deprecations",
        name="Groq model deprecations",
        kind="lifecycle",
        provider="groq",
        url="https://console.groq.com/docs/deprecations",
        license=None,
        terms_url="https://groq.com/terms-of-use",
        attribution="Groq",
        hosts=("console.groq.com",),
        priority=20,
    )
    start_urls = ("https://console.groq.com/docs/deprecations.md",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a page on which no table has `Shutdown Date` and a column of models."""
        tables = markdown_tables(text_of(body, "Groq's deprecations"))
        tally = Tally()
        lives = Lives("groq", tally)
        rows = 0
        for table in tables:
            column = next((name for name in NAMES if table.has(name)), None)
            if column is None or not table.has("Shutdown Date"):
                tally.count_unknown(f"columns {', '.join(table.header)}")
                continue
            emailed = _EMAILED.search(table.preamble)
            announced = when(emailed[1]) if emailed else NEVER
            rows += len(table.rows)
            for row in rows_of(table, tally, column, "Shutdown Date", REPLACEMENT):
                stated = date_in(row["Shutdown Date"], "Shutdown Date", tally)
                words = re.sub(r"\([^)]{0,500}\)", " ", row.get(REPLACEMENT, ""))
                replacements = [name for word in words.split() for name in model_ids(word) if name != "or"]
                for name in names_in(row[column], tally):
                    lives.add(name, [*deprecated(announced), ended(stated, replacements)], announced=stated.date)
        if not any(listing.lifecycle for listing in lives.listings()):
            raise DocumentRefusedError("Groq's deprecations: no table has `Shutdown Date` and models; was the layout changed?")
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=rows)
