"""Mistral's deprecated and retired models, from the table at the end of its models page."""

from __future__ import annotations

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycle_dates import states_no_date
from scrapy_project.base.lifecycles import Lives, date_in, deprecated, ended, model_ids, rows_of
from scrapy_project.formats.tables import page_tables, text_of


class MistralRetirementSpider(SourceSpider):
    """Reads the table with `Deprecation` and `Retirement` (US dates). A row without an API id is a page name; one without
    dates is deprecated on an unknown day. Alternatives are display names."""

    source = Source(
        id="mistral_retirement",
        name="Mistral deprecated and retired models",
        kind="lifecycle",
        provider="mistral",
        url="https://docs.mistral.ai/models",
        license=None,
        terms_url="https://legal.mistral.ai/terms",
        attribution="Mistral AI",
        hosts=("docs.mistral.ai",),
        priority=10,
    )
    start_urls = ("https://docs.mistral.ai/models",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing an API id or name; refuses a page without the table."""
        text = text_of(body, "Mistral's models page")
        tables = page_tables(text)
        tables = [table for table in tables if table.has("Model", "API", "Deprecation", "Retirement")]
        if not tables:
            raise DocumentRefusedError("Mistral's models page: no table with `API`, `Deprecation` and `Retirement`")
        tally = Tally()
        lives = Lives("mistral", tally)
        for table in tables:
            for row in rows_of(table, tally, "Model", "Version", "API", "Deprecation", "Retirement", "Alternative"):
                _take(row, lives, tally)
        rows = sum(len(table.rows) for table in tables)
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=rows)


def _take(row: dict[str, str], lives: Lives, tally: Tally) -> None:
    shown = row["Model"].replace("↗", "").strip()
    version = row.get("Version", "")
    began, stated = (date_in(row[column], column, tally) for column in ("Deprecation", "Retirement"))
    events = deprecated(began) or [Lifecycle(event="deprecated", precision="none")]
    replacements = [name for name in (row.get("Alternative", ""),) if name and not states_no_date(name)]
    events.append(ended(stated, replacements))
    ids = model_ids(row["API"])
    for name in ids:
        lives.add(
            name, events, facts={"name": shown}
        )  # its version is the month of the id (24.1 of 2410), and no part of the name
    if not ids:
        lives.add(f"{shown} {version}".strip(), events, is_page_name=True)
