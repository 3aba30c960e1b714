"""OpenAI's pricing document in Markdown, whose tables are JSX components (or, in other generations, plain tables)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from aimstats.domain.money import plain
from scrapy_project.base import SourceSpider
from scrapy_project.base.pages import PLAN_OF_WORD, Page
from scrapy_project.formats.js_literals import LiteralError, literal
from scrapy_project.formats.tables import markdown_tables, plain_markdown, text_of
from scrapy_project.spiders.openai.prices import (
    TYPE_OF_GROUP,
    named,
    read_tables,
    read_tools,
    read_uplifts,
    unit_stated,
)

METERS: Final = ("input", "cache_read", "output")
"""What the three numbers of a JSX row are: the component has no header, so other counts of numbers are refused."""

_MARKS = re.compile(
    r'data-value="(?P<pane>\w+)"|\btier="(?P<tier>\w+)"|(?P<unit>Prices per [\w ]{1,60}?)(?: unless noted)?\.'
    r'|\bmodel:\s{0,50}"(?P<group>[^"]{0,500})"|\brows(?:=\{|:)\s{0,50}(?=\[)(?P<rows>)'
)
_LOST = re.compile(r'"\$\d[\d.,]* / ')
"""A cell with an amount and a unit."""


class OpenAiSpider(SourceSpider):
    """One document: plan, unit and group stand before each list of rows."""

    source = Source(
        id="openai",
        name="OpenAI",
        kind="page",
        url="https://developers.openai.com/api/docs/pricing",
        terms_url="https://openai.com/policies/terms-of-use/",
        attribution="OpenAI",
        priority=10,
        provider="openai",
        hosts=("developers.openai.com",),
        complete=("text", "embedding", "image", "video", "speech", "transcription", "moderation"),
    )
    start_urls = ("https://developers.openai.com/api/docs/pricing.md",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model and tool; refuses a document without price rows, or with rows of another width."""
        text = text_of(body, "OpenAI pricing")
        page = Page("openai", url, url.removesuffix(".md"))
        _read_components(page, text)
        read_tables(page, markdown_tables(text, spanned=True))
        if not any(draft.prices for draft in page.drafts.values() if draft.kind == "model"):
            raise DocumentRefusedError("OpenAI pricing: no rows of model prices; did the page's layout change?")
        read_uplifts(page, plain_markdown(text))
        return page.seen()


def _read_components(page: Page, text: str) -> None:
    """Walk through the JSX: what stands before a list of rows (pane, unit, group) says what the rows mean."""
    pane, unit, group = "standard", "", ""
    end, beside = 0, text
    for mark in _MARKS.finditer(text):
        if mark.start() < end:
            continue
        if mark["pane"] or mark["tier"]:
            pane, group = mark["pane"] or mark["tier"], ""
        elif mark["unit"]:
            pane, unit, group = "standard", unit_stated(mark["unit"]), ""
        elif mark["group"] is not None:
            group = mark["group"]
        else:
            try:
                rows, end = literal(text, mark.end())
            except LiteralError as error:
                raise DocumentRefusedError(f"OpenAI pricing: price rows that are no literal: {error}") from error
            _read_rows(page, rows, pane=pane, unit=unit, group=group)
            beside = beside.replace(text[mark.end() : end], "", 1)
    for _ in _LOST.findall(beside):
        page.tally.skip("fee outside the lists of rows: its list has no beginning")


def _read_rows(page: Page, rows: Any, *, pane: str, unit: str, group: str) -> None:
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, list) and len(row) == 2 and all(isinstance(cell, str) for cell in row):
            read_tools(page, plain_markdown(group), *(plain_markdown(cell).replace("\n", " ") for cell in row))
        elif isinstance(row, list) and len(row) == len(METERS) + 1 and isinstance(row[0], str):
            _read_row(page, row, pane=pane, unit=unit, group=group)
        else:
            raise DocumentRefusedError(f"OpenAI pricing: a row of another shape: {str(row)[:80]}")


def _read_row(page: Page, row: list[Any], *, pane: str, unit: str, group: str) -> None:
    if pane not in PLAN_OF_WORD or unit != "1M tokens":
        raise DocumentRefusedError(f"OpenAI pricing: prices of the plan {pane!r} in the unit {unit!r}")
    _, cached, _ = numbers = [cell if isinstance(cell, Decimal) else None for cell in row[1:]]
    if cached is not None and numbers[0] is not None and cached > numbers[0]:
        raise DocumentRefusedError(f"OpenAI pricing: cached input dearer than input, were the columns moved? {row[0]}")
    page.rows += 1
    draft = named(page, plain_markdown(row[0]).split("\n")[0])
    if kind := TYPE_OF_GROUP.get(group.lower()):
        draft.state(type=kind)
    for meter, cell in zip(METERS, row[1:], strict=True):
        shown = f"${plain(cell)}" if isinstance(cell, Decimal) else "" if cell is None else str(cell)
        draft.add(meter, shown, unit, plan=PLAN_OF_WORD[pane])
