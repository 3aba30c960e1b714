"""DeepSeek's pricing page: one table with a column a model, list prices struck through beside promotions, hours of the day."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from parsel import Selector

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider
from scrapy_project.base.pages import Draft, Page
from scrapy_project.base.price_cells import NOTHING, count_of
from scrapy_project.base.tables import Table, html_tables, html_text, struck, text_of, without_struck

URL: Final = "https://api-docs.deepseek.com/quick_start/pricing"

METER_OF_LABEL: Final = {
    "1M INPUT TOKENS (CACHE HIT)": "cache_read",
    "1M INPUT TOKENS (CACHE MISS)": "input",
    "1M OUTPUT TOKENS": "output",
}
FLAG_OF_FEATURE: Final = {"JSON OUTPUT": "flags.json_output", "TOOL CALLS": "tool_call", "FUNCTION CALLING": "tool_call"}
PASSED_OVER: Final = ("BASE URL", "CHAT PREFIX", "FIM COMPLETION", "CONCURRENCY LIMIT")
"""Rows that state nothing we keep."""

_WINDOW = re.compile(r"UTC\s{0,9}(\d{1,2}):(\d{2})\s{0,9}[-–~]\s{0,9}(\d{1,2}):(\d{2})")
_HOURS = re.compile(r"\bPEAK\b|\bOFF-PEAK\b|\bDISCOUNT\b", re.IGNORECASE)
_REMARK = re.compile(r"\s{0,9}\([^)]{0,300}\)")
_PROMOTION = re.compile(
    r"(?<![\w.-])([\w.-]{1,100}) model is currently offered at an? (\d{1,3})% discount[^.]{0,300}?"
    r"until (\d{4})/(\d{1,2})/(\d{1,2}) (\d{1,2}):(\d{2}) UTC"
)
_ALIASES = re.compile(
    r"model names ([\w.-]{1,100}) and ([\w.-]{1,100}) [^.]{0,300}\.[^.]{0,300}?"
    r"correspond to the [^.]{0,100}? modes? of ([\w.-]{1,100}?),? respectively"
)


class DeepSeekSpider(SourceSpider):
    """One document. A price with another struck through is a promotion; its end stands in a footnote."""

    source = Source(
        id="deepseek",
        name="DeepSeek",
        kind="page",
        url=URL,
        terms_url="https://cdn.deepseek.com/policies/en-US/deepseek-open-platform-terms-of-service.html",
        attribution="DeepSeek",
        priority=10,
        provider="deepseek",
        hosts=("api-docs.deepseek.com",),
    )
    start_urls = (URL,)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses a page whose table has no models or no input and output prices."""
        html = text_of(body, "DeepSeek pricing")
        table = next((table for table in html_tables(html) if table.header and table.header[0].upper() == "MODEL"), None)
        if table is None:
            raise DocumentRefusedError("DeepSeek pricing: no table that begins with MODEL")
        page = Page("deepseek", url)
        page.rows = len(table.rows)
        notes = " ".join(html_text(node) for node in Selector(html, type="html").xpath("//p|//li")).replace("\n", " ")
        _read_columns(page, table, _promotions(notes))
        if not page.has_prices_of("input", "output"):
            raise DocumentRefusedError("DeepSeek pricing: no model with an input and an output price")
        if equated := _ALIASES.search(notes):
            page.listing(equated[3]).aliases += [equated[1], equated[2]]
        return page.seen()


def _promotions(notes: str) -> dict[str, datetime]:
    """When the promotion of a model ends, as the footnotes say."""
    ends: dict[str, datetime] = {}
    for model, _, *instant in _PROMOTION.findall(notes):
        year, month, day, hour, minute = map(int, instant)
        ends[model] = datetime(year, month, day, hour, minute, tzinfo=UTC)
    return ends


def _read_columns(page: Page, table: Table, ends: dict[str, datetime]) -> None:
    labels = next((place for place, name in enumerate(table.header) if name.upper() != "MODEL"), len(table.header))
    for column in range(labels, len(table.header)):
        draft = page.listing(table.header[column])
        for row in table.rows:
            _read_cell(draft, tuple(dict.fromkeys(row[:labels])), row[column], ends)


def _read_cell(draft: Draft, labels: tuple[str, ...], cell: str, ends: dict[str, datetime]) -> None:
    label = labels[-1].upper()
    if label in METER_OF_LABEL:
        _read_price(draft, METER_OF_LABEL[label], " ".join(labels), cell, ends)
    elif label.startswith("MODEL VERSION"):
        draft.evidence["version"] = cell
    elif label.startswith("CONTEXT LENGTH"):
        draft.state(limit_context=count_of(cell))
    elif label.startswith("MAX OUTPUT"):
        draft.state(limit_output=count_of(cell.upper().rpartition("MAXIMUM")[2]))
    elif label.startswith("THINKING MODE"):
        draft.state(reasoning=True if "thinking" in cell.lower() and not cell.lower().startswith("non-thinking") else None)
    elif _REMARK.sub("", label) in FLAG_OF_FEATURE and cell in ("✓", "✗"):
        draft.fact(FLAG_OF_FEATURE[_REMARK.sub("", label)], cell == "✓")
    elif cell.strip().lower() in NOTHING:
        return
    elif "$" in cell:
        draft.unknown(f"row {' '.join(labels)}")
    elif not label.startswith(PASSED_OVER):
        draft.tally.count_unknown(f"row {label}")


def _read_price(draft: Draft, meter: str, labels: str, cell: str, ends: dict[str, datetime]) -> None:
    hours = _WINDOW.search(labels)
    window = "{:0>2}{}-{:0>2}{}".format(*hours.groups()) if hours else ""
    if _HOURS.search(labels) and not hours:
        draft.unknown(f"{labels}: no hours in UTC")
        return
    listed = struck(cell)
    current = _REMARK.sub("", without_struck(cell))
    if listed:
        draft.add(meter, current, window=window, promotional=True, valid_to=ends.get(draft.external_id))
        draft.add(meter, listed, window=window)
    else:
        draft.add(meter, current, window=window)
