"""A document's items as rows of claims: duplicates numbered, values canonical, what is no claim set aside with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from aimstats.domain.facts import INCOMPLETE, is_fact
from aimstats.domain.items import DocumentSeen, ListingSeen
from aimstats.domain.money import plain
from aimstats.domain.reasons import Reason

ListingKey = tuple[str, str, str, str, str]
"""(provider, host, external id, region, variant), as the source spells them."""


class ClaimRow(NamedTuple):
    """One claim to be: `value` is canonical JSON text; `usd` is the normalised figure of a price in US dollars."""

    kind: str
    key: str
    value: str
    usd: Decimal | None
    url: str | None
    valid_from: datetime | None
    valid_to: datetime | None


class HeldItem(NamedTuple):
    """One item that is kept back, with the check that it failed and why.

    `quiet`: a person rejected it before. `waits`: it is published when readings on further days state it.
    """

    listing: ListingKey
    ordinal: int
    item: dict[str, Any]
    check: str
    reason: Reason
    quiet: bool = False
    waits: bool = False


class Kept(NamedTuple):
    """A series that stands as it stood, whatever its document says now; without `key` all of its kind, without `kind` all."""

    listing: ListingKey
    ordinal: int
    kind: str = ""
    key: str = ""


class HeldTogether(NamedTuple):
    """What of a document waits as one: ends of listings, a field that vanished, prices that moved alike.

    `what` names it among what else of the document waits, `detail` is kept with it, `covers` are the series that wait.
    """

    what: str
    check: str
    reason: Reason
    covers: tuple[Kept, ...]
    detail: Mapping[str, Any] = MappingProxyType({})
    quiet: bool = False
    waits: bool = True


class Confirmed(NamedTuple):
    """What was held and is published since readings on further days stated it; `mark` says it beside the figure."""

    listing: ListingKey
    ordinal: int
    item: dict[str, Any]
    mark: Reason


@dataclass(slots=True)
class ListingRows:
    """A listing with its claims; `ordinal` above 1 for further different records of the same listing in the document."""

    key: ListingKey
    ordinal: int
    is_page_name: bool
    claims: list[ClaimRow]


@dataclass(slots=True)
class Flat:
    """All of one document, ready for the ledger: what it states, and what of that the gate keeps back.

    `confirmed` and `let_go` are what was held and is published now: figures by their item, things that waited together by `what`.
    `absent` numbers listings that the document names no longer and that stand all the same. `is_partial`: it announces
    sections that it leaves empty, so that nothing ends by it.
    """

    listings: list[ListingRows] = field(default_factory=list)
    held: list[HeldItem] = field(default_factory=list)
    together: list[HeldTogether] = field(default_factory=list)
    confirmed: list[Confirmed] = field(default_factory=list)
    let_go: dict[str, Reason] = field(default_factory=dict)
    absent: dict[tuple[ListingKey, int], int] = field(default_factory=dict)
    repeated: int = 0
    is_partial: bool = False


def json_text(value: Any) -> str:
    """Canonical JSON: sorted keys, decimals as plain strings."""
    return orjson.dumps(value, default=_decimal_text, option=orjson.OPT_SORT_KEYS).decode()


def json_value(text: str) -> Any:
    """The value that `json_text` wrote."""
    return orjson.loads(text)


def _decimal_text(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 2**53 else plain(value)
    raise TypeError(f"not a JSON value: {type(value).__name__}")


def _claims(listing: ListingSeen) -> Iterator[ClaimRow | tuple[str, Any, Reason]]:
    """The listing's claims; a (check, item, reason) triple for what is none."""
    identity: dict[str, Any] = {"kind": listing.kind}
    if listing.aliases:
        identity["aliases"] = sorted(set(listing.aliases))
    if listing.evidence:
        identity["evidence"] = dict(listing.evidence)
    yield ClaimRow("identity", "listing", json_text(identity), None, listing.url, None, None)
    facts = dict(listing.facts)
    if listing.name:
        facts["name"] = listing.name
    if listing.incomplete:
        facts[INCOMPLETE] = True
    for key, value in facts.items():
        if is_fact(key, value):
            yield ClaimRow("fact", key, json_text(value), None, listing.url, None, None)
        else:
            yield ("fact_value", {"kind": "fact", "key": key, "value": str(value)[:200]}, Reason("no_value", field=key))
    for price in listing.prices:
        url = price.url or listing.url
        yield ClaimRow("price", str(price.key), json_text(price.value()), price.usd, url, price.valid_from, price.valid_to)
    for event in listing.lifecycle:
        yield ClaimRow("lifecycle", event.event, json_text(event.value()), None, event.url or listing.url, None, None)
    for score in listing.scores:
        yield ClaimRow("score", score.key, json_text(score.stated()), None, score.url or listing.url, None, None)


def _once(claims: list[ClaimRow], held: list[tuple[str, Any, Reason]]) -> list[ClaimRow]:
    """One claim a series step: an equal repetition is dropped, a contradicting one is held (lifecycle events are numbered)."""
    kept: dict[tuple[str, str, datetime | None], ClaimRow] = {}
    for claim in claims:
        place = (claim.kind, claim.key, claim.valid_from)
        known = kept.get(place)
        if known is None:
            kept[place] = claim
        elif known.value == claim.value and known.valid_to == claim.valid_to:
            continue
        elif claim.kind == "lifecycle":
            number = 2 + sum(1 for kind, key, _ in kept if kind == "lifecycle" and key.startswith(f"{claim.key}#"))
            kept["lifecycle", f"{claim.key}#{number}", None] = claim._replace(key=f"{claim.key}#{number}")
        else:
            item = {"kind": claim.kind, "key": claim.key, "value": json_value(claim.value)}
            held.append(("stated_twice", item, Reason("stated_twice", field=claim.key)))
    return list(kept.values())


_NOBODY: ListingKey = ("", "", "", "", "")


def is_storable(text: str) -> bool:
    """Whether the text can stand in the database: UTF-8 without NUL.

    >>> is_storable("gpt-4o"), is_storable("gpt" + chr(0)), is_storable(chr(0xD800))
    (True, False, False)
    """
    try:
        return "\0" not in text and bool(text.encode() or True)
    except UnicodeEncodeError:
        return False


def flatten(document: DocumentSeen) -> Flat:
    """The document's claims by listing.

    A listing that stands twice with different figures is kept twice, numbered in the order of its canonical figures and
    marked ambiguous; equal repetitions are one.
    """
    flat = Flat(is_partial=bool(document.unread))
    versions: dict[ListingKey, dict[str, tuple[ListingSeen, list[ClaimRow], list[tuple[str, Any, Reason]]]]] = defaultdict(dict)
    for listing in document.listings:
        if not all(map(is_storable, listing.key)):
            item = {"id": ascii(listing.external_id)[:200]}
            flat.held.append(HeldItem(_NOBODY, 1, item, "unstorable_id", Reason("unstorable_id")))
            continue
        claims: list[ClaimRow] = []
        held: list[tuple[str, Any, Reason]] = []
        for row in _claims(listing):
            if isinstance(row, ClaimRow):
                claims.append(row)
            else:
                held.append(row)
        claims = _once(claims, held)
        figures = "\n".join(sorted(f"{claim.kind}\t{claim.key}\t{claim.value}\t{claim.valid_from}" for claim in claims))
        flat.repeated += figures in versions[listing.key]
        versions[listing.key].setdefault(figures, (listing, claims, held))
    for key, different in versions.items():
        for ordinal, figures in enumerate(sorted(different), 1):
            listing, claims, held = different[figures]
            if len(different) > 1:
                claims = [_ambiguous(claim) if claim.kind == "identity" else claim for claim in claims]
            flat.listings.append(ListingRows(key, ordinal, listing.is_page_name, claims))
            flat.held += [HeldItem(key, ordinal, item, check, reason) for check, item, reason in held]
    return flat


def _ambiguous(claim: ClaimRow) -> ClaimRow:
    return claim._replace(value=json_text(json_value(claim.value) | {"ambiguous": True}))
