"""Manners on the way to a server: only declared hosts, robots.txt taken seriously, waiting when asked to wait."""

from __future__ import annotations

import ipaddress
import random
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import DownloadFailedError, IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from aimstats.domain.reasons import Reason
from aimstats.domain.text import clean_text
from scrapy_project.base.spider import MAX_REASON_CHARACTERS
from scrapy_project.retry_after import RETRIED_STATUSES, asked_pause


def host_refusal(url: str, allowed: frozenset[str]) -> str:
    """Why the address may not be asked; '' where it may.

    >>> host_refusal("https://example.com/a", frozenset({"example.com"}))
    ''
    >>> host_refusal("https://10.0.0.1/a", frozenset({"example.com"}))
    'an address by number: 10.0.0.1'
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https":
        return f"not HTTPS: {parts.scheme}://{host}"
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return f"an address by number: {host}"
    if host not in allowed:
        return f"a host that the source does not declare: {host}"
    return "" if parts.port in (None, 443) else f"a port that is not HTTPS's: {host}:{parts.port}"


class HostGuard:
    """Lets through only requests to hosts that the source declares; redirects pass here too."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostGuard:
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise IgnoreRequest for a host that was not declared."""
        spider: Any = self._crawler.spider
        if refusal := host_refusal(request.url, spider.hosts()):
            origin = request.meta.get("redirect_urls")
            raise IgnoreRequest(f"refused: {'redirected to ' if origin else ''}{refusal}")


class _UnreadRobots(RobotParser):
    """Stands for a robots.txt that could not be read: nothing of that host may be asked (RFC 9309, 2.3.1.4)."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> _UnreadRobots:
        """Part of the interface; the body says nothing."""
        return cls("not read")

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        """Always raises IgnoreRequest with the reason."""
        raise IgnoreRequest(Reason("robots_unread", error=clean_text(self._reason, MAX_REASON_CHARACTERS)))


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, stricter: an absent robots.txt (4xx) allows all; 5xx, 429 and no answer allow nothing."""

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._settle(netloc, _UnreadRobots(f"HTTP {response.status}"))
            return
        body = response.body if response.status < 300 else b""
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._settle(netloc, _UnreadRobots(str(exc) or type(exc).__name__))

    def _settle(self, netloc: str, parser: RobotParser) -> None:
        waiting = self._parsers[netloc]
        self._parsers[netloc] = parser
        if waiting is not None and not isinstance(waiting, RobotParser):
            waiting.callback(parser)


class PatientRetry:
    """Tries again after the wait that the server asks for, else after a growing one with jitter."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._backoff = crawler.settings.getfloat("RETRY_BACKOFF_SECONDS")
        self._longest = crawler.settings.getfloat("RETRY_LONGEST_WAIT_SECONDS")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatientRetry:
        """Made by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The response, or the request once more."""
        if response.status not in RETRIED_STATUSES:
            return response
        return self._again(request, f"HTTP {response.status}", asked_pause(response)) or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """The request once more after a connection that failed or timed out."""
        if isinstance(exception, DownloadFailedError | TimeoutError | OSError):
            return self._again(request, type(exception).__name__, None)
        return None

    def _again(self, request: Request, reason: str, asked: float | None) -> Request | None:
        times = request.meta.get("retry_times", 0)
        seconds = asked if asked is not None else self._backoff * 2**times * (1 + random.random())
        spider: Any = self._crawler.spider
        if seconds > self._longest or not self._crawler.crawling:
            return None
        again = get_retry_request(request, spider=spider, reason=reason)
        if again is not None and asked is None and spider.lanes is not None:
            spider.lanes.hold(urlsplit(request.url).hostname or "", seconds)
        return again
