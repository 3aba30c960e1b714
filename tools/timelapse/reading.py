"""A source read from files by its own spider, as the crawl reads it from servers, in this process and at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from aimstats.domain.readings import Known, Reading, SourceResult
from scrapy_project.base import SourceSpider


def is_there(spider_class: type[SourceSpider], documents: Mapping[str, Path]) -> bool:
    """Whether any document from which the source is read is among these."""
    return any(url in documents for url in spider_class.first_documents())


def read(
    spider_class: type[SourceSpider],
    documents: Mapping[str, Path],
    known: Mapping[str, Known],
    dates: Mapping[str, datetime | None] | None = None,
) -> SourceResult:
    """All readings of the source: each document by the spider's own callbacks; what is not among the documents is gone (404).

    `dates` say by address when a document was last changed (aware UTC), as its server would.
    """
    spider = spider_class(known=known)
    todo = deque(
        request for url in spider.start_urls if (request := spider.request(url, is_index=url in spider.indexes)) is not None
    )
    while todo:
        for answer in _answers(spider, todo.popleft(), documents, dates or {}):
            if isinstance(answer, Reading):
                spider.collect(answer)
            else:
                todo.append(answer)
    readings = tuple(sorted(spider.readings, key=lambda reading: reading.position))
    return SourceResult(source=spider_class.source, finished=True, close_reason="finished", readings=readings)


def _answers(
    spider: SourceSpider, request: Request, documents: Mapping[str, Path], dates: Mapping[str, datetime | None]
) -> list[Reading | Request]:
    file = documents.get(request.url)
    if file is not None:
        changed = dates.get(request.url)
        headers = {"Last-Modified": format_datetime(changed, usegmt=True)} if changed else {}
        return list(spider.parse(Response(request.url, headers=headers, body=file.read_bytes(), request=request)))
    failure: Failure = Failure(HttpError(Response(request.url, status=404, request=request)))  # type: ignore[no-untyped-call]
    failure.request = request  # type: ignore[attr-defined]  # as Scrapy does
    return list(spider.read_failed(failure))
