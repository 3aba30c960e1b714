"""The boards' real documents as their spiders read them, and what of it a test looks at."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from aimstats.domain.items import DocumentSeen, ListingSeen, Score
from scrapy_project.sources import spider_classes
from tests.spiders.test_mirror_replay import manifest


@cache
def replay(source_id: str) -> tuple[DocumentSeen, ...]:
    """Every document of a source, in the order in which its index names them."""
    spider = spider_classes()[source_id]()
    todo = [url for url in spider.first_documents() if url in manifest()]
    read = []
    for url in todo:
        read.append(spider.parse_document(manifest()[url].read_bytes(), url))
        todo += [link for link in read[-1].links or () if link not in todo]
    return tuple(read)


def scores(source_id: str, **parts: str) -> dict[str, Score]:
    """The scores by listing of one benchmark, metric, subset, edition (those that are named; '' for metric and subset)."""
    wanted = {"metric": "", "subset": "", **parts}
    found = {}
    for document in replay(source_id):
        for listing in document.listings:
            for score in listing.scores:
                if all(getattr(score, name) == value for name, value in wanted.items()) and "run" not in score.settings:
                    found[listing.external_id] = score
    return found


def listing(source_id: str, external_id: str) -> ListingSeen:
    return next(row for document in replay(source_id) for row in document.listings if row.external_id == external_id)


def text(url: str) -> str:
    path: Path = manifest()[url]
    return path.read_text(encoding="utf-8-sig")
