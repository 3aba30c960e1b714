"""What a seller's own complete price page does not name is not sold there, whatever a catalogue says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from aimstats.domain.absence import Absence
from aimstats.domain.items import Source
from aimstats.resolution.figures import Prices
from aimstats.resolution.grouping import DEFAULT_REGION, OfferGroup
from aimstats.resolution.inputs import LATEST, ClaimView, DocumentView, ListingView, PricePages

NAMING_KINDS: Final = frozenset({"page", "api", "router"})
SAME_CRAWL: Final = timedelta(hours=1)
"""A page that is read by one crawl with a catalogue is not older than it, whichever of the two ends first."""
ENDS: Final = frozenset({"retired", "redirected"})


def price_pages_of(
    sources: Iterable[Source], documents: Collection[DocumentView], first_read: Mapping[str, datetime], at: datetime
) -> dict[str, PricePages]:
    """Provider -> its complete price pages, of those that are fresh and were read by the instant; `first_read` is by source.

    Where the pages cannot be read their copies speak for them.
    """
    found: dict[str, PricePages] = {}
    for source in sources:
        since = first_read.get(source.id)
        if not source.complete or since is None or since > at:
            continue
        own = [document for document in documents if document.source == source.id and document.checked_at]
        for pages in ([one for one in own if not one.is_copy], [one for one in own if one.is_copy]):
            if pages and not any(one.stale for one in pages):
                read_at = min(one.checked_at for one in pages if one.checked_at)
                found[source.provider] = PricePages(frozenset(source.complete), read_at, since, source.kind == "router")
                break
    return found


def unsell(
    offers: Sequence[tuple[OfferGroup, Prices]],
    listings: Sequence[ListingView],
    pages: Mapping[str, PricePages],
    model_type: str,
    at: datetime,
) -> set[str]:
    """Turn the figures of offers that only others name into `not_offered`, and give the ids of these offers: the seller's price
    pages are complete for the model's type, fresh, and were read after the offer was first named, and nothing of the seller's own
    names the model as living; of a list of ids, nothing names this very offer."""
    unsold = set()
    for group, prices in offers:
        page = pages.get(group.key.provider)
        if page is None or is_named(of_its_ids(listings, group) if page.by_id else listings, group.key.provider, at):
            continue
        if is_left_out(group, page, model_type):
            unsold.add(group.key.id)
            for figure in prices.figures:
                figure.usd, figure.absent = None, Absence.NOT_OFFERED
    return unsold


def is_left_out(group: OfferGroup, page: PricePages, model_type: str) -> bool:
    """Whether an offer that nothing of its seller's names is not sold: its price pages would name it, had it been there."""
    if model_type not in page.types or group.key.region != DEFAULT_REGION:
        return False
    if not page.by_id and _is_floating(group):
        return False
    named = min((claim.span.observed_from for row in group.listings for claim in row.claims), default=page.read_at)
    return named <= page.read_at + SAME_CRAWL


def _is_floating(group: OfferGroup) -> bool:
    """Whether its names stand for whichever build is the latest: price pages name what they stand for."""
    return all(row.snapshot == LATEST or row.external_id.endswith(f"-{LATEST}") for row in group.listings)


def of_its_ids(listings: Iterable[ListingView], group: OfferGroup) -> list[ListingView]:
    """The listings under an id that the offer is listed under, whatever else they are read as."""
    ids = {row.external_id for row in group.listings}
    return [row for row in listings if row.external_id in ids]


def is_named(listings: Iterable[ListingView], provider: str, at: datetime) -> bool:
    """Whether any of these is the seller's own word on what it sells."""
    return any(is_named_by_the_seller(row, provider, at) for row in listings)


def is_named_by_the_seller(listing: ListingView, provider: str, at: datetime) -> bool:
    """Whether this is the seller's own word on the model, of those of its claims that are current."""
    if listing.provider != provider or listing.source.provider != provider:
        return False
    if listing.source.kind in NAMING_KINDS:
        return True
    return listing.source.kind == "lifecycle" and not any(_has_ended(claim, at) for claim in listing.current)


def _has_ended(claim: ClaimView, at: datetime) -> bool:
    if claim.kind == "fact" and claim.key == "status":
        return bool(claim.value == "retired")
    end = ends_at(claim)
    return end is not None and end <= at


def ends_at(claim: ClaimView) -> datetime | None:
    """The day on which the claim says that the model ends, if it says one."""
    if claim.kind != "lifecycle" or claim.key.partition("#")[0] not in ENDS or not claim.value.get("at"):
        return None
    return datetime.fromisoformat(claim.value["at"])
