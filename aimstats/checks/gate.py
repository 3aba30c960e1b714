"""Item checks and document checks: implausible figures are held, a shrunken document holds its whole source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from aimstats.checks.thresholds import DEAREST_TOKENS, FEWEST_LISTINGS, FEWEST_LISTINGS_SHARE
from aimstats.domain.claims import ClaimRow, Flat, HeldItem, ListingRows, json_value
from aimstats.domain.prices import MTOK, parse_price_key


@dataclass(frozen=True, slots=True)
class HeldSource:
    """A whole source held back: the document that failed, the check, and a reason that a person can act on."""

    url: str
    check: str
    reason: str


def implausible(claim: ClaimRow) -> tuple[str, str] | None:
    """(check, reason) if the claim cannot be true whatever else is known.

    >>> implausible(ClaimRow("price", "input|standard|0|||USD|", "{}", Decimal(5000), None, None, None))[0]
    'too_dear'
    """
    if claim.kind != "price" or claim.usd is None:
        return None
    if parse_price_key(claim.key).base_unit == MTOK and claim.usd > DEAREST_TOKENS.value:
        return (
            "too_dear",
            f"${claim.usd} per million tokens is more than {DEAREST_TOKENS.value}: probably a price per another unit",
        )
    return None


class Gate:
    """The checks of one source's run against itself and against what was published last."""

    def __init__(self, connection: Connection, source: str) -> None:
        self._connection = connection
        self._source = source

    def judge(self, flats: Mapping[int, Flat], urls: Mapping[int, str]) -> HeldSource | None:
        """Move failing claims of the documents (id -> Flat) to their `held`; a reason if nothing may be published.

        `urls` are the addresses of the documents.
        """
        before = self._listings_before(list(flats))
        for document, flat in flats.items():
            had, has = before.get(document, 0), len(flat.listings)
            if had and not has:
                return HeldSource(urls[document], "empty", f"the document names nothing; it named {had} before")
            if had >= FEWEST_LISTINGS.value and has < had * FEWEST_LISTINGS_SHARE.value:
                return HeldSource(urls[document], "shrunken", f"the document names {has} listings; it named {had} before")
        for flat in flats.values():
            for listing in flat.listings:
                self._check_items(listing, flat)
        return None

    def _listings_before(self, documents: list[int]) -> dict[int, int]:
        rows = self._connection.execute(
            text(
                "select document_id, count(*) as listings from claim where document_id = any(:documents) and observed_to is null "
                "and kind = 'identity' group by document_id"
            ),
            {"documents": documents},
        )
        return {row.document_id: row.listings for row in rows}

    @staticmethod
    def _check_items(listing: ListingRows, flat: Flat) -> None:
        kept = []
        for claim in listing.claims:
            found = implausible(claim)
            if found is None:
                kept.append(claim)
                continue
            check, reason = found
            item = {"kind": claim.kind, "key": claim.key, "value": json_value(claim.value)}
            flat.held.append(HeldItem(listing.key, listing.ordinal, item, check, reason))
        listing.claims = kept
