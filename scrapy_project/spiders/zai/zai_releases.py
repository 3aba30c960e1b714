"""Z.ai's release notes: when it released which model, and context windows that they state."""

from __future__ import annotations

import re
from typing import Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider
from scrapy_project.base.lifecycle_dates import when
from scrapy_project.base.pages import Page
from scrapy_project.base.price_cells import count_of
from scrapy_project.formats.tables import text_of
from scrapy_project.formats.updates import updates

PAGE: Final = "https://docs.z.ai/release-notes/new-released"

_CONTEXT = re.compile(r"\bcontext window to (\d{1,9}[KM])\b")
_SERIES = re.compile(r"\s{1,9}series\Z", re.IGNORECASE)


class ZaiReleasesSpider(SourceSpider):
    """One document: an entry a release, dated in its label, with the model's display name. Agents are no models."""

    source = Source(
        id="zai_releases",
        name="Z.ai release notes",
        kind="registry",
        url=PAGE,
        terms_url="https://docs.z.ai/legal-agreement/terms-of-use",
        attribution="Z.ai",
        cadence_hours=48,
        priority=10,
        provider="zai",
        hosts=("docs.z.ai",),
    )
    start_urls = (f"{PAGE}.md",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses a document without an entry that is dated and named."""
        page = Page("zai", url, PAGE)
        for update in updates(text_of(body, "Z.ai releases"), "Z.ai releases"):
            page.rows += 1
            name, day = _SERIES.sub("", update.description), when(update.label).date
            if not name or not day:
                page.tally.count_unknown("entry without a name or a day")
            elif "agent" in name.lower():
                page.tally.skip("agent")
            else:
                draft = page.listing(name, is_page_name=True)
                context = _CONTEXT.search(update.text)
                draft.state(name=name, release_date=day, limit_context=count_of(context[1]) if context else None)
        if not page.drafts:
            raise DocumentRefusedError("Z.ai releases: no entry names a model and its day")
        return page.seen()
