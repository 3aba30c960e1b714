"""A past price that its source had not changed yet: what a dated step of another source says counts from the step's own day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from aimstats.resolution.choice import equal
from aimstats.resolution.inputs import UNDATED, ClaimView, ListingView, Moment


def leave_out_late(listings: Sequence[ListingView], moment: Moment) -> None:
    """Take out of what is in force at a past instant the undated prices that were late.

    Late is a price where another source states a step that began since its document was last read, and the next reading
    changed the price to just that figure: it had ended, and nobody had looked. A reading in between that still states it makes
    the two sources disagree.
    """
    if moment.at >= moment.known_at:
        return
    steps: dict[str, list[tuple[ListingView, ClaimView]]] | None = None
    for listing in listings:
        late = []
        for claim in listing.current:
            unread = _unread_until_changed(claim, moment)
            if unread is None:
                continue
            steps = _steps(listings) if steps is None else steps
            candidates = [step for other, step in steps[claim.key] if tells_of(other, listing)]
            if candidates and _is_late(claim, listing.claims, candidates, unread):
                late.append(claim)
        if late:
            listing.current = [claim for claim in listing.current if claim not in late]


def _unread_until_changed(claim: ClaimView, moment: Moment) -> datetime | None:
    """The last reading of a claim's document up to the moment, if the next one corrected the claim: an undated price."""
    span = claim.span
    if claim.kind != "price" or span.dated or not span.corrected or span.observed_to is None:
        return None
    before, after = moment.around.get(claim.document.id, (None, None))
    return before if span.observed_to == after else None


def _steps(listings: Iterable[ListingView]) -> dict[str, list[tuple[ListingView, ClaimView]]]:
    """The prices in force that begin on a day that their source states, by key."""
    found: dict[str, list[tuple[ListingView, ClaimView]]] = defaultdict(list)
    for listing in listings:
        for claim in listing.current:
            if claim.kind == "price" and claim.span.valid_from is not None:
                found[claim.key].append((listing, claim))
    return found


def tells_of(other: ListingView, listing: ListingView) -> bool:
    """Whether another source's listing is of the same thing sold: of one build, as far as both name one."""
    is_same_build = other.snapshot == listing.snapshot or bool(UNDATED & {other.snapshot, listing.snapshot})
    return other.source.id != listing.source.id and is_same_build and _sold(other) == _sold(listing)


def _sold(listing: ListingView) -> tuple[str, ...]:
    return (listing.provider, listing.host, listing.region, listing.billing, listing.variant, listing.plan)


def _is_late(claim: ClaimView, series: Iterable[ClaimView], steps: Sequence[ClaimView], unread: datetime) -> bool:
    successors = [
        one
        for one in series
        if one.key == claim.key and one.document is claim.document and one.span.observed_from == claim.span.observed_to
    ]
    return any(
        step.span.valid_from is not None and step.span.valid_from > unread and equal(step, one)
        for step in steps
        for one in successors
    )
