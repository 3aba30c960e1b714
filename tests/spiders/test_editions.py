"""Eighteen months of real pages and boards: every edition of every document is read, whatever shape it had."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from aimstats.domain.items import DocumentSeen
from scrapy_project.sources import spider_classes

EDITIONS: Final = Path(__file__).resolve().parents[2].parent / "shared" / "timelapse"
KINDS: Final = ("page", "lifecycle", "benchmark", "registry", "api")
"""What a publisher says itself; the catalogues' editions are replayed through the whole gate (docs/timelapse.md)."""
SOURCES: Final = [source for source, spider in spider_classes().items() if spider.source.kind in KINDS]
UNREAD: Final = {
    ("openai", "2026-03-01"): 13,
    ("openai", "2026-05-01"): 10,
    ("openai", "2026-06-01"): 10,
    ("openai", "2026-08-01"): 10,
}
"""Sections and panes that a page announces and leaves empty."""
NOT_UNDERSTOOD: Final = {
    ("vectara", "Factual Consistency Rate: not a percentage"),  # 98.1 without its sign
    ("gemini", "price: Gemini 3.6 Flash: tables 1, plans 4"),  # put in by the archive's author
    ("gemini", "price: cache_read: no amount: _Same as Standard, Batch pricing not yet implemented_ $0."),
}

pytestmark = pytest.mark.skipif(not EDITIONS.is_dir(), reason="no ../shared/timelapse beside the project")


@cache
def editions() -> tuple[tuple[str, dict[str, Path]], ...]:
    """The documents that each edition changed, by address, in the order of their days."""
    folders = sorted(path for path in EDITIONS.iterdir() if path.is_dir())
    return tuple(
        (
            folder.name,
            {row["url"]: folder / row["file"] for row in json.loads((folder / "MANIFEST.json").read_text()) if "file" in row},
        )
        for folder in folders
    )


def read_editions(source: str) -> Iterator[tuple[str, DocumentSeen]]:
    """What a source's spider says of each edition of the documents that it begins with, or that those name."""
    spider = spider_classes()[source]()
    known = dict.fromkeys(spider.first_documents())
    for edition, documents in editions():
        todo = [url for url in known if url in documents]
        for url in todo:
            document = spider.parse_document(documents[url].read_bytes(), url)
            todo += [link for link in document.links or () if link in documents and link not in todo]
            known |= dict.fromkeys(document.links or ())
            yield edition, document


@pytest.mark.parametrize("source", SOURCES)
def test_every_edition_is_read_and_understood(source: str) -> None:
    unread: dict[tuple[str, str], int] = {}
    for edition, document in read_editions(source):
        unknown = {what for what in document.unknown if (source, what) not in NOT_UNDERSTOOD}
        assert (edition, document.url, unknown) == (edition, document.url, set())
        assert len({listing.key for listing in document.listings}) == len(document.listings)
        if document.unread:
            unread[source, edition] = len(document.unread)
    assert unread == {place: count for place, count in UNREAD.items() if place[0] == source}
