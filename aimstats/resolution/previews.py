"""Previews beside releases: a stage of a name is no release, and says nothing of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from aimstats.identity.dates import is_stage
from aimstats.resolution.inputs import LATEST, ROUTER_RANK, ListingView


def is_preview(snapshot: str) -> bool:
    """Whether a snapshot is a stage before the release of its name.

    >>> is_preview("preview-05-06"), is_preview("exp"), is_preview("latest"), is_preview("2024-08-06")
    (True, True, False, False)
    """
    stage = snapshot.partition("-")[0]
    return stage != "" and stage != LATEST and is_stage(stage)


def released_beside_previews(listings: Iterable[ListingView]) -> frozenset[tuple[str, str]]:
    """(provider, host) where the released name is sold beside its previews.

    The seller's own page or API names it, or a source that names the preview too: a catalogue's plain name alone may be the
    preview in short.
    """
    plain: dict[tuple[str, str], set[str]] = defaultdict(set)
    previews: dict[tuple[str, str], set[str]] = defaultdict(set)
    told: set[tuple[str, str]] = set()
    for row in listings:
        place = (row.provider, row.host)
        if is_preview(row.snapshot):
            previews[place].add(row.source.id)
        else:
            plain[place].add(row.source.id)
            if row.trust < ROUTER_RANK:
                told.add(place)
    return frozenset(place for place in previews if place in told or previews[place] & plain[place])
