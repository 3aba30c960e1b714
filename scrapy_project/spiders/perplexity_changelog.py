"""Perplexity's changelog: the models that its API no longer has, from dated updates in running text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycles import Lives, ended
from scrapy_project.base.prose_ends import ProseEnd, prose_ends
from scrapy_project.formats.tables import text_of

_UPDATE = re.compile(r"^\s{0,9}<Update\b(?=[^<>]{0,300}\blabel=)[^<>]{0,400}>\s*$", re.MULTILINE)
_LISTED = re.compile(r"`([\w./-]{3,100})`")
_WORD = re.compile(r"(?<![\w/`-])[A-Za-z][\w.]{0,30}-\d[\w.-]{0,30}(?<=\w)")
"""A name with a number behind a hyphen that stands without code marks: R1-1776."""


class PerplexityChangelogSpider(SourceSpider):
    """Reads each update for sentences that end models on a day: their names stand in them, or in a list below, a line each."""

    source = Source(
        id="perplexity_changelog",
        name="Perplexity changelog",
        kind="lifecycle",
        provider="perplexity",
        url="https://docs.perplexity.ai/docs/resources/changelog",
        terms_url="https://www.perplexity.ai/hub/legal/perplexity-api-terms-of-service",
        attribution="Perplexity",
        hosts=("docs.perplexity.ai",),
        priority=10,
    )
    start_urls = ("https://docs.perplexity.ai/docs/resources/changelog.md",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a page without updates or on which none ends a model."""
        updates = _UPDATE.split(text_of(body, "Perplexity's changelog"))[1:]
        tally = Tally()
        lives = Lives("perplexity", tally)
        for update in updates:
            for name, end in _ends(update.partition("</Update>")[0], tally):
                lives.add(name, [*_announced(end), ended(end.when, end.replacements)], announced=end.when.date)
        listings = lives.listings()
        if not listings:
            raise DocumentRefusedError("Perplexity's changelog: no `<Update label=...>` with a model that is removed on a day")
        return DocumentSeen(url=url, listings=listings, unknown=tally.unknown, skipped=tally.skipped, rows=len(updates))


def _announced(end: ProseEnd) -> list[Lifecycle]:
    return [Lifecycle(event="deprecated", precision="none")] if end.is_coming else []


def _ends(update: str, tally: Tally) -> Iterator[tuple[str, ProseEnd]]:
    """Names and their ends. A sentence that names none gives the day to the list that the next such sentence begins."""
    waiting: ProseEnd | None = None
    is_listing = False
    for line in update.split("\n"):
        listed = _LISTED.findall(line) if not _LISTED.sub("", line).strip() else []
        if waiting and is_listing and listed:
            yield from ((name, waiting) for name in listed)
            continue
        is_listing = is_listing and not line.strip()
        for end in prose_ends(line[:2_000]):
            names = [name for name, _ in end.names] or _WORD.findall(end.said)
            if end.when.at and names:
                yield from ((name, end) for name in names)
            elif end.when.at:
                waiting = end
            elif end.names:
                tally.skip("end of a model without one full date")
            is_listing = not names and line.rstrip(" *").endswith((":", "-"))
