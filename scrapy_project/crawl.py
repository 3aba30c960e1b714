"""Run spiders side by side in one process and hand over each source's result as it ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from aimstats.domain.readings import Known, SourceResult
from aimstats.domain.reasons import Reason
from aimstats.domain.text import clean_text
from scrapy_project.base import SourceSpider
from scrapy_project.base.spider import MAX_REASON_CHARACTERS
from scrapy_project.lanes import HostLanes

logger = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
MAX_REASONS = 10
"""Different failures that one source's result names."""


def crawl_settings(*, contact: str, mirror_url: str = "", overrides: Mapping[str, Any] | None = None) -> Settings:
    """The settings of `scrapy_project.settings` with a User-Agent that says whom to write to.

    Through a mirror there is no server of others to spare: the pause between requests is left out.
    """
    settings = Settings()
    settings.setmodule("scrapy_project.settings", priority="project")
    settings.set("USER_AGENT", f"aimstats/1 (+{contact})" if contact else "aimstats/1", priority="cmdline")
    settings.set("MIRROR_URL", mirror_url, priority="cmdline")
    if mirror_url:
        settings.set("TWISTED_DNS_RESOLVER", "scrapy.resolver.CachingThreadedResolver", priority="cmdline")  # it may be at home
        settings.set("HOST_GAP_SECONDS", 0.0, priority="cmdline")
        settings.set("AUTOTHROTTLE_START_DELAY", 0.0, priority="cmdline")
        settings.set("AUTOTHROTTLE_TARGET_CONCURRENCY", 10.0, priority="cmdline")
    settings.setdict(dict(overrides or {}), priority="cmdline")
    return settings


def crawl(
    classes: Iterable[type[SourceSpider]],
    *,
    on_source_closed: Callable[[SourceResult], None],
    known: Mapping[str, Mapping[str, Known]] | None = None,
    keys: Mapping[str, str] | None = None,
    mirror_url: str = "",
    contact: str = "",
    progress: Progress | None = None,
    on_stop: Callable[[], None] = lambda: None,
    overrides: Mapping[str, Any] | None = None,
) -> None:
    """Crawl the sources; returns when all are done. Once a process: the event loop cannot be started twice.

    `known` is, by source id and URL, what was read before; `keys` is by source id what its requests carry. `on_source_closed`
    gets one result a source, as soon as it has closed, in the thread of the event loop; its first exception is raised again
    at the end, the other sources having had their turn. `progress(source_id, documents_read, documents_asked)`. SIGTERM and
    SIGINT end the crawl within seconds, having called `on_stop` in their handler; what was under way then has `finished` False.
    """
    settings = crawl_settings(contact=contact, mirror_url=mirror_url, overrides=overrides)
    process = _quiet_process(settings, on_stop)
    lanes = HostLanes(settings.getfloat("HOST_GAP_SECONDS"), settings.getfloat("RETRY_LONGEST_WAIT_SECONDS"))
    desk = _Desk(on_source_closed)
    tasks: list[tuple[type[SourceSpider], asyncio.Task[None]]] = []
    for spider_class in classes:
        crawler = process.create_crawler(spider_class)
        desk.watch(crawler)
        id_ = spider_class.source.id
        given = {"known": (known or {}).get(id_, {}), "key": (keys or {}).get(id_, "")}
        task = process.crawl(crawler, lanes=lanes, progress=progress, **given)
        tasks.append((spider_class, task))
    if tasks:
        process.start()
    for spider_class, task in tasks:
        if spider_class.source.id not in desk.closed:
            failure = task.exception() if task.done() and not task.cancelled() else None
            reason = f"{type(failure).__name__}: {failure}" if failure else Reason("never_started")
            desk.hand_over(SourceResult(source=spider_class.source, finished=False, close_reason="failed", errors=(reason,)))
    if desk.failure is not None:
        raise desk.failure


class _Process(AsyncCrawlerProcess):
    """Says at once that a signal asks it to stop: its own way of stopping waits for the turn of the event loop."""

    on_stop: Callable[[], None]

    def _signal_shutdown(self, signum: int, frame: Any) -> None:
        self.on_stop()
        super()._signal_shutdown(signum, frame)


def _quiet_process(settings: Settings, on_stop: Callable[[], None]) -> AsyncCrawlerProcess:
    """A process that leaves the log's handlers to the program; of Scrapy's own lines only warnings pass, unless at DEBUG."""
    disabled = logging.root.manager.disable
    logging.disable(logging.INFO)  # versions and settings, told while the process is made
    try:
        process = _Process(settings)
    finally:
        logging.disable(disabled)
    process.on_stop = on_stop
    quiet = logging.NOTSET if logging.root.isEnabledFor(logging.DEBUG) else max(logging.WARNING, logging.root.level)
    for name in ("scrapy", "twisted", "asyncio"):
        logging.getLogger(name).setLevel(quiet)
    if quiet != logging.NOTSET:  # a stack trace for each host that is away: the reason is in the result of its documents
        logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
    return process


class _Desk:
    """Makes a result of each spider that closes and hands it over; keeps what went wrong in doing so."""

    def __init__(self, on_source_closed: Callable[[SourceResult], None]) -> None:
        self._on_source_closed = on_source_closed
        self._errors: dict[str, dict[str, int]] = {}
        self.closed: set[str] = set()
        self.failure: Exception | None = None

    def watch(self, crawler: Crawler) -> None:
        """Listen to a spider: its errors and its end."""
        for signal, receiver in (
            (signals.spider_closed, self._source_closed),
            (signals.spider_error, self._spider_failed),
            (signals.item_error, self._item_failed),
        ):
            crawler.signals.connect(receiver, signal, weak=False)

    def _spider_failed(self, failure: Any, spider: SourceSpider) -> None:
        self._note(spider, failure.value)

    def _item_failed(self, failure: Any, spider: SourceSpider) -> None:
        self._note(spider, failure.value)

    def _note(self, spider: SourceSpider, error: BaseException) -> None:
        errors = self._errors.setdefault(spider.source.id, {})
        reason = clean_text(spider.without_key(f"{type(error).__name__}: {error}"), MAX_REASON_CHARACTERS)
        if reason in errors or len(errors) < MAX_REASONS:
            errors[reason] = errors.get(reason, 0) + 1

    def _source_closed(self, spider: SourceSpider, reason: str) -> None:
        errors = self._errors.get(spider.source.id, {})
        self.hand_over(
            SourceResult(
                source=spider.source,
                finished=reason == "finished" and not errors,
                close_reason=reason,
                readings=tuple(sorted(spider.readings, key=lambda reading: reading.position)),
                errors=tuple(f"{error} ({times} times)" if times > 1 else error for error, times in errors.items()),
            )
        )

    def hand_over(self, result: SourceResult) -> None:
        """Give the result to the caller; the first exception of the caller is kept."""
        self.closed.add(result.source.id)
        try:
            self._on_source_closed(result)
        except Exception as error:
            logger.exception("the result of %s could not be taken over", result.source.id)
            self.failure = self.failure or error
