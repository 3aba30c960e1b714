"""Which listings are one offer: the offer key of `ledger.md`, and the public id that is a pure function of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from aimstats.catalogue.views import OFFER_KINDS, ListingView
from aimstats.domain.prices import parse_price_key

_SKU = re.compile(r"[^a-z0-9.]+")
DEFAULT_REGION = "default"
UNDATED = frozenset({"", "latest"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferKey:
    """(provider, host, model, snapshot or '', variant, region or 'default', sku or '')."""

    provider: str
    host: str
    model: str | None
    snapshot: str = ""
    variant: str = ""
    region: str = DEFAULT_REGION
    sku: str = ""

    @property
    def id(self) -> str:
        """The public id: `provider/developer/slug`, with `:snapshot +variant @region ~host ~sku` only where not default.

        A sku without a host of its own stands after an empty host (`~~sku`), so that no two keys share an id.

        >>> OfferKey(provider="azure", host="azure", model="openai/gpt-4o", snapshot="2024-08-06", region="eu").id
        'azure/openai/gpt-4o:2024-08-06@eu'
        """
        text = f"{self.provider}/{self.model or '-'}"
        if self.snapshot:
            text += f":{self.snapshot}"
        if self.variant:
            text += f"+{self.variant}"
        if self.region != DEFAULT_REGION:
            text += f"@{self.region}"
        if self.model is None:
            text += f"/{self.sku}"
        if self.host != self.provider:
            text += f"~{self.host}"
        elif self.sku and self.model is not None:
            text += "~"
        if self.sku and self.model is not None:
            text += f"~{self.sku}"
        return text


@dataclass(slots=True)
class OfferGroup:
    """The listings that meet in one offer."""

    key: OfferKey
    snapshot: str = ""
    listings: list[ListingView] = field(default_factory=list)
    inherits: list[ListingView] = field(default_factory=list)


def key_on_its_plan(text: str, listing: ListingView) -> str:
    """A price key on the plan that the listing's id, or its provider's billing, says where the source states none."""
    plan = listing.plan or ("subscription" if listing.billing == "subscription" else "")
    if not plan:
        return text
    key = parse_price_key(text)
    return str(replace(key, plan=plan)) if key.plan == "standard" else text


def sku_of(external_id: str) -> str:
    """An external id as a part of an offer id.

    >>> sku_of("Qwen/Qwen3_32B (fast)")
    'qwen-qwen3-32b-fast'
    """
    return _SKU.sub("-", external_id.lower()).strip("-")


def _tail(listing: ListingView) -> str:
    return sku_of(listing.external_id.rsplit("/", 1)[-1])


Figures = dict[tuple[str, int], frozenset[object]]


def _figures(rows: Iterable[ListingView]) -> Figures:
    found: dict[tuple[str, int], set[object]] = defaultdict(set)
    for row in rows:
        for claim in row.current:
            if claim.kind == "price":
                found[key_on_its_plan(claim.key, row), claim.document.id].add(
                    (claim.usd, claim.value.get("amount"), claim.value.get("absent"))
                )
    return {key: frozenset(values) for key, values in found.items()}


def _different_products(listings: list[ListingView]) -> dict[str, str]:
    """Id tail -> sku for the listings of one source and stated provider whose figures for one price key differ.

    Listings whose figures do not contradict each other share the first of their ids; no contradiction: no sku at all.
    """
    skus: dict[str, str] = {}
    by_source: dict[tuple[str, str], dict[str, list[ListingView]]] = defaultdict(lambda: defaultdict(list))
    for listing in listings:
        by_source[listing.source.id, listing.provider_stated][_tail(listing)].append(listing)
    for by_tail in by_source.values():
        products: list[tuple[str, Figures]] = []
        mine: dict[str, str] = {}
        for tail in sorted(by_tail):
            figures = _figures(by_tail[tail])
            for sku, known in products:
                if all(known.get(key, values) == values for key, values in figures.items()):
                    known.update(figures)
                    mine[tail] = sku
                    break
            else:
                products.append((tail, figures))
                mine[tail] = tail
        if len(products) > 1:
            for tail, sku in mine.items():
                skus.setdefault(tail, sku)
    return skus


def _split_by_sku(base: OfferKey, listings: list[ListingView], snapshot: str) -> Iterable[OfferGroup]:
    skus = _different_products(listings) if len(listings) > 1 else {}
    groups: dict[str, OfferGroup] = {}
    for listing in listings:
        sku = skus.get(_tail(listing), "")
        if sku not in groups:
            groups[sku] = OfferGroup(key=replace(base, sku=sku), snapshot=snapshot)
        groups[sku].listings.append(listing)
    return groups.values()


def offers_of(model: str | None, listings: Iterable[ListingView]) -> list[OfferGroup]:
    """The offers of one model (or, with None, of one provider's routers, tools and fees), sorted by id.

    An undated listing and a dated one are one offer only if that provider lists exactly one snapshot of the model;
    otherwise an undated price fills dated offers of the same provider that have none (`inherits`).
    """
    selling = sorted((row for row in listings if row.source.kind in OFFER_KINDS), key=lambda row: row.sorting)
    if model is None:
        alone: dict[OfferKey, OfferGroup] = {}
        for row in selling:
            key = OfferKey(
                provider=row.provider,
                host=row.host,
                model=None,
                region=row.region or DEFAULT_REGION,
                sku=sku_of(row.external_id),
            )
            alone.setdefault(key, OfferGroup(key=key)).listings.append(row)
        return sorted(alone.values(), key=lambda group: group.key.id)
    snapshots: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in selling:
        if row.snapshot not in UNDATED:
            snapshots[row.provider, row.host].add(row.snapshot)
    cells: dict[OfferKey, list[ListingView]] = defaultdict(list)
    for row in selling:
        several = len(snapshots[row.provider, row.host]) > 1
        cells[
            OfferKey(
                provider=row.provider,
                host=row.host,
                model=model,
                snapshot=row.snapshot if several and row.snapshot not in UNDATED else "",
                variant=row.variant,
                region=row.region or DEFAULT_REGION,
            )
        ].append(row)
    groups: list[OfferGroup] = []
    for base, rows in cells.items():
        known = snapshots[base.provider, base.host]
        only = base.snapshot or (next(iter(known)) if len(known) == 1 else "")
        dated = [row for row in rows if row.snapshot not in UNDATED]
        if not base.snapshot and 0 < len(dated) < len(rows) and _different_products(rows):
            # The one snapshot has prices of its own: it is an offer beside the undated one.
            undated = [row for row in rows if row.snapshot in UNDATED]
            groups += _split_by_sku(base, undated, "")
            groups += _split_by_sku(replace(base, snapshot=only), dated, only)
        else:
            groups += _split_by_sku(base, rows, only)
    _inherit(groups)
    return sorted(groups, key=lambda group: group.key.id)


def _inherit(groups: list[OfferGroup]) -> None:
    undated = {
        (group.key.provider, group.key.host, group.key.variant, group.key.region): group
        for group in groups
        if not group.key.snapshot and not group.key.sku
    }
    for group in groups:
        if not group.key.snapshot or any(claim.kind == "price" for row in group.listings for claim in row.current):
            continue
        source = undated.get((group.key.provider, group.key.host, group.key.variant, group.key.region))
        if source is not None:
            group.inherits = source.listings
