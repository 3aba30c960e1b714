"""Fireworks' changelog: models that leave its serverless API, with what to go to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aimstats.domain.items import DocumentSeen, Lifecycle, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycle_dates import When, when
from scrapy_project.base.lifecycles import Lives, ended
from scrapy_project.formats.tables import plain_markdown, text_of
from scrapy_project.formats.updates import Update, updates

PAGE: Final = "https://docs.fireworks.ai/updates/changelog"

_SERVERLESS: Final = re.compile(r"^#\s{1,9}serverless deprecations?\b", re.IGNORECASE | re.MULTILINE)
_REMOVED: Final = re.compile(
    r"\b(?:will be|was|were|are|have been) (?:decommissioned|removed|retired) on \*{0,2}([A-Z][a-z]{2,8} \d{1,2}, \d{4})"
)
_BOLD: Final = re.compile(r"\*\*\[?([^*\[\]\n]{2,100})\]?(?:\([^()\s]{1,300}\))?\*\*")
_DEPRECATED: Final = re.compile(
    r"^([^\n]{2,300}?) (?:is|are) deprecated from serverless\.(?: Migrate to ([^\n]{2,300}?)\.)?$", re.MULTILINE
)
_ITEM: Final = re.compile(r"^[*-]\s{1,9}([^\n]{2,200}?) (?:—|–|-|->|→) migrate to ([^\n]{2,500})$", re.MULTILINE)


class FireworksRetirementSpider(SourceSpider):
    """One document. Where an entry states the day of removal that is the end, else the models are deprecated from its own day.

    Dedicated deployments go on, so that only the serverless offer ends.
    """

    source = Source(
        id="fireworks_retirement",
        name="Fireworks AI changelog: retirements",
        kind="lifecycle",
        url=PAGE,
        terms_url="https://fireworks.ai/terms-of-service",
        attribution="Fireworks AI",
        priority=10,
        provider="fireworks-ai",
        hosts=("docs.fireworks.ai",),
    )
    start_urls = (f"{PAGE}.md",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a document without entries."""
        tally = Tally()
        lives = Lives("fireworks-ai", tally, page_names=True)
        found = updates(text_of(body, "Fireworks' changelog"), "Fireworks' changelog")
        for update in found:
            if not _SERVERLESS.search(update.text):
                continue
            day = when(update.label)
            models = dict(_models(update))
            if not models:
                tally.count_unknown("serverless deprecation that names no model")
            removed = _REMOVED.search(update.text)
            for name, replacements in models.items():
                lives.add(name, [_event(day, when(removed[1]) if removed else None, replacements)], announced=day.date)
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=len(found))


def _models(update: Update) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The models of an entry with what each is to be replaced by; what an item says counts before the sentence."""
    for named, advised in _DEPRECATED.findall(update.text):
        for name in _BOLD.findall(named):
            yield plain_markdown(name), tuple(_BOLD.findall(advised))
    for named, advised in _ITEM.findall(update.text):
        for name in _BOLD.findall(named):
            yield plain_markdown(name), tuple(_BOLD.findall(advised))


def _event(day: When, removed: When | None, replacements: tuple[str, ...]) -> Lifecycle:
    if removed is not None and removed.at is not None:
        return ended(removed, replacements)
    return Lifecycle(event="deprecated", at=day.at, precision=day.precision, replacements=replacements)
