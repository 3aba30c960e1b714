"""What vanished in the very reading in which columns of prices of its document were renamed, dropped or exchanged."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from aimstats.checks.decisions import ACCEPTED, REJECTED
from aimstats.checks.endings import ENDS
from aimstats.checks.fields import FIELD_GONE, lost_of, standing_here, take_out
from aimstats.checks.last_reading import LastReading
from aimstats.checks.pending import Pending
from aimstats.domain.claims import Flat, HeldTogether, Kept
from aimstats.domain.reasons import Reason

BESIDE: Final = "beside columns"
_COLUMNS: Final = frozenset({FIELD_GONE, "free_now_together", "swapped_together", "moved_together"})
"""The checks that tell of columns; a currency moves figures and takes none away."""


def doubts(flat: Flat) -> list[HeldTogether]:
    """What is held of a document's columns of prices: while it is, the document may have been read wrongly elsewhere too."""
    columns = [held for held in flat.together if held.check in _COLUMNS and held.what != BESIDE]
    return [held for held in columns if any(kept.kind == "price" for kept in held.covers)]


def keep_beside(connection: Connection, document: int, flat: Flat, before: LastReading, pending: Pending) -> None:
    """Let what vanished in the reading in which a column of prices did, however little it is, wait as long as such a one of the
    document does: series, and rows of a listing that other rows of it are like without it. What vanishes on another day ends.
    """
    told = pending.of_document(document, BESIDE)
    causes = doubts(flat)
    quiet = told.decided == REJECTED
    if told.decided == ACCEPTED or not (causes or quiet):
        if flat.let_go.keys() - {ENDS}:
            flat.let_go[BESIDE] = Reason("field_ended")
        return
    is_fresh = any(not pending.is_known(document, cause.what) for cause in causes)
    if not (is_fresh or told.covers):
        return
    numbers = {(key, ordinal): id_ for key, places in before.listings[document].items() for ordinal, id_ in places}
    here = {(listing.key, listing.ordinal) for listing in flat.listings}
    keys = {key for key, _ in here}
    apart = {kept for held in flat.together for kept in held.covers}
    apart |= {Kept(held.listing, held.ordinal, held.item["kind"], held.item["key"]) for held in flat.held if "key" in held.item}
    rows = {Kept(*place): id_ for place, id_ in numbers.items() if place[0] in keys and place not in here}
    lost = [*rows, *(kept for _, kept in lost_of(standing_here(connection, document, flat), flat))]
    covers = [
        kept
        for kept in dict.fromkeys(lost)
        if kept not in apart and (is_fresh or (numbers.get((kept.listing, kept.ordinal)), kept.kind, kept.key) in told.covers)
    ]
    flat.absent.update({(kept.listing, kept.ordinal): rows[kept] for kept in covers if kept in rows})
    if covers:
        take_out(flat, covers)
        flat.together.append(HeldTogether(BESIDE, FIELD_GONE, Reason("gone_with_columns"), tuple(covers), quiet=quiet))
