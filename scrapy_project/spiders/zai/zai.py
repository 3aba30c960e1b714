"""Z.ai's pricing page in Markdown, or its copy: a section and a table a kind of model, each with its unit."""

from __future__ import annotations

import re
from typing import Final

from aimstats.domain.copies import copy_of, is_copy
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider
from scrapy_project.base.pages import Draft, Page
from scrapy_project.formats.rendered import rendered_page
from scrapy_project.formats.tables import Table, markdown_tables, text_of

PAGE: Final = "https://docs.z.ai/guides/overview/pricing"
URL: Final = f"{PAGE}.md"

METER_OF_COLUMN: Final = {
    "input": "input",
    "cached input": "cache_read",
    "cached input storage": "cache_storage",
    "output": "output",
}
METER_OF_UNIT: Final = {"image": ("image", "image"), "video": ("output_video", "video")}

_PER = re.compile(r"Prices per (1M tokens|image|video)\.", re.IGNORECASE)
_ABOUT = re.compile(r"\s{0,9}\([^()]{0,200}?approximately[^()]{0,200}\)")


class ZaiSpider(SourceSpider):
    """One document. Names are those of the page; "Limited-time Free" is a promotion, "Free" is a price."""

    source = Source(
        id="zai",
        name="Z.ai pricing",
        kind="page",
        url=PAGE,
        terms_url="https://docs.z.ai/legal-agreement/terms-of-use",
        attribution="Z.ai",
        priority=10,
        provider="zai",
        hosts=("docs.z.ai", "r.jina.ai"),
        complete=("text",),
    )
    start_urls = (URL,)
    stand_ins = {URL: (copy_of(PAGE),)}  # noqa: RUF012  # the base class says ClassVar

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses a page without token prices per million, or in another currency."""
        text, date = rendered_page(body, PAGE) if is_copy(url) else (text_of(body, "Z.ai pricing"), None)
        if "All prices are in USD" not in text:
            raise DocumentRefusedError("Z.ai pricing: the page no longer says that prices are in USD")
        page = Page("zai", url, PAGE)
        for table in markdown_tables(text):
            table.refuse_ragged("Z.ai pricing")
            page.rows += len(table.rows)
            _read_table(page, table)
        if not page.has_prices_of("input"):
            raise DocumentRefusedError("Z.ai pricing: no table with input prices per 1M tokens")
        return page.seen(date)


def _read_table(page: Page, table: Table) -> None:
    stated = _PER.search(table.preamble)
    unit = stated[1].lower() if stated else ""
    for row in table.records():
        if "Tool" in row and "Cost" in row:
            meter = "web_search" if "search" in row["Tool"].lower() else "request"
            page.listing(row["Tool"], is_page_name=True, kind="other").add(meter, row["Cost"])
        elif "Agent" in row:
            page.tally.skip("agent: one price for what it reads and writes")
        elif "Model" in row and "Price" in row:
            _one_price(page.listing(row["Model"], is_page_name=True), table.title, row["Price"], unit)
        elif "Model" in row:
            _token_prices(page.listing(row["Model"], is_page_name=True), row, unit)
        else:
            page.tally.count_unknown(f"price table: {table.title}")


def _one_price(draft: Draft, title: str, cell: str, unit: str) -> None:
    cell = _ABOUT.sub("", cell)
    if unit in METER_OF_UNIT:
        meter, of_meter = METER_OF_UNIT[unit]
        draft.add(meter, cell, of_meter)
        draft.state(type=unit)
    elif title == "Audio Models" and "MTok" in cell:
        draft.add("input_audio", cell)
    else:
        draft.unknown(f"{title}: {cell}")


def _token_prices(draft: Draft, row: dict[str, str], unit: str) -> None:
    for name, cell in row.items():
        if name == "Model":
            continue
        meter = METER_OF_COLUMN.get(name.lower())
        if meter is None or unit != "1m tokens":
            draft.unknown(f"column {name}, prices per {unit or 'nothing'}")
        else:
            hourly = "1M tokens hour" if meter == "cache_storage" else "1M tokens"
            draft.add(meter, cell, hourly, promotional=cell.lower().startswith("limited-time"))
