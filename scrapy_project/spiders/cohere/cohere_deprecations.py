"""Cohere's deprecations: announcements in sentences and lists, one of them with a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycle_dates import NEVER, when
from scrapy_project.base.lifecycles import Lives, date_in, deprecated, ended, model_ids, names_in, rows_of
from scrapy_project.formats.tables import markdown_tables, plain_markdown, text_of

_SECTION = re.compile(r"(?m)^### (\d{4}-\d{2}-\d{2}): (.*)$")
_EFFECTIVE = re.compile(r"\bEffective (?:on |from )?([^\n]{8,24})")
_ITEM = re.compile(r"(?m)^\* (.+)$")
_CODE = re.compile(r"`([^`]+)`")
_NAMED = re.compile(r"`[^`]+`(?:\s*\(and the alias `[^`]+`\))?")
_ALTERNATIVES = re.compile(r"(?m)^\* (\w+) tasks alternatives:[ \t]*\n((?:[ \t]+\* [^\n]*\n?)+)")
_ADVICE = re.compile(r"(?:For (?P<family>[\w-]+) model replacements, )?we recommend you use (?P<models>[^\n]*)", re.IGNORECASE)
_FEATURES = re.compile(r"deprecated features|endpoints|fine-tun", re.IGNORECASE)
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
            ends = list(_ends(announced, section, tally))
            if not ends:
                tally.skip("announcement of no model")
            for name, events in ends:
                lives.add(name, events, announced=announced)
        if not lives.listings():
            raise DocumentRefusedError("Cohere's deprecations: no dated section ends a model; was the layout changed?")
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=len(sections))


def _ends(announced: str, section: str, tally: Tally) -> Iterator[tuple[str, list[Lifecycle]]]:
    for table in markdown_tables(section):
        if not table.has("Shutdown Date", "Deprecated Model"):
            tally.count_unknown(f"columns {', '.join(table.header)}")
            continue
        columns = ("Shutdown Date", "Deprecated Model", "Recommended Replacement")
        for row in rows_of(table, tally, *columns, optional=("Deprecated Model Price",)):
            stated = date_in(row["Shutdown Date"], "Shutdown Date", tally)
            ends = ended(stated, model_ids(row.get("Recommended Replacement", "")))
            for name in names_in(row["Deprecated Model"], tally):
                yield name, [*deprecated(when(announced)), ends]
    found = _EFFECTIVE.search(section)
    effective = when(found[1]) if found else NEVER
    for block in _LIST.finditer(section):
        lead, items = block["lead"].lower(), _ITEM.findall(block["items"])
        retires = "models will be retired" in lead
        if not retires and not lead.startswith("deprecated models"):
            if _FEATURES.search(lead):
                tally.skipped["endpoint or feature"] += len(items)
            elif any(item.startswith("`") for item in items):
                tally.count_unknown(f"list {block['lead']}")
            continue
        if effective.at is None:
            tally.count_unknown("list of models: no effective day")
        for item in items:
            named_there = _NAMED.search(item)
            for name in names_in(plain_markdown(named_there[0]) if named_there else "", tally):
                event = ended(effective, _replacements(section, name))
                yield name, [event if retires else replace(event, event="deprecated", effect="")]


def _replacements(section: str, name: str) -> tuple[str, ...]:
    """What a sentence recommends for the name's family, and the list of alternatives for its task (embedding or chat)."""
    found: list[str] = []
    for advice in _ADVICE.finditer(section):
        if advice["family"] is None or name.startswith(advice["family"].lower()):
            found += _CODE.findall(advice["models"])
    for task, items in _ALTERNATIVES.findall(section):
        if name.startswith("embed") == (task.lower() == "embedding"):
            found += _CODE.findall(items)
    return tuple(dict.fromkeys(found))
