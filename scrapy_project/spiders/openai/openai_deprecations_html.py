"""OpenAI's deprecations at their older address, in HTML: only when named, the Markdown form is newer."""

from __future__ import annotations

from aimstats.domain.items import DocumentSeen, Source
from scrapy_project.base import SourceSpider
from scrapy_project.formats.tables import html_tables, text_of
from scrapy_project.spiders.openai.announcements import openai_document


class OpenaiDeprecationsHtmlSpider(SourceSpider):
    """The same tables as HTML; dates there are written with U+2011 hyphens."""

    source = Source(
        id="openai_deprecations_html",
        name="OpenAI deprecations (HTML)",
        kind="lifecycle",
        provider="openai",
        url="https://platform.openai.com/docs/deprecations",
        license=None,
        terms_url="https://openai.com/policies/terms-of-use/",
        attribution="OpenAI",
        default=False,
        hosts=("platform.openai.com", "developers.openai.com"),
        priority=200,
    )
    start_urls = ("https://platform.openai.com/docs/deprecations",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a page without the columns that it needs."""
        return openai_document(url, html_tables(text_of(body, "OpenAI's deprecations")))
