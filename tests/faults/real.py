"""The real documents, published once into a database of their own, and the gate's verdict on changed ones."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from aimstats.checks import Gate, Meant
from aimstats.checks.endings import UNREAD
from aimstats.domain.claims import Flat, ListingKey, flatten, json_value
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, ListingSeen, Source
from aimstats.domain.money import canonical
from aimstats.domain.prices import UNITS
from aimstats.domain.readings import Reading, SourceResult
from aimstats.ingest.meant import meaning_for
from aimstats.ingest.publish import publish
from aimstats.ingest.runs import Clock
from scrapy_project.sources import spider_classes
from tests.faults.documents import mirrored

WHEN = datetime(2026, 11, 1, 6, tzinfo=UTC)
Place = tuple[ListingKey, str, str, Any]
"""(listing key, kind, claim key, figure or value) of one claim."""


@dataclass
class RealSource:
    """One source with its documents as its spider reads them, by the ledger's number."""

    source: Source
    documents: dict[int, DocumentSeen] = field(default_factory=dict)
    wrong_upstream: set[ListingKey] = field(default_factory=set)
    """Listings of which the gate holds something as they are."""

    def usable(self, document: int) -> list[ListingSeen]:
        """Listings with prices of which nothing is held."""
        listings = self.documents[document].listings
        return [one for one in listings if one.key not in self.wrong_upstream and any(price.amount for price in one.prices)]


def read(folder: Path, wanted: Iterable[str] = ()) -> dict[str, tuple[Source, list[DocumentSeen]]]:
    """What the spiders say of the mirror's start documents (and what a page names), by source (all, or those wanted)."""
    found: dict[str, tuple[Source, list[DocumentSeen]]] = {}
    served = mirrored(folder)
    for id_, spider in spider_classes().items():
        if wanted and id_ not in wanted:
            continue
        todo = list(spider.first_documents())
        for url in todo:
            address = url.split("://", 1)[1]
            if address not in served:
                continue
            try:
                seen = spider().parse_document(served[address].body, url)
            except DocumentRefusedError:
                continue  # one that needs another document of its source beside it
            if spider.source.kind == "page":
                todo += [link for link in seen.links or () if link not in todo]
            found.setdefault(id_, (spider.source, []))[1].append(seen)
    return found


def published(connection: Connection, read_documents: Mapping[str, tuple[Source, list[DocumentSeen]]]) -> dict[str, RealSource]:
    """Publish them, source by source, and say what stands where."""
    sources: dict[str, RealSource] = {}
    for id_, (source, documents) in read_documents.items():
        readings = tuple(
            Reading(
                url=seen.url, status="ok", sha256=hashlib.sha256(seen.url.encode()).hexdigest(), document=seen, position=number
            )
            for number, seen in enumerate(documents)
        )
        result = SourceResult(source=source, finished=True, close_reason="finished", readings=readings)
        publish(connection, result, Clock(started_at=WHEN, now=WHEN, observed_at=WHEN), "test")
        rows = connection.execute(text("select url, id from document where source = :id and checked_at is not null"), {"id": id_})
        numbers = {row.url: row.id for row in rows}
        sources[id_] = RealSource(source, {numbers[seen.url]: seen for seen in documents if seen.url in numbers})
        held = connection.execute(
            text("select h.item from held h join document d on d.id = h.document_id where d.source = :id"), {"id": id_}
        )
        sources[id_].wrong_upstream = {tuple(item["listing"]) for item in held.scalars() if "listing" in item}
    return {id_: source for id_, source in sources.items() if source.documents}


@dataclass(frozen=True)
class Judged:
    """What the gate said: the figures that it lets through, what it holds, and why."""

    passed: frozenset[Place]
    held: tuple[tuple[ListingKey, str], ...]
    together: tuple[str, ...]


def judged(
    connection: Connection, source: RealSource, documents: Mapping[int, DocumentSeen], asked: Collection[Place] = ()
) -> Judged:
    """The gate's verdict on a run that reads these documents; of the figures that pass, those that are asked for."""
    keys = {place[0] for place in asked}
    flats = {number: flatten(seen) for number, seen in documents.items()}
    Gate(connection, source.source.id, _meaning(source.source), WHEN).judge(flats, dict.fromkeys(flats, WHEN))
    passed = [place for flat in flats.values() for place in prices_of(flat, keys) if place in asked]
    held = [
        (item.listing, item.reason) for flat in flats.values() for item in flat.held if item.listing not in source.wrong_upstream
    ]
    # A section that is empty in the recorded document already holds nothing of what was changed.
    together = [waits.reason for flat in flats.values() for waits in flat.together if waits.what != UNREAD]
    return Judged(frozenset(passed), tuple(held), tuple(together))


_meanings: dict[str, Any] = {}


def _meaning(source: Source) -> Any:
    """The rules of identity for a source; they are slow to begin with."""
    if source.id not in _meanings:
        _meanings[source.id] = meaning_for(source)
    return _meanings[source.id]


def prices_of(flat: Flat, keys: Collection[ListingKey] | None = None) -> Iterable[Place]:
    """Every price of a document (or of some of its listings) with its normalised figure."""
    for listing in flat.listings:
        if keys is not None and listing.key not in keys:
            continue
        for claim in listing.claims:
            if claim.kind == "price":
                stated = json_value(claim.value)
                if "amount" in stated:
                    figure = canonical(Decimal(stated["amount"]) * UNITS[stated["unit"]][1])
                    yield listing.key, "price", claim.key, (claim.valid_from, figure)


def forget(connection: Connection, document: int, listings: Iterable[ListingKey]) -> None:
    """Take listings out of the ledger, as if their source had never had them (the caller rolls back)."""
    connection.execute(text("set local session_replication_role = replica"))
    for provider, host, external_id, region, variant in listings:
        connection.execute(
            text(
                "delete from claim c using listing l where l.id = c.listing_id and c.document_id = :document and "
                "(l.provider, l.host, l.external_id, l.region, l.variant) = (:provider, :host, :id, :region, :variant)"
            ),
            {"document": document, "provider": provider, "host": host, "id": external_id, "region": region, "variant": variant},
        )


def meant(source: RealSource, listing: ListingSeen) -> Meant | None:
    """Which offer a listing is, by the rules of identity."""
    (rows,) = flatten(DocumentSeen(url="https://a.example", listings=(listing,))).listings
    found: Meant | None = _meaning(source.source)(rows)
    return found


def is_known_elsewhere(connection: Connection, source: RealSource, listing: ListingSeen) -> bool:
    """Whether another source states a price of this offer, or two other sellers ask one for its model."""
    offer = meant(source, listing)
    if offer is None:
        return False
    rows = connection.execute(
        text(
            "select distinct l.source, a.provider, a.host, a.offer_variant, a.region from assignment a "
            "join listing l on l.id = a.listing_id join claim c on c.listing_id = l.id "
            "where a.model = :model and a.observed_to is null and c.observed_to is null and c.usd > 0 and c.key like :key"
        ),
        {"model": offer.model, "key": "input|standard|0|||USD|"},
    ).all()
    same = [
        row
        for row in rows
        if row.source != source.source.id
        and (row.provider, row.host, row.offer_variant, row.region) == (offer.provider, offer.host, offer.variant, offer.region)
    ]
    return bool(same) or len({row.provider for row in rows if row.provider != offer.provider}) >= 2
