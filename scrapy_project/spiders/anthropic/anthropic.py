"""Anthropic's own pages: the pricing document, the overview of models, and the cards of claude.com."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Final

from parsel import Selector

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from aimstats.domain.money import decimal_of
from aimstats.domain.text import clean_text
from scrapy_project.base import SourceSpider
from scrapy_project.base.pages import Draft, Page
from scrapy_project.base.price_cells import count_of
from scrapy_project.formats.tables import Table, html_text, markdown_tables, plain_markdown, text_of

PRICING: Final = "https://platform.claude.com/docs/en/about-claude/pricing.md"
OVERVIEW: Final = "https://platform.claude.com/docs/en/about-claude/models/overview.md"
CARDS: Final = "https://claude.com/pricing"

COLUMNS: Final = {
    "base input tokens": ("input", "standard"),
    "5m cache writes": ("cache_write", "standard"),
    "1h cache writes": ("cache_write_1h", "standard"),
    "cache hits & refreshes": ("cache_read", "standard"),
    "output tokens": ("output", "standard"),
    "batch input": ("input", "batch"),
    "batch output": ("output", "batch"),
}
CARD_LABELS: Final = {"input": "input", "output": "output", "write": "cache_write", "read": "cache_read"}
OVERVIEW_ROWS: Final = frozenset(
    {
        "description", "claude api id", "claude api alias", "aws bedrock id", "vertex ai id", "pricing", "extended thinking",
        "adaptive thinking", "priority tier", "comparative latency", "context window", "max output",
        "reliable knowledge cutoff", "training data cutoff",
    }
)  # fmt: skip
"""The rows of the overview that are read or state nothing that we keep."""

_VALUE = "contains(concat(' ', normalize-space(@class), ' '), ' tokens_main_val ')"
"""The element of a card's whole value: its parts have classes that begin alike, and would repeat the number."""
_CARD_FEE = re.compile(r">\s{0,50}\$[\d.,]{1,20} (?:/|per) [^<]{0,80}(?:hour|search)")
_STATUS = re.compile(r"\s{0,9}\((deprecated|retired)[^)]{0,200}\)", re.IGNORECASE)
_LISTED = re.compile(r",\s{0,9}(?:and\s{1,9})?|\s{1,9}and\s{1,9}")
_VERSION = re.compile(r"(\d+(?:\.\d+)?)")
_RESIDENCY = re.compile(
    r"For ((?:[^.]|\.\d){0,400}?),? and later models, specifying US-only inference[^.]{0,300}?incurs a ([\d.]{1,20})x multiplier"
)
_FAST_MODELS = re.compile(r"Currently supported on ([^\n]{0,500}?):")
_SEARCH = re.compile(r"[Ww]eb search is available[^.]{0,500}?(\$[\d.]{1,20} per [\d,]{1,20} searches)")
_CODE_HOURS = re.compile(r"\*\*([\d,]+) free hours\*\* of usage per (month|day)")
_CODE_PRICE = re.compile(r"billed at \*\*(\$[\d.]+ per hour), per container\*\*")


class AnthropicSpider(SourceSpider):
    """Reads three documents; a model's dated ids stand only in the overview, its batch and cache prices only in pricing.md."""

    source = Source(
        id="anthropic",
        name="Anthropic",
        kind="page",
        url="https://platform.claude.com/docs/en/about-claude/pricing",
        terms_url="https://www.anthropic.com/legal/commercial-terms",
        attribution="Anthropic",
        priority=10,
        provider="anthropic",
        hosts=("platform.claude.com", "claude.com"),
        complete=("text",),
    )
    start_urls = (PRICING, OVERVIEW, CARDS)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses a document without its price columns, rows or cards."""
        text = text_of(body, f"Anthropic {url}")
        if url == CARDS:
            return _cards(text, url)
        return _overview(text, url) if url == OVERVIEW else _pricing(text, url)


def _named(page: Page, cell: str) -> Draft:
    """The listing of a name, its `(deprecated)` read as the status."""
    status = _STATUS.search(cell)
    draft = page.listing(clean_text(_STATUS.sub("", cell)), is_page_name=True)
    if status:
        draft.state(status=status[1].lower())
    return draft


def _pricing(text: str, url: str) -> DocumentSeen:
    page = Page("anthropic", url, url.removesuffix(".md"))
    main = False
    for table in markdown_tables(text):
        known = [(name, COLUMNS[name.lower()]) for name in table.header if name.lower() in COLUMNS]
        if table.has("Model") and known:
            main = main or {"input", "output"} <= {meter for _, (meter, plan) in known if plan == "standard"}
            table.refuse_ragged("Anthropic pricing")
            page.rows += len(table.rows)
            for row in table.records():
                draft = _named(page, row["Model"])
                for name, (meter, plan) in known:
                    draft.add(meter, row[name], plan=plan)
                for name in sorted(row.keys() - {"Model"} - {name for name, _ in known}):
                    draft.unknown_column(name, row[name])
        elif table.title == "Fast mode pricing" and table.has("Input", "Output"):
            _fast_mode(page, table)
        elif table.title == "Session runtime" and table.has("SKU", "Rate"):
            for row in table.records():
                page.listing(row["SKU"], is_page_name=True, kind="other").add("session", row["Rate"])
        elif "$" in "".join(map("".join, table.rows)):
            page.tally.skip(f"table that is no price list: {table.title}")
    if not main:
        raise DocumentRefusedError("Anthropic pricing: no table with a model, base input and output tokens")
    _tools(page, text)
    _residency(page, plain_markdown(text))
    return page.seen()


def _fast_mode(page: Page, table: Table) -> None:
    """Fast mode is a plan of dearer, faster answers: priority. The models stand in a column or in the text before."""
    table.refuse_ragged("Anthropic pricing")
    stated = _FAST_MODELS.search(table.preamble)
    for row in table.records():
        names = [row["Model"]] if "Model" in row else _LISTED.split(stated[1]) if stated else []
        drafts = [draft for name in names if (draft := _by_short_name(page, name))]
        if not drafts:
            page.tally.count_unknown("price: fast mode of no known model")
        for draft in drafts:
            draft.add("input", row["Input"], plan="priority")
            draft.add("output", row["Output"], plan="priority")


def _by_short_name(page: Page, name: str) -> Draft | None:
    wanted = {name.strip(), f"Claude {name.strip()}"}
    return next((draft for draft in page.drafts.values() if draft.external_id in wanted), None)


def _tools(page: Page, text: str) -> None:
    """Fees for server-side tools, stated in running text."""
    if search := _SEARCH.search(plain_markdown(text)):
        page.listing("Web search tool", is_page_name=True, kind="other").add("web_search", search[1])
    hours, rate = _CODE_HOURS.search(text), _CODE_PRICE.search(text)
    if rate:
        allowance = {"quantity": hours[1].replace(",", ""), "unit": "hour", "period": hours[2]} if hours else None
        page.listing("Code execution tool", is_page_name=True, kind="other").add("session", rate[1], allowance=allowance)


def _residency(page: Page, text: str) -> None:
    """US-only inference: a stated multiple of every token price for the named models and later ones."""
    stated = _RESIDENCY.search(" ".join(text.split("\n")))
    versions = [decimal_of(version) for version in _VERSION.findall(stated[1])] if stated else []
    if not stated or not versions:
        page.tally.skip("no sentence on the price of US-only inference")
        return
    drafts = [draft for draft in page.drafts.values() if draft.kind == "model" and _version(draft) >= min(versions)]
    page.derive(drafts, region="us", factor=decimal_of(stated[2]), because=f"{stated[2]}x for US-only inference")


def _version(draft: Draft) -> Decimal:
    found = _VERSION.search(draft.external_id)
    return decimal_of(found[1]) if found else Decimal(0)


def _overview(text: str, url: str) -> DocumentSeen:
    page = Page("anthropic", url, url.removesuffix(".md"))
    sees_images = "All current Claude models support text and image input, text output" in text
    for table in markdown_tables(text):
        rows = {row[0].strip().lower(): row for row in table.rows if row}
        if "claude api id" not in rows:
            continue
        table.refuse_ragged("Anthropic models")
        for unknown in rows.keys() - OVERVIEW_ROWS:
            page.tally.count_unknown(f"row: {unknown}")
        for column in range(1, len(table.header)):
            cells = {label: row[column] for label, row in rows.items() if column < len(row)}
            draft = page.listing(cells["claude api id"])
            status = _STATUS.search(table.header[column])
            draft.state(name=clean_text(_STATUS.sub("", table.header[column])), status=status[1].lower() if status else None)
            if sees_images and not status and "Latest" in table.title:
                draft.state(modalities_input=["text", "image"], modalities_output=["text"])
            _overview_facts(draft, cells)
    return page.seen(what="Anthropic models")


def _overview_facts(draft: Draft, cells: dict[str, str]) -> None:
    thinking = [cells.get("extended thinking", ""), cells.get("adaptive thinking", "")]
    draft.state(
        limit_context=count_of(cells.get("context window", "")),
        limit_output=count_of(cells.get("max output", "")),
        knowledge=_month(cells.get("reliable knowledge cutoff", "")),
        reasoning=True if "Yes" in thinking else False if thinking[0] == "No" else None,
    )
    alias = cells.get("claude api alias", "")
    if alias and alias != draft.external_id:
        draft.aliases.append(alias)
    draft.evidence |= {"bedrock_id": cells.get("aws bedrock id", ""), "vertex_id": cells.get("vertex ai id", "")}
    for line in cells.get("pricing", "").split("\n"):
        meter = next((meter for meter in ("input", "output") if f"{meter} MTok" in line), None)
        if meter:
            draft.add(meter, line)
        elif line:
            draft.unknown(f"pricing: {line}")


def _month(text: str) -> str:
    """`Jan 2026` as `2026-01`; '' for anything else."""
    try:
        return datetime.strptime(text.strip(), "%b %Y").strftime("%Y-%m")
    except ValueError:
        return ""


def _cards(html: str, url: str) -> DocumentSeen:
    page = Page("anthropic", url)
    for card in Selector(html, type="html").xpath(
        "//*[contains(@class,'card_pricing_title_text')]/ancestor::*[.//*[contains(@class,'tokens_main_label')]][1]"
    ):
        titles = card.xpath(".//*[contains(@class,'card_pricing_title_text')]")
        if len(titles) != 1:
            page.tally.skip("subscription plan")
            continue
        title = html_text(titles[0])
        draft = page.listing(title, is_page_name=True)
        draft.state(name=f"Claude {title}")
        for line in card.xpath(".//*[contains(@class,'tokens_main_wrap')]"):
            label = html_text(line.xpath(".//*[contains(@class,'tokens_main_label')]")[0])
            value = "".join(html_text(part) for part in line.xpath(f".//*[{_VALUE}]"))
            if value and label.lower() in CARD_LABELS:
                draft.add(CARD_LABELS[label.lower()], value)
            elif value:
                draft.unknown(f"card: {label}")
    for _ in _CARD_FEE.findall(html):
        page.tally.skip("fee for a tool, read in pricing.md")
    if not any(draft.prices for draft in page.drafts.values()):
        raise DocumentRefusedError("claude.com: no card with token prices; did the layout change?")
    return page.seen()
