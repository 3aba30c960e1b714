"""What sources say otherwise than what is shown, noted where agreement is judged: contradictions, and differences explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from aimstats.domain.money import plain
from aimstats.domain.reasons import Reason, explained
from aimstats.resolution.choice import Candidate, agreement, equal
from aimstats.resolution.figures import ChosenPrice, Prices
from aimstats.resolution.inputs import ClaimView, ListingView
from aimstats.resolution.voices import Outcome, Voice, voices_of

DATED, PROMOTIONAL, TIERED, ON_TERMS = "dated", "promotional", "tiered", "on_terms"
EXPLAINED: Final = (DATED, PROMOTIONAL, TIERED, ON_TERMS)
"""Why a figure differs and contradicts nothing: it is of another time, or what is asked for a while, from another length of
the prompt on, or on other terms (another plan, hours, conditions)."""
LIMITS: Final = frozenset({"limit.context", "limit.input", "limit.output"})

Noted = dict[str, Any]


def contradicting(figure: ChosenPrice) -> list[Candidate]:
    """What other sources say otherwise of a price now, one figure a source; a 0 beside a price is mostly a gap (see `judged`) and
    contradicts nothing."""
    own = figure.winner.listing.source.id
    found: dict[str, Candidate] = {}
    for other in figure.others:
        source = other.listing.source.id
        if source != own and source not in found and other.claim.usd and agreement(figure.winner, other) == "disputed":
            found[source] = other
    return [found[source] for source in sorted(found)]


def of_prices(prices: Prices, reasons: Mapping[str, Reason]) -> list[Noted]:
    """The prices of an offer of which another source says otherwise; `reasons` say by price key why the shown one is."""
    headline = {str(figure.key): f"cost.{meter}" for meter, figure in prices.headline.items()}
    found = []
    for figure in prices.figures:
        if figure.usd is None:
            continue
        apart = {one.listing.source.id: (one, _explained(figure, one, prices)) for one in contradicting(figure)}
        for other in figure.others:
            is_other = other.listing.source.id != figure.winner.listing.source.id
            if is_other and other.claim.usd and _is_of_another_time(figure.winner, other):
                apart.setdefault(other.listing.source.id, (other, DATED))
        if apart:
            key = str(figure.key)
            values = [_value(figure.winner.claim, figure.winner.listing, plain(figure.usd), chosen=True)]
            for one, why in apart.values():
                values.append(_value(one.claim, one.listing, plain(one.claim.usd or figure.usd), why=why))
            field = headline.get(key, f"prices.{key}")
            found.append(_noted(field, values, reasons[key], meter=figure.key.meter, unit=figure.key.base_unit))
    return found


def of_limits(
    disputed: Iterable[str], chosen: Mapping[str, Outcome], stated: Mapping[str, Sequence[Voice]], own: frozenset[str]
) -> list[Noted]:
    """The limits in dispute: what each source says; none is the shown one where none could stand beside the others."""
    found = []
    for field in disputed:
        if field not in LIMITS:
            continue
        shown = chosen.get(field)
        values = [
            _value(claim, listing, str(claim.value), chosen=shown is not None and shown.voice[0] is claim)
            for claim, listing in voices_of(stated[field], own)
        ]
        if shown is not None and not any(value["chosen"] for value in values):
            values.append(_value(*shown.voice, str(shown.value), chosen=True))
        if len({value["value"] for value in values}) > 1:
            reason = shown.reason if shown else Reason("none_coherent")
            found.append(_noted(field, values, reason, unit="tokens"))
    return found


def of_day(field: str, shown: str | None, stated: Iterable[tuple[Any, ClaimView, ListingView]]) -> list[Noted]:
    """The day of an end, where another source names another: a source that names the shown one too contradicts nothing."""
    by_source: dict[str, list[tuple[Any, ClaimView, ListingView]]] = {}
    for one in stated:
        by_source.setdefault(one[2].source.id, []).append(one)
    values = []
    for events in by_source.values():
        value, claim, listing = next((one for one in events if one[0] == shown), events[0])
        values.append(_value(claim, listing, value, chosen=value == shown))
    if shown is None or len({value["value"] for value in values}) < 2:
        return []
    first = next(place for place, value in enumerate(values) if value["chosen"])
    values = [values[first], *({**value, "chosen": False} for place, value in enumerate(values) if place != first)]
    return [_noted(field, values, Reason("first_trusted"))]


def _explained(figure: ChosenPrice, other: Candidate, prices: Prices) -> str | None:
    """Whether another source's figure is one that the shown sources state on other terms; on which."""
    for known in prices.figures:
        if known is figure or known.key.meter != figure.key.meter or known.key.base_unit != figure.key.base_unit:
            continue
        if known.usd is not None and equal(known.winner.claim, other.claim):
            if known.key.promotional or figure.key.promotional:
                return PROMOTIONAL
            return TIERED if known.key.min_context_tokens != figure.key.min_context_tokens else ON_TERMS
    return None


def _is_of_another_time(winner: Candidate, other: Candidate) -> bool:
    """Whether a figure is what the shown source said before, or was read long before or after it."""
    if winner.listing.ambiguous or other.listing.ambiguous or winner.claim.usd is None:
        return False
    return agreement(winner, other) in ("lagging", "not_comparable")


def _value(claim: ClaimView, listing: ListingView, value: str, *, chosen: bool = False, why: str | None = None) -> Noted:
    begun: datetime = claim.span.valid_from or claim.span.observed_from
    own_page = {"url": claim.url} if claim.url and claim.url != claim.document.url else {}
    return {
        "source": listing.source.id,
        "value": value,
        "document": claim.document.id,
        "since": begun.date().isoformat(),
        "chosen": chosen,
        "explained": why,
    } | own_page


def _noted(field: str, values: list[Noted], reason: Reason, *, meter: str | None = None, unit: str | None = None) -> Noted:
    return {"field": field, "meter": meter, "unit": unit, **explained(reason), "values": values}
