"""OpenAI's pricing page as a reader service renders it: the long-context, image, audio and video prices that pricing.md lacks."""

from __future__ import annotations

from typing import Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider
from scrapy_project.base.openai_prices import plan_stated, read_table, read_tools, read_uplifts, unit_stated
from scrapy_project.base.pages import Page
from scrapy_project.base.rendered import READER, rendered_page
from scrapy_project.base.tables import markdown_tables, plain_markdown

ORIGINAL: Final = "https://platform.openai.com/docs/pricing"


class OpenAiRenderedSpider(SourceSpider):
    """One document; each section names its unit, each table its plan in the line before it."""

    source = Source(
        id="openai_rendered",
        name="OpenAI pricing (rendered)",
        kind="rendered",
        url=ORIGINAL,
        terms_url="https://openai.com/policies/terms-of-use/",
        attribution="OpenAI, read through r.jina.ai",
        default=False,
        cadence_hours=72,
        priority=210,
        provider="openai",
        hosts=("r.jina.ai",),
    )
    start_urls = (READER + ORIGINAL,)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model and tool; refuses a page without a table of models."""
        text, date = rendered_page(body, ORIGINAL)
        page = Page("openai", url, ORIGINAL)
        unit_of_section: dict[str, str] = {}
        models = 0
        for table in markdown_tables(text, spanned=True):
            unit = unit_stated(table.preamble)
            if unit:
                unit_of_section[table.title] = unit
            if table.has("Tool", "Details", "Pricing"):
                for tool, detail, pricing in (row[:3] for row in table.rows):
                    read_tools(page, tool, detail, pricing)
            elif unit_of_section.get(table.title):
                models += read_table(page, table, unit_of_section[table.title], plan_stated(table.preamble))
            else:
                page.tally.count_unknown(f"price table without a unit: {table.title}")
        if not models:
            raise DocumentRefusedError("OpenAI pricing: no table of models with a stated unit")
        read_uplifts(page, plain_markdown(text))
        return page.seen(date)
