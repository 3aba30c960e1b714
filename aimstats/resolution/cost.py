"""What one offer costs: the chosen figure of every price key, the headline, tiers and plans, and how the sources agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from aimstats.domain.absence import Absence, strongest
from aimstats.domain.meters import INSTEAD, TEXT
from aimstats.domain.money import plain
from aimstats.domain.prices import parse_price_key, parse_window
from aimstats.domain.reasons import Reason, explained
from aimstats.resolution.choice import Candidate, agreement, in_order, judged, reason_of
from aimstats.resolution.figures import ChosenPrice, Prices
from aimstats.resolution.grouping import OfferGroup, key_on_its_plan
from aimstats.resolution.inputs import ClaimView, ListingView, Moment
from aimstats.resolution.pieces import pieces_of

WORST_FIRST = ("disputed", "lagging", "not_comparable", "equal", "only")


def _candidates(group: OfferGroup) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = defaultdict(list)
    for listing in group.listings:
        for claim in listing.current:
            if claim.kind == "price":
                found[key_on_its_plan(claim.key, listing)].append(Candidate(claim, listing))
    if not found:
        for listing in group.inherits:
            for claim in listing.current:
                if claim.kind == "price":
                    found[key_on_its_plan(claim.key, listing)].append(Candidate(claim, listing, inherited=True))
    return found


def _window_hours(figure: ChosenPrice, windowed: list[ChosenPrice]) -> Decimal:
    """Hours a day in which the figure is in force; one without window covers what the windows leave."""
    if figure.key.window:
        return parse_window(figure.key.window).hours
    return Decimal(24) - sum((parse_window(other.key.window).hours for other in windowed), Decimal(0))


def _headline_of(figures: list[ChosenPrice]) -> tuple[ChosenPrice, bool] | None:
    """The figure that stands for its meter: lowest tier, not promotional unless alone; of windows the longest, then dearest."""
    lowest = min((figure.key.min_context_tokens for figure in figures), default=0)
    figures = [figure for figure in figures if figure.key.min_context_tokens == lowest]
    figures = [figure for figure in figures if not figure.key.promotional] or figures
    windowed = [figure for figure in figures if figure.key.window]
    if not figures:
        return None
    if len(figures) == 1:
        return figures[0], bool(windowed)
    best = max(figures, key=lambda figure: (_window_hours(figure, windowed), figure.winner.claim.usd or Decimal(0)))
    return best, bool(windowed)


def prices_of(group: OfferGroup, model_type: str) -> Prices:
    """Every price key of the offer with its chosen figure; stated zeros that cannot be prices become absences."""
    prices = Prices()
    for text, candidates in sorted(_candidates(group).items()):
        first, *others = in_order(candidates)
        prices.figures.append(ChosenPrice(parse_price_key(text), first, others))
    for listing in group.listings:
        for text, (document, held) in listing.withheld.items():
            prices.withheld.setdefault(key_on_its_plan(text, listing), (listing, document, held))
    for figure in prices.figures:
        prices.withheld.pop(str(figure.key), None)
    by_meter: dict[str, list[ChosenPrice]] = defaultdict(list)
    for figure in prices.figures:
        key = figure.key
        if key.plan == "standard" and not key.conditions and not key.unit and key.currency == "USD":
            by_meter[key.meter].append(figure)
    for meter, figures in by_meter.items():
        chosen = _headline_of(figures)
        if chosen is not None:
            prices.headline[meter] = chosen[0]
            prices.windowed = prices.windowed or chosen[1]
    stated = {meter: figure.winner.claim.usd or Decimal(0) for meter, figure in prices.headline.items()}
    instead = any(
        figure.winner.claim.usd and figure.key.meter in INSTEAD and figure.key.plan == "standard" for figure in prices.figures
    )
    for figure in prices.figures:
        figure.usd, figure.absent = judged(figure.key, figure.winner, stated, model_type, billed_instead=instead)
    return prices


def _reason_without_claim(group: OfferGroup, meter: str, prices: Prices, moment: Moment) -> Absence:
    reasons = [Absence.BEFORE_FIRST_EVIDENCE if _is_stated_later(group, meter, moment) else Absence.NOT_PUBLISHED]
    for figure in prices.figures:
        key = figure.key
        if key.meter == meter and key.currency != "USD" and key.plan == "standard":
            reasons.append(Absence.OTHER_CURRENCY)
        elif key.meter == meter or (key.meter in INSTEAD and prices.headline.keys().isdisjoint(TEXT)):
            reasons.append(Absence.BILLED_OTHERWISE)
    if any(row.billing == "subscription" for row in group.listings):
        reasons.append(Absence.BILLED_OTHERWISE)
    return strongest(reasons)


def _is_stated_later(group: OfferGroup, meter: str, moment: Moment) -> bool:
    """Whether a figure is known that begins only after the moment: it is never carried back."""
    return any(
        claim.kind == "price" and claim.key.startswith(f"{meter}|standard|") and claim.span.start(None) > moment.at
        for listing in group.listings
        for claim in listing.claims
    )


def cost_body(group: OfferGroup, prices: Prices, model_type: str, incomplete: bool, moment: Moment) -> dict[str, Any]:
    """The `cost` object of the API: USD per base unit as plain text, tiers, plans, and the reason of every `null`."""
    cost: dict[str, Any] = {}
    absent: dict[str, str] = {}
    for meter, figure in prices.headline.items():
        cost[meter] = plain(figure.usd) if figure.usd is not None else None
        if figure.absent is not None:
            absent[meter] = figure.absent.value
    for text in prices.withheld:
        key = parse_price_key(text)
        if key.is_headline and cost.setdefault(key.meter) is None:
            absent.setdefault(key.meter, Absence.HELD.value)
    by_tokens = not prices.headline.keys().isdisjoint(TEXT)
    pieces = [piece for piece in pieces_of(prices.figures, model_type) if piece.field not in prices.headline]
    cost |= {piece.field: plain(piece.usd) for piece in pieces}
    instead = bool(pieces) or not INSTEAD.isdisjoint(prices.headline)
    for meter in TEXT:
        if meter in cost or (meter == "output" and model_type in ("embedding", "rerank", "moderation")):
            continue
        if instead and not (model_type == "text" and by_tokens):
            continue  # billed by image, second, page ...: nothing is missing
        cost[meter] = None
        absent[meter] = _reason_without_claim(group, meter, prices, moment).value
    tiers: dict[int, dict[str, str]] = defaultdict(dict)
    plans: dict[str, dict[str, str]] = defaultdict(dict)
    for figure in prices.figures:
        key = figure.key
        if figure.usd is None or key.conditions or key.window or key.unit or key.promotional or key.currency != "USD":
            continue
        if key.plan != "standard" and not key.min_context_tokens:
            plans[key.plan][key.meter] = plain(figure.usd)
        elif key.plan == "standard" and key.min_context_tokens and figure is not prices.headline.get(key.meter):
            tiers[key.min_context_tokens][key.meter] = plain(figure.usd)
    cost["tiers"] = [{"min_context_tokens": size, **tiers[size]} for size in sorted(tiers)]
    cost["plans"] = dict(sorted(plans.items()))
    cost["conditions"] = {piece.field: piece.conditions for piece in pieces if piece.conditions}
    cost["windowed"] = prices.windowed
    cost["incomplete"] = incomplete
    cost["absent"] = absent
    return cost


def frozen_at(prices: Prices) -> dict[str, str]:
    """`frozen_at`: when the oldest headline figure was last confirmed whose successor is held; nothing where there is none."""
    held = [figure.winner.claim.held for figure in prices.headline.values()]
    oldest = min((one.confirmed_at for one in held if one and one.confirmed_at), default=None)
    return {"frozen_at": oldest.isoformat()} if oldest else {}


def agreement_of(prices: Prices) -> tuple[dict[str, Any], dict[int, str]]:
    """The offer's agreement over its headline, and how each listing stands to it (listing id -> word)."""
    words: dict[int, str] = {}
    sources: set[str] = set()
    disputed: set[str] = set()
    for meter, figure in prices.headline.items():
        sources.add(figure.winner.listing.source.id)
        alone = all(other.listing.source.id == figure.winner.listing.source.id for other in figure.others)
        words.setdefault(figure.winner.listing.id, "only" if alone else "equal")
        for other in figure.others:
            sources.add(other.listing.source.id)
            word = agreement(figure.winner, other)
            if word == "disputed" and other.listing.source.id != figure.winner.listing.source.id:
                disputed.add(f"cost.{meter}")
            before = words.get(other.listing.id, "only")
            words[other.listing.id] = min(word, before, key=WORST_FIRST.index)
    return {"sources": len(sources), "disputed": sorted(disputed)}, words


def evidence_rows(group: OfferGroup, prices: Prices, words: dict[int, str]) -> list[dict[str, Any]]:
    """Each source's own listing with its own headline figures, untouched by judgement (a stated 0 stays 0)."""
    keys = {str(figure.key): meter for meter, figure in prices.headline.items()}
    rows = []
    for listing in group.listings:
        claims = listing.current
        if not claims:
            continue
        first = min(claims, key=lambda claim: (claim.document.position, claim.document.url))
        priced = [claim for claim in claims if claim.kind == "price"]
        cost = {
            meter: plain(claim.usd)
            for claim in priced
            if claim.usd is not None
            and (meter := keys.get(claim.key) or (key.meter if (key := parse_price_key(claim.key)).is_headline else None))
        }
        rows.append(
            {
                "source": listing.source.id,
                "provider": listing.provider_stated,
                "external_id": listing.external_id,
                "region": listing.region_stated or None,
                "cost": cost,
                "url": next((claim.url for claim in claims if claim.url), None) or first.document.url,
                "document": first.document.id,
                "observed_from": min(claim.span.observed_from for claim in priced or claims).isoformat(),
                "agreement": words.get(listing.id, "only"),
            }
            | next(({"refers_to": claim.refers_to} for claim in claims if claim.refers_to), {})
            | _won_by(listing, prices)
            | _held_of(priced, keys)
        )
    return rows


def reasons_of(prices: Prices) -> dict[str, Reason]:
    """By price key why its figure is the one that is shown."""
    return {str(figure.key): _reason(figure) for figure in prices.figures}


def _reason(figure: ChosenPrice) -> Reason:
    own = figure.winner.listing.source.id
    return reason_of(figure.winner, sum(other.listing.source.id != own for other in figure.others))


def _won_by(listing: ListingView, prices: Prices) -> dict[str, Any]:
    """The headline meters whose figure is this listing's, and why it is the one that is shown; nothing where none is."""
    won = {meter: figure for meter, figure in prices.headline.items() if figure.winner.listing is listing}
    if not won:
        return {}
    return {"won": sorted(won), **explained(_reason(next(iter(won.values()))))}


def _held_of(priced: list[ClaimView], headline: Collection[str]) -> dict[str, Any]:
    """The oldest of the listing's headline figures whose successor is held: their age is the listing's."""
    held = [claim.held for claim in priced if claim.held and (claim.key in headline or parse_price_key(claim.key).is_headline)]
    aged = [(one.confirmed_at, one.check, one) for one in held if one.confirmed_at]
    return {"held": min(aged, key=lambda one: one[:2])[2].body()} if aged else {}
