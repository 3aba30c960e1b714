"""A published catalogue that is crawled again with one fault in every document, each time on a copy of its database."""

from __future__ import annotations

import itertools
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from types import TracebackType
from typing import Self

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.checks.thresholds import UNIFORM_SHARE
from aimstats.domain.items import DocumentSeen
from scrapy_project.sources import spider_classes
from tests.faults.crawls import Crawled, answers, crawl
from tests.faults.documents import Served
from tests.faults.injections import CURRENCIES, FAULTS
from tests.spiders.scripted_server import Answer

FREE = "all free"
SWAPPED = "swapped columns"
HALVED = "half of the records"
HALVED_SHARE = 0.8
"""A text of which more is left has other tables or none: what it lost may as well have been retired."""
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Outcome:
    """What a crawl with a fault left, and the sources into whose documents, stand-ins apart, the fault could be put."""

    crawled: Crawled
    injected: frozenset[str]


class Laboratory:
    """Crawls each fault once, when its first case asks; the other sources' cases look at the same outcome."""

    def __init__(self, admin: Engine, template: URL, documents: Mapping[str, Served], sources: Sequence[str]) -> None:
        self._admin = admin
        self._template = template
        self._documents = documents
        self._outcomes: dict[str, Outcome] = {}
        self.sources = sources

    def __enter__(self) -> Self:
        self._database = self._template.set(database=f"aimstats_faults_{os.getpid()}_{next(_numbers)}")
        self._copy(self._template, self._database)
        self.before = crawl(self._database, answers(self._documents), self.sources)
        self._owners = self._read_documents()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._drop(self._database)

    def _read_documents(self) -> dict[str, list[str]]:
        """Address -> sources of every document that was read well (what one lists another may follow), or that would be read in
        the place of one that was not."""
        engine = create_engine(self._database, poolclass=NullPool)
        found: dict[str, list[str]] = defaultdict(list)
        with engine.connect() as connection:
            for row in connection.execute(text("select url, source from document where checked_at is not null")):
                found[row.url.split("://", 1)[1]].append(row.source)
        engine.dispose()
        self._read = {(address, source) for address, sources in found.items() for source in sources}
        for id_ in self.sources:
            for address in (url.split("://", 1)[1] for url in spider_classes()[id_].first_documents()):
                if id_ not in found[address]:
                    found[address].append(id_)
        return {address: sources for address, sources in found.items() if address in self._documents}

    def _faulty(self, fault: str) -> Iterator[tuple[str, str, Answer]]:
        """Address, source and answer wherever a document can have the fault."""
        for address, sources in self._owners.items():
            for source in sources:
                if answer := injected(fault, self._documents[address], source, address):
                    yield address, source, answer

    def under(self, fault: str) -> Outcome:
        """The outcome of a crawl in which every document that can have the fault has it."""
        if fault not in self._outcomes:
            faulty = list(self._faulty(fault))
            with self._copied() as database:
                wrong = {address: answer for address, _, answer in faulty}
                crawled = crawl(database, answers(self._documents, wrong), self.sources)
            self._outcomes[fault] = Outcome(
                crawled, frozenset(source for address, source, _ in faulty if (address, source) in self._read)
            )
        return self._outcomes[fault]

    def again(self, change: Callable[[str, Served], Answer | None]) -> Crawled:
        """The outcome of a crawl in which some documents are answered otherwise."""
        changed = {a: answer for a, served in self._documents.items() if (answer := change(a, served)) is not None}
        with self._copied() as database:
            return crawl(database, answers(self._documents, changed), self.sources)

    @contextmanager
    def _copied(self) -> Iterator[URL]:
        database = self._template.set(database=f"aimstats_faults_{os.getpid()}_{next(_numbers)}")
        self._copy(self._database, database)
        try:
            yield database
        finally:
            self._drop(database)

    def _copy(self, template: URL, database: URL) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(f'create database "{database.database}" template "{template.database}" strategy file_copy'))

    def _drop(self, database: URL) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(f'drop database "{database.database}" with (force)'))


def injected(fault: str, served: Served, source: str = "", address: str = "") -> Answer | None:
    """The faulty answer; None where this document cannot have the fault: no prices, no records, or nothing that is read."""
    try:
        answer = FAULTS[fault](served)
    except (ValueError, IndexError):
        return None
    if answer.status != 200 or "Content-Encoding" in answer.headers or not source:
        return answer
    spider, url = spider_classes()[source](), f"https://{address}"
    good = spider.parse_document(served.body, url)
    try:
        wrong = spider.parse_document(answer.body, url)
    except Exception:
        return answer
    if wrong.listings == good.listings or (fault == HALVED and len(wrong.listings) > len(good.listings) * HALVED_SHARE):
        return None
    if (fault == FREE and not _is_free(wrong, good)) or (fault == SWAPPED and not _has_columns(good)):
        return None
    return None if fault in CURRENCIES and _share_changed(good, wrong) < UNIFORM_SHARE.value else answer


def _is_free(wrong: DocumentSeen, good: DocumentSeen) -> bool:
    """Whether anything is read as free that was not: a cost of 0 may say that nobody counted."""
    before = dict(_prices(good)) | dict(_costs(good))
    return any(usd == 0 and before.get(place) for place, usd in (*_prices(wrong), *_costs(wrong)))


def _has_columns(good: DocumentSeen) -> bool:
    """Whether it states what has columns, prices or limits of tokens: prose that speaks of input has none to change places."""
    return any(listing.prices or {"limit.input", "limit.output"} & listing.facts.keys() for listing in good.listings)


def _share_changed(good: DocumentSeen, wrong: DocumentSeen) -> float:
    """The share of the document's prices in dollars (or else of the costs inside its scores) that the fault reached."""
    amounts = [dict(_prices(seen)) or dict(_costs(seen)) for seen in (good, wrong)]
    stated = [place for place, usd in amounts[0].items() if usd]
    return sum(amounts[1].get(place) != amounts[0][place] for place in stated) / max(len(stated), 1)


def _prices(seen: DocumentSeen) -> Iterator[tuple[object, Decimal | None]]:
    for listing in seen.listings:
        for price in listing.prices:
            yield (listing.key, str(price.key)), price.usd


def _costs(seen: DocumentSeen) -> Iterator[tuple[object, Decimal | None]]:
    for listing in seen.listings:
        for score in listing.scores:
            yield (listing.key, score.key, "run"), score.run_cost_usd
            yield (listing.key, score.key, "task"), score.cost_per_task_usd
