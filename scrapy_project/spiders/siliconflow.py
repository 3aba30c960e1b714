"""SiliconFlow's pricing page as a reader service renders it: tables flattened to a line a cell, amounts behind a line `$`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from aimstats.domain.copies import copy_of
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from aimstats.domain.money import decimal_of
from scrapy_project.base import SourceSpider
from scrapy_project.base.pages import Page
from scrapy_project.formats.rendered import rendered_page
from scrapy_project.formats.tables import plain_markdown

ORIGINAL: Final = "https://www.siliconflow.com/pricing"

TOKEN_COLUMNS: Final = ("input", "cached input", "output")
METER_OF_COLUMN: Final = {
    "input": ("input", "1M tokens"), "cached input": ("cache_read", "1M tokens"), "output": ("output", "1M tokens"),
    "price (/image)": ("image", "image"), "price (/video)": ("output_video", "video"),
}  # fmt: skip
PER_BYTES: Final = "output (/m utf-8 bytes)"
"""Speech: the column says bytes, the note below the table says characters."""
NO_PRICE_COLUMNS: Final = frozenset({"model name", "context length", "actions"})

_LINK = re.compile(r"\[Details\]\((https://www\.siliconflow\.com/models/[\w.-]+)\)")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


class SiliconFlowSpider(SourceSpider):
    """One document. Only the first models of each developer are on the page; the others wait behind a button."""

    source = Source(
        id="siliconflow",
        name="SiliconFlow pricing",
        kind="page",
        url=ORIGINAL,
        terms_url="https://docs.siliconflow.com/en/legals/terms-of-service",
        attribution="SiliconFlow, read through r.jina.ai",
        cadence_hours=72,
        priority=10,
        provider="siliconflow",
        hosts=("r.jina.ai",),
    )
    start_urls = (copy_of(ORIGINAL),)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses a page without rows of token prices per million."""
        text, date = rendered_page(body, ORIGINAL)
        if "Prices shown are per 1 million tokens." not in text:
            raise DocumentRefusedError("SiliconFlow pricing: the page no longer says that prices are per 1 million tokens")
        page = Page("siliconflow", url, ORIGINAL)
        for row in _rows(text.split("\n")):
            page.rows += 1
            _read_row(page, row)
        if not page.has_prices_of("input"):
            raise DocumentRefusedError("SiliconFlow pricing: no model with an input price")
        if hidden := text.count("\nLoad More\n"):
            page.tally.skipped["models behind a button (tables)"] = hidden
        return page.seen(date)


@dataclass(slots=True)
class _Row:
    """One row: the columns of its table, its texts (name, context) and its amounts, in order."""

    columns: list[str]
    texts: list[str] = field(default_factory=list)
    amounts: list[str] = field(default_factory=list)
    url: str = ""


def _rows(lines: list[str]) -> Iterator[_Row]:
    """The rows of all tables: a table begins with "Model Name" and its columns, a row ends with its link."""
    columns: list[str] = []
    row = _Row([])
    in_header = False
    dollar = False
    for line in (line.strip() for line in lines):
        if not line:
            continue
        lowered = line.lower()
        if lowered == "model name":
            columns, in_header = [lowered], True
        elif in_header:
            columns.append(lowered)
            in_header = lowered != "actions"
            row = _Row(columns)
        elif columns and (link := _LINK.fullmatch(line)):
            row.url = link[1]
            yield row
            row = _Row(columns)
        elif lowered == "load more" or lowered.startswith("prices "):
            columns = []
        elif columns and line == "$":
            dollar = True
        elif columns and dollar and _NUMBER.fullmatch(line):
            row.amounts.append(line)
            dollar = False
        elif columns:
            row.texts.append(plain_markdown(line))
            dollar = False


def _read_row(page: Page, row: _Row) -> None:
    if not row.texts:
        page.tally.skip("row without a name")
        return
    draft = page.listing(row.texts[0], is_page_name=True)
    draft.url = row.url
    priced = [column for column in row.columns if column not in NO_PRICE_COLUMNS]
    if PER_BYTES in priced:
        page.tally.skip("speech price whose unit the page states twice and differently")
        draft.state(type="speech")
        draft.incomplete = True
        return
    if tuple(priced) == TOKEN_COLUMNS and len(row.amounts) == 2 and _number(row.amounts[1]) >= _number(row.amounts[0]):
        # A cached price is never dearer than the input: where two amounts stand for three columns, cached input is the blank one.
        priced = ["input", "output"]
    if len(priced) != len(row.amounts):
        draft.unknown(f"{len(row.amounts)} amounts for {', '.join(priced)}")
        return
    if len(row.texts) > 1:
        draft.state(flags_context=row.texts[1])
    for column, stated in zip(priced, row.amounts, strict=True):
        if column in METER_OF_COLUMN:
            draft.add(METER_OF_COLUMN[column][0], f"${stated}", METER_OF_COLUMN[column][1])
        else:
            draft.unknown(f"column {column}")
    for kind in ("image", "video"):
        if any(f"(/{kind})" in column for column in priced):
            draft.state(type=kind)


def _number(text: str) -> Decimal:
    return decimal_of(text.replace(",", ""))
