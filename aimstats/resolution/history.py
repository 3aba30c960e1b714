"""The prices of a model's offers in time: steps between the instants at which what is claimed begins or ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from aimstats.domain.prices import PriceKey
from aimstats.domain.spans import END_OF_TIME, interval_of
from aimstats.identity.first_party import first_party
from aimstats.resolution.choice import Candidate, equal
from aimstats.resolution.cost import prices_of
from aimstats.resolution.figures import ChosenPrice
from aimstats.resolution.grouping import OfferGroup, offers_of
from aimstats.resolution.inputs import ClaimView, ListingView, PricePages, Term
from aimstats.resolution.late import tells_of
from aimstats.resolution.restated import hold_until_restated
from aimstats.resolution.sold import Sold, is_nothing
from aimstats.resolution.voices import release_of
from aimstats.resolution.zeros import free_by_hearsay, is_charged, is_doubted

BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
Shown = dict[tuple[str, str], ChosenPrice]
"""(offer id, price key) -> what is shown of it."""


@dataclass(frozen=True, slots=True)
class PriceStep:
    """One price of one offer over a half-open time; `ends` is None while it holds.

    `restated`: it begins because another source is believed from then on, while what the one before it says did not change: no
    step in the world. `foreseen`: its source announced it and took it back before it came.
    """

    offer: str
    provider: str
    key: PriceKey
    starts: datetime
    ends: datetime | None
    usd: Decimal
    claim: ClaimView
    source: str
    restated: bool = False
    foreseen: bool = False


@dataclass(slots=True)
class _Piece:
    """A claim while it is in force under one meaning of its listing."""

    term: int
    claim: ClaimView
    starts: datetime
    ends: datetime


def price_steps(
    model: str,
    terms: Sequence[Term],
    known_at: datetime,
    readings: Mapping[int, Sequence[datetime]],
    model_type: str,
    pages: Mapping[str, PricePages],
) -> list[PriceStep]:
    """Every step of every price of the model's offers as known at an instant, by offer, key and start.

    `readings` are the good readings of each document, ascending: a price that its source had not looked at since another's dated
    step ends with that step (resolution.md). Equal neighbours are one step; a time without evidence is a gap, and so is one in
    which the catalogue has a reason in the figure's place: what the seller's complete price `pages` leave out, and a
    catalogue's 0 beside three sellers that charge.
    """
    for term in terms:
        hold_until_restated(term.listing)
    pieces = _pieces(model, terms, known_at, readings)
    moments: dict[datetime, set[str]] = defaultdict(set)
    for piece in pieces:
        provider = terms[piece.term].listing.provider
        moments[piece.starts].add(provider)
        if piece.ends != END_OF_TIME:
            moments[piece.ends].add(provider)
    sold = {
        provider: Sold(provider, pages[provider], terms, known_at, model_type)
        for provider in pages.keys() & {terms[piece.term].listing.provider for piece in pieces}
    }
    for provider, selling in sold.items():
        for at in selling.moments:
            moments[at].add(provider)
    running: dict[str, list[_Piece]] = defaultdict(list)
    waiting: dict[str, list[_Piece]] = defaultdict(list)
    for piece in sorted(pieces, key=lambda piece: piece.starts, reverse=True):
        waiting[terms[piece.term].listing.provider].append(piece)
    standing: dict[str, _Standing] = {}
    writing = _Writing()
    for at in sorted(moments):
        for provider in moments[at]:
            while waiting[provider] and waiting[provider][-1].starts <= at:
                running[provider].append(waiting[provider].pop())
            running[provider] = [piece for piece in running[provider] if piece.ends > at]
            left_out = sold[provider].left_out(at) if provider in sold else is_nothing
            standing[provider] = _standing(model, terms, running[provider], model_type, left_out)
        charging = {provider for provider, one in standing.items() if one.is_charged}
        for provider, one in sorted(standing.items()):
            if provider in moments[at] or one.hearsay:
                writing.take(provider, at, one.shown_where(is_doubted(provider, len(charging - {provider}))))
    return sorted(
        [*writing.steps(), *_foreseen(model, terms, known_at, model_type)],
        key=lambda step: (step.offer, str(step.key), step.starts, step.foreseen),
    )


def _pieces(model: str, terms: Sequence[Term], known_at: datetime, readings: Mapping[int, Sequence[datetime]]) -> list[_Piece]:
    own = frozenset(first_party(model.partition("/")[0]))
    release = release_of((term.listing for term in terms), known_at, own)
    found = []
    for number, term in enumerate(terms):
        for claim in term.listing.claims:
            if claim.kind not in ("price", "identity"):
                continue
            starts, ends = interval_of(claim.span, known_at, release)
            starts, ends = max(starts, term.valid_from or BEGINNING), min(ends, term.valid_to or END_OF_TIME)
            if starts < ends:
                found.append(_Piece(number, claim, starts, ends))
    _end_late(found, terms, readings)
    return [piece for piece in found if piece.starts < piece.ends]


def _end_late(pieces: Sequence[_Piece], terms: Sequence[Term], readings: Mapping[int, Sequence[datetime]]) -> None:
    """End undated prices with the dated step of another source that their own source changed to at its next reading."""
    dated = [piece for piece in pieces if piece.claim.kind == "price" and piece.claim.span.valid_from is not None]
    if not dated:
        return
    for piece in pieces:
        span = piece.claim.span
        if piece.claim.kind != "price" or span.dated or not span.corrected or span.observed_to is None:
            continue
        before = max((read for read in readings.get(piece.claim.document.id, ()) if read < span.observed_to), default=None)
        if before is None:
            continue
        own = terms[piece.term].listing
        successors = [one for one in own.claims if _follows(one, piece.claim)]
        steps = [
            step.starts
            for step in dated
            if before < step.starts < piece.ends
            and step.claim.key == piece.claim.key
            and tells_of(terms[step.term].listing, own)
            and any(equal(step.claim, one) for one in successors)
        ]
        if steps:
            piece.ends = min(steps)


def _follows(one: ClaimView, claim: ClaimView) -> bool:
    return one.key == claim.key and one.document is claim.document and one.span.observed_from == claim.span.observed_to


@dataclass(slots=True)
class _Standing:
    """What one provider's offers cost while nothing of them begins or ends, whether any of them charges, and which of its zeros
    only catalogues state."""

    shown: Shown = field(default_factory=dict)
    hearsay: set[tuple[str, str]] = field(default_factory=set)
    is_charged: bool = False

    def shown_where(self, is_doubted: bool) -> Shown:
        """What is shown where its zeros are doubted, or are not."""
        if not is_doubted:
            return self.shown
        return {place: figure for place, figure in self.shown.items() if place not in self.hearsay}


def _standing(
    model: str, terms: Sequence[Term], pieces: Iterable[_Piece], model_type: str, is_left_out: Callable[[OfferGroup], bool]
) -> _Standing:
    """What is shown of a provider's offers while these pieces are in force."""
    by_term: dict[int, list[ClaimView]] = defaultdict(list)
    for piece in pieces:
        by_term[piece.term].append(piece.claim)
    listings: list[ListingView] = []
    for number, claims in sorted(by_term.items()):
        listing = terms[number].listing
        listing.current = sorted(claims, key=lambda claim: (claim.kind, claim.key, claim.document.position, claim.document.url))
        listings.append(listing)
    found = _Standing()
    for group in offers_of(model, listings):
        prices = prices_of(group, model_type)
        found.is_charged = found.is_charged or is_charged(prices)
        if is_left_out(group):
            continue
        found.hearsay |= {(group.key.id, str(figure.key)) for figure in free_by_hearsay(group, prices)}
        found.shown |= {(group.key.id, str(figure.key)): figure for figure in prices.figures if figure.usd is not None}
    return found


class _Writing:
    """Steps as they grow from instant to instant; beside each one that runs, who stood for it last."""

    def __init__(self) -> None:
        self._open: dict[str, dict[tuple[str, str], tuple[PriceStep, Candidate]]] = defaultdict(dict)
        self._done: list[PriceStep] = []

    def take(self, provider: str, at: datetime, shown: Shown) -> None:
        """Note what is shown of a provider's offers from this instant on."""
        known = self._open[provider]
        for place in [place for place in known if place not in shown]:
            self._done.append(replace(known.pop(place)[0], ends=at))
        for place, figure in shown.items():
            assert figure.usd is not None
            before, last = known.get(place, (None, None))
            if before is not None and before.usd == figure.usd:
                known[place] = before, figure.winner
                continue
            if before is not None:
                self._done.append(replace(before, ends=at))
            claim, source = figure.winner.claim, figure.winner.listing.source.id
            restated = last is not None and _is_another_voice(figure, last, at)
            step = PriceStep(place[0], provider, figure.key, at, None, figure.usd, claim, source, restated)
            known[place] = step, figure.winner

    def steps(self) -> Iterator[PriceStep]:
        """All of them."""
        yield from self._done
        for known in self._open.values():
            for step, _ in known.values():
                yield step


def _is_another_voice(figure: ChosenPrice, last: Candidate, at: datetime) -> bool:
    """Whether the figure moved because another source is believed: what the last one said stands still, or the new one said it
    before."""
    if figure.winner.listing.source.id == last.listing.source.id:
        return False
    return figure.winner.claim.span.start(None) != at or any(other.claim is last.claim for other in figure.others)


def _foreseen(model: str, terms: Sequence[Term], known_at: datetime, model_type: str) -> Iterator[PriceStep]:
    """The steps that were announced and taken back before or when they were to come."""
    for term in terms:
        for claim in term.listing.claims:
            span = claim.span
            if claim.kind != "price" or span.valid_from is None or span.valid_from <= span.observed_from or not span.corrected:
                continue
            if span.observed_from > known_at or span.end_at(known_at) == END_OF_TIME or claim.usd is None:
                continue
            term.listing.current = [claim]
            for group in offers_of(model, [term.listing]):
                for figure in prices_of(group, model_type).figures:
                    yield PriceStep(
                        offer=group.key.id,
                        provider=term.listing.provider,
                        key=figure.key,
                        starts=span.valid_from,
                        ends=span.valid_to,
                        usd=claim.usd,
                        claim=claim,
                        source=term.listing.source.id,
                        foreseen=True,
                    )
