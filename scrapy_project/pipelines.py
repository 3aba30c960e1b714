"""What happens with a reading: it is kept for the source's result, and logged in one short line."""

from __future__ import annotations

import logging
from typing import Any

from scrapy.crawler import Crawler
from scrapy.logformatter import LogFormatter, LogFormatterResult

from aimstats.domain.readings import Reading


class CollectReadings:
    """Keeps each reading on its spider, from which the crawl takes them when the source is done."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CollectReadings:
        """Made by Scrapy."""
        return cls(crawler)

    def process_item(self, item: Reading) -> Reading:
        """Keep it and tell the progress."""
        spider: Any = self._crawler.spider
        spider.collect(item)
        return item


class ShortLogFormatter(LogFormatter):
    """Names a reading by its address and status instead of printing thousands of listings."""

    def scraped(self, item: Any, response: Any, spider: Any) -> LogFormatterResult:
        """One line a reading, at DEBUG."""
        return {"level": logging.DEBUG, "msg": "%(status)s %(url)s", "args": {"status": item.status, "url": item.url}}
