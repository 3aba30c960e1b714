"""Cohere's deprecations: announcements in sentences and lists, one of them with a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycles import Lives, deprecated, ended, model_ids, when
from scrapy_project.base.tables import markdown_tables, plain_markdown, text_of

_SECTION = re.compile(r"(?m)^### (\d{4}-\d{2}-\d{2}): (.*)$")
_EFFECTIVE = re.compile(r"Effective ([A-Z]\w+ \d{1,2}(?:st|nd|rd|th)?, \d{4})")
_ITEM = re.compile(r"(?m)^\* (.+)$")
_CODE = re.compile(r"`([^`]+)`")
_NAMED = re.compile(r"`[^`]+`(?:\s*\(and the alias `[^`]+`\))?")
_ALTERNATIVES = re.compile(r"(?m)^\* (\w+) tasks alternatives:[ \t]*\n((?:[ \t]+\* [^\n]*\n?)+)")
_LIST = re.compile(r"(?m)^(?P<lead>[^\n*#|>][^\n]*:)[ \t]*\n\n?(?P<items>(?:[ \t]*\* [^\n]*\n?)+)")


class CohereDeprecationsSpider(SourceSpider):
    """Reads the sections under dated headings.

    "The following models will be retired" makes a retirement, "Deprecated Models" a deprecation (existing users go on), each on
    the section's effective day; a table states shutdown dates. Fine-tunes, endpoints and features are counted.
    """

    source = Source(
        id="cohere_deprecations",
        name="Cohere deprecations",
        kind="lifecycle",
        provider="cohere",
        url="https://docs.cohere.com/docs/deprecations",
        license=None,
        terms_url="https://cohere.com/terms-of-use",
        attribution="Cohere",
        hosts=("docs.cohere.com",),
        priority=10,
    )
    start_urls = ("https://docs.cohere.com/docs/deprecations.md",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a page without a dated section that ends a model."""
        parts = _SECTION.split(text_of(body, "Cohere's deprecations"))
        tally = Tally()
        lives = Lives("cohere", tally)
        sections = list(zip(parts[1::3], parts[3::3], strict=True))
        for announced, section in sections:
            ends = list(_ends(announced, section))
            if not ends:
                tally.skip("announcement of no model")
            for name, events in ends:
                lives.add(name, events, announced=announced)
        if not lives.listings():
            raise DocumentRefusedError("Cohere's deprecations: no dated section ends a model; was the layout changed?")
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=len(sections))


def _ends(announced: str, section: str) -> Iterator[tuple[str, list[Lifecycle]]]:
    stated = _EFFECTIVE.search(section)
    effective = when(stated[1]) if stated else when(announced)
    for table in markdown_tables(section):
        if table.has("Shutdown Date", "Deprecated Model"):
            for row in table.records():
                ends = ended(when(row["Shutdown Date"]), model_ids(row.get("Recommended Replacement", "")))
                for name in model_ids(row["Deprecated Model"]):
                    yield name, [*deprecated(when(announced)), ends]
    for block in _LIST.finditer(section):
        lead = block["lead"].lower()
        retires = "models will be retired" in lead
        if not retires and not lead.startswith("deprecated models"):
            continue
        for item in _ITEM.findall(block["items"]):
            named = _NAMED.search(item)
            for name in model_ids(plain_markdown(named[0])) if named else []:
                event = ended(effective, _replacements(section, name))
                yield name, [event if retires else replace(event, event="deprecated", effect="")]


def _replacements(section: str, name: str) -> tuple[str, ...]:
    """What the sentence recommends, and the list of alternatives for the name's own task (embedding or chat)."""
    found: list[str] = []
    for line in section.split("\n"):
        if "we recommend you use" in line.lower():
            found += _CODE.findall(line)
    for task, items in _ALTERNATIVES.findall(section):
        if name.startswith("embed") == (task.lower() == "embedding"):
            found += _CODE.findall(items)
    return tuple(dict.fromkeys(found))
