"""DeepSeek's change log: when it released which model, under names that its API may go on using for the next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider
from scrapy_project.base.pages import Page
from scrapy_project.spiders.deepseek.updates import PAGE, Entry, entries

_NAME = r"DeepSeek[- ][A-Z]+[\w.-]{0,60}\w"
_TITLE: Final = re.compile(rf"({_NAME})(?:\s{{1,9}}Release)?\Z")
_UPGRADED: Final = re.compile(rf"\b(?:upgraded to|new model,?)\s{{1,9}}({_NAME})", re.IGNORECASE)
_SET: Final = re.compile(r"\bmodel parameter should be set to ((?:[\w.-]{1,80}(?:, | or |, or )?){1,9})\.?\Z")


class DeepSeekReleasesSpider(SourceSpider):
    """One document: a heading a day, below it the models; the first day that a model is named as new is its release."""

    source = Source(
        id="deepseek_releases",
        name="DeepSeek change log: releases",
        kind="registry",
        url=PAGE,
        terms_url="https://cdn.deepseek.com/policies/en-US/deepseek-open-platform-terms-of-service.html",
        attribution="DeepSeek",
        cadence_hours=48,
        priority=10,
        provider="deepseek",
        hosts=("api-docs.deepseek.com",),
    )
    start_urls = (PAGE,)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses a page of which no entry names a new model."""
        page = Page("deepseek", url)
        days: dict[str, str] = {}
        for entry in entries(body):
            page.rows += 1
            if names := list(_new_models(entry)):
                for name in names:
                    days[name] = min(entry.day.date, days.get(name, entry.day.date))
            else:
                page.tally.skip("entry of no new model")
        for name, day in days.items():
            page.listing(name, is_page_name=name[0].isupper()).state(release_date=day)
        if not days:
            raise DocumentRefusedError("DeepSeek's change log: no entry names a new model")
        return page.seen()


def _new_models(entry: Entry) -> Iterator[str]:
    """Ids that the API is to be asked for, else the model that the heading names, and those that API names now stand for."""
    sentences = [sentence for line in entry.paragraphs for sentence in re.split(r"(?<=[.:])\s", line)]
    asked = [found[1].rstrip(".") for sentence in sentences if (found := _SET.search(sentence))]
    if asked:
        yield from re.split(r",? or |, ", asked[0])
        return
    if titled := _TITLE.fullmatch(entry.title):
        yield titled[1]
    for line in (entry.title, *entry.paragraphs):
        if upgraded := _UPGRADED.search(line):
            yield upgraded[1].rstrip(".-")
