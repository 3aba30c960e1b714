"""Prices that are shown together are held together: the plan and window of a listing as one set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from aimstats.checks.figures import Figure, item_of, set_of
from aimstats.checks.last_reading import StandingPrice, prices_of
from aimstats.domain.claims import ClaimRow, Flat, HeldItem, ListingRows
from aimstats.domain.reasons import Reason

BESIDE: Final = "beside_held"
"""The check of prices that only stand beside a held one."""
Sets = Mapping[int, Mapping[int, set[str]]]
"""Document -> place of the listing in it -> the sets of it in which a known figure is held."""


def sets_held(figures: Iterable[Figure], flats: Mapping[int, Flat]) -> dict[int, dict[int, set[str]]]:
    """The sets of those held figures in whose place another one stands: shown beside it, nothing newer may be."""
    places = {document: {id(one): n for n, one in enumerate(flat.listings)} for document, flat in flats.items()}
    found: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for figure in figures:
        if figure.is_price and figure.before is not None:
            found[figure.document][places[figure.document][id(figure.listing)]].add(figure.set_of)
    return found


def companions(
    connection: Connection, document: int, flat: Flat, sets: Mapping[int, set[str]]
) -> list[tuple[ListingRows, ClaimRow | None, HeldItem]]:
    """What else of the sets changed: new and changed prices as claims that are to be kept out, and prices that would end."""
    listings = {place: flat.listings[place] for place in sets}
    standing = prices_of(connection, document, sorted({listing.key[2] for listing in listings.values()}))
    found: list[tuple[ListingRows, ClaimRow | None, HeldItem]] = []
    for place, listing in listings.items():
        stood = {price for price in standing.get((listing.key, listing.ordinal), ()) if set_of(price.key) in sets[place]}
        keys = {price.key for price in stood}
        named = set()
        for claim in listing.claims:
            if claim.kind != "price" or set_of(claim.key) not in sets[place]:
                continue
            named.add(claim.key)
            if StandingPrice(claim.key, claim.value, claim.valid_from, claim.valid_to) not in stood:
                code = "changed_beside" if claim.key in keys else "new_beside"
                found.append((listing, claim, _held(listing, item_of(claim), code)))
        for key in sorted(keys - named):
            item: dict[str, Any] = {"kind": "price", "key": key, "value": None}
            found.append((listing, None, _held(listing, item, "gone_beside")))
    return found


def _held(listing: ListingRows, item: dict[str, Any], code: str) -> HeldItem:
    reason = Reason(code, meter=item["key"].split("|", 1)[0])
    return HeldItem(listing.key, listing.ordinal, item, BESIDE, reason)
