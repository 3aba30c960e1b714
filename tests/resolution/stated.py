"""Listings as resolution sees them, in few words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from aimstats.domain.copies import copy_of
from aimstats.domain.items import Lifecycle, Source
from aimstats.domain.prices import Price, price
from aimstats.domain.spans import Span
from aimstats.resolution.inputs import ClaimView, DocumentView, ListingView, Moment
from aimstats.resolution.unit import Resolved, resolve_unit

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_numbers = count(1)


def ago(days: float) -> datetime:
    """So many days before now."""
    return NOW - timedelta(days=days)


def source(id_: str = "cat", kind: str = "catalogue", **rest: Any) -> Source:
    """A source."""
    return Source(id=id_, name=id_.title(), kind=kind, url=f"https://{id_}.example", **rest)


def copied(of: Source) -> Source:
    """The source as one whose documents are rendered copies."""
    return replace(of, url=copy_of(of.url))


def document(of: Source, *, checked_at: datetime = NOW, stale: bool = False, position: int = 0, name: str = "a") -> DocumentView:
    """A document of a source."""
    return DocumentView(next(_numbers), of.id, f"{of.url}/{name}", checked_at, stale, position)


def claim(kind: str, key: str, value: Any, of: DocumentView, usd: Decimal | None = None, span: Span | None = None) -> ClaimView:
    """One claim, undated and seen ten days ago unless a span is given."""
    return ClaimView(next(_numbers), of, kind, key, value, usd, None, span or Span(None, None, ago(10), None))


def price_claim(stated: Price, of: DocumentView, **span: Any) -> ClaimView:
    """The claim of a price with the span that it states."""
    seen = span.get("observed_from", ago(10))
    dates = Span(stated.valid_from, stated.valid_to, seen, span.get("observed_to"), span.get("corrected", False))
    return claim("price", str(stated.key), stated.value(), of, stated.usd, dates)


def usd(meter: str, amount: str, unit: str | None = None, **rest: Any) -> Price:
    """A price in US dollars in the meter's own unit."""
    return price(meter, Decimal(amount), unit, **rest)


def listing(
    *prices: Price,
    external_id: str = "gpt-4o",
    of: Source | None = None,
    doc: DocumentView | None = None,
    facts: Mapping[str, Any] | None = None,
    life: tuple[Lifecycle, ...] = (),
    provider: str = "openai",
    **rest: Any,
) -> ListingView:
    """A listing of openai/gpt-4o at a catalogue, unless said otherwise."""
    of = of or source()
    doc = doc or document(of)
    claims = [claim("identity", "listing", {"kind": "model"}, doc)]
    claims += [price_claim(stated, doc) for stated in prices]
    claims += [claim("fact", key, value, doc) for key, value in (facts or {}).items()]
    claims += [claim("lifecycle", event.event, event.value(), doc) for event in life]
    stated: dict[str, Any] = {
        "id": next(_numbers), "source": of, "provider_stated": provider, "external_id": external_id, "region_stated": "",
        "is_page_name": False, "provider": provider, "host": provider, "region": "", "billing": "metered", "kind": "model",
        "model": "openai/gpt-4o", "snapshot": "", "variant": "",
    } | rest  # fmt: skip
    return ListingView(**stated, claims=claims, current=list(claims))


def moment(at: datetime = NOW, known_at: datetime | None = None) -> Moment:
    """An instant as known at another, else at itself."""
    return Moment(at=at, known_at=known_at or at, documents={}, sources={})


def resolved(*listings: ListingView, model: str | None = "openai/gpt-4o", at: datetime = NOW) -> Resolved:
    """The model that the listings make."""
    found = resolve_unit(model, listings, moment(at))
    assert found is not None
    return found


def only_offer(*listings: ListingView, model: str | None = "openai/gpt-4o", at: datetime = NOW) -> dict[str, Any]:
    """The body of the one offer that they make."""
    (offer,) = resolved(*listings, model=model, at=at).offers
    return offer.body
