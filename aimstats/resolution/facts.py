"""What is said of a model: the chosen value of every field, and each source's own value beside it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aimstats.domain.licences import licence
from aimstats.domain.reasons import Reason, explained
from aimstats.resolution.coherence import settle
from aimstats.resolution.disagreements import Noted, of_limits
from aimstats.resolution.inputs import ClaimView, ListingView
from aimstats.resolution.voices import Voice, heard, opened

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
    reason: Reason


def display_name(stated: str) -> str:
    """A stated name without vendor prefix and price or date suffix.

    >>> display_name("Anthropic: Claude Sonnet 4.5 (latest)")
    'Claude Sonnet 4.5'
    """
    name = _VENDOR.sub("", stated)
    while (shorter := _SUFFIX.sub("", name)) and shorter != name:
        name = shorter
    return name


READ_AS: Final[Mapping[str, Callable[[str], str]]] = {"name": display_name, "license": licence}
"""How a field's words are read before they are compared and shown; the evidence keeps them as they stand."""


@dataclass(slots=True)
class Facts:
    """Field -> what is shown of it; `disputed` are the fields whose chosen value could not stand beside the others,
    `disagreements` what each source says of those that are figures."""

    chosen: dict[str, Chosen]
    disputed: tuple[str, ...] = ()
    disagreements: Sequence[Noted] = ()

    def value(self, field: str) -> Any:
        """The shown value; None where nothing is."""
        return self.chosen[field].value if field in self.chosen else None


def choose_facts(
    listings: Iterable[ListingView], own: frozenset[str], slug: str = "", fields: Container[str] | None = None
) -> Facts:
    """Field -> chosen value, of all fields or of those asked for, as `voices.heard` believes them and `coherence.settle` lets
    them stand together. `own` are the provider ids of the developer (of an offer: of the seller).

    Names that say no more than the model's `slug` come first: a host's "... on Host" names its offer. A status is a seller's
    word on what it sells: another's counts only where the developer sells nothing.
    """
    stated: dict[str, list[Voice]] = defaultdict(list)
    for listing in sorted(listings, key=lambda row: row.sorting):
        for claim in listing.current:
            if claim.kind == "fact" and (fields is None or claim.key in fields):
                stated[claim.key].append((claim, listing))
    if "name" in stated:
        stated["name"] = _plain_names(stated["name"], slug) or stated["name"]
    if "status" in stated:
        stated["status"] = [row for row in stated["status"] if row[1].provider in own] or stated["status"]
    outcomes = {field: heard(field, rows, own, READ_AS.get(field, lambda value: value)) for field, rows in stated.items()}
    if (weights := outcomes.get("open_weights")) is not None:
        outcomes["open_weights"] = opened(weights, stated["open_weights"], stated.get("hugging_face_id", ()), own)
    settled = settle(outcomes, stated, own)
    chosen = {field: Chosen(one.value, *one.voice, one.reason) for field, one in settled.chosen.items()}
    return Facts(chosen, settled.disputed, of_limits(settled.disputed, settled.chosen, stated, own))


def _plain_names(rows: list[Voice], slug: str) -> list[Voice]:
    """The rows whose display name is the slug as people write it: with spaces or capitals."""
    same = [row for row in rows if _SQUASHED.sub("", display_name(row[0].value).lower()) == _SQUASHED.sub("", slug)]
    return [row for row in same if display_name(row[0].value) != slug] or same


def evidence_row(claim: ClaimView, listing: ListingView, value: Any, reason: Reason | None) -> dict[str, Any]:
    """What one source says of one field; `reason` says why it is the value shown, None where it is not."""
    return (
        {
            "source": listing.source.id,
            "provider": listing.provider_stated,
            "external_id": listing.external_id,
            "value": value,
            "url": claim.url or claim.document.url,
            "document": claim.document.id,
            "observed_from": claim.span.observed_from.isoformat(),
            "observed_to": claim.span.observed_to.isoformat() if claim.span.observed_to else None,
            "won": reason is not None,
            **explained(reason),
        }
        | ({"held": claim.held.body()} if claim.held else {})
        | ({"refers_to": claim.refers_to} if claim.refers_to else {})
    )


def evidence_of(listings: Iterable[ListingView], chosen: Mapping[str, Chosen]) -> dict[str, list[dict[str, Any]]]:
    """Field -> every source's own value, the shown one first."""
    found: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = defaultdict(list)
    for listing in listings:
        for claim in listing.current:
            if claim.kind != "fact":
                continue
            winner = chosen.get(claim.key)
            won = winner is not None and winner.claim is claim
            row = evidence_row(claim, listing, claim.value, winner.reason if won and winner else None)
            found[claim.key].append(((not won, *listing.sorting, claim.document.url), row))
    return {field: [row for _, row in sorted(rows, key=lambda pair: pair[0])] for field, rows in sorted(found.items())}
