"""Real documents beside the project as their spiders read them, and what of it a test looks at."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from aimstats.domain.items import DocumentSeen, Lifecycle, ListingSeen, Score
from scrapy_project.sources import spider_classes

MIRROR: Final = Path(__file__).resolve().parents[2].parent / "shared" / "mirror"
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
Figures = dict[tuple[str, str], list[tuple[str, str, str]]]
"""(source, address) -> listing, price key without currency, and a search in the raw text whose first group is the figure."""

needs_mirror = pytest.mark.skipif(not (MIRROR / "MANIFEST.json").exists(), reason="no ../shared/mirror beside the project")


@cache
def manifest() -> dict[str, Path]:
    """Files by address; none where there are no real documents."""
    if not (MIRROR / "MANIFEST.json").exists():
        return {}
    entries = json.loads((MIRROR / "MANIFEST.json").read_text(encoding="utf-8"))
    return {entry["url"]: MIRROR / entry["file"] for entry in entries}


def mirrored(*kinds: str) -> list[str]:
    """The sources of these kinds of which there are documents."""
    return [id_ for id_, found in spider_classes().items() if found.source.kind in kinds and addresses(id_)]


def addresses(source: str) -> list[str]:
    """The documents that a source begins with, or that stand in for them, as far as they are there."""
    return [url for url in spider_classes()[source].first_documents() if url in manifest()]


def first(source: str) -> str:
    """The first of them."""
    return addresses(source)[0]


@cache
def seen(source: str, url: str = "") -> DocumentSeen:
    """What the source's spider says of one of its documents, by default of its first."""
    url = url or first(source)
    return spider_classes()[source]().parse_document(manifest()[url].read_bytes(), url)


@cache
def replay(source: str) -> tuple[DocumentSeen, ...]:
    """Every document of a source that is there, in the order in which its index names them."""
    spider = spider_classes()[source]()
    todo = addresses(source)
    read = []
    for url in todo:
        read.append(spider.parse_document(manifest()[url].read_bytes(), url))
        todo += [link for link in read[-1].links or () if link in manifest() and link not in todo]
    return tuple(read)


def real_text(url: str) -> str:
    """The document's text."""
    return manifest()[url].read_text(encoding="utf-8-sig")


@cache
def raw(url: str) -> Any:
    """The document as the standard library reads it, numbers as their text."""
    return json.loads(manifest()[url].read_text(encoding="utf-8"), parse_float=Decimal)


def day(words: str) -> datetime:
    """`June 15, 2026` as midnight UTC, read without the spiders' own reader."""
    month, number, year = re.fullmatch(r"(\w+) (\d+), (\d+)", words).groups()  # type: ignore[union-attr]  # a test's own text
    return datetime(int(year), 1 + MONTHS.index(month[:3]), int(number), tzinfo=UTC)


def close(one: Decimal, other: Decimal) -> bool:
    """Equal but for float noise."""
    return abs(one - other) <= abs(other) * Decimal("1e-11")


def usd(listing: ListingSeen, key: str) -> Decimal | None:
    """The figure of one price key, in its currency; None where it is not stated."""
    return {str(stated.key): stated.normalised for stated in listing.prices}.get(key)


def figure_of(listing: ListingSeen, key: str, currency: str = "USD") -> Decimal | None:
    """The normalised figure of a price key that is stated and is written without its currency."""
    return {str(price.key): price.normalised for price in listing.prices}[f"{key}|{currency}|"]


def listing_at(source: str, url: str, name: str, region: str = "") -> ListingSeen:
    """One listing of a document, without a variant."""
    (found,) = [
        listing
        for listing in seen(source, url).listings
        if (listing.external_id, listing.region, listing.variant) == (name, region, "")
    ]
    return found


def listing(source: str, external_id: str) -> ListingSeen:
    """The first listing of a name in all documents."""
    return next(row for document in replay(source) for row in document.listings if row.external_id == external_id)


def life(source: str, name: str, region: str = "") -> dict[str, Lifecycle]:
    """The events of a listing of the first document, by what they are."""
    row = next(row for row in seen(source).listings if (row.external_id, row.region) == (name, region))
    return {event.event: event for event in row.lifecycle}


def scores(source: str, **parts: str) -> dict[str, Score]:
    """The scores by listing of one benchmark, metric, subset, edition (those that are named; '' for metric and subset)."""
    wanted = {"metric": "", "subset": "", **parts}
    found = {}
    for document in replay(source):
        for row in document.listings:
            for score in row.scores:
                if all(getattr(score, name) == value for name, value in wanted.items()) and "run" not in score.settings:
                    found[row.external_id] = score
    return found


def rows_and_listings(source: str) -> tuple[int, int]:
    """How much there is in the first document."""
    return seen(source).rows, len(seen(source).listings)


def rows_listings_events(source: str) -> tuple[int, int, int]:
    """How much there is in the first document of a lifecycle."""
    return (*rows_and_listings(source), sum(len(row.lifecycle) for row in seen(source).listings))


def listings_and_scores(source: str) -> tuple[int, int]:
    """How much there is in all documents of a board."""
    listings = [row for document in replay(source) for row in document.listings]
    return len(listings), sum(len(row.scores) for row in listings)


def spots(figures: Figures) -> list[Any]:
    """The figures one by one, as a test's parameters."""
    return [
        pytest.param(*document, *spot, id=f"{document[0]}-{spot[0]}-{spot[1]}")
        for document, found in figures.items()
        for spot in found
    ]


def assert_figure(source: str, url: str, name: str, key: str, search: str) -> None:
    """The spider states the figure that a search in the raw text finds: a second, independent reading."""
    found = re.search(search, real_text(url), re.DOTALL if ".*?" in search else 0)
    assert found, "the second reading finds nothing"
    factor = {"000": Decimal("0.001"), "k": Decimal(1_000)}.get(found[2], Decimal(1)) if len(found.groups()) > 1 else Decimal(1)
    assert figure_of(listing_at(source, url, name), key) == Decimal(found[1]) * factor


def assert_fact(source: str, url: str, name: str, key: str, search: str, factor: int) -> None:
    """The spider states the number that a search in the raw text finds, times the factor."""
    found = re.search(search, real_text(url))
    assert found, "the second reading finds nothing"
    assert listing_at(source, url, name).facts[key] == int(found[1].replace(",", "")) * factor
