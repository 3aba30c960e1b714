"""Small invented worlds: documents published run by run into a real ledger, and what the ledger then says."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from aimstats.domain.claims import json_text
from aimstats.domain.items import DocumentSeen, ListingSeen, Source
from aimstats.domain.prices import Price, price
from aimstats.domain.readings import Reading, SourceResult
from aimstats.ingest.publish import publish, settle_crawl
from aimstats.ingest.resolved import write_resolved
from aimstats.ingest.runs import Clock, Report
from aimstats.resolution.from_ledger import resolved_at
from aimstats.resolution.unit import Resolved

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
FIRST = "https://a.example/prices"
SECOND = "https://a.example/more"


def day(number: float) -> datetime:
    """The instant so many days after the first run."""
    return START + timedelta(days=number)


def catalogue(id_: str = "cat", **rest: Any) -> Source:
    """A catalogue source."""
    return Source(**({"id": id_, "name": id_.title(), "kind": "catalogue", "url": f"https://{id_}.example"} | rest))


def page(id_: str, provider: str, **rest: Any) -> Source:
    """A seller's own page."""
    return catalogue(id_, **({"kind": "page", "provider": provider} | rest))


def usd(meter: str, amount: str, **rest: Any) -> Price:
    """A price in US dollars per million tokens."""
    return price(meter, Decimal(amount), "1M tokens", **rest)


def both(input_: str, output: str, **rest: Any) -> tuple[Price, ...]:
    """An input and an output price."""
    return (usd("input", input_, **rest), usd("output", output, **rest))


def seen(external_id: str, *prices: Price, provider: str = "openai", **rest: Any) -> ListingSeen:
    """A listing with prices."""
    return ListingSeen(provider=provider, external_id=external_id, prices=prices, **rest)


Content = Sequence[ListingSeen] | DocumentSeen | str
"""Listings, a whole document, or one of the words `failed`, `gone`, `unchanged`."""


def reading_of(url: str, content: Content, position: int, is_index: bool = False) -> Reading:
    """A reading of a document with this content."""
    if isinstance(content, str):
        return Reading(
            url=url, status=content, error="it failed" if content == "failed" else "", position=position, is_index=is_index
        )
    document = content if isinstance(content, DocumentSeen) else DocumentSeen(url=url, listings=tuple(content))
    digest = hashlib.sha256(repr(document).encode()).hexdigest()
    return Reading(url=url, status="ok", sha256=digest, document=document, position=position, is_index=is_index)


@dataclass
class World:
    """A ledger that grows run by run in the caller's transaction."""

    connection: Connection
    reports: list[Report] = field(default_factory=list)

    def crawl(
        self,
        at: datetime,
        documents: Mapping[str, Any] | Sequence[ListingSeen],
        source: Source | None = None,
        *,
        index: str = "",
        now: datetime | None = None,
        observed: datetime | str | None = None,
        settles: bool = True,
    ) -> Report:
        """Publish one run of a source (a catalogue by default) observed at `at`, the wall clock saying the same; the crawl ends
        with it where it `settles`."""
        contents: Mapping[str, Content] = documents if isinstance(documents, Mapping) else {FIRST: documents}
        readings = tuple(reading_of(url, content, n, url == index) for n, (url, content) in enumerate(contents.items()))
        observed_at = None if observed == "document" else at
        clock = Clock(started_at=now or at, now=now or at, observed_at=observed_at)
        result = SourceResult(source=source or catalogue(), finished=True, close_reason="finished", readings=readings)
        with self.connection.begin_nested():
            report = publish(self.connection, result, clock, "test")
            if settles:
                settle_crawl(self.connection, clock.now)
        self.reports.append(report)
        return report

    def rows(self, statement: str, **parameters: Any) -> list[Any]:
        """What a query gives."""
        return list(self.connection.execute(text(statement), parameters).all())

    def claims(self, kind: str = "price") -> list[tuple[Any, ...]]:
        """(external id, key or meter, usd, observed from and to as days, how closed) of every claim, oldest first."""
        found = self.rows(
            "select l.external_id, c.key, c.usd, c.value, c.observed_from, c.observed_to, c.closed_as from claim c "
            "join listing l on l.id = c.listing_id where c.kind = :kind "
            "order by l.external_id, l.ordinal, c.key, c.valid_from nulls first, c.id",
            kind=kind,
        )
        return [
            (row[0], row[1].split("|")[0], str(row[2]) if kind == "price" else row[3], *map(_days, row[4:6]), row[6])
            for row in found
        ]

    def offers(self) -> dict[str, dict[str, Any]]:
        """The resolved offers' bodies by id."""
        return {row[0]: row[1] for row in self.rows("select id, body from resolved_offer order by id")}

    def models(self) -> dict[str, dict[str, Any]]:
        """The resolved models' bodies by id."""
        return {row[0]: row[1] for row in self.rows("select id, body from resolved_model order by id")}

    def version(self) -> tuple[int, int]:
        """(dataset, checked)."""
        row = self.rows("select dataset, checked from version")[0]
        return row[0], row[1]

    def cost_at(self, at: datetime, known_at: datetime) -> dict[str, dict[str, Any]]:
        """Offer id -> cost, as a catalogue of instant `at` known at `known_at` shows it."""
        return {offer.key.id: offer.body["cost"] for unit in resolved_at(self.connection, at, known_at) for offer in unit.offers}

    def unit_at(self, at: datetime) -> Resolved:
        """The one model as it was known at an instant."""
        (found,) = resolved_at(self.connection, at, at)
        return found

    def state(self) -> list[str]:
        """The resolved rows as canonical text, documents by their addresses and not by their numbers."""
        urls = {row[0]: f"{row[1]} {row[2]}" for row in self.rows("select id, source, url from document")}
        return [
            json_text([table, id_, _named(body, urls), _named(evidence, urls)])
            for table in ("model", "offer")
            for id_, body, evidence in self.rows(f"select id, body, evidence from resolved_{table} order by id")
        ]

    def rebuild(self, now: datetime) -> Any:
        """Resolve everything anew."""
        with self.connection.begin_nested():
            return write_resolved(self.connection, now, None)


def _days(instant: datetime | None) -> float | None:
    return None if instant is None else (instant - START) / timedelta(days=1)


def _named(value: Any, urls: Mapping[int, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: sorted(urls[n] for n in inner)
            if key == "documents"
            else urls[inner]
            if key == "document"
            else _named(inner, urls)
            for key, inner in value.items()
        }
    return [_named(inner, urls) for inner in value] if isinstance(value, list) else value
