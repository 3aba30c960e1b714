"""Generated changes of real documents, and the unit slips among them, which must be held."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection

from aimstats.domain.claims import ListingKey, flatten
from aimstats.domain.items import DocumentSeen, ListingSeen
from aimstats.domain.prices import Price
from tests.faults.real import Place, RealSource, forget, is_known_elsewhere, prices_of

FACTORS: Final = ("1000", "0.001", "1000000", "0.000001", "100", "0.01")
NEW_DOCUMENT: Final = 10**9
"""The number of a document that no source had before."""


@dataclass(frozen=True)
class Change:
    """A source's documents after a change, the figures that it made, and of how many listings."""

    source: RealSource
    documents: Mapping[int, DocumentSeen]
    figures: frozenset[Place]
    says: str
    listings: int = 1


@dataclass(frozen=True)
class World:
    """Where changes are made: a source of chance, the ledger, the real sources."""

    chance: random.Random
    connection: Connection
    sources: Mapping[str, RealSource]

    def priced(self) -> tuple[RealSource, int]:
        """A source with prices, each as likely as the others, and one of its documents."""
        names = sorted(name for name, one in self.sources.items() if any(one.usable(number) for number in one.documents))
        source = self.sources[self.chance.choice(names)]
        return source, self.chance.choice([number for number in source.documents if source.usable(number)])


def times(listing: ListingSeen, factor: str, only: int | None = None) -> ListingSeen:
    """All prices of the listing, or only one of them, multiplied."""
    prices = (
        replace(price, amount=price.amount * Decimal(factor)) if price.amount and only in (None, number) else price
        for number, price in enumerate(listing.prices)
    )
    return replace(listing, prices=tuple(prices))


def changed(source: RealSource, document: int, now: Mapping[ListingKey, ListingSeen], says: str, at: int = 0) -> Change:
    """A document in which some listings are stated otherwise."""
    before = source.documents[document]
    seen = replace(before, listings=tuple(now.get(one.key, one) for one in before.listings))
    return made(source, before, seen, at or document, f"{source.source.id}: {says}")


def made(source: RealSource, before: DocumentSeen | None, seen: DocumentSeen, number: int, says: str) -> Change:
    """A change with the figures that are in it and were not before."""
    stood = {id(one) for one in before.listings} if before else set()
    other = tuple(one for one in seen.listings if id(one) not in stood)
    keys = {one.key for one in other}
    old = (
        set(prices_of(flatten(replace(before, listings=tuple(one for one in before.listings if one.key in keys)))))
        if before
        else set()
    )
    figures = {place for place in prices_of(flatten(replace(seen, listings=other))) if place not in old and place[3][1] > 0}
    return Change(source, {number: seen}, frozenset(f for f in figures if f[0] not in source.wrong_upstream), says, len(other))


def slip_of_one(world: World) -> Change | None:
    """One price of a listing in another unit."""
    source, document = world.priced()
    listing = world.chance.choice(source.usable(document))
    number = world.chance.choice([n for n, price in enumerate(listing.prices) if price.amount])
    factor = world.chance.choice(FACTORS)
    return changed(source, document, {listing.key: times(listing, factor, number)}, f"{listing.key} {number} x {factor}")


def slip_of_listing(world: World) -> Change | None:
    """All prices of a listing in another unit."""
    source, document = world.priced()
    listing, factor = world.chance.choice(source.usable(document)), world.chance.choice(FACTORS)
    return changed(source, document, {listing.key: times(listing, factor)}, f"{listing.key} x {factor}")


def slip_of_seller(world: World) -> Change | None:
    """All prices of one seller in another unit."""
    source, document = world.priced()
    seller, factor = world.chance.choice(source.usable(document)).provider, world.chance.choice(FACTORS)
    now = {one.key: times(one, factor) for one in source.documents[document].listings if one.provider == seller}
    return changed(source, document, now, f"{seller} x {factor}")


def slip_of_currency(world: World) -> Change | None:
    """All prices of one seller of many in euros or pounds."""
    source, document = world.priced()
    seller, factor = world.chance.choice(source.usable(document)).provider, world.chance.choice(("0.92", "1.087", "0.79"))
    listings = source.documents[document].listings
    mine = [one for one in listings if one.provider == seller]
    if len({one.external_id for one in mine if any(price.amount for price in one.prices)}) < 8:
        return None
    return changed(source, document, {one.key: times(one, factor) for one in mine}, f"{seller} x {factor}")


def slip_of_everything(world: World) -> Change | None:
    """All prices of a document in another unit."""
    source, document = world.priced()
    factor = world.chance.choice(FACTORS)
    return changed(source, document, {one.key: times(one, factor) for one in source.documents[document].listings}, f"x {factor}")


def slip_of_new_listing(world: World) -> Change | None:
    """A listing that its source never had, in another unit; others know the offer or the model."""
    source, document = world.priced()
    listing, factor = world.chance.choice(source.usable(document)), world.chance.choice(FACTORS)
    if not is_known_elsewhere(world.connection, source, listing):
        return None
    forget(world.connection, document, [listing.key])
    headline = tuple(price for price in listing.prices if price.key.is_headline and price.key.meter in ("input", "output"))
    if not headline:
        return None
    now = {listing.key: times(replace(listing, prices=headline), factor)}
    return changed(source, document, now, f"new {listing.key} x {factor}")


def slip_of_new_seller(world: World) -> Change | None:
    """A seller that the source never had, all in another unit; others know some of its models."""
    source, document = world.priced()
    seller, factor = world.chance.choice(source.usable(document)).provider, world.chance.choice(FACTORS)
    mine = [one for one in source.documents[document].listings if one.provider == seller]
    if sum(is_known_elsewhere(world.connection, source, one) for one in mine[:20]) < 5:
        return None
    forget(world.connection, document, [one.key for one in mine])
    return changed(source, document, {one.key: times(one, factor) for one in mine}, f"new seller {seller} x {factor}")


def slip_of_new_source(world: World) -> Change | None:
    """A document that was never read before, all in another unit; others know some of its models."""
    source, document = world.priced()
    factor, listings = world.chance.choice(FACTORS), source.documents[document].listings
    if sum(is_known_elsewhere(world.connection, source, one) for one in listings[:40]) < 5:
        return None
    seen = replace(source.documents[document], listings=tuple(times(one, factor) for one in listings))
    return made(source, None, seen, NEW_DOCUMENT, f"new {source.source.id} x {factor}")


def _list_prices(listing: ListingSeen) -> list[Price]:
    found = {str(p.key): p for p in listing.prices if p.amount and p.key.is_headline and p.key.meter in ("input", "output")}
    return list(found.values())


def with_terms(listing: ListingSeen, factor: str, **terms: object) -> ListingSeen | None:
    """The listing with its list prices stated on further terms; None where it has none, or states these terms."""
    base = _list_prices(listing)
    keys = {price.key for price in listing.prices}
    more = [
        replace(price, key=replace(price.key, **terms), amount=(price.amount or Decimal(0)) * Decimal(factor))  # type: ignore[arg-type]  # of a key
        for price in base
    ]
    if not more or any(price.key in keys for price in more):
        return None
    return replace(listing, prices=(*listing.prices, *more))


def slip_of_new_terms(world: World) -> Change | None:
    """A new tier or plan of a known listing, in another unit."""
    source, document = world.priced()
    listing, factor = world.chance.choice(source.usable(document)), world.chance.choice(FACTORS)
    ratio, terms = world.chance.choice(TERMS)
    now = with_terms(listing, str(Decimal(factor) * Decimal(ratio)), **terms)
    return changed(source, document, {listing.key: now}, f"{listing.key} {terms} x {factor}") if now else None


TERMS: Final[tuple[tuple[str, dict[str, object]], ...]] = (
    ("2", {"min_context_tokens": 333_000}), ("1.5", {"min_context_tokens": 333_000}), ("0.5", {"plan": "batch"}),
    ("2", {"plan": "priority"}), ("0.5", {"plan": "flex"}),
)  # fmt: skip
SLIPS: Final[Mapping[str, Callable[[World], Change | None]]] = {
    "one price": slip_of_one,
    "a listing": slip_of_listing,
    "a seller": slip_of_seller,
    "a currency": slip_of_currency,
    "everything": slip_of_everything,
    "a new listing": slip_of_new_listing,
    "a new seller": slip_of_new_seller,
    "a new source": slip_of_new_source,
    "new terms": slip_of_new_terms,
}
