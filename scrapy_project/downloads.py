"""Fetching over HTTPS, one request a host at a time; a mirror changes neither the pace nor the address that is told."""

from __future__ import annotations

import asyncio
import zlib
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from aimstats.domain.reasons import Reason
from scrapy_project.lanes import TICK_SECONDS, HostLanes, Stopping, TooLongError
from scrapy_project.retry_after import asked_pause

CHUNK = 1 << 20
LARGEST_CHECKED = 64 * 1024 * 1024
"""Beyond that the body is refused for its size."""


def mirrored(url: str, mirror_url: str) -> str:
    """Where a mirror keeps a document.

    >>> mirrored("https://example.com/a/b?c=d", "http://127.0.0.1:8000/")
    'http://127.0.0.1:8000/example.com/a/b?c=d'
    """
    return f"{mirror_url.rstrip('/')}/{url.split('://', 1)[1]}"


def is_cut_short(body: bytes, encoding: str) -> bool:
    """Whether a gzipped body ends before its end mark: Scrapy would take what there is of it for the whole.

    >>> import gzip
    >>> packed = gzip.compress(b"prices" * 100)
    >>> is_cut_short(packed, "gzip"), is_cut_short(packed[:-9], "gzip"), is_cut_short(packed[:-9], "")
    (False, True, False)
    """
    if "gzip" not in encoding.lower() or not body:
        return False
    stream, left, size = zlib.decompressobj(wbits=31), body, 0
    try:
        while left and not stream.eof and size <= LARGEST_CHECKED:
            size += len(stream.decompress(left, CHUNK))
            left = stream.unconsumed_tail
    except zlib.error:
        return True
    return not stream.eof and size <= LARGEST_CHECKED


class PoliteDownloadHandler(HTTP11DownloadHandler):
    """Downloads in the host's lane and gives up at once when the crawl is to end."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._mirror_url: str = crawler.settings["MIRROR_URL"] or ""
        self._lanes: HostLanes | None = None

    async def download_request(self, request: Request) -> Response:
        """The response under the request's own address, wherever it came from."""
        if self._lanes is None:
            self._lanes = getattr(self._crawler.spider, "lanes", None) or HostLanes()
        host = urlsplit(request.url).hostname or ""
        try:
            async with self._lanes.lane(host, lambda: self._crawler.crawling):
                response = await self._download(request)
                self._lanes.hold(host, asked_pause(response) or 0.0)  # before the next in the lane sets out
                return response
        except TooLongError as error:
            raise IgnoreRequest(error.reason) from None
        except Stopping:
            raise IgnoreRequest(Reason("read_stopped")) from None

    async def _download(self, request: Request) -> Response:
        target = request.replace(url=mirrored(request.url, self._mirror_url)) if self._mirror_url else request
        download = asyncio.ensure_future(super().download_request(target))
        while not download.done():
            await asyncio.wait({download}, timeout=TICK_SECONDS)
            if not download.done() and not self._crawler.crawling:
                download.cancel()
                raise Stopping
        response = download.result()
        if is_cut_short(response.body, (response.headers.get("Content-Encoding") or b"").decode("latin-1")):
            raise IgnoreRequest(Reason("cut_short"))
        if "download_latency" in target.meta:
            request.meta["download_latency"] = target.meta["download_latency"]
        return response.replace(url=request.url)
