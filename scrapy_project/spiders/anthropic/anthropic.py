"""Anthropic's own pages: the pricing document, the overview of models, and the cards of claude.com."""

from __future__ import annotations

import re
from typing import Final

from parsel import Selector

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider
from scrapy_project.base.pages import Page
from scrapy_project.formats.tables import html_text, text_of
from scrapy_project.spiders.anthropic.overview import read_overview
from scrapy_project.spiders.anthropic.pricing import read_pricing

PRICING: Final = "https://platform.claude.com/docs/en/about-claude/pricing.md"
OVERVIEW: Final = "https://platform.claude.com/docs/en/about-claude/models/overview.md"
CARDS: Final = "https://claude.com/pricing"

CARD_LABELS: Final = {"input": "input", "output": "output", "write": "cache_write", "read": "cache_read"}

_VALUE = "contains(concat(' ', normalize-space(@class), ' '), ' tokens_main_val ')"
"""The element of a card's whole value: its parts have classes that begin alike, and would repeat the number."""
_CARD_FEE = re.compile(r">\s{0,50}\$[\d.,]{1,20} (?:/|per) [^<]{0,80}(?:hour|search)")


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
        return read_overview(text, url) if url == OVERVIEW else read_pricing(text, url)


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
