"""What the crawl of a source hands over, read in this process: the spider's own callbacks, on answers that a test holds."""

from __future__ import annotations

from collections.abc import Mapping

from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from aimstats.domain.readings import Reading, SourceResult
from scrapy_project.base import SourceSpider


def read_here(spider_class: type[SourceSpider], documents: Mapping[str, bytes]) -> SourceResult:
    """The result of a source whose documents are answered so, by address without scheme; what is not there is a 404."""
    spider = spider_class()
    waiting = [spider.request(url, is_index=url in spider.indexes) for url in spider.start_urls]
    while waiting:
        request = waiting.pop(0)
        if request is None:
            continue
        body = documents.get(request.url.split("://", 1)[1])
        for found in spider.parse(_response(request, 200, body)) if body is not None else spider.read_failed(_missing(request)):
            if isinstance(found, Reading):
                spider.collect(found)
            else:
                waiting.append(found)
    readings = tuple(sorted(spider.readings, key=lambda reading: reading.position))
    return SourceResult(source=spider.source, finished=True, close_reason="finished", readings=readings)


def _response(request: Request, status: int, body: bytes) -> Response:
    return Response(request.url, status=status, body=body, request=request)


def _missing(request: Request) -> Failure:
    failure = Failure(HttpError(_response(request, 404, b""), "not there"))  # type: ignore[no-untyped-call]  # as scrapy does
    failure.request = request  # type: ignore[attr-defined]
    return failure
