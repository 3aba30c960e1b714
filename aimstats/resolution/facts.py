"""What is said of a model: the chosen value of every field, and each source's own value beside it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from aimstats.resolution.grouping import UNDATED
from aimstats.resolution.inputs import RENDERED_RANK, ClaimView, ListingView

_VENDOR = re.compile(r"^[^:]{2,24}: (?=\S)")
_SUFFIX = re.compile(
    r"\s*[(\[](?:latest|free|exacto|new|deprecated|retired|\d{4}-\d{2}-\d{2}|\d{8}|\d{2}-\d{2}|self-moderated|beta|preview)[)\]]$",
    re.IGNORECASE,
)


_SQUASHED = re.compile(r"[^a-z0-9.]+")


@dataclass(slots=True)
class Chosen:
    """The value of one field, who states it and why it is shown."""

    value: Any
    claim: ClaimView
    listing: ListingView
    reason: str


def display_name(stated: str) -> str:
    """A stated name without vendor prefix and price or date suffix.

    >>> display_name("Anthropic: Claude Sonnet 4.5 (latest)")
    'Claude Sonnet 4.5'
    """
    name = _VENDOR.sub("", stated)
    while (shorter := _SUFFIX.sub("", name)) and shorter != name:
        name = shorter
    return name


def _text(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _plainness(listing: ListingView) -> tuple[bool, bool]:
    """Whether the listing speaks of a variant or of one dated snapshot: the plain model comes first."""
    return (listing.variant != "", listing.snapshot not in UNDATED)


def choose_facts(
    listings: Iterable[ListingView], first_party: frozenset[str], slug: str = "", fields: Container[str] | None = None
) -> dict[str, Chosen]:
    """Field -> chosen value, of all fields or of those asked for.

    First the developer's own listings (page, API, then catalogues in order), the plain model before variants and
    snapshots; without one, the value that most providers state; ties go to the first source in order. Names that say no
    more than the model's `slug` come first: a host's "... on Host" names its offer.
    """
    stated: dict[str, list[tuple[ClaimView, ListingView]]] = defaultdict(list)
    for listing in sorted(listings, key=lambda row: row.sorting):
        for claim in listing.current:
            if claim.kind == "fact" and (fields is None or claim.key in fields):
                stated[claim.key].append((claim, listing))
    if "name" in stated:
        stated["name"] = _plain_names(stated["name"], slug) or stated["name"]
    return {field: _choose(field, rows, first_party) for field, rows in stated.items()}


def _plain_names(rows: list[tuple[ClaimView, ListingView]], slug: str) -> list[tuple[ClaimView, ListingView]]:
    """The rows whose display name is the slug as people write it: with spaces or capitals."""
    same = [row for row in rows if _SQUASHED.sub("", display_name(row[0].value).lower()) == _SQUASHED.sub("", slug)]
    return [row for row in same if display_name(row[0].value) != slug] or same


def _choose(field: str, rows: list[tuple[ClaimView, ListingView]], first_party: frozenset[str]) -> Chosen:
    own = [row for row in rows if row[1].provider in first_party]
    if own:
        claim, listing = min(
            own, key=lambda row: (row[0].stale, row[1].trust >= RENDERED_RANK, *_plainness(row[1]), row[1].sorting)
        )
        return Chosen(claim.value, claim, listing, own_reason(listing))
    votes: dict[bytes, set[str]] = defaultdict(set)
    for claim, listing in rows:
        value = display_name(claim.value) if field == "name" else claim.value
        votes[_text(value)].add(listing.provider)
    best = max(len(voters) for voters in votes.values())
    winners = {value for value, voters in votes.items() if len(voters) == best}
    for claim, listing in sorted(rows, key=lambda row: (*_plainness(row[1]), row[1].sorting)):
        value = display_name(claim.value) if field == "name" else claim.value
        if _text(value) in winners:
            total = len({listing.provider for _, listing in rows})
            reason = f"stated for {best} of {total} providers" if total > 1 else "the only source that states it"
            return Chosen(claim.value, claim, listing, reason)
    raise AssertionError("a winner is one of the rows")


def evidence_row(claim: ClaimView, listing: ListingView, value: Any, reason: str | None) -> dict[str, Any]:
    """What one source says of one field; `reason` says why it is the value shown, None where it is not."""
    return {
        "source": listing.source.id,
        "provider": listing.provider_stated,
        "external_id": listing.external_id,
        "value": value,
        "url": claim.url or claim.document.url,
        "document": claim.document.id,
        "observed_from": claim.span.observed_from.isoformat(),
        "observed_to": claim.span.observed_to.isoformat() if claim.span.observed_to else None,
        "won": reason is not None,
        "reason": reason,
    } | ({"held": claim.held.body()} if claim.held else {})


def own_reason(listing: ListingView) -> str:
    """Why a listing at the developer's own provider is believed."""
    return "the developer's own page" if listing.trust == 0 else f"{listing.source.name}, at the developer's own provider"


def evidence_of(listings: Iterable[ListingView], chosen: Mapping[str, Chosen]) -> dict[str, list[dict[str, Any]]]:
    """Field -> every source's own value, the shown one first."""
    found: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = defaultdict(list)
    for listing in listings:
        for claim in listing.current:
            if claim.kind != "fact":
                continue
            winner = chosen[claim.key]
            won = winner.claim is claim
            row = evidence_row(claim, listing, claim.value, winner.reason if won else None)
            found[claim.key].append(((not won, *listing.sorting, claim.document.url), row))
    return {field: [row for _, row in sorted(rows, key=lambda pair: pair[0])] for field, rows in sorted(found.items())}


_NAMED_TYPES = (
    ("rerank", re.compile(r"rerank")),
    ("embedding", re.compile(r"embed|\bbge\b|\bgte\b|\be5\b")),
    ("transcription", re.compile(r"whisper|transcribe|\basr\b|scribe")),
    ("speech", re.compile(r"\btts\b|text-to-speech")),
    ("moderation", re.compile(r"moderation|\bguard\b|guardrail|safeguard")),
)


def type_of(stated: str | None, inputs: list[str] | None, outputs: list[str] | None, slug: str) -> str:
    """The model's type: stated, else what its output modalities say, else what its name says, else text.

    >>> type_of(None, ["text"], ["image"], "flux-2")
    'image'
    >>> type_of(None, ["text"], ["text"], "qwen3-embedding-8b")
    'embedding'
    """
    if stated and stated != "text":
        return stated
    made = set(outputs or ())
    if "embedding" in made:
        return "embedding"
    if "score" in made:
        return "rerank"
    if made and "text" not in made:
        for modality, kind in (("video", "video"), ("image", "image"), ("audio", "speech")):
            if modality in made:
                return kind
    words = slug.replace("-", " ")
    for kind, pattern in _NAMED_TYPES:
        if pattern.search(words):
            return kind
    if inputs and "audio" in inputs and "text" not in inputs and made == {"text"}:
        return "transcription"
    return "text"
