"""What a document states no longer: listings that would end together, and fields that vanished from listings still there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from aimstats.checks.decisions import ACCEPTED, REJECTED
from aimstats.checks.figures import fields_in
from aimstats.checks.last_reading import LastReading, Series, series_of
from aimstats.checks.pending import Pending
from aimstats.checks.thresholds import (
    CUT_DOCUMENT,
    CUT_LISTINGS,
    DAYS_STATED,
    DAYS_WITHOUT,
    ENDS_LEAST,
    ENDS_SHARE,
    FIELD_LEFT,
    FIELD_LISTINGS,
    FIELD_SHARE,
)
from aimstats.domain.claims import ClaimRow, Flat, HeldTogether, Kept, ListingKey, json_value
from aimstats.domain.facts import INCOMPLETE
from aimstats.domain.reasons import Reason

ENDS = "ends of listings"
UNREAD = "unread sections"
_IN_PARTS = ("identity", "lifecycle")
"""Claims with parts, of which a text that ends within a record may state only the first."""


def keep_ends(connection: Connection, document: int, flat: Flat, before: LastReading, pending: Pending, at: datetime) -> None:
    """Let listings that would end together wait until readings on three days say so; a few end at once.

    What listings lost that are still there and state nothing new waits with them.
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
    is_long = waiting.decided == REJECTED or _would_end_together(list(had), rest, has)
    if long_gone:
        flat.let_go[ENDS] = Reason("listings_ended", number=len(long_gone))
    if rest and is_long:
        reason = Reason("listings_gone", number=len(rest), total=len(had))
        quiet = waiting.decided == REJECTED
        held = _kept_ends(flat, had, {key: since[key] for key in rest}, "ends", reason)
        flat.together.append(held._replace(quiet=quiet, covers=(*held.covers, *_lost_beside(connection, document, flat))))


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
    """What listings that are still there, and state nothing new, state no more or a part of: a text that was cut short lost it
    with the others.
    """
    stood: dict[tuple[ListingKey, int], dict[tuple[str, str], list[Any]]] = defaultdict(lambda: defaultdict(list))
    for one in series_of(connection, document, with_identity=True):
        if one.key != INCOMPLETE:
            stood[one.listing, one.ordinal][one.kind, one.key].append(one.value)
    for listing in flat.listings:
        before = stood.get((listing.key, listing.ordinal), {})
        now = {(c.kind, c.key): json_value(c.value) for c in listing.claims if c.key != INCOMPLETE}
        less = {place for place, value in now.items() if any(_is_part(place[0], value, other) for other in before.get(place, ()))}
        if all(place in less or value in before.get(place, ()) for place, value in now.items()):
            yield from (Kept(listing.key, listing.ordinal, *place) for place in before if place in less or place not in now)


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


def keep_fields(connection: Connection, document: int, flat: Flat, before: LastReading, pending: Pending) -> None:
    """Let a field that vanished from listings which are still there stand as it stood, and with it the few reasons why some have
    no such figure.

    It ends when a person accepts it, or when readings on thirty days were without it.
    """
    had = before.fields.get(document)
    if not had:
        return
    has: Counter[tuple[str, str]] = Counter()
    for listing in flat.listings:
        has.update({(claim.kind, field) for claim in listing.claims for field in fields_in(claim)})
    suspects = [
        (kind, field)
        for (kind, field), listings in sorted(had.items())
        if has[kind, field] <= listings * FIELD_LEFT.value and field != INCOMPLETE
    ]
    if not suspects:
        return
    here = {(listing.key, listing.ordinal): listing for listing in flat.listings}
    standing: dict[tuple[str, str], list[Series]] = defaultdict(list)
    for series in series_of(connection, document):
        standing[series.kind, series.field].append(series)
    columns: set[tuple[str, str]] = set()
    for kind, field in suspects:
        stood = [one for one in standing[kind, field] if (one.listing, one.ordinal) in here]
        lost = [one for one in stood if (kind, field) not in _fields(here[one.listing, one.ordinal].claims)]
        stated = len({one.listing for one in stood})
        if len({one.listing for one in lost}) < stated * (1 - FIELD_LEFT.value):
            continue
        column = kind, field.partition(",")[0]
        if not _is_column(stated, len({key for key, _ in here} & before.listings[document].keys())) and column not in columns:
            continue
        columns.add(column)
        name = f"{kind} {field.replace('|', ', ')}"
        waiting = pending.of_document(document, name)
        if waiting.decided == ACCEPTED or waiting.days >= DAYS_WITHOUT.value:
            flat.let_go[name] = Reason("field_ended")
            continue
        for one in lost:  # what stands in its place (a price that is said to be absent, an event without its day) waits with it
            listing = here[one.listing, one.ordinal]
            listing.claims = [claim for claim in listing.claims if (claim.kind, claim.key) != (kind, one.key)]
        reason = Reason("field_gone", field=name, before=stated, now=has[kind, field])
        covers = tuple(Kept(one.listing, one.ordinal, kind, one.key) for one in lost)
        quiet = waiting.decided == REJECTED
        flat.together.append(HeldTogether(name, "field_gone", reason, covers, quiet=quiet))


def _fields(claims: Iterable[ClaimRow]) -> set[tuple[str, str]]:
    return {(claim.kind, field) for claim in claims for field in fields_in(claim)}


def _is_column(listings: int, total: int) -> bool:
    """Whether so many of the listings stated a field that all of them do not drop it by chance."""
    is_common = listings >= 2 and listings >= total * FIELD_SHARE.value
    return is_common or listings >= FIELD_LISTINGS.value
