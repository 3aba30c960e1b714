"""Moonshot's Kimi platform: prices in the MDX tables of its pricing document; its list of models, some discontinued."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, Source
from scrapy_project.base import SourceSpider
from scrapy_project.base.js_literals import LiteralError, literal
from scrapy_project.base.pages import Page
from scrapy_project.base.price_cells import count_of
from scrapy_project.base.tables import markdown_tables, plain_markdown, text_of

PRICING: Final = "https://platform.kimi.ai/docs/pricing/chat-k26.md"
MODELS: Final = "https://platform.kimi.ai/docs/models.md"

METER_OF_COLUMN: Final = {
    "input price": "input", "input price (cache miss)": "input", "input price (cache hit)": "cache_read",
    "output price": "output",
}  # fmt: skip

_TABLE = re.compile(r"<DocTable\s+columns=\{(?=\[)")
_ROWS = re.compile(r"\s*\}\s*rows=\{(?=\[)")
_DISCONTINUED = re.compile(r"([\w.-]+) (series models )?(?:were|was) officially discontinued on (\w+ \d{1,2}, \d{4})")
_REPLACEMENT = re.compile(r"latest (?:Kimi )?model ([\w.-]*\w)")


class MoonshotSpider(SourceSpider):
    """Reads two documents. Context lengths come from the pricing document, which states them to the token."""

    source = Source(
        id="moonshot",
        name="Moonshot AI",
        kind="page",
        url="https://platform.kimi.ai/docs/pricing/chat",
        terms_url="https://platform.kimi.ai/docs/agreement/modeluse",
        attribution="Moonshot AI",
        priority=10,
        provider="moonshotai",
        hosts=("platform.kimi.ai",),
    )
    start_urls = (PRICING, MODELS)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses documents without tables of models, prices or their unit."""
        text = text_of(body, f"Kimi {url}")
        return _pricing(text, url) if url == PRICING else _models(text, url)


def _pricing(text: str, url: str) -> DocumentSeen:
    page = Page("moonshotai", url, url.removesuffix(".md"))
    for start in _TABLE.finditer(text):
        try:
            columns, end = literal(text, start.end())
            rows_start = _ROWS.match(text, end)
            rows, _ = literal(text, rows_start.end()) if rows_start else ([], end)
        except LiteralError as error:
            raise DocumentRefusedError(f"Kimi pricing: a table that is no literal: {error}") from error
        header = [str(column.get("title", "")).lower() for column in columns if isinstance(column, dict)]
        if not {"model", "unit", "output price"} <= set(header):
            raise DocumentRefusedError(f"Kimi pricing: a table without model, unit and output price: {header}")
        for row in rows:
            if not isinstance(row, list) or len(row) != len(header):
                raise DocumentRefusedError(f"Kimi pricing: a row that is not as long as its header: {str(row)[:80]}")
            page.rows += 1
            _read_row(page, dict(zip(header, map(str, row), strict=False)))
    return page.seen(what="Kimi pricing")


def _read_row(page: Page, row: dict[str, str]) -> None:
    draft = page.listing(row["model"])
    unit = row["unit"]
    draft.state(limit_context=count_of(row.get("context window", "")))
    for name, cell in row.items():
        if name in METER_OF_COLUMN:
            draft.add(METER_OF_COLUMN[name], f"{cell} / {unit}")
        elif name not in ("model", "unit", "context window"):
            draft.unknown_column(name, cell)


def _models(text: str, url: str) -> DocumentSeen:
    page = Page("moonshotai", url, url.removesuffix(".md"))
    for table in markdown_tables(text):
        if table.has("Model Name", "Description"):
            for row in table.records():
                draft = page.listing(row["Model Name"])
                if row["Description"].strip().lower() == "deprecated":
                    draft.state(status="retired" if "discontinued" in table.preamble else "deprecated")
    for line in plain_markdown(text).split("\n"):
        for name, series, day in _DISCONTINUED.findall(line):
            _discontinue(page, name, day, line, is_series=bool(series))
    return page.seen(what="Kimi models")


def _discontinue(page: Page, name: str, day: str, line: str, *, is_series: bool) -> None:
    """A retirement that the page states for a model, or for all of a series that it lists as deprecated."""
    try:
        at = datetime.strptime(day, "%B %d, %Y").replace(tzinfo=UTC)
    except ValueError:
        page.tally.count_unknown(f"day of a retirement: {day}")
        return
    replacements = tuple(_REPLACEMENT.findall(line))[:1]
    event = Lifecycle(event="retired", at=at, effect="error", replacements=replacements, url=page.evidence_url)
    drafts = [draft for draft in page.drafts.values() if draft.facts.get("status") and draft.external_id.startswith(f"{name}-")]
    for draft in drafts if is_series else [page.listing(name)]:
        draft.state(status="retired")
        draft.lifecycle.append(event)
