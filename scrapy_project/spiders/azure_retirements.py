"""Azure OpenAI's model retirements. No document of it was at hand: written from the page's published shape."""

from __future__ import annotations

import re

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycles import Lives, deprecated, ended, model_ids, names_in, rows_of, states_no_date, when
from scrapy_project.base.tables import Table, html_tables, text_of

STATES = {"preview": "preview", "ga": "active", "generally available": "active", "deprecated": "deprecated", "retired": "retired"}
LIFECYCLE = ("Lifecycle", "Lifecycle status", "Model lifecycle")
REPLACEMENTS = ("Replacement model", "Replacement models", "Suggested replacement")
_RETIREMENT = re.compile(r"retirement date:\s*(.+)", re.IGNORECASE | re.DOTALL)
_VERSION_OF = re.compile(r"\s*\(?\bversion:?\s*[\w.-]+\)?", re.IGNORECASE)


class AzureRetirementsSpider(SourceSpider):
    """Reads the HTML tables of `Model`, `Version` and `Retirement date`. Only when named, until its shape has been seen live.

    "No earlier than" is a floor. A cell on automatic upgrades alone states no retirement. A name is model and version, as
    the two columns give them; a version of one digit is left out.
    """

    source = Source(
        id="azure_retirements",
        name="Azure OpenAI model retirements",
        kind="lifecycle",
        provider="azure",
        url="https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/model-retirements",
        license=None,
        terms_url="https://learn.microsoft.com/en-us/legal/termsofuse",
        attribution="Microsoft",
        default=False,
        hosts=("learn.microsoft.com",),
        priority=20,
    )
    start_urls = ("https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/model-retirements",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model and version; refuses a page without its tables."""
        tables = html_tables(text_of(body, "Azure's retirements"))
        tables = [table for table in tables if table.has("Model", "Version", "Retirement date")]
        if not tables:
            raise DocumentRefusedError("Azure's retirements: no table with `Model`, `Version` and `Retirement date`")
        tally = Tally()
        lives = Lives("azure", tally, page_names=True)
        for table in tables:
            _take(table, lives, tally)
        rows = sum(len(table.rows) for table in tables)
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=rows)


def _take(table: Table, lives: Lives, tally: Tally) -> None:
    optional = ("Deprecation date", *LIFECYCLE, *REPLACEMENTS)
    for row in rows_of(table, tally, "Model", "Version", "Retirement date", optional=optional):
        cell = row["Retirement date"]
        said = _RETIREMENT.search(cell)
        upgrade_only = cell.lower().startswith("to be upgraded") and said is None
        stated = when("" if upgrade_only else said[1] if said else cell)
        if stated.at is None and not upgrade_only and not states_no_date(cell):
            tally.count_unknown("Retirement date: not a date")
        if upgrade_only:
            tally.skip("row on automatic upgrades alone")
        state = next((row[column].strip().lower() for column in LIFECYCLE if column in row), "")
        if state and state not in STATES:
            tally.count_unknown(f"state {state[:30]!r}")
        replacements = next((model_ids(_VERSION_OF.sub("", row[column])) for column in REPLACEMENTS if column in row), [])
        events = deprecated(when(row.get("Deprecation date", "")))
        events += [ended(stated, replacements)] if stated.at else []
        version = row["Version"].strip()
        for name in names_in(row["Model"], tally):
            full = f"{name} {version}" if len(version) > 1 else name
            lives.add(full, events, facts={"status": STATES.get(state)})
