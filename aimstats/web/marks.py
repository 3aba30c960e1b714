"""The small marks beside figures: a newer one was held back, the source was not read lately, nobody else says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from aimstats.catalogue.catalogue import Catalogue, DocumentFacts, Row
from aimstats.domain.absence import Absence
from aimstats.domain.texts import N_
from aimstats.web import formats
from aimstats.web.language import t

REASONS: Final[Mapping[str, str]] = {
    "the only source that states it": N_("no other source states it"),
    "no fresh source states it": N_("no source that was read lately states it"),
    "the seller's own page": N_("the seller’s own page outranks every other source"),
    "a copy of the seller's own page": N_("a copy of the seller’s own page outranks every other source"),
    "the seller's own API": N_("the seller’s own API outranks catalogues"),
    "the router's own offer": N_("a router is believed on its own offers"),
    "the first catalogue in order that states it": N_("it comes first in the order of catalogues"),
    "the developer's own page": N_("the developer’s own page outranks every other source"),
}
"""Why a statement is shown, in the words of the page; keyed as `aimstats.resolution.choice.reason_of` says it."""

PATTERNS: Final = (
    (re.compile(r"stated by (?P<number>\d+) of (?P<total>\d+) sources"), N_("stated by %(number)s of %(total)s sources")),
    (re.compile(r"(?P<source>.{1,200}), at the developer's own provider"), N_("%(source)s, at the developer’s own provider")),
    (re.compile(r"the registry of the weights, (?P<source>.{1,200})"), N_("the registry of the weights, %(source)s")),
)
"""The reasons that name something, as `aimstats.resolution.voices` says them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark and the sentence that it stands for."""

    kind: Literal["held", "stale", "alone"]
    text: str


def because(reason: str | None) -> str:
    """Why a statement is the one that is shown; a reason that is not known stands as it is.

    >>> because("the seller's own API"), because("stated for 3 of 4 providers"), because(None)
    ('the seller’s own API outranks catalogues', 'stated for 3 of 4 providers', '')
    >>> because("OpenAI, at the developer's own provider; pdf by most other sources")
    'OpenAI, at the developer’s own provider; pdf by most other sources'
    """
    if not reason or reason in REASONS:
        return t(REASONS[reason]) if reason else ""
    first, *more = reason.split("; ")
    found = ((pattern.fullmatch(first), text) for pattern, text in PATTERNS)
    said = next((t(text, **match.groupdict()) for match, text in found if match), first)
    return "; ".join((said, *more))


def held_mark(held: Mapping[str, Any]) -> Mark:
    """That a figure stays since its successor is held back, or that there is none since it is.

    >>> held_mark({"confirmed_at": "2026-11-12T06:00:00+00:00", "reason": "a thousand times dearer"}).text
    'Kept from 12 Nov 2026: a newer figure was held back (a thousand times dearer)'
    """
    reason = f" ({held['reason']})" if held.get("reason") else ""
    if "confirmed_at" not in held:
        return Mark("held", t("Held back since %(day)s", day=formats.day(held["since"])) + reason)
    return Mark("held", t("Kept from %(day)s: a newer figure was held back", day=formats.day(held["confirmed_at"])) + reason)


def stale_mark(document: DocumentFacts) -> Mark:
    """That a document was not read for one and a half times its usual interval."""
    if not document.checked_at:
        return Mark("stale", t("Never read: %(source)s. The figure may have changed", source=document.source))
    since = formats.day(document.checked_at.isoformat())
    return Mark("stale", t("Not read since %(day)s: %(source)s. The figure may have changed", day=since, source=document.source))


def marks_of_statement(catalogue: Catalogue, stated: Mapping[str, Any]) -> list[Mark]:
    """The marks of one line of evidence."""
    marks = [held_mark(stated["held"])] if stated.get("held") else []
    if stated.get("document") in catalogue.version.stale:
        marks.append(stale_mark(catalogue.documents[stated["document"]]))
    return marks


def marks_of_offer(offer: Row | None) -> dict[str, Mark]:
    """The marks of an offer's headline prices, by the key of their column."""
    if offer is None:
        return {}
    body = offer.body
    stale = {document.source: document for document in offer.stale_documents}
    marks: dict[str, Mark] = {}
    for price in body["prices"]:
        if price["plan"] != "standard" or price["conditions"] or price["usd"] != body["cost"].get(price["meter"]):
            continue
        key = f"cost.{price['meter']}"
        if price.get("held") and (price["usd"] is not None or price["absent"] == Absence.HELD):
            marks[key] = held_mark(price["held"])
        elif price["usd"] is not None and price["source"] in stale:
            marks.setdefault(key, stale_mark(stale[price["source"]]))
        elif price.get("mark"):
            marks.setdefault(key, Mark("alone", price["mark"][:1].upper() + price["mark"][1:]))
    return marks


def marks_of_row(catalogue: Catalogue, row: Row, collection: str) -> dict[str, Mark]:
    """The marks of a row's figures by column: an offer's own, a model's from the offer whose price stands for it or from those
    whose median does, a provider's from its cheapest offer."""
    if collection == "offers":
        return marks_of_offer(row)
    if collection == "models":
        basis = row["cost_basis"] or {}
        is_median = basis.get("basis") == "median"
        return _marks_of_median(catalogue, row.id) if is_median else marks_of_offer(_offer(catalogue, basis))
    if collection == "providers":
        marks = marks_of_offer(_offer(catalogue, row["cheapest"]))
        mark = marks.get("cost.input") or marks.get("cost.output")
        return {"cheapest": mark} if mark else {}
    return {}


def _marks_of_median(catalogue: Catalogue, model: str) -> dict[str, Mark]:
    """A median is as old as the oldest of the prices that it was taken from."""
    marks: dict[str, Mark] = {}
    for offer in catalogue.offers_of(model) if catalogue.version.stale else ():
        for document in offer.stale_documents[:1] if offer["comparable"] else ():
            for key in ("cost.input", "cost.output"):
                if offer[key] is not None:
                    marks.setdefault(key, stale_mark(document))
    return marks


def _offer(catalogue: Catalogue, named: Mapping[str, Any] | None) -> Row | None:
    return catalogue.row("offers", named["offer"]) if named and named.get("offer") else None
