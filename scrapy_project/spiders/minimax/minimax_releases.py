"""MiniMax' release notes of models: a dated heading, then a card a release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider
from scrapy_project.base.lifecycle_dates import when
from scrapy_project.base.modality_words import kinds_listed
from scrapy_project.base.pages import Page
from scrapy_project.formats.tables import text_of

PAGE: Final = "https://platform.minimax.io/docs/release-notes/models"

_MARKS = re.compile(
    r'^#{2,5}[ \t]+(?P<day>[^\n]{1,60})$|<Card\b[^>]{0,20}\btitle="(?P<title>[^"]{1,200})"[^>]{0,600}>(?P<text>.*?)</Card>',
    re.MULTILINE | re.DOTALL,
)
_BETA = re.compile(r"\((?:beta|preview)\)", re.IGNORECASE)
_CONTEXT = re.compile(r"\bcontext\s{1,9}[-–—]\s{1,9}([\w, ]{3,100})")


class MiniMaxReleasesSpider(SourceSpider):
    """One document. A card may name several models ("A / B", "A-2 & 2-Fast"); a beta is no release."""

    source = Source(
        id="minimax_releases",
        name="MiniMax release notes",
        kind="registry",
        url=PAGE,
        terms_url="https://platform.minimax.io/protocol/terms-of-service",
        attribution="MiniMax",
        cadence_hours=48,
        priority=10,
        provider="minimax",
        hosts=("platform.minimax.io",),
    )
    start_urls = (f"{PAGE}.md",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses a document without a card below a date."""
        page = Page("minimax", url, PAGE)
        day = ""
        for mark in _MARKS.finditer(text_of(body, "MiniMax releases")):
            if mark["day"]:
                day = when(mark["day"]).date
                continue
            page.rows += 1
            if not day:
                page.tally.count_unknown("card below no date")
            elif _BETA.search(mark["title"]):
                page.tally.skip("beta")
            else:
                understood = _CONTEXT.search(mark["text"])
                for name in names_of(mark["title"]):
                    draft = page.listing(name, is_page_name=True)
                    draft.state(release_date=day, modalities_input=kinds_listed(understood[1]) if understood else None)
        if not page.drafts:
            raise DocumentRefusedError("MiniMax releases: no card below a date")
        return page.seen()


def names_of(title: str) -> Iterator[str]:
    """The models that a card's title names.

    >>> list(names_of("Speech-02-turbo / Speech-02-hd")), list(names_of("MiniMax-Hailuo-2.3 & 2.3-Fast"))
    (['Speech-02-turbo', 'Speech-02-hd'], ['MiniMax-Hailuo-2.3', 'MiniMax-Hailuo-2.3-Fast'])
    """
    family = ""
    for name in filter(None, map(str.strip, re.split(r"\s/\s|&", title))):
        if name[0].isdigit() and family:
            yield family + name
        else:
            family = re.split(r"(?=\d)", name, maxsplit=1)[0]
            yield name
