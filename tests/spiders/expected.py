"""What a spider says of a small page, as readable text.

`python -m tests.spiders.expected [SOURCE ...]` writes the expected files anew.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aimstats.domain.items import DocumentSeen, ListingSeen
from aimstats.domain.money import plain
from aimstats.domain.prices import Price
from scrapy_project.sources import spider_classes

PAGES = Path(__file__).parent.parent / "pages"


def pages() -> Iterator[tuple[str, Path, Path]]:
    """(source id, page, expected items): `page.json` goes with `expected.json`, `page-x.md` with `expected-x.json`."""
    for page in sorted(PAGES.glob("*/page*.*")):
        yield page.parent.name, page, page.with_name(page.stem.replace("page", "expected", 1) + ".json")


def page_url(source_id: str, expected: Path) -> str:
    """The address that the page stands for: the one that its expected file names, else the source's first."""
    if expected.exists():
        return str(json.loads(expected.read_text(encoding="utf-8"))["url"])
    return spider_classes()[source_id].start_urls[0]


def told_price(stated: Price) -> str:
    """The normalised figure, and how it was stated."""
    extras = {
        "absent": stated.absent.value if stated.absent else "",
        "alternative of": stated.alternative_of,
        "derived from": stated.derived_from,
        "allowance": json.dumps(stated.allowance) if stated.allowance else "",
        "from": stated.valid_from.isoformat() if stated.valid_from else "",
        "to": stated.valid_to.isoformat() if stated.valid_to else "",
        "url": stated.url or "",
    }
    figure = "none" if stated.normalised is None else plain(stated.normalised)
    text = "" if stated.amount is None else f" ({plain(stated.amount)} per {stated.unit})"
    return figure + text + "".join(f", {name} {value}" for name, value in extras.items() if value)


def told_listing(listing: ListingSeen) -> dict[str, Any]:
    """All that is not empty of one listing."""
    key = " | ".join(part for part in (listing.provider, listing.host and f"host {listing.host}", listing.external_id) if part)
    prices: dict[str, Any] = {}
    for stated in listing.prices:
        known = prices.get(str(stated.key))
        figure = told_price(stated)
        prices[str(stated.key)] = figure if known is None else [*([known] if isinstance(known, str) else known), figure]
    parts = {
        "listing": key + (f" @{listing.region}" if listing.region else "") + (f" +{listing.variant}" if listing.variant else ""),
        "kind": listing.kind if listing.kind != "model" else "",
        "facts": {name: plain(value) if hasattr(value, "is_finite") else value for name, value in listing.facts.items()},
        "prices": prices,
        "lifecycle": [{"event": event.event, **event.value()} for event in listing.lifecycle],
        "scores": {score.key: score.stated() for score in listing.scores},
        "aliases": list(listing.aliases),
        "evidence": dict(listing.evidence),
        "incomplete": listing.incomplete,
        "url": listing.url,
    }
    return {name: value for name, value in parts.items() if value}


def told(document: DocumentSeen) -> dict[str, Any]:
    """The whole document as JSON-able text."""
    unread = {"unread": list(document.unread)} if document.unread else {}
    return {
        "url": document.url,
        **unread,
        "date": document.date.isoformat() if document.date else None,
        "rows": document.rows,
        "unknown": dict(sorted(document.unknown.items())),
        "skipped": dict(sorted(document.skipped.items())),
        "links": list(document.links) if document.links is not None else None,
        "benchmarks": [benchmark.id for benchmark in document.benchmarks],
        "listings": [told_listing(listing) for listing in document.listings],
    }


def main(sources: list[str]) -> None:
    """Write the expected items of these sources' pages (by default of all): read the difference before you commit."""
    for source_id, page, expected in pages():
        if not sources or source_id in sources:
            spider = spider_classes()[source_id]()
            document = spider.parse_document(page.read_bytes(), page_url(source_id, expected))
            expected.write_text(json.dumps(told(document), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
