"""Small pages with something in them changed, and what their spiders say of them then."""

from __future__ import annotations

import re
from decimal import Decimal

from aimstats.domain.items import DocumentSeen, Lifecycle
from scrapy_project.sources import spider_classes
from tests.spiders.expected import PAGES, page_url

Events = dict[tuple[str, str], tuple[Lifecycle, ...]]


def small_body(source: str, page: str = "page.md") -> bytes:
    """A small page."""
    return (PAGES / source / page).read_bytes()


def small_page(source: str, page: str = "page.md") -> str:
    """A small page's text."""
    return small_body(source, page).decode()


def read(source: str, body: str | bytes, url: str = "") -> DocumentSeen:
    """What the source's spider says of a document, by default of one under the address of its small page."""
    body = body if isinstance(body, bytes) else body.encode()
    return spider_classes()[source]().parse_document(body, url or page_url(source, PAGES / source / "expected.json"))


def altered(source: str, page: str, old: str, new: str) -> DocumentSeen:
    """What the spider says of a small page in which `old` is replaced wherever it stands; it must stand somewhere."""
    text = small_page(source, page)
    assert old in text
    expected = re.sub(r"^page(.*)\.\w+$", r"expected\1.json", page)
    return read(source, text.replace(old, new), page_url(source, PAGES / source / expected))


def figures_of(document: DocumentSeen) -> dict[tuple[str, str, str], Decimal | None]:
    """The figures by listing and key."""
    return {
        (listing.external_id, listing.region + listing.variant, str(stated.key)): stated.normalised
        for listing in document.listings
        for stated in listing.prices
    }


def assert_counted_and_no_other(source: str, page: str, old: str, new: str) -> None:
    """The figures that the change touches are gone or as they were, and something is counted that was not before."""
    before, after = altered(source, page, old, old), altered(source, page, old, new)
    known = figures_of(before)
    assert {key: figure for key, figure in figures_of(after).items() if known.get(key) != figure} == {}
    assert after.unknown.keys() - before.unknown.keys()


def score_values(document: DocumentSeen) -> dict[tuple[str, str], Decimal]:
    """The scores by listing and key."""
    return {(row.external_id, score.key): score.value for row in document.listings for score in row.scores}


def events(document: DocumentSeen) -> Events:
    """What is stated of each listing's life, by name and region."""
    return {(row.external_id, row.region): row.lifecycle for row in document.listings}


def days_first(text: str) -> str:
    """The text with days before months in its dates."""
    text = re.sub(r"\b(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)\b", r"\2/\1/\3", text)
    return re.sub(r"\b(20\d\d)-(\d\d)-(\d\d)(?= *\|)", r"\3/\2/\1", text)
