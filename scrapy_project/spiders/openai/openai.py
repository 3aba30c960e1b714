"""OpenAI's pricing document in Markdown, whose tables are JSX components, plain tables or HTML, generation by generation."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.copies import copy_of, is_copy
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from aimstats.domain.money import plain
from scrapy_project.base import SourceSpider
from scrapy_project.base.pages import Page
from scrapy_project.base.price_cells import NOTHING
from scrapy_project.formats.js_literals import LiteralError, literal
from scrapy_project.formats.rendered import rendered_page
from scrapy_project.formats.tables import plain_markdown, text_of
from scrapy_project.spiders.openai.extras import read_tools, read_uplifts
from scrapy_project.spiders.openai.prices import METERS_OF_MODALITY, TYPE_OF_GROUP, has_amounts, named, not_offered, read_tables
from scrapy_project.spiders.openai.sections import Section, plan_of, sections

URL: Final = "https://developers.openai.com/api/docs/pricing.md"
ORIGINAL: Final = "https://platform.openai.com/docs/pricing"
"""Whose rendered copy stands in for the document."""

METERS: Final = {
    3: ("input", "cache_read", "output"),
    4: ("input", "cache_read", "cache_write", "output"),
}
"""What the numbers of a JSX row are, by how many there are: the component has no header, so other counts are refused."""

_MARKS = re.compile(r'\btier="(?P<tier>\w+)"|\bmodel:\s{0,50}"(?P<group>[^"]{0,500})"|\brows(?:=\{|:)\s{0,50}(?=\[)(?P<rows>)')
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
        hosts=("developers.openai.com", "r.jina.ai"),
        complete=("text", "embedding", "image", "video", "speech", "transcription", "moderation"),
    )
    start_urls = (URL,)
    stand_ins = {URL: (copy_of(ORIGINAL),)}  # noqa: RUF012  # the base class says ClassVar

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model and tool; refuses a document without price rows, or with rows of another width.

        Sections and panes that are announced and have no row are named as unread.
        """
        if is_copy(url):
            return _read_copy(body, url)
        text = text_of(body, "OpenAI pricing")
        page = Page("openai", url, url.removesuffix(".md"))
        for section in sections(text):
            _read_section(page, section)
        if not has_amounts(page):
            empty = f"; empty: {', '.join(page.unread)}" if page.unread else ""
            raise DocumentRefusedError(f"OpenAI pricing: no rows of model prices in tables or `rows`{empty}")
        read_uplifts(page, plain_markdown(text))
        return page.seen()


def _read_copy(body: bytes, url: str) -> DocumentSeen:
    """What the rendered page says, whose sections name their units and whose tables their plans in the line before them."""
    text, date = rendered_page(body, ORIGINAL)
    page = Page("openai", url, ORIGINAL)
    for section in sections(text):
        read_tables(page, section.text, section.unit)
    if not page.has_prices_of("input"):
        raise DocumentRefusedError("OpenAI pricing: no table of models with a stated unit")
    read_uplifts(page, plain_markdown(text))
    return page.seen(date)


def _read_section(page: Page, section: Section) -> None:
    """Take a section pane by pane. What has a unit and no row is unread; a line before the first pane is no pane of its own."""
    empty: list[str] = []
    before = page.rows
    for pane, text in section.panes():
        rows = page.rows
        _read_components(page, text, pane=pane, unit=section.unit)
        read_tables(page, text, section.unit, plan_of(pane))
        if pane and page.rows == rows:
            empty.append(f"{section.title}: {pane}")
    if section.unit:
        page.unread += empty or ([section.title or f"prices per {section.unit}"] if page.rows == before else [])


def _read_components(page: Page, text: str, *, pane: str, unit: str) -> None:
    """Walk through the JSX: what stands before a list of rows (tier, group) says what the rows mean."""
    plan, group = pane or "standard", ""
    end = 0
    beside: list[str] = []
    for mark in _MARKS.finditer(text):
        if mark.start() < end:
            continue
        if mark["tier"]:
            plan, group = mark["tier"], ""
        elif mark["group"] is not None:
            group = mark["group"]
        else:
            beside.append(text[end : mark.end()])
            try:
                rows, end = literal(text, mark.end())
            except LiteralError as error:
                raise DocumentRefusedError(f"OpenAI pricing: price rows that are no literal: {error}") from error
            for row in rows if isinstance(rows, list) else ():
                _read_row(page, row, plan=plan, unit=unit, group=plain_markdown(group))
    for _ in _LOST.findall("".join((*beside, text[end:]))):
        page.tally.skip("fee outside the lists of rows: its list has no beginning")


def _read_row(page: Page, row: Any, *, plan: str, unit: str, group: str) -> None:
    if isinstance(row, list) and len(row) == 2 and all(isinstance(cell, str) for cell in row):
        read_tools(page, group, *(plain_markdown(cell).replace("\n", " ") for cell in row))
    elif isinstance(row, list) and len(row) - 1 in METERS and isinstance(row[0], str):
        _read_prices(page, row, plan=plan, unit=unit, group=group)
    else:
        raise DocumentRefusedError(f"OpenAI pricing: a row of another shape: {str(row)[:80]}")


def _read_prices(page: Page, row: list[Any], *, plan: str, unit: str, group: str) -> None:
    if not plan_of(plan) or unit != "1M tokens":
        raise DocumentRefusedError(f"OpenAI pricing: prices of the plan {plan!r} in the unit {unit!r}")
    meters = METERS[len(row) - 1]
    numbers = {meter: cell for meter, cell in zip(meters, row[1:], strict=True) if isinstance(cell, Decimal)}
    base, cached, write = (numbers.get(meter) for meter in ("input", "cache_read", "cache_write"))
    if base is not None and ((cached is not None and cached > base) or (write is not None and write < base)):
        raise DocumentRefusedError(
            f"OpenAI pricing: cached input dearer than input, or writes cheaper, were the columns moved? {row[0]}"
        )
    page.rows += 1
    stated = plain_markdown(row[0]).split("\n")[0]
    modality = METERS_OF_MODALITY.get(stated.lower(), {}) if group else {}
    target = named(page, group if modality else stated)
    if kind := TYPE_OF_GROUP.get(group.lower()):
        target.draft.state(type=kind)
    for meter, cell in zip(meters, row[1:], strict=True):
        amount = f"${plain(cell)}" if isinstance(cell, Decimal) else "" if cell is None else str(cell)
        known = modality.get(meter, meter)
        if amount.strip().lower() in NOTHING:
            not_offered(target, known, plan_of(plan), is_long=False)
        else:
            target.draft.add(known, amount, unit, plan=plan_of(plan), min_context_tokens=target.begins)
