"""Which listings are one offer: the offer's key, and the public id that is a pure function of it (ledger.md, Offer)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import quote

from aimstats.domain.prices import parse_price_key
from aimstats.identity.first_party import first_party
from aimstats.resolution.inputs import OFFER_KINDS, UNDATED, ListingView
from aimstats.resolution.previews import is_preview, released_beside_previews

_FULL_DATE = re.compile(r"\d{4}-?(\d\d)-?(\d\d)")
_SKU = re.compile(r"[^a-z0-9.]+")
DEFAULT_REGION = "default"


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
        text = f"{_part(self.provider)}/{self.model or '-'}"
        if self.snapshot:
            text += f":{_part(self.snapshot)}"
        if self.variant:
            text += f"+{quote(self.variant, safe='+')}"
        if self.region != DEFAULT_REGION:
            text += f"@{_part(self.region)}"
        if self.model is None:
            text += f"/{self.sku}"
        if self.host != self.provider:
            text += f"~{_part(self.host)}"
        elif self.sku and self.model is not None:
            text += "~"
        if self.sku and self.model is not None:
            text += f"~{self.sku}"
        return text


def _part(text: str) -> str:
    """A part of an id without the marks that separate parts.

    >>> _part("us-east-1"), _part("eu/west~1")
    ('us-east-1', 'eu%2Fwest%7E1')
    """
    return quote(text, safe="").replace("~", "%7E")


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


def _tail(external_id: str) -> str:
    return sku_of(external_id.rsplit("/", 1)[-1])


Figures = dict[str, dict[int, frozenset[object]]]
"""Price key -> document -> what is stated of it."""


def _figures(rows: Iterable[ListingView], then: datetime | None = None) -> Figures:
    """What stands now, or what stood `then`."""
    found: dict[str, dict[int, set[object]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        for claim in row.current if then is None else row.claims:
            if claim.kind != "price" or (then is not None and not claim.span.observed_from <= then < claim.span.end_at(then)):
                continue
            stated = (claim.usd, claim.value["amount"] if claim.usd is None and "amount" in claim.value else None)
            found[key_on_its_plan(claim.key, row)][claim.document.id].add((*stated, claim.value.get("absent")))
    return {key: {document: frozenset(stated) for document, stated in by.items()} for key, by in found.items()}


def _are_apart(one: Sequence[ListingView], other: Sequence[ListingView]) -> bool:
    """Whether two products are told apart by their figures.

    Where one of them is frozen, by what both stated when it was last confirmed: a figure that stays only because its successor
    is held says nothing beside one that moved on.
    """
    frozen = [
        claim.held.confirmed_at
        for row in (*one, *other)
        for claim in row.current
        if claim.kind == "price" and claim.held is not None and claim.held.confirmed_at is not None
    ]
    then = min(frozen, default=None)
    return _contradict(_figures(one, then), _figures(other, then))


def _contradict(one: Figures, other: Figures) -> bool:
    """Whether a document states another figure for one price key of the two, or different documents share none."""
    for key in one.keys() & other.keys():
        common = one[key].keys() & other[key].keys()
        if any(one[key][document] != other[key][document] for document in common):
            return True
        if not common and frozenset().union(*one[key].values()).isdisjoint(frozenset().union(*other[key].values())):
            return True
    return False


def _skus(listings: list[ListingView]) -> dict[str, str]:
    """External id -> sku of one source's listings: those whose figures contradict each other are different products.

    Others share the sku of the first that they do not contradict; one product alone has none.
    """
    by_id: dict[str, list[ListingView]] = defaultdict(list)
    for listing in listings:
        by_id[listing.external_id].append(listing)
    products: list[tuple[str, list[ListingView]]] = []
    mine: dict[str, str] = {}
    for external_id in sorted(by_id, key=lambda text: (_tail(text), text)):
        rows = by_id[external_id]
        for first, known in products:
            if not _are_apart(known, rows):
                known += rows
                mine[external_id] = first
                break
        else:
            products.append((external_id, list(rows)))
            mine[external_id] = external_id
    if len(products) == 1:
        return {}
    names = _names([first for first, _ in products])
    return {external_id: names[first] for external_id, first in mine.items()}


def _names(ids: list[str]) -> dict[str, str]:
    """Id -> a sku that no other of the ids has: its last part, else the whole id, else the id as it is spelled."""
    for spelled in (_tail, sku_of, _part):
        names = {external_id: spelled(external_id) for external_id in ids}
        if len(set(names.values())) == len(ids) and all(names.values()):
            return names
    raise AssertionError("the ids differ")


def _different_products(listings: list[ListingView]) -> dict[int, str]:
    """Listing id -> sku where listings of one source and stated provider are different products; no such case: empty.

    A listing of another source joins the product of its name.
    """
    skus: dict[str, str] = {}
    products: dict[int, str] = {}
    by_source: dict[tuple[str, str], list[ListingView]] = defaultdict(list)
    for listing in listings:
        by_source[listing.source.id, listing.provider_stated].append(listing)
    for rows in by_source.values():
        for external_id, sku in _skus(rows).items():
            skus.setdefault(_tail(external_id), sku)
            products |= {row.id: sku for row in rows if row.external_id == external_id}
    if not skus:
        return {}
    return {row.id: products.get(row.id, skus.get(_tail(row.external_id), "")) for row in listings}


def _split_by_sku(base: OfferKey, listings: list[ListingView], snapshot: str) -> Iterable[OfferGroup]:
    skus = _different_products(listings) if len(listings) > 1 else {}
    groups: dict[str, OfferGroup] = {}
    for listing in listings:
        sku = skus.get(listing.id, "")
        if sku not in groups:
            groups[sku] = OfferGroup(key=replace(base, sku=sku), snapshot=snapshot)
        groups[sku].listings.append(listing)
    return groups.values()


def _full_dates(listings: Iterable[ListingView]) -> dict[str, str]:
    """Month and day -> the one full date among the model's snapshots that has them: some sources leave the year out."""
    dates: dict[str, set[str]] = defaultdict(set)
    for row in listings:
        if date := _FULL_DATE.fullmatch(row.snapshot):
            dates[date[1] + date[2]].add(row.snapshot)
    return {day: next(iter(full)) for day, full in dates.items() if len(full) == 1}


def _selling(model: str | None, listings: Sequence[ListingView]) -> Iterable[ListingView]:
    """The listings that are offers; of a seller that none of them names, what its own page says that it sells no longer, or will
    not: an offer of which nothing is known but its end."""
    selling = [row for row in listings if row.source.kind in OFFER_KINDS]
    if model is None:
        return selling
    sellers = {row.provider for row in selling}
    ending = (row for row in listings if row.source.kind == "lifecycle" and row.source.provider == row.provider not in sellers)
    return [*selling, *(row for row in ending if any(claim.kind == "lifecycle" for claim in row.current))]


def offers_of(model: str | None, listings: Iterable[ListingView]) -> list[OfferGroup]:
    """The offers of one model (or, with None, of one provider's routers, tools and fees), sorted by id.

    An undated listing and a dated one are one offer only if that provider lists exactly one snapshot of the model;
    otherwise the developer's own undated price fills its dated offers that have none (`inherits`). A preview beside its release
    is always an offer of its own. A snapshot of month and day (`0718`) is the model's one snapshot of that day (`2024-07-18`), if
    there is one.
    """
    selling = sorted(_selling(model, list(listings)), key=lambda row: row.sorting)
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
    full_dates = _full_dates(selling)
    dates = {row.id: full_dates.get(row.snapshot, row.snapshot) for row in selling if row.snapshot not in UNDATED}
    snapshots: dict[tuple[str, str], set[str]] = defaultdict(set)
    released = released_beside_previews(selling)
    for row in selling:
        if row.id in dates and not (is_preview(row.snapshot) and (row.provider, row.host) in released):
            snapshots[row.provider, row.host].add(dates[row.id])
    cells: dict[OfferKey, list[ListingView]] = defaultdict(list)
    for row in selling:
        place = (row.provider, row.host)
        several = len(snapshots[place]) > 1 or (place in released and is_preview(row.snapshot))
        cells[
            OfferKey(
                provider=row.provider,
                host=row.host,
                model=model,
                snapshot=dates.get(row.id, "") if several else "",
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
    _inherit([group for group in groups if group.key.provider in first_party(model.partition("/")[0])])
    return sorted(groups, key=lambda group: group.key.id)


def _inherit(groups: list[OfferGroup]) -> None:
    undated = {
        (group.key.provider, group.key.host, group.key.variant, group.key.region): group
        for group in groups
        if not group.key.snapshot and not group.key.sku
    }
    for group in groups:
        if (
            not group.key.snapshot
            or is_preview(group.key.snapshot)
            or any(claim.kind == "price" for row in group.listings for claim in row.current)
        ):
            continue
        source = undated.get((group.key.provider, group.key.host, group.key.variant, group.key.region))
        if source is not None:
            group.inherits = source.listings
