"""The small marks beside figures: a newer one was held back, the source was not read lately, nobody else says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from aimstats.catalogue.catalogue import Catalogue, DocumentFacts, Row
from aimstats.domain.absence import Absence
from aimstats.domain.reasons import Reason, told
from aimstats.web import formats
from aimstats.web.language import ENGLISH, in_english, language, t


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark and the sentence that it stands for, as an element holds it."""

    kind: Literal["held", "stale", "alone"]
    html: str

    @property
    def text(self) -> str:
        """The sentence as an attribute holds it."""
        return self.html.striptags() if isinstance(self.html, Markup) else self.html


def because(stated: Mapping[str, Any]) -> str:
    """Why a statement is the one that is shown; what an earlier release wrote stands as it is.

    >>> because({"reason": "the seller's own API", "because": {"code": "own_api"}}), because({"reason": None})
    ('the seller’s own API outranks catalogues', '')
    >>> because({"reason": "stated for 3 of 4 providers"})
    'stated for 3 of 4 providers'
    """
    return said(told(stated.get("reason") or "", stated.get("because")))


def said(text: str) -> str:
    """A sentence that the core says: in the language of the page where it has a code, else marked as English; so are errors in
    others' words that are a part of it.

    >>> said(Reason("index_failed", url="https://a.example/", error="HTTP 503")), said("HTTP 503")
    ('its index failed: https://a.example/: HTTP 503', 'HTTP 503')
    """
    if language() is ENGLISH:
        return text.said(t) if isinstance(text, Reason) else text
    if not isinstance(text, Reason):
        return _english(text) if text else text
    return text.said(lambda sentence: Markup(t(sentence)), _english) if text.quotes else text.said(t)


def failure(error: str, because: Mapping[str, Any] | None) -> str:
    """Why a source was not read, as a sentence of its own."""
    reason = told(error, because)
    return formats.sentence(said(reason)) if isinstance(reason, Reason) else said(formats.sentence(reason))


def _english(text: str) -> Markup:
    return Markup("<span{}>{}</span>").format(in_english(), text)


def held_mark(held: Mapping[str, Any]) -> Mark:
    """That a figure stays since its successor is held back, or that there is none since it is.

    >>> held_mark({"confirmed_at": "2026-11-12T06:00:00+00:00", "reason": "a thousand times dearer"}).text
    'Kept from 12 Nov 2026: a newer figure was held back (a thousand times dearer)'
    """
    said = because(held)
    reason = Markup(" ({})").format(said) if said else ""
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
            said = because({"reason": price["mark"], "because": price.get("because")})
            marks.setdefault(key, Mark("alone", said if isinstance(said, Markup) else said[:1].upper() + said[1:]))
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
