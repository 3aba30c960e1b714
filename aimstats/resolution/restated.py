"""A dated price whose source states the same amount without the date from some reading on: it held until that reading."""

from __future__ import annotations

from aimstats.domain.spans import Span
from aimstats.resolution.inputs import ClaimView, ListingView


def hold_until_restated(listing: ListingView) -> None:
    """Let dated prices that gave way to an equal amount hold until the reading that says so.

    "2 through 31 August, then 3", and in September just "2": the step to 3 never came, and 2 never stopped. Without this the
    first price would end in August, or count as corrected, which is to say as never true.
    """
    for claim in listing.claims:
        span = claim.span
        has_ended = claim.kind == "price" and span.dated and span.observed_to is not None
        if has_ended and any(_restates(claim, one) for one in listing.claims):
            claim.span = Span(span.valid_from, span.observed_to, span.observed_from, span.observed_to)


def _restates(claim: ClaimView, one: ClaimView) -> bool:
    """Whether the reading that ended the claim opened this one, of the same document, price and amount."""
    is_same = one.kind == "price" and one.document is claim.document and _series(one) == _series(claim)
    return is_same and one.span.observed_from == claim.span.observed_to and one.usd == claim.usd and one.usd is not None


def _series(claim: ClaimView) -> str:
    """The price key, whether or not it is called promotional."""
    return claim.key.rpartition("|")[0]
