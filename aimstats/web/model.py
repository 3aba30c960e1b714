"""What the page of one model shows: key figures, offers, prices by plan, facts with their claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.domain.absence import Absence
from aimstats.domain.meters import IN_ORDER, METERS, TEXT
from aimstats.domain.texts import N_
from aimstats.domain.workload.mixes import blended
from aimstats.identity import provider_name
from aimstats.web import formats
from aimstats.web.editions import Claims, claims_of_model, day_of, listings_of_offer
from aimstats.web.facts import Fact, facts_of
from aimstats.web.kept import kept
from aimstats.web.key_figures import KeyFigure, disputes_of, hours_of, key_figures, status_words
from aimstats.web.language import plural, t
from aimstats.web.links import link
from aimstats.web.marks import Mark, marks_of_offer, marks_of_row
from aimstats.web.price_history import HistoryView, price_history
from aimstats.web.scores import ScoreLine, score_lines

MAX_OFFER_METERS: Final = 4
NOT_SOLD: Final = frozenset({"retired", None})
"""Statuses of offers that have ended, or that their seller's own complete list leaves out."""
BASIS_NOTES: Final[Mapping[str, str]] = {
    "first_party": N_("What its developer charges, in US dollars."),
    "median": N_("Its developer states no price: this is the median of its offers, in US dollars."),
    "cheapest": N_("What the cheapest of its offers charges, in US dollars."),
}
ENDED_NOTES: Final[Mapping[str, str]] = {
    "first_party": N_("What its developer charged last, in US dollars: its offer has ended."),
    "median": N_("Its developer sells it no longer: this is the median of its offers, in US dollars."),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A column of the price table: a plan, or the prices of long contexts."""

    label: str
    cost: Mapping[str, Any]
    absent: Mapping[str, str]
    marks: Mapping[str, Mark]


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One offer as the page lists it; `host_name` is who runs the model for the provider, "" where it does itself."""

    id: str
    anchor: str
    provider: str
    provider_name: str
    host_name: str
    external_id: str
    tags: Sequence[str]
    warning: str
    cost: Mapping[str, Any]
    limit: Mapping[str, Any]
    agreement: Mapping[str, Any]
    marks: Mapping[str, Mark]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView:
    """A model's page, ready to be drawn."""

    model: Mapping[str, Any]
    status: Sequence[tuple[str, bool]]
    key_figures: Sequence[KeyFigure]
    price_of: str
    offers: Sequence[OfferLine]
    retired: Sequence[OfferLine]
    meters: Sequence[str]
    terms: Sequence[Term]
    term_meters: Sequence[str]
    basis_note: str
    facts: Sequence[Fact]
    scores: Sequence[ScoreLine]
    history: HistoryView | str | None
    known_replacements: frozenset[str]
    opened: str
    listings: Sequence[Mapping[str, Any]] | None
    evidence_is_away: bool
    weights_bytes: int | None

    @property
    def summary(self) -> str:
        """One sentence for search engines and previews."""
        cost = self.model["cost"]
        return plural(
            "%(name)s by %(developer)s: %(input)s in, %(output)s out per million tokens; %(number)s offer.",
            "%(name)s by %(developer)s: %(input)s in, %(output)s out per million tokens; %(number)s offers compared.",
            len(self.offers) + len(self.retired),
            name=self.model["name"],
            developer=self.model["developer"]["name"],
            input=formats.dollars(cost.get("input")),
            output=formats.dollars(cost.get("output")),
        )

    @property
    def price_evidence(self) -> str:
        """Where the evidence of the price that stands for the model is open; empty where no one offer stands for it."""
        if not self.price_of:
            return ""
        return link("model", self.model["id"], query=urlencode({"offer": self.price_of}), anchor=anchor_of(self.price_of))

    def evidence_address(self, offer: OfferLine) -> str:
        """The page with the offer's evidence opened; without it where it is open already."""
        query = "" if offer.id == self.opened else urlencode({"offer": offer.id})
        return link("model", self.model["id"], query=query, anchor=offer.anchor)


def model_context(catalogue: Catalogue, row: Row, *, opened: str = "") -> dict[str, Any]:
    """What the template of a model's page needs."""
    view = model_view(catalogue, row, opened=opened)
    return {
        "title": t("%(name)s: price and scores", name=view.model["name"]),
        "description": view.summary,
        "view": view,
        "model": view.model,
    }


def model_view(catalogue: Catalogue, row: Row, *, opened: str = "") -> ModelView:
    """The page of a model; `opened` is the id of the offer whose evidence is shown."""
    is_own = opened in [offer.id for offer in catalogue.offers_of(row.id)]
    claims = claims_of_model(catalogue, row.id)
    listings = listings_of_offer(catalogue, opened) if is_own else []
    today = day_of(catalogue)
    body = row.body | row.detail
    offers = sorted(catalogue.offers_of(row.id), key=_by_price)
    names = kept(catalogue).names.providers
    marks = marks_of_row(catalogue, row, "models")
    facts = facts_of(catalogue, body, claims or {})
    hours = hours_of(catalogue, body)
    terms = _terms(body["cost"], marks, hours)
    shown = marks | {fact.key: fact.mark for fact in facts if fact.mark}
    return ModelView(
        model=body,
        status=status_words(body, today),
        key_figures=key_figures(body, shown, disputes_of(catalogue, body), hours),
        price_of=(body.get("cost_basis") or {}).get("offer") or "",
        offers=[_offer_line(offer, names, today) for offer in offers if offer["status"] not in NOT_SOLD],
        retired=[_offer_line(offer, names, today) for offer in offers if offer["status"] in NOT_SOLD],
        meters=ordered_meters(offer.body["cost"] for offer in offers)[:MAX_OFFER_METERS],
        terms=terms,
        term_meters=ordered_meters(term.cost for term in terms),
        basis_note=_basis_note(body),
        facts=facts,
        scores=score_lines(catalogue, (claims or {}).get("scores", ())),
        history=price_history(catalogue, row, names),
        known_replacements=frozenset(name for name in body["replacements"] if name in catalogue.models.positions),
        opened=opened if is_own else "",
        listings=listings,
        evidence_is_away=claims is None or listings is None,
        weights_bytes=_weights_bytes(claims or {}),
    )


def _basis_note(body: Mapping[str, Any]) -> str:
    basis = body.get("cost_basis") or {}
    note = (ENDED_NOTES if "ended_offer" in basis else BASIS_NOTES).get(basis.get("basis", ""), "")
    return t(note) if note else ""


def _weights_bytes(claims: Claims) -> int | None:
    """How large its weights are as they are published, by the source that is believed; None where none says."""
    return next((one["value"] for one in claims.get("weights_bytes", ()) if one["won"]), None)


def anchor_of(offer: str) -> str:
    """An offer's id as an element's: letters, digits, dash and underscore only.

    >>> anchor_of("azure/openai/gpt-4o@eu~x")
    'offer-azure_openai_gpt-4o_eu_x'
    """
    return "offer-" + "".join(mark if mark.isalnum() or mark == "-" else "_" for mark in offer)


def ordered_meters(costs: Iterable[Mapping[str, Any]]) -> list[str]:
    """The meters that any of these states, the usual ones first."""
    stated = {meter for cost in costs for meter, value in cost.items() if meter in METERS and value is not None}
    return [meter for meter in IN_ORDER if meter in stated]


def meter_unit(meter: str) -> str:
    """What one price of a meter is for, as a head says it.

    >>> meter_unit("input"), meter_unit("image")
    ('$/M', '$/image')
    """
    return t(METERS[meter].unit_text)


def _by_price(offer: Row) -> tuple[bool, bool, Decimal, bool, Decimal, str]:
    """Cheapest first, what is free behind all that charges; then what cannot be compared, since a price of it is not known, by
    the price that is."""
    asked, answered = (offer[f"cost.{side}"] for side in TEXT)
    price = blended(asked, answered, bills_output=offer.body["cost"]["absent"].get("output") != Absence.NOT_BILLED)
    known = asked if asked is not None else answered
    return price is None, price == 0, price or Decimal(0), known is None, known or Decimal(0), offer.id


def _offer_line(row: Row, names: Mapping[str, str], today: date) -> OfferLine:
    offer = row.body
    tags = [offer["snapshot"], offer["variant"], offer["region"], offer["sku"]]
    retires = offer.get("retirement_date")
    return OfferLine(
        id=offer["id"],
        anchor=anchor_of(offer["id"]),
        provider=offer["provider"],
        provider_name=names.get(offer["provider"]) or offer["provider"],
        host_name=provider_name(offer["host"]) if offer["host"] != offer["provider"] else "",
        external_id=offer.get("external_id") or offer["id"],
        tags=[tag for tag in tags if tag and tag != "default"] + ([t("by the hour")] if offer["cost"].get("windowed") else []),
        warning=formats.ending(retires, offer["status"], today) if retires else "",
        cost=offer["cost"],
        limit=offer["limit"],
        agreement=offer["agreement"],
        marks=marks_of_offer(row),
    )


def _terms(cost: Mapping[str, Any], marks: Mapping[str, Mark], hours: Sequence[tuple[str, Mapping[str, str]]]) -> list[Term]:
    """The price table's columns; empty where there is only the one standard price."""
    absent = cost.get("absent") or {}
    terms = [Term(t("Standard"), cost, absent, marks)]
    for tier in cost.get("tiers") or ():
        terms.append(Term(t("Above %(tokens)s context", tokens=formats.tokens(tier["min_context_tokens"])), tier, {}, {}))
    terms += [Term(t("%(hours)s UTC", hours=told), prices, {}, {}) for told, prices in hours]
    for plan, prices in (cost.get("plans") or {}).items():
        terms.append(Term(formats.words(plan).capitalize(), prices, {}, {}))
    return terms if len(terms) > 1 or len(ordered_meters([cost])) > len(TEXT) else []
