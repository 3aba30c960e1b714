"""The tables of xAI's models page that are no list of models: fees for tools and for storage."""

from __future__ import annotations

import re
from typing import Final

from scrapy_project.base.pages import Page
from scrapy_project.base.price_cells import FREE, NOTHING
from scrapy_project.formats.tables import Table

METER_OF_TOOL: Final = {
    "web search": "web_search", "x search": "web_search", "collections search": "file_search", "document search": "file_search",
    "documents search": "file_search", "file attachments": "file_search",
}  # fmt: skip
"""`request` for other tools."""

_COST = re.compile(r"cost\s{0,9}(?:/|per)\s{0,9}1(?:k|,?000) calls", re.IGNORECASE)
_TOKEN_BASED = re.compile(r"token.based", re.IGNORECASE)


def read_fees(page: Page, table: Table) -> bool:
    """Take the fees of a table of tools or of storage; whether it is one. A tool is no model."""
    names = {name.lower(): name for name in table.header}
    cost = next((name for name in table.header if _COST.fullmatch(name.strip())), "")
    if "tool" in names and cost:
        for row in table.records():
            if _TOKEN_BASED.search(row[cost]) or row[cost].strip().lower() in NOTHING:
                page.tally.skip("tool billed by its tokens")
                continue
            name = row[names["tool"]]
            meter = METER_OF_TOOL.get(name.lower(), "request")
            page.listing(name, is_page_name=True, kind="other").add(meter, row[cost], "1K requests")
        return True
    item, rate = (names.get(first) or names.get(second) for first, second in (("resource", "item"), ("rate", "price")))
    if not item or not rate:
        return False
    for row in table.records():
        lowered = row[item].lower()
        if "download" in lowered:
            page.tally.skip("fee for downloads")
        elif "storage" in lowered:
            page.listing(row[item], is_page_name=True, kind="other").add("file_storage", row[rate])
        elif row[rate].strip().lower() not in FREE:
            page.listing(row[item], is_page_name=True, kind="other").add(METER_OF_TOOL.get(lowered, "request"), row[rate])
    return True
