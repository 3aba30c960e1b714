"""Azure OpenAI's model retirements. No document of it was at hand: written from the shape of the page's published sources."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import replace

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycle_dates import When, is_floor, states_no_date, when
from scrapy_project.base.lifecycles import Lives, deprecated, ended, model_ids, names_in, rows_of
from scrapy_project.formats.tables import Table, html_tables, text_of

STATES = {"preview": "preview", "ga": "active", "generally available": "active", "deprecated": "deprecated", "retired": "retired"}
COLUMNS = {
    "Model": r"model(?: name)?",
    "Version": r"(?:model )?version",
    "Lifecycle": r"(?:model )?lifecycle(?: status)?",
    "Deprecation date": r"deprecation date\b.*",
    "Retirement date": r"retirement date\b.*",
    "Replacement": r"(?:suggested )?replacement(?: models?)?",
}
"""What a column is called here, by how the page has called it."""
_RETIREMENT = re.compile(r"retirement date:\s*(.+)", re.IGNORECASE | re.DOTALL)
_VERSION_OF = re.compile(r"\s{0,9}\(?\bversion:?\s{0,9}[\w.-]{1,100}\)?", re.IGNORECASE)


class AzureRetirementsSpider(SourceSpider):
    """Reads the HTML tables of models, versions and retirement dates.

    "No earlier than" is a floor, in a cell and in a header. A cell on automatic upgrades alone states no retirement. A name is
    model and version, as the two columns give them; a version of one to three digits is none of the model's names, and one that
    the name ends with is not said twice. Fine-tuned models have other columns and are not read.
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
        hosts=("learn.microsoft.com",),
        priority=20,
    )
    start_urls = ("https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/model-retirements",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model and version; refuses a page without its tables."""
        tables = [
            (replace(table, header=tuple(map(_column, table.header))), {_column(name) for name in table.header if is_floor(name)})
            for table in html_tables(text_of(body, "Azure's retirements"))
        ]
        tables = [(table, floors) for table, floors in tables if table.has("Model", "Version", "Retirement date")]
        if not tables:
            raise DocumentRefusedError("Azure's retirements: no table with `Model`, `Version` and `Retirement date`")
        tally = Tally()
        lives = Lives("azure", tally, page_names=True)
        for table, floors in tables:
            _take(table, floors, lives, tally)
        rows = sum(len(table.rows) for table, _ in tables)
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=rows)


def _column(header: str) -> str:
    return next((name for name, form in COLUMNS.items() if re.fullmatch(form, header.strip(), re.IGNORECASE)), header)


def _when(cell: str, is_below_floor: bool) -> When:
    stated = when(cell)
    return replace(stated, precision="floor") if is_below_floor and stated.at else stated


def _take(table: Table, floors: Container[str], lives: Lives, tally: Tally) -> None:
    """Note a table's rows; the dates of the columns in `floors` are floors, as their headers say."""
    optional = ("Deprecation date", "Lifecycle", "Replacement")
    for row in rows_of(table, tally, "Model", "Version", "Retirement date", optional=optional):
        cell = row["Retirement date"]
        said = _RETIREMENT.search(cell)
        upgrade_only = cell.lower().startswith("to be upgraded") and said is None
        stated = _when("" if upgrade_only else said[1] if said else cell, "Retirement date" in floors)
        if stated.at is None and not upgrade_only and not states_no_date(cell):
            tally.count_unknown("Retirement date: not a date")
        if upgrade_only:
            tally.skip("row on automatic upgrades alone")
        state = row.get("Lifecycle", "").strip().lower()
        if state and state not in STATES:
            tally.count_unknown(f"state {state[:30]!r}")
        replacements = model_ids(_VERSION_OF.sub("", row.get("Replacement", "")))
        cell = row.get("Deprecation date", "")
        began = _when(cell, "Deprecation date" in floors)
        if began.at is None and not states_no_date(cell):
            tally.count_unknown("Deprecation date: not a date")
        events = deprecated(began)
        events += [ended(stated, replacements)] if stated.at else []
        version = row["Version"].strip()
        for name in names_in(row["Model"], tally):
            is_named = not version or name.endswith(version) or (version.isdecimal() and len(version) < 4)
            full = name if is_named else f"{name} {version}"
            lives.add(full, events, facts={"status": STATES.get(state)})
