"""The `prices` list of an offer: every price that is stated, with what is said beside it; and those that are held."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aimstats.domain.absence import Absence
from aimstats.domain.money import canonical, plain
from aimstats.domain.prices import UNITS, parse_price_key
from aimstats.domain.reasons import Reason
from aimstats.resolution.choice import equal
from aimstats.resolution.disagreements import contradicting
from aimstats.resolution.figures import ChosenPrice, Prices
from aimstats.resolution.inputs import HeldView, ListingView


def price_rows(prices: Prices) -> list[dict[str, Any]]:
    """The `prices` list of an offer: every meter, plan, tier, window and condition that is stated."""
    rows = []
    for figure in prices.figures:
        key, claim = figure.key, figure.winner.claim
        amount = plain(figure.usd) if figure.usd is not None else None
        if key.currency != "USD" and "amount" in claim.value and figure.absent is not Absence.NOT_OFFERED:
            amount = plain(canonical(Decimal(claim.value["amount"]) * UNITS[claim.value["unit"]][1]))
        rows.append(
            {
                "meter": key.meter,
                "plan": key.plan,
                "min_context_tokens": key.min_context_tokens,
                "window": key.window or None,
                "conditions": dict(key.conditions),
                "unit": key.base_unit,
                "currency": key.currency,
                "amount": amount,
                "usd": plain(figure.usd) if figure.usd is not None else None,
                "absent": figure.absent.value if figure.absent else None,
                "promotional": key.promotional,
                "allowance": claim.value.get("allowance"),
                "alternative_of": claim.value.get("alternative_of"),
                "derived_from": claim.value.get("derived_from"),
                "inherited": figure.winner.inherited,
                "source": figure.winner.listing.source.id,
                "document": claim.document.id,
                "valid_from": claim.span.valid_from.isoformat() if claim.span.valid_from else None,
                "valid_to": claim.span.valid_to.isoformat() if claim.span.valid_to else None,
            }
            | _told_of(figure)
        )
    return rows + [_withheld_row(text, *prices.withheld[text]) for text in sorted(prices.withheld)]


def _told_of(figure: ChosenPrice) -> dict[str, Any]:
    """What only some prices have: another stated unit, an address of their own, what others say, a successor that is held,
    that nobody else says so."""
    key, claim = figure.key, figure.winner.claim
    told: dict[str, Any] = {}
    is_stated = figure.usd is not None or (key.currency != "USD" and figure.absent is Absence.OTHER_CURRENCY)
    if is_stated and "amount" in claim.value and claim.value["unit"] != key.base_unit:
        told["stated"] = {"unit": claim.value["unit"], "amount": plain(canonical(Decimal(claim.value["amount"])))}
    if claim.url and claim.url != claim.document.url:
        told["url"] = claim.url
    if figure.usd is not None and (others := contradicting(figure)):
        told["disputed"] = [{"source": one.listing.source.id, "usd": plain(one.claim.usd)} for one in others if one.claim.usd]
    if claim.held:
        told["held"] = claim.held.body()
    if claim.mark and not _is_confirmed(figure):
        told["mark"] = claim.mark
        if isinstance(claim.mark, Reason):
            told["because"] = claim.mark.body
    return told


def _is_confirmed(figure: ChosenPrice) -> bool:
    """Whether another source states the figure too: then it is no longer on its source's word alone."""
    mine = figure.winner
    return any(other.listing.source.id != mine.listing.source.id and equal(other.claim, mine.claim) for other in figure.others)


def _withheld_row(text: str, listing: ListingView, document: int, held: HeldView) -> dict[str, Any]:
    """A price that is stated and held where no other stands."""
    key = parse_price_key(text)
    return {
        "meter": key.meter,
        "plan": key.plan,
        "min_context_tokens": key.min_context_tokens,
        "window": key.window or None,
        "conditions": dict(key.conditions),
        "unit": key.base_unit,
        "currency": key.currency,
        "amount": None,
        "usd": None,
        "absent": Absence.HELD.value,
        "promotional": key.promotional,
        "allowance": None,
        "alternative_of": None,
        "derived_from": None,
        "inherited": False,
        "source": listing.source.id,
        "document": document,
        "valid_from": None,
        "valid_to": None,
        "held": held.body(),
    }
