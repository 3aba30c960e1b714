"""What a document states no longer: listings that would end together, and sections that are announced and empty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from aimstats.checks.decisions import ACCEPTED, REJECTED
from aimstats.checks.last_reading import LastReading, series_of
from aimstats.checks.pending import Pending
from aimstats.checks.thresholds import (
    CUT_DOCUMENT,
    CUT_LISTINGS,
    DAYS_STATED,
    ENDS_LEAST,
    ENDS_SHARE,
)
from aimstats.domain.claims import Flat, HeldTogether, Kept, ListingKey, json_value
from aimstats.domain.facts import INCOMPLETE
from aimstats.domain.reasons import Reason

ENDS = "ends of listings"
UNREAD = "unread sections"
_Place = tuple[str, str]
_Stood = Mapping[_Place, list[Any]]
"""What stands of a listing: the values of each (kind, key)."""
_IDENTITY = "identity", "listing"
_IN_PARTS = ("identity", "lifecycle")
"""Claims with parts, of which a text that ends within a record may state only the first."""


def keep_ends(
    connection: Connection,
    document: int,
    flat: Flat,
    before: LastReading,
    pending: Pending,
    at: datetime,
    *,
    is_doubted: bool = False,
) -> None:
    """Let listings that would end together, or of a document whose columns are doubted, wait until readings on three days say so;
    else a few end at once.

    What listings lost that are still there and state nothing new waits with them, and so do other dates and names of theirs, and
    listings of what was another name of one that is gone: they may be those of a row beside the lost one.
    """
    had = before.listings.get(document, {})
    has = {listing.key for listing in flat.listings}
    missing = [key for key in had if key not in has]
    if not missing:
        return
    waiting = pending.of_document(document, ENDS)
    known = {int(id_): datetime.fromisoformat(since) for id_, since in waiting.detail.get("listings", {}).items()}
    since = {key: min((known[id_] for _, id_ in had[key] if id_ in known), default=at) for key in missing}
    long_gone = {key for key in missing if pending.days_since(document, since[key]) >= DAYS_STATED.value}
    if waiting.decided == ACCEPTED:
        long_gone |= {key for key in missing if since[key] < at}
    if waiting.decided == REJECTED:
        long_gone = set()
    rest = [key for key in missing if key not in long_gone]
    is_long = is_doubted or waiting.decided == REJECTED or _would_end_together(list(had), rest, has)
    if long_gone:
        flat.let_go[ENDS] = Reason("listings_ended", number=len(long_gone))
    if rest and is_long:
        reason = Reason("listings_gone", number=len(rest), total=len(had))
        quiet = waiting.decided == REJECTED
        held = _kept_ends(flat, had, {key: since[key] for key in rest}, "ends", reason)
        lost = tuple(_lost_beside(connection, document, flat))
        flat.together.append(held._replace(quiet=quiet, covers=held.covers + lost))


def _would_end_together(had: list[ListingKey], missing: list[ListingKey], has: set[ListingKey]) -> bool:
    """Whether so much would end that it may be a fault: a good part, all, or the end of the document and nothing else."""
    if not has or (len(missing) >= ENDS_LEAST.value and len(missing) >= len(had) * ENDS_SHARE.value):
        return True
    if len(had) < CUT_DOCUMENT.value or len(missing) < CUT_LISTINGS.value:
        return False
    # A figure that was cut off with its record may leave one listing more.
    return set(had[-len(missing) :]) == set(missing) and len(has.difference(had)) <= 1


def _kept_ends(
    flat: Flat, had: dict[ListingKey, list[tuple[int, int]]], since: dict[ListingKey, datetime], check: str, reason: Reason
) -> HeldTogether:
    covers = []
    listings = {}
    for key, instant in since.items():
        for ordinal, id_ in had[key]:
            flat.absent[key, ordinal] = id_
            covers.append(Kept(key, ordinal))
            listings[str(id_)] = instant.isoformat()
    return HeldTogether(ENDS, check, reason, tuple(covers), {"listings": listings})


def _lost_beside(connection: Connection, document: int, flat: Flat) -> Iterator[Kept]:
    """What a text that was cut short lost with the others, of listings that are still there: what they state no more, or a part
    of, where they state nothing new; and what may be that of a row beside the lost one, which is taken out.
    """
    stood: dict[tuple[ListingKey, int], _Stood] = defaultdict(lambda: defaultdict(list))
    for one in series_of(connection, document, with_identity=True):
        if one.key != INCOMPLETE:
            stood[one.listing, one.ordinal][one.kind, one.key].append(one.value)
    here = {listing.key for listing in flat.listings}
    known = {key for key, _ in stood}
    gone = {key[2]: stated[_IDENTITY] for (key, _), stated in stood.items() if key not in here}
    aliases = {alias for identities in gone.values() for identity in identities for alias in identity.get("aliases", ())}
    _leave_out(flat, {key for key in here - known if key[2] in aliases})
    for listing in flat.listings:
        before = stood.get((listing.key, listing.ordinal))
        if before is None:
            continue
        now = {(c.kind, c.key): json_value(c.value) for c in listing.claims if c.key != INCOMPLETE}
        changed = {place: value for place, value in now.items() if value not in before.get(place, ())}
        less = {place for place, value in changed.items() if any(_is_part(place[0], value, one) for one in before.get(place, ()))}
        other = {place for place, value in changed.items() if _is_of_a_row(place, value, before, gone)} - less
        if changed.keys() <= less | other:
            yield from (Kept(listing.key, listing.ordinal, *place) for place in before if place in less or place not in now)
        yield from (Kept(listing.key, listing.ordinal, *place) for place in other)
        listing.claims = [claim for claim in listing.claims if (claim.kind, claim.key) not in other]


def _leave_out(flat: Flat, keys: Collection[ListingKey]) -> None:
    """Publish nothing of listings, and hold nothing of them."""
    flat.listings = [listing for listing in flat.listings if listing.key not in keys]
    flat.held = [held for held in flat.held if held.listing not in keys]
    flat.together = [
        held._replace(covers=tuple(kept for kept in held.covers if kept.listing not in keys)) for held in flat.together
    ]


def _is_of_a_row(place: _Place, value: Any, before: _Stood, gone: Collection[str]) -> bool:
    """Whether another row of the same listing may state it otherwise: its name, a date that it had, being what is gone."""
    if place == _IDENTITY:
        return not set(value.get("aliases", ())).isdisjoint(gone)
    return place == ("fact", "name") or (place[0] == "lifecycle" and place in before)


def _is_part(kind: str, value: Any, other: Any) -> bool:
    return kind in _IN_PARTS and value != other and value.items() <= other.items()


def keep_unread(connection: Connection, document: int, flat: Flat, before: LastReading) -> None:
    """Let everything stand that a document with empty sections states no more: it is unread, not ended."""
    has = {(listing.key, listing.ordinal): {(claim.kind, claim.key) for claim in listing.claims} for listing in flat.listings}
    covers = [
        Kept(one.listing, one.ordinal, one.kind, one.key)
        for one in series_of(connection, document)
        if (one.kind, one.key) not in has.get((one.listing, one.ordinal), set())
    ]
    for key, places in before.listings.get(document, {}).items():
        for ordinal, id_ in places:
            if (key, ordinal) not in has:
                flat.absent[key, ordinal] = id_
                covers.append(Kept(key, ordinal, "identity"))
    if covers:
        flat.together.append(HeldTogether(UNREAD, "unread", Reason("unread"), tuple(covers)))
