"""When a seller's own complete price pages leave a model's offers out, in time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from aimstats.domain.spans import END_OF_TIME, Interval, interval_of
from aimstats.resolution.grouping import OfferGroup
from aimstats.resolution.inputs import ClaimView, ListingView, PricePages, Term
from aimstats.resolution.unsold import ends_at, is_left_out, is_named_by_the_seller, of_its_ids


def is_nothing(group: OfferGroup) -> bool:
    """No offer is left out where the seller has no complete price pages."""
    return False


class Sold:
    """What one seller itself says of a model, from when until when."""

    def __init__(self, provider: str, page: PricePages, terms: Sequence[Term], known_at: datetime, model_type: str) -> None:
        self._provider, self._page, self._model_type = provider, page, model_type
        self._own: list[tuple[Term, list[tuple[Interval, ClaimView]]]] = []
        for term in terms:
            if term.listing.provider == provider == term.listing.source.provider:
                said = [(interval_of(claim.span, known_at, None), claim) for claim in term.listing.claims]
                self._own.append((term, [one for one in said if one[0][0] < one[0][1]]))

    @property
    def moments(self) -> set[datetime]:
        """The instants at which that may change."""
        found = {self._page.since}
        for term, said in self._own:
            found |= {at for at in (term.valid_from, term.valid_to) if at is not None}
            for (starts, ends), claim in said:
                found |= {at for at in (starts, ends, ends_at(claim)) if at is not None and at != END_OF_TIME}
        return found

    def left_out(self, at: datetime) -> Callable[[OfferGroup], bool]:
        """Which offers the price pages leave out at an instant."""
        if at < self._page.since:
            return is_nothing
        named = self._named(at)
        if self._page.by_id:
            return lambda group: not of_its_ids(named, group) and is_left_out(group, self._page, self._model_type)
        return is_nothing if named else lambda group: is_left_out(group, self._page, self._model_type)

    def _named(self, at: datetime) -> list[ListingView]:
        """What the seller itself names as living."""
        found = []
        for term, said in self._own:
            if (term.valid_from and at < term.valid_from) or (term.valid_to and term.valid_to <= at):
                continue
            term.listing.current = [claim for (starts, ends), claim in said if starts <= at < ends]
            if term.listing.current and is_named_by_the_seller(term.listing, self._provider, at):
                found.append(term.listing)
        return found
