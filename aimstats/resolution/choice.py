"""Which of several candidates for one figure is shown, and whether the sources agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from aimstats.domain.absence import Absence
from aimstats.domain.meters import PARTS, TEXT
from aimstats.domain.prices import MTOK, UNITS, PriceKey
from aimstats.domain.reasons import Reason
from aimstats.resolution.inputs import CATALOGUE_RANK, ROUTER_RANK, ClaimView, ListingView

COMPARABLE_WITHIN = timedelta(days=45)
RELATIVE_TOLERANCE = Decimal("0.001")
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Candidate:
    """One claim in force that could be the figure, with the listing it hangs on."""

    claim: ClaimView
    listing: ListingView
    inherited: bool = False

    @property
    def derived(self) -> bool:
        """Whether the figure was computed or inherited instead of stated."""
        return self.inherited or (isinstance(self.claim.value, dict) and "derived_from" in self.claim.value)


def order(candidate: Candidate) -> tuple[Any, ...]:
    """The first is shown (resolution.md, Choice)."""
    claim, listing = candidate.claim, candidate.listing
    checked = claim.checked_at or _NEVER
    return (
        claim.stale,
        listing.trust,
        claim.document.is_copy,
        candidate.derived,
        -checked.timestamp() if checked > _NEVER else 0.0,
        listing.source.id,
        claim.document.position,
        listing.key,
        claim.document.url,
        -(claim.span.valid_from or _NEVER).timestamp(),
    )


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates, the shown one first: by `order`, but that a catalogue's 0 yields to a price that another fresh
    candidate states. Catalogues write 0 where they do not know; unknown is never shown as free.
    """
    found = sorted(candidates, key=order)
    first = found[0]
    if first.claim.usd != 0 or first.listing.trust < CATALOGUE_RANK or first.listing.billing != "metered":
        return found
    paid = next((other for other in found if other.claim.usd and not other.claim.stale), None)
    return found if paid is None else [paid, *(other for other in found if other is not paid)]


def reason_of(winner: Candidate, others: int) -> Reason:
    """Why the winner is shown; `others` are how many other sources state the figure."""
    if not others:
        return Reason("only_source")
    if winner.claim.stale:
        return Reason("none_fresh")
    if winner.listing.trust == 0:
        return Reason("own_page_copied" if winner.claim.document.is_copy else "own_page")
    if winner.listing.trust == 1:
        return Reason("own_api")
    if winner.listing.trust == 2:
        return Reason("own_offer")
    return Reason("first_catalogue")


def half_place(value: dict[str, Any]) -> Decimal:
    """Half a unit in the last stated place of a price, in its normalised unit.

    >>> half_place({"amount": "0.15", "unit": "1M tokens"})
    Decimal('0.005')
    >>> half_place({"amount": "3.00", "unit": "1M tokens"})
    Decimal('0.005')
    """
    exponent = Decimal(value["amount"]).as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(min(exponent, 0)) * UNITS[value["unit"]][1] / 2


def within_tolerance(left: Decimal, right: Decimal) -> bool:
    """Whether two figures differ by no more than 0.1 %: a rounding, and no other price.

    >>> within_tolerance(Decimal("2.5"), Decimal("2.502")), within_tolerance(Decimal("2.5"), Decimal("2.51"))
    (True, False)
    """
    return abs(left - right) <= RELATIVE_TOLERANCE * max(left, right)


def equal(left: ClaimView, right: ClaimView) -> bool:
    """Whether two prices are the same figure: within half a unit in the last place of the less precise, or 0.1 %."""
    if left.usd is None or right.usd is None:
        return left.usd is right.usd
    difference = abs(left.usd - right.usd)
    if difference == 0:
        return True
    if left.usd == 0 or right.usd == 0:
        return False
    if within_tolerance(left.usd, right.usd):
        return True
    # A figure of one significant digit is a price, not a rounding: only compare places below it.
    tolerance = max(half_place(left.value), half_place(right.value))
    return difference <= tolerance and tolerance * 10 <= min(left.usd, right.usd)


def _precedes(claim: ClaimView, winner: ClaimView) -> bool:
    """Whether a claim is an earlier value of the winner's series: an earlier step, or what was stated before."""
    if claim.span.dated and winner.span.dated and claim.span.observed_to is None:
        return (claim.span.valid_from or _NEVER) < (winner.span.valid_from or _NEVER)
    return claim.span.observed_from < winner.span.observed_from


def agreement(winner: Candidate, other: Candidate) -> str:
    """How another source's figure stands to the shown one: equal, lagging, not_comparable or disputed."""
    if other.listing.ambiguous or winner.listing.ambiguous:
        return "not_comparable"
    if equal(winner.claim, other.claim):
        return "equal"
    if winner.claim.usd is None or other.claim.usd is None:
        return "not_comparable"
    series = (
        claim
        for claim in winner.listing.claims
        if claim.key == winner.claim.key and claim.document is winner.claim.document and _precedes(claim, winner.claim)
    )
    if any(claim.usd == other.claim.usd for claim in series):
        return "lagging"
    seen, also = winner.claim.checked_at, other.claim.checked_at
    if seen and also and abs(seen - also) > COMPARABLE_WITHIN:
        return "not_comparable"
    return "disputed"


NOTHING_WRITTEN = frozenset({"embedding", "rerank", "moderation"})
BY_THE_PIECE = frozenset({"image", "video", "speech", "transcription"})
"""Sold by the image, second or character: a list that only has prices per token states 0 for them (2026-11: all 30 such
offers at metered sellers are paid elsewhere)."""


def judged(
    key: PriceKey, winner: Candidate, headline: dict[str, Decimal], model_type: str, *, billed_instead: bool = False
) -> tuple[Decimal | None, Absence | None]:
    """The figure as it is shown: a stated 0 that cannot be a price becomes the reason of an absence.

    `headline` holds the stated standard input and output of the same offer; `billed_instead`: it has a price per request,
    image, second ... Evidence keeps each source's own figure.
    """
    usd = winner.claim.usd
    stated_absence = winner.claim.value.get("absent")
    if stated_absence is not None:
        return None, Absence(stated_absence)
    if usd is None:
        return None, Absence.OTHER_CURRENCY
    if usd != 0:
        return usd, None
    nothing_paid = not any(headline.get(side) for side in TEXT)
    if winner.listing.billing == "subscription" and nothing_paid:
        return None, Absence.BILLED_OTHERWISE
    if key.meter == "output" and model_type in NOTHING_WRITTEN and (not nothing_paid or "input" not in headline):
        return None, Absence.NOT_BILLED
    if winner.listing.trust >= ROUTER_RANK:
        return _hearsay(key, winner, headline, model_type, billed_instead)
    return usd, None


def _hearsay(
    key: PriceKey, winner: Candidate, headline: dict[str, Decimal], model_type: str, billed_instead: bool
) -> tuple[Decimal | None, Absence | None]:
    """What a 0 means that the seller's own page does not state."""
    is_paid = any(headline.get(side) for side in TEXT)
    if is_paid:
        is_silence = key.meter in PARTS or (key.meter == "output" and winner.listing.trust >= CATALOGUE_RANK)
        return (None, Absence.NOT_PUBLISHED) if is_silence else (Decimal(0), None)
    if key.plan == "standard" and key.base_unit == MTOK and winner.listing.billing == "metered":
        if billed_instead:
            return None, Absence.BILLED_OTHERWISE
        if model_type in BY_THE_PIECE:
            return None, Absence.NOT_PUBLISHED
    return Decimal(0), None
