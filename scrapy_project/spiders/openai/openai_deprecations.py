"""OpenAI's deprecations: what is shut down when, from its page in Markdown, or in HTML where that is served."""

from __future__ import annotations

from aimstats.domain.items import DocumentSeen, Source
from scrapy_project.base import SourceSpider
from scrapy_project.formats.tables import page_tables, text_of
from scrapy_project.spiders.openai.announcements import openai_document


class OpenaiDeprecationsSpider(SourceSpider):
    """Reads every table under a dated announcement; the latest announcement of a model stands."""

    source = Source(
        id="openai_deprecations",
        name="OpenAI deprecations",
        kind="lifecycle",
        provider="openai",
        url="https://developers.openai.com/api/docs/deprecations",
        license=None,
        terms_url="https://openai.com/policies/terms-of-use/",
        attribution="OpenAI",
        hosts=("developers.openai.com",),
        priority=10,
    )
    start_urls = ("https://developers.openai.com/api/docs/deprecations.md",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a page without the columns that it needs."""
        return openai_document(url, page_tables(text_of(body, "OpenAI's deprecations")))
