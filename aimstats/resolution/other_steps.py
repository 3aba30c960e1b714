"""The limits of a model and what was told of its life, in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aimstats.domain.spans import END_OF_TIME, interval_of
from aimstats.resolution.facts import choose_facts
from aimstats.resolution.inputs import SELLER_KINDS, ClaimView, Term

LIMITS: Final = frozenset({"limit.context", "limit.input", "limit.output"})


@dataclass(frozen=True, slots=True)
class FieldStep:
    """What is shown of one field over a half-open time; `provider` is the seller of whom a life is told, '' for the model."""

    field: str
    provider: str
    starts: datetime
    ends: datetime | None
    value: Any
    claim: ClaimView
    source: str
    corrected: bool = False


def limit_steps(terms: Sequence[Term], known_at: datetime, own: frozenset[str]) -> list[FieldStep]:
    """The model's limits between the instants at which what is claimed of them begins or ends; `own` are its developer's provider
    ids."""
    pieces: list[tuple[datetime, datetime, int, ClaimView]] = []
    for number, term in enumerate(terms):
        for claim in term.listing.claims:
            if claim.key in LIMITS:
                starts, ends = interval_of(claim.span, known_at, None)
                if starts < ends:
                    pieces.append((starts, ends, number, claim))
    steps: list[FieldStep] = []
    running: dict[str, FieldStep] = {}
    for at in sorted({instant for starts, ends, *_ in pieces for instant in (starts, ends) if instant != END_OF_TIME}):
        by_term: dict[int, list[ClaimView]] = defaultdict(list)
        for starts, ends, number, claim in pieces:
            if starts <= at < ends:
                by_term[number].append(claim)
        listings = []
        for number, claims in by_term.items():
            listing = terms[number].listing
            listing.current = claims
            listings.append(listing)
        chosen = choose_facts(listings, own, fields=LIMITS).chosen
        for field, before in list(running.items()):
            if field not in chosen or chosen[field].value != before.value:
                steps.append(_ended(running.pop(field), at))
        for field, one in chosen.items():
            if field not in running:
                running[field] = FieldStep(field, "", at, None, one.value, one.claim, one.listing.source.id)
    return sorted([*steps, *running.values()], key=lambda step: (step.field, step.starts))


def _ended(step: FieldStep, at: datetime) -> FieldStep:
    return FieldStep(step.field, step.provider, step.starts, at, step.value, step.claim, step.source)


def life_steps(terms: Sequence[Term], known_at: datetime) -> Iterator[FieldStep]:
    """What each seller was told to do with the model, from when until when it was told; `value` is the event's day and how exact
    it is."""
    for term in terms:
        listing = term.listing
        if listing.source.kind not in SELLER_KINDS:
            continue
        for claim in listing.claims:
            if claim.kind != "lifecycle" or claim.span.observed_from > known_at:
                continue
            end = claim.span.end_at(known_at)
            value = {"at": claim.value.get("at"), "precision": claim.value["precision"]}
            if listing.snapshot or listing.variant:
                value["of"] = "+".join(filter(None, (listing.snapshot, listing.variant)))
            yield FieldStep(
                field=claim.key.partition("#")[0],
                provider=listing.provider,
                starts=claim.span.observed_from,
                ends=None if end == END_OF_TIME else end,
                value=value,
                claim=claim,
                source=listing.source.id,
                corrected=claim.span.corrected and end != END_OF_TIME,
            )
