"""Whose word counts for a fact: the one at first hand, else that of the most sources, each of which has one voice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any, Final

import orjson

from aimstats.domain.reasons import Reason
from aimstats.domain.spans import END_OF_TIME, start_of_date
from aimstats.identity import developer_of
from aimstats.resolution.inputs import ROUTER_RANK, UNDATED, ClaimView, ListingView

Voice = tuple[ClaimView, ListingView]

DATES: Final = frozenset({"release_date", "knowledge", "last_updated"})
SETS: Final = frozenset({"modalities.input", "modalities.output"})
AT_HOME: Final = frozenset({"limit.context", "limit.input", "release_date", "open_weights"})
"""What resellers have of their own: caps, the day on which they began to sell the model, a "no" where nobody looked. Of answers
catalogues copy the context or a default at the developer's own shop as often."""
WEIGHTS: Final = frozenset({"open_weights", "license", "parameters.total", "parameters.active", "weights_bytes"})
"""What a registry of weights knows at first hand of the weights that their developer put there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The value that is believed, the voice that stands for it, and why."""

    value: Any
    voice: Voice
    reason: Reason


def plainness(listing: ListingView) -> tuple[bool, bool]:
    """Whether the listing speaks of a variant or of one dated snapshot: the plain model comes first."""
    return (listing.variant != "", listing.snapshot not in UNDATED)


def is_first_hand(listing: ListingView, own: frozenset[str]) -> bool:
    """Whether the listing is a seller's own page or API, or a router's word on its own offers, and the seller one of these."""
    return listing.provider in own and listing.trust <= ROUTER_RANK


def heard(field: str, rows: Sequence[Voice], own: frozenset[str], text: Callable[[Any], Any] = lambda value: value) -> Outcome:
    """What is believed of one field; `own` are the developer's (of an offer: the seller's) provider ids, `text` what of a value
    counts as the same.

    A first hand that is fresh is believed. Where it lists modalities it denies no others: what other pages of its own and most
    other sources list beside them is added. Of the rest the value of the most sources is believed, ties by the order of sources;
    a date that is stated by its month supports every day of it.
    """
    first = [row for row in rows if is_first_hand(row[1], own) and not row[0].stale]
    if first:
        chosen = min(first, key=lambda row: (row[0].document.is_copy, *plainness(row[1]), row[1].sorting))
        reason = first_hand_reason(chosen[1])
        if field in SETS:
            told = [entry for row in first if plainness(row[1]) == plainness(chosen[1]) for entry in row[0].value]
            listed = list(dict.fromkeys([*chosen[0].value, *told]))
            more = _added([row for row in rows if not is_first_hand(row[1], own)], listed, own)
            if more:
                added = reduce(lambda first, last: Reason("and", first=first, last=last), more)
                return Outcome([*listed, *more], chosen, Reason("with_more", reason=reason, more=added))
            return Outcome(listed, chosen, reason)
        return Outcome(chosen[0].value, chosen, reason)
    if field in WEIGHTS:
        kept = [row for row in rows if _is_registered(row[1]) and not row[0].stale]
        if kept:
            chosen = min(kept, key=lambda row: (*plainness(row[1]), row[1].sorting))
            return Outcome(chosen[0].value, chosen, Reason("registry", source=chosen[1].source.name))
    return _elected(field, rows, own, text)


def _is_registered(listing: ListingView) -> bool:
    """Whether a registry of weights speaks of what the developer itself put there, and not of somebody's copy."""
    owner, _, _ = listing.external_id.partition("/")
    developer, _, _ = (listing.model or "").partition("/")
    return listing.source.registers_weights and not listing.variant and developer_of(owner) == developer


def opened(outcome: Outcome, rows: Sequence[Voice], named: Sequence[Voice], own: frozenset[str]) -> Outcome:
    """Whether weights are open, where a source names the repository that the developer itself put them in: who says that they are
    is believed then, unless a first hand denies it. Catalogues write "no" where they do not know."""
    voice = outcome.voice
    if outcome.value or (is_first_hand(voice[1], own) and not voice[0].stale):
        return outcome
    for claim, listing in named:
        owner, _, _ = str(claim.value).partition("/")
        if not listing.variant and developer_of(owner) == (listing.model or "").partition("/")[0]:
            yes = voices_of((row for row in rows if row[0].value), own)
            return Outcome(True, yes[0], Reason("published_weights", repository=claim.value)) if yes else outcome
    return outcome


def first_hand_reason(listing: ListingView) -> Reason:
    """Why a listing at the developer's own provider is believed."""
    return Reason("developer_page") if listing.trust == 0 else Reason("at_the_developer", source=listing.source.name)


def _elected(field: str, rows: Sequence[Voice], own: frozenset[str], text: Callable[[Any], Any]) -> Outcome:
    voices = voices_of(rows, own, text)
    if fresh := [voice for voice in voices if not voice[0].stale]:
        voices = fresh
    stated = [_comparable(text(claim.value)) for claim, _ in voices]
    supports = Counter(stated)
    if field in DATES:
        days = {value: sum(value.startswith(other) for other in stated) for value in set(stated)}
        supports = Counter(days)
    best = max(supports.values())
    leading = [(voice, value) for voice, value in zip(voices, stated, strict=True) if supports[value] == best]
    # Of two that support each other, the one that says the day; of as many, what is said at the developer's own shop.
    voice, _ = min(
        leading,
        key=lambda pair: (
            -len(pair[1]) if field in DATES else 0,
            *plainness(pair[0][1]),
            field in AT_HOME and pair[0][1].provider not in own,
            pair[0][1].sorting,
        ),
    )
    if len(voices) == 1:
        return Outcome(voice[0].value, voice, Reason("only_source"))
    return Outcome(voice[0].value, voice, Reason("most_sources", number=best, total=len(voices)))


def voices_of(rows: Iterable[Voice], own: frozenset[str], text: Callable[[Any], Any] = lambda value: value) -> list[Voice]:
    """One voice a source: what it says at the developer's own provider, else most often; of the plainest of its listings."""
    by_source: dict[str, list[Voice]] = defaultdict(list)
    for row in rows:
        by_source[row[1].source.id].append(row)
    found = []
    for said in by_source.values():
        pool = [row for row in said if row[1].provider in own] or said
        plainest = min(plainness(row[1]) for row in pool)
        pool = [row for row in pool if plainness(row[1]) == plainest]
        often = Counter(_comparable(text(claim.value)) for claim, _ in pool)
        found.append(min(pool, key=lambda row: (-often[_comparable(text(row[0].value))], row[1].sorting)))
    return sorted(found, key=_place)


def release_of(listings: Iterable[ListingView], known_at: datetime, own: frozenset[str]) -> datetime | None:
    """The first instant of the day on which the model was released, as believed of all that was stated by then and not taken
    back; None where nobody says."""
    rows = [
        (claim, listing)
        for listing in listings
        for claim in listing.claims
        if claim.kind == "fact" and claim.key == "release_date" and claim.span.observed_from <= known_at
        and not (claim.span.corrected and claim.span.end_at(known_at) != END_OF_TIME)
    ]  # fmt: skip
    return start_of_date(heard("release_date", rows, own).value) if rows else None


def _added(others: Sequence[Voice], listed: Sequence[str], own: frozenset[str]) -> list[str]:
    """The modalities that more than half of the other sources list, two of them at least."""
    voices = voices_of(others, own)
    counts = Counter(entry for claim, _ in voices for entry in claim.value)
    return sorted(entry for entry, count in counts.items() if entry not in listed and count * 2 > len(voices) and count > 1)


def _place(voice: Voice) -> tuple[Any, ...]:
    return (*plainness(voice[1]), voice[1].sorting)


def _comparable(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
