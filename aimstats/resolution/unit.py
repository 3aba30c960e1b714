"""One model resolved from all that is claimed of it: its body, its offers, and the evidence of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aimstats.domain.facts import INCOMPLETE
from aimstats.domain.licences import licence
from aimstats.domain.memory import memory_gb
from aimstats.domain.money import plain
from aimstats.domain.spans import in_force
from aimstats.domain.use_cases import use_cases_of
from aimstats.identity import developer_name
from aimstats.identity.first_party import first_party
from aimstats.resolution.basis import bases_of
from aimstats.resolution.cost import agreement_of, cost_body, evidence_rows, frozen_at, prices_of, reasons_of
from aimstats.resolution.disagreements import of_day, of_prices
from aimstats.resolution.facts import Chosen, Facts, choose_facts, display_name, evidence_of
from aimstats.resolution.figures import Prices
from aimstats.resolution.grouping import DEFAULT_REGION, OfferGroup, OfferKey, offers_of
from aimstats.resolution.inputs import LATEST, SELLER_KINDS, UNDATED, ClaimView, ListingView, Moment
from aimstats.resolution.late import leave_out_late
from aimstats.resolution.lifecycle import (
    Life,
    at_home,
    is_called_active,
    life_evidence,
    life_of,
    life_of_name,
    model_life,
    others_than,
    status_of,
    with_replacements,
)
from aimstats.resolution.model_types import is_measured, sold_by, type_of
from aimstats.resolution.previews import is_preview, released_beside_previews
from aimstats.resolution.price_rows import price_rows
from aimstats.resolution.restated import hold_until_restated
from aimstats.resolution.scores import scores_of
from aimstats.resolution.sellers import seller_told
from aimstats.resolution.status import RETIRED, nobody_sells, standing_of
from aimstats.resolution.unsold import unsell
from aimstats.resolution.voices import is_first_hand, release_of
from aimstats.resolution.zeros import unsay_free

EARLIEST = datetime.min.replace(tzinfo=UTC)
OFFER_FACTS = frozenset({"name", "status", "limit.context", "limit.input", "limit.output", "regions"})


@dataclass(slots=True)
class ResolvedOffer:
    """An offer as it is stored: its key, what is shown, and what each source says."""

    key: OfferKey
    body: dict[str, Any]
    evidence: list[dict[str, Any]]
    prices: Prices


@dataclass(slots=True)
class Resolved:
    """A model with its offers; `body` is None for the routers, tools and fees of a provider."""

    body: dict[str, Any] | None
    evidence: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    offers: list[ResolvedOffer] = field(default_factory=list)


def set_current(listings: Sequence[ListingView], moment: Moment) -> None:
    """Mark on each listing the claims that are in force at the moment, in an order that does not depend on when they came."""
    for listing in listings if moment.at < moment.known_at else ():
        hold_until_restated(listing)
    developer = next((listing.model.partition("/")[0] for listing in listings if listing.model), None)
    release = release_of(listings, moment.known_at, frozenset(first_party(developer)))
    for listing in listings:
        current = (claim for claim in listing.claims if in_force(claim.span, moment.at, moment.known_at, release))
        listing.current = sorted(current, key=_place)
    leave_out_late(listings, moment)
    for listing in listings:
        listing.ambiguous = any(claim.kind == "identity" and claim.value.get("ambiguous") for claim in listing.current)


def _place(claim: ClaimView) -> tuple[Any, ...]:
    return (claim.kind, claim.key, claim.document.position, claim.document.url, claim.span.valid_from or EARLIEST)


def resolve_unit(model: str | None, listings: Sequence[ListingView], moment: Moment) -> Resolved | None:
    """The model (or, with None, the other things of one provider) as of the moment; None when nothing is in force."""
    set_current(listings, moment)
    standing = [listing for listing in listings if listing.current]
    if not standing:
        return None
    if model is None:
        offers = [_offer(group, prices_of(group, "other"), "other", None, moment, {}) for group in offers_of(None, standing)]
        return Resolved(None, {}, offers)
    developer, _, slug = model.partition("/")
    own = first_party(developer)
    facts = choose_facts(standing, frozenset(own), slug)
    model_type = type_of(
        facts.value("type"),
        facts.value("modalities.input"),
        facts.value("modalities.output"),
        slug,
        sold_by=sold_by(standing),
        is_measured=is_measured(standing),
    )
    sellers: dict[str, list[ListingView]] = defaultdict(list)
    for listing in standing:
        if listing.source.kind in SELLER_KINDS:
            sellers[listing.provider].append(listing)
    priced = [(group, prices_of(group, model_type)) for group in offers_of(model, standing)]
    unsay_free(priced)
    unsold = unsell(priced, standing, moment.price_pages, model_type, moment.at)
    offers = [_offer(group, prices, model_type, model, moment, sellers) for group, prices in priced]
    scores, score_rows = scores_of(standing, moment.benchmarks)
    life = model_life(standing, developer, moment.at)
    bodies = [offer.body for offer in offers]
    for body in bodies:
        if body["id"] in unsold and body["status"] != RETIRED:
            body["status"] = None
    if nobody_sells(bodies, at_home(standing, developer), unsold):
        life = with_replacements(life, standing, developer, moment.at)
    body = _model_body(model, standing, facts, model_type, bodies, life, unsold) | {"scores": scores}
    evidence = evidence_of(standing, facts.chosen) | life_evidence(life, standing, developer, moment.at)
    return Resolved(body, evidence | {"scores": score_rows} if score_rows else evidence, offers)


def _limits(facts: Facts, model_type: str) -> dict[str, Any]:
    """The limits that are shown; what an embedding gives out is a vector, and its length no limit of an answer."""
    sides = {side: facts.value(f"limit.{side}") for side in ("context", "input", "output")}
    return sides | {"output": None} if model_type == "embedding" else sides


def _documents(claims: list[ClaimView]) -> list[int]:
    return sorted({claim.document.id for claim in claims})


def _life_of(group: OfferGroup, sold: Iterable[ListingView], at: datetime) -> Life:
    """What the provider's lifecycle page says of this very offer: of its snapshot, else of the model as such.

    A snapshot that the seller's own page calls active does not end with the undated name, which may stand for an older one. Of an
    undated offer of which nothing is said, what is said of the provider's dated ones; "latest" names another build then.
    """
    own = [row for row in sold if row.variant == group.key.variant]
    if not is_preview(group.snapshot) and released_beside_previews(own):
        own = [row for row in own if not is_preview(row.snapshot)]
    notices = [row for row in own if row.source.kind == "lifecycle"]
    exact = [row for row in notices if row.snapshot == group.snapshot]
    if not exact and (group.snapshot in UNDATED or not any(map(is_called_active, group.listings))):
        exact = [row for row in notices if row.snapshot in UNDATED]
    rows = [*group.listings, *exact]
    if group.snapshot not in UNDATED or all(row.snapshot == LATEST for row in group.listings):
        return life_of(rows, at)
    places = ("", DEFAULT_REGION, group.key.region)
    dated = [row for row in own if row.snapshot not in UNDATED and row.host == group.key.host and row.region in places]
    return life_of_name(rows, dated, (group.key.model or "").partition("/")[0], at)


def _offer(
    group: OfferGroup,
    prices: Prices,
    model_type: str,
    model: str | None,
    moment: Moment,
    sellers: Mapping[str, list[ListingView]],
) -> ResolvedOffer:
    facts = choose_facts(group.listings, frozenset({group.key.provider}), fields=OFFER_FACTS)
    incomplete = any(claim.key == INCOMPLETE and claim.value for row in group.listings for claim in row.current)
    agreement, words = agreement_of(prices)
    lead = group.listings[0]
    life = _life_of(group, sellers.get(group.key.provider, ()), moment.at)
    primary = next((row for row in group.listings if not row.is_page_name), lead)
    figures = [figure.winner.claim for figure in prices.figures]
    ends = of_day("retirement_date", life.retirement_date, life.stated.get("retirement_date", ()))
    disputed = [*agreement["disputed"], *facts.disputed, *(one["field"] for one in ends)]
    body = {
        "id": group.key.id,
        "provider": group.key.provider,
        "host": group.key.host,
        "region": group.key.region,
        "external_id": primary.external_id,
        "aliases": sorted({row.external_id for row in group.listings} - {primary.external_id}),
        "kind": lead.kind,
        "model": model,
        "snapshot": group.snapshot,
        "key_snapshot": group.key.snapshot,
        "variant": group.key.variant,
        "sku": group.key.sku,
        "billing": _billing(group.listings),
        "name": facts.value("name"),
        "cost": cost_body(group, prices, model_type, incomplete, moment),
        "limit": _limits(facts, model_type),
        "status": status_of(life, facts.value("status")),
        **life.fields,
        "prices": price_rows(prices),
        "agreement": agreement | {"disputed": disputed},
        "documents": _documents(figures or [claim for row in group.listings for claim in row.current]),
        "regions": facts.value("regions") or [],
        "sources": sorted({row.source.id for row in group.listings}),
        **seller_told(group.listings),
        "own_word": any(is_first_hand(row, frozenset({group.key.provider})) for row in group.listings),
        "comparable": False,
        **frozen_at(prices),
        **_noted([*of_prices(prices, reasons_of(prices)), *facts.disagreements, *ends]),
    }
    return ResolvedOffer(group.key, body, evidence_rows(group, prices, words), prices)


def _billing(listings: list[ListingView]) -> str:
    """How the offer is paid: metered if any of its listings is; a subscription may stand beside it as a plan."""
    stated = {listing.billing for listing in listings}
    return next(billing for billing in ("metered", "free_tier", "subscription") if billing in stated)


def _model_body(
    model: str,
    listings: Sequence[ListingView],
    facts: Facts,
    model_type: str,
    offers: list[dict[str, Any]],
    life: Life,
    unsold: Collection[str],
) -> dict[str, Any]:
    developer, _, slug = model.partition("/")
    own = first_party(developer)
    name = facts.value("name")
    runs_elsewhere = facts.value("open_weights") is not False
    memory = memory_gb(facts.value("weights_bytes"), facts.value("parameters.total")) if runs_elsewhere else None
    standing = standing_of(
        life,
        facts.chosen.get("status"),
        offers,
        at_home(listings, developer),
        has_open_weights=facts.value("open_weights"),
        unsold=unsold,
    )
    body: dict[str, Any] = {
        "id": model,
        "name": display_name(name) if name else slug,
        "type": model_type,
        "developer": {"id": developer, "name": developer_name(developer)},
        "family": facts.value("family"),
        "status": standing.status,
        "developer_status": standing.developer_status,
        "release_date": facts.value("release_date"),
        "knowledge": facts.value("knowledge"),
        "last_updated": facts.value("last_updated"),
        **life.fields,
        "replacements": others_than(model, life.replacements),
        "open_weights": facts.value("open_weights"),
        "license": licence(stated) if (stated := facts.value("license")) else None,
        "parameters": {"total": facts.value("parameters.total"), "active": facts.value("parameters.active")},
        "embedding_dimensions": facts.value("embedding_dimensions"),
        "limit": _limits(facts, model_type),
        "modalities": {
            "input": facts.value("modalities.input") or [],
            "output": ["embedding"] if model_type == "embedding" else facts.value("modalities.output") or [],
        },
        **{flag: facts.value(flag) for flag in ("reasoning", "tool_call", "structured_output", "attachment", "temperature")},
        "reasoning_efforts": facts.value("reasoning_efforts") or [],
        "supported_parameters": facts.value("supported_parameters") or [],
        "tokenizer": facts.value("tokenizer"),
        "hugging_face_id": facts.value("hugging_face_id"),
    }
    body["use_cases"] = use_cases_of(body)
    body |= bases_of(offers, own, standing.status)
    body |= {
        "offer_count": len(offers),
        "providers": sorted({offer["provider"] for offer in offers}),
        "scores": {},
        "memory_gb": None if memory is None else plain(memory),
        "agreement": {
            "sources": len({row.source.id for row in listings}),
            "disputed": list(dict.fromkeys([*_disputed(body["cost_basis"], offers), *facts.disputed])),
        },
        "aliases": sorted({row.external_id for row in listings}),
        "snapshots": sorted({row.snapshot for row in listings if row.snapshot}),
        "variants": sorted({row.variant for row in listings if row.variant}),
        "documents": _body_documents(facts.chosen, offers),
    }
    return body | _frozen(body["cost_basis"], offers) | _noted(facts.disagreements)


def _noted(disagreements: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is said otherwise of it, where anything is."""
    return {"disagreements": list(disagreements)} if disagreements else {}


def _disputed(basis: dict[str, Any] | None, offers: list[dict[str, Any]]) -> list[str]:
    """What is disputed of the offer whose price stands for the model; a median is nobody's statement."""
    shown = basis["offer"] if basis else None
    return next((offer["agreement"]["disputed"] for offer in offers if offer["id"] == shown), [])


def _frozen(basis: dict[str, Any] | None, offers: list[dict[str, Any]]) -> dict[str, str]:
    """The age of the offer whose price stands for the model, where it does not follow its documents."""
    shown = basis["offer"] if basis else None
    return next(({"frozen_at": offer["frozen_at"]} for offer in offers if offer["id"] == shown and "frozen_at" in offer), {})


def _body_documents(chosen: dict[str, Chosen], offers: list[dict[str, Any]]) -> list[int]:
    found = {choice.claim.document.id for choice in chosen.values()}
    for offer in offers:
        found.update(offer["documents"])
    return sorted(found)
