"""OpenAI's pricing page as a reader service renders it: the long-context, image, audio and video prices that pricing.md lacks."""

from __future__ import annotations

from typing import Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider
from scrapy_project.base.pages import Page
from scrapy_project.formats.rendered import READER, rendered_page
from scrapy_project.formats.tables import plain_markdown
from scrapy_project.spiders.openai.extras import read_uplifts
from scrapy_project.spiders.openai.prices import read_tables
from scrapy_project.spiders.openai.sections import sections

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
        complete=("text", "embedding", "image", "video", "speech", "transcription", "moderation"),
    )
    start_urls = (READER + ORIGINAL,)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model and tool; refuses a page without a table of models."""
        text, date = rendered_page(body, ORIGINAL)
        page = Page("openai", url, ORIGINAL)
        for section in sections(text):
            read_tables(page, section.text, section.unit)
        if not page.has_prices_of("input"):
            raise DocumentRefusedError("OpenAI pricing: no table of models with a stated unit")
        read_uplifts(page, plain_markdown(text))
        return page.seen(date)
