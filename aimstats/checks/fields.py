"""Fields that vanished from listings which are still there: renamed, or dropped."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from aimstats.checks.decisions import ACCEPTED, REJECTED
from aimstats.checks.figures import fields_in
from aimstats.checks.last_reading import LastReading, Series, series_of
from aimstats.checks.pending import Pending
from aimstats.checks.thresholds import DAYS_WITHOUT, FIELD_LEFT, FIELD_LISTINGS, FIELD_SHARE
from aimstats.domain.claims import Flat, HeldTogether, Kept, ListingKey
from aimstats.domain.facts import INCOMPLETE
from aimstats.domain.reasons import Reason

FIELD_GONE = "field_gone"
Field = tuple[str, str]
"""(kind, field)."""


class _Column(NamedTuple):
    """A field that vanished: how many of the listings that are still there stated it and do now, and what they lost."""

    name: str
    before: int
    now: int
    lost: list[Kept]


def keep_fields(connection: Connection, document: int, flat: Flat, before: LastReading, pending: Pending) -> None:
    """Let a field that vanished from listings which are still there stand as it stood, and with it the few reasons why some have
    no such figure.

    It ends when a person accepts it, or when readings on thirty days were without it.
    """
    now = Counter({field: len(listings) for field, listings in _stating(flat).items()})
    suspects = {
        field: now[field]
        for field, listings in sorted(before.fields.get(document, {}).items())
        if now[field] <= listings * FIELD_LEFT.value and field != ("fact", INCOMPLETE)
    }
    if not suspects:
        return
    standing = standing_here(connection, document, flat)
    total = len({listing.key for listing in flat.listings} & before.listings[document].keys())
    for column in _columns(standing, flat, suspects, total):
        waiting = pending.of_document(document, column.name)
        quiet = waiting.decided == REJECTED
        if waiting.decided == ACCEPTED or (waiting.days >= DAYS_WITHOUT.value and not quiet):
            flat.let_go[column.name] = Reason("field_ended")
            continue
        take_out(flat, column.lost)
        reason = Reason("field_gone", field=column.name, before=column.before, now=column.now)
        flat.together.append(HeldTogether(column.name, FIELD_GONE, reason, tuple(column.lost), quiet=quiet))


def standing_here(connection: Connection, document: int, flat: Flat) -> list[Series]:
    """The series that stand of listings which are still there, but for the flag of our own."""
    here = {(listing.key, listing.ordinal) for listing in flat.listings}
    return [one for one in series_of(connection, document) if (one.listing, one.ordinal) in here and one.key != INCOMPLETE]


def lost_of(standing: Iterable[Series], flat: Flat) -> list[tuple[Series, Kept]]:
    """The series that are stated no longer: gone, or without their figure or day."""
    stated = {
        (Kept(listing.key, listing.ordinal, claim.kind, claim.key), field)
        for listing in flat.listings
        for claim in listing.claims
        for field in fields_in(claim)
    }
    found = ((one, Kept(one.listing, one.ordinal, one.kind, one.key)) for one in standing)
    return [(one, kept) for one, kept in found if (kept, one.field) not in stated]


def take_out(flat: Flat, kept: Iterable[Kept]) -> None:
    """Publish nothing in the place of what waits: a price that is said to be absent, an event without its day."""
    gone: dict[tuple[ListingKey, int], set[Field]] = defaultdict(set)
    for one in kept:
        gone[one.listing, one.ordinal].add((one.kind, one.key))
    for listing in flat.listings:
        if keys := gone.get((listing.key, listing.ordinal)):
            listing.claims = [claim for claim in listing.claims if (claim.kind, claim.key) not in keys]


def _columns(standing: Iterable[Series], flat: Flat, suspects: Mapping[Field, int], total: int) -> Iterator[_Column]:
    """The suspected fields that listings lost, and that were so common that this is no chance: each with every series of it that
    is stated no longer, also where its listing has a tier of the field left.
    """
    stood: dict[Field, list[Series]] = defaultdict(list)
    for one in standing:
        stood[one.kind, one.field].append(one)
    lost: dict[Field, list[Kept]] = defaultdict(list)
    for one, kept in lost_of(standing, flat):
        lost[one.kind, one.field].append(kept)
    stating = _stating(flat)
    known: set[Field] = set()
    for (kind, field), now in suspects.items():
        series = stood[kind, field]
        before = len({one.listing for one in series})
        without = {one.listing for one in series if (one.listing, one.ordinal) not in stating[kind, field]}
        if len(without) < before * (1 - FIELD_LEFT.value):
            continue
        column = kind, field.partition(",")[0]
        if _is_column(before, total) or column in known:
            known.add(column)
            name = f"{kind} {field.replace('|', ', ')}"
            yield _Column(name, before, now, list(dict.fromkeys(lost[kind, field])))


def _is_column(listings: int, total: int) -> bool:
    """Whether so many of the listings stated a field that all of them do not drop it by chance."""
    is_common = listings >= 2 and listings >= total * FIELD_SHARE.value
    return is_common or listings >= FIELD_LISTINGS.value


def _stating(flat: Flat) -> dict[Field, set[tuple[ListingKey, int]]]:
    """Which listings state each field now."""
    found: dict[Field, set[tuple[ListingKey, int]]] = defaultdict(set)
    for listing in flat.listings:
        for claim in listing.claims:
            for field in fields_in(claim):
                found[claim.kind, field].add((listing.key, listing.ordinal))
    return found
