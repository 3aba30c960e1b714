"""`python -m jobs.scrape [SOURCE ...] [--list] [--observed-at TIME|document]`: crawl the sources once, publish, exit.

Exit status: 0 all was read, held items or not; 1 a source that was due, or a document that was read before, could not be read
(the rest is published); 2 wrong usage, configuration or schema; 3 the database cannot be reached. It may be killed at any
moment and run again; SIGTERM ends it within 8 s (1, or 0 when nothing was left to do): what is published stays, what is being
written is rolled back.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from psycopg2.errors import DiskFull
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from aimstats.config import Config, ConfigError, load_config
from aimstats.domain.readings import SourceResult
from aimstats.domain.text import visible
from aimstats.ingest.documents import known_documents
from aimstats.ingest.runs import Report, declare_unread, still_sources
from aimstats.log import IN_WORDS, configure_logging
from aimstats.store.database import Database, open_database, reason
from aimstats.store.locks import try_lock_source
from aimstats.store.migrate import COMMAND, schema_state
from jobs.closing_table import closing_table, run_finished
from jobs.output import for_a_reader
from jobs.progress import Progress
from jobs.publisher import Publisher
from jobs.tasks import share
from jobs.turns import turn
from scrapy_project.base import SourceSpider
from scrapy_project.crawl import crawl
from scrapy_project.parsers import parser_version
from scrapy_project.sources import key_variables, spider_classes

OK, SOME_FAILED, USAGE, NO_DATABASE = 0, 1, 2, 3
GOOD = frozenset({"published", "unchanged", "locked", "not_configured", "absent"})

log = logging.getLogger("aimstats.scrape")


class UsageError(ValueError):
    """Wrong arguments; the message is one line."""


def parse_observed_at(text: str, now: datetime) -> datetime | None:
    """The instant of `--observed-at`: aware UTC, not after now; None for `document` (each document's own date).

    Raises UsageError.
    """
    if text == "document":
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--observed-at takes an ISO 8601 time or the word document, not {text!r}") from None
    instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    if instant > now:
        raise UsageError(f"--observed-at {text} lies in the future")
    return instant


def chosen_classes(names: Sequence[str], config: Config) -> dict[str, type[SourceSpider]]:
    """The spiders of this task: those named, else SCRAPE_SOURCES, else the default ones; split over Cloud Run's tasks by hosts.

    Raises UsageError for a source that does not exist.
    """
    classes = spider_classes()
    wanted = list(names) or list(config.scrape_sources or [id_ for id_, cls in classes.items() if cls.source.default])
    unknown = [name for name in wanted if name not in classes]
    if unknown:
        asked_by = "" if names else "SCRAPE_SOURCES: "
        raise UsageError(f"{asked_by}no such source: {', '.join(unknown)}; there are: {', '.join(classes)}")
    mine = share({name: classes[name] for name in wanted}, config.task_index, config.task_count)
    return {name: classes[name] for name in mine}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m jobs.scrape", description="Crawl the sources once and publish.")
    parser.add_argument("sources", nargs="*", metavar="SOURCE", help="only these (else SCRAPE_SOURCES, else all)")
    parser.add_argument("--list", action="store_true", help="list the sources and exit")
    parser.add_argument("--observed-at", metavar="TIME|document", help="record the documents as seen then")
    options = parser.parse_args(arguments)
    started_at = datetime.now(UTC)
    try:
        if options.list:
            with for_a_reader():
                for id_, cls in spider_classes().items():
                    print(f"{id_:24} {cls.source.kind:10} {cls.source.name}")
            return OK
        config = load_config(process="scrape", key_variables=key_variables())
        classes = chosen_classes(options.sources, config)
        given = parse_observed_at(options.observed_at, started_at) if options.observed_at else None
    except (UsageError, ConfigError) as error:
        print(error, file=sys.stderr)
        return USAGE
    configure_logging(config.log_level, release=config.release, secrets=config.secrets)
    # Taken once the locks are held: never before the last reading of a job that held them until then.
    seen_at = (lambda: given) if options.observed_at else lambda: datetime.now(UTC)
    with open_database(config, "scrape") as database:
        return _run(database, config, classes, started_at, seen_at)


def _run(
    database: Database,
    config: Config,
    classes: dict[str, type[SourceSpider]],
    started_at: datetime,
    seen_at: Callable[[], datetime | None],
) -> int:
    try:
        database.prepare()
        with database.engine.connect() as connection:
            state = schema_state(connection)
            if state in ("older", "empty"):
                print(f"the database's schema is {state}: run `{COMMAND}` first", file=sys.stderr)
                return USAGE
        with database.engine.begin() as connection:
            declare_unread(connection, (cls.source for cls in spider_classes().values()))
        with database.engine.connect() as locks:
            reports = _crawl(database, config, locks, classes, started_at, seen_at)
        with database.engine.connect() as connection:
            still = still_sources(connection, datetime.now(UTC))
    except OperationalError as error:
        what = "takes no more" if isinstance(error.orig, DiskFull) else "cannot be reached"
        print(f"the database {what}: {reason(error)}", file=sys.stderr)
        return NO_DATABASE
    except SQLAlchemyError as error:
        print(f"the database refused: {reason(error)}", file=sys.stderr)
        return NO_DATABASE
    status = outcome(reports)
    for source, days in still.items():
        told = {"event": "source_still", "source": source, "days": days, IN_WORDS: True}
        log.warning("%s: not read for %d days", source, days, extra=told)
    message, fields = run_finished(reports, status, (datetime.now(UTC) - started_at).total_seconds())
    log.info(message, extra={**fields, IN_WORDS: True})
    print(visible(closing_table(reports)), file=sys.stderr)
    return status


def outcome(reports: Sequence[Report]) -> int:
    """The exit status of a crawl with these reports; what is held fails nothing.

    >>> outcome([Report("a", "published", {"held": 3}), Report("b", "absent"), Report("c", "not_configured")])
    0
    >>> outcome([Report("a", "published", {"lost": 1})]), outcome([Report("a", "unchanged"), Report("b", "failed")])
    (1, 1)
    """
    return OK if all(report.status in GOOD and not report.stats.get("lost") for report in reports) else SOME_FAILED


def _crawl(
    database: Database,
    config: Config,
    locks: Connection,
    classes: dict[str, type[SourceSpider]],
    started_at: datetime,
    seen_at: Callable[[], datetime | None],
) -> list[Report]:
    """Crawl what no other job is crawling; `locks` holds all of its locks in one transaction until all is published."""
    mine: list[type[SourceSpider]] = []
    keyless: list[type[SourceSpider]] = []
    reports: list[Report] = []
    for name, cls in classes.items():
        if not try_lock_source(locks, name):
            log.info("%s is being crawled by another job", name, extra={"source": name, IN_WORDS: True})
            reports.append(Report(name, "locked", {}, "another job is crawling it"))
        elif cls.source.key_variable and cls.source.key_variable not in config.source_keys:
            keyless.append(cls)
        else:
            mine.append(cls)
    software = {cls.source.id: f"{config.release or 'development'} {parser_version(cls.__module__)}" for cls in (*mine, *keyless)}
    known = known_documents(locks, software)
    mine.sort(key=lambda cls: turn(cls.source))  # asked in the order of publication too, so that little waits
    ids = [cls.source.id for cls in mine]
    progress, kept_days = Progress(ids), config.keep_readings_days
    publisher = Publisher(database.engine, started_at, seen_at(), software, ids, locks.rollback, progress, kept_days)
    with progress, publisher:
        for cls in keyless:
            publisher.leave_out(cls.source)

        def closed(result: SourceResult) -> None:
            publisher.take(result)
            progress.closed(result.source.id)

        crawl(
            mine,
            on_source_closed=closed,
            known=known,
            keys={cls.source.id: config.source_keys.get(cls.source.key_variable, "") for cls in mine},
            mirror_url=config.scrape_mirror_url or "",
            contact=config.scrape_contact or "",
            progress=progress.read,
            on_stop=publisher.stop,
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: publisher.stop())
    locks.rollback()
    return sorted(reports + publisher.reports, key=lambda report: report.source)


if __name__ == "__main__":
    status = main()
    for number in (signal.SIGTERM, signal.SIGINT):  # all is done: while the interpreter ends, a signal must not change the status
        signal.signal(number, signal.SIG_IGN)
    sys.exit(status)
