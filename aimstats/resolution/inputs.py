"""What resolution works on: claims, listings with what they mean, documents and sources, as plain slotted objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from aimstats.domain.copies import is_copy
from aimstats.domain.items import Source
from aimstats.domain.reasons import explained
from aimstats.domain.spans import Span

ROUTER_RANK = 2
CATALOGUE_RANK = 10
"""Kinds of evidence in the order of trust: seller's page, seller's API, a router for its own offers, then catalogues."""
ELSEWHERE_RANK = 10_000
OFFER_KINDS = frozenset({"page", "api", "router", "catalogue"})
"""Kinds of source whose listings are offers; lifecycle pages, registries and benchmarks only say things of models."""
LATEST = "latest"
UNDATED = frozenset({"", LATEST})
"""Snapshots that name no build."""
SELLER_KINDS = OFFER_KINDS | {"lifecycle"}
"""Kinds of source that say what a seller does. Registries and benchmarks name the maker, who need not sell the model."""


@dataclass(slots=True)
class DocumentView:
    """A document as resolution sees it."""

    id: int
    source: str
    url: str
    checked_at: datetime | None
    stale: bool
    position: int
    document_date: datetime | None = None
    is_copy: bool = field(init=False)
    """Whether it is a rendered copy of its source's page, which comes after the page itself."""

    def __post_init__(self) -> None:
        self.is_copy = is_copy(self.url)

    @property
    def day(self) -> datetime | None:
        """The day that what it says is of: its own date, else that of its last reading."""
        if self.document_date and self.checked_at and self.document_date <= self.checked_at:
            return self.document_date
        return self.checked_at


@dataclass(frozen=True, slots=True)
class HeldView:
    """Why what a document says now of a series is not published, since when, and when the figure before was last confirmed:
    None where there is none before it.
    """

    confirmed_at: datetime | None
    since: datetime
    check: str
    reason: str
    stale: bool

    def body(self) -> dict[str, Any]:
        """As resolved rows hold it."""
        confirmed = {"confirmed_at": self.confirmed_at.isoformat()} if self.confirmed_at else {}
        return {"since": self.since.isoformat(), **confirmed, "check": self.check, **explained(self.reason)}


@dataclass(frozen=True, slots=True)
class MarkView:
    """What is said beside a figure that was published at an instant on its source's word alone."""

    at: datetime
    text: str


@dataclass(slots=True)
class ClaimView:
    """One claim with its two time axes; `held` where its document says something else now that is not published."""

    id: int
    document: DocumentView
    kind: str
    key: str
    value: Any
    usd: Decimal | None
    url: str | None
    span: Span
    held: HeldView | None = None
    refers_to: str | None = None
    """The page that a catalogue names for its reader: nobody read the figure there, so it is not where it is stated."""
    mark: str = ""
    """What is said beside it: that it was published on its source's word alone."""

    @property
    def checked_at(self) -> datetime | None:
        """The last reading that confirmed it."""
        return self.held.confirmed_at if self.held and self.held.confirmed_at else self.document.checked_at

    @property
    def stale(self) -> bool:
        """Whether that reading is too long ago."""
        return self.document.stale or (self.held is not None and self.held.stale)


@dataclass(slots=True)
class ListingView:
    """A listing, what it means (its assignment) and all that was ever claimed of it; `current` is in force at the instant."""

    id: int
    source: Source
    provider_stated: str
    external_id: str
    region_stated: str
    is_page_name: bool
    provider: str
    host: str
    region: str
    billing: str
    kind: str
    model: str | None
    snapshot: str
    variant: str
    plan: str = ""
    host_stated: str = ""
    variant_stated: str = ""
    ordinal: int = 1
    claims: list[ClaimView] = field(default_factory=list)
    current: list[ClaimView] = field(default_factory=list)
    withheld: dict[str, tuple[int, HeldView]] = field(default_factory=dict)
    """By price key what is held of it, with its document, whether or not a figure stands there."""
    ambiguous: bool = False
    trust: int = field(init=False)
    """The rank of its source's kind for the offer that the listing speaks of (lower first)."""
    sorting: tuple[Any, ...] = field(init=False)
    """A total order of listings that does not depend on the order of crawling."""

    def __post_init__(self) -> None:
        self.trust = self._trust()
        self.sorting = (self.trust, self.is_page_name, self.source.id, self.key)

    def _trust(self) -> int:
        kind = self.source.kind
        if kind in ("page", "lifecycle", "registry") and self.source.provider == self.provider:
            return 0
        if kind == "api" and self.source.provider == self.provider:
            return 1
        if kind == "router" and self.source.provider == self.provider:
            return ROUTER_RANK
        # A seller's page that speaks of another seller ranks below every catalogue, so that the two never tie.
        return (CATALOGUE_RANK if kind == "catalogue" else ELSEWHERE_RANK) + self.source.priority

    @property
    def key(self) -> tuple[str, str, str, str, str, int]:
        """What tells it from the other listings of its source."""
        return (
            self.external_id, self.provider_stated, self.host_stated, self.region_stated, self.variant_stated, self.ordinal
        )  # fmt: skip


@dataclass(slots=True)
class Term:
    """A listing under one of its meanings, and from when until when it has it (None: without a bound)."""

    listing: ListingView
    valid_from: datetime | None
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class PricePages:
    """The price pages of a seller that name all it sells of some types (`Source.complete`), when the first of them was last
    read well, and since when they are read. A router's list is `by_id`: what it does not list under its id cannot be called."""

    types: frozenset[str]
    read_at: datetime
    since: datetime
    by_id: bool = False


@dataclass(slots=True)
class Moment:
    """For which instant (`at`) and with which knowledge (`known_at`) a catalogue is resolved."""

    at: datetime
    known_at: datetime
    documents: Mapping[int, DocumentView]
    sources: Mapping[str, Source]
    benchmarks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    held: Mapping[int, Mapping[Series, HeldView]] = field(default_factory=dict)
    """By listing, then series."""
    marks: Mapping[int, Mapping[Series, MarkView]] = field(default_factory=dict)
    """The latest by listing, then series."""
    price_pages: Mapping[str, PricePages] = field(default_factory=dict)
    """By provider, of those whose price pages are complete."""
    around: Mapping[int, tuple[datetime | None, datetime | None]] = field(default_factory=dict)
    """By document its last good reading up to a past instant, and its first after it."""


Series = tuple[int, str, str]
"""(document, kind, key); an empty key stands for all of the kind, an empty kind for all."""
Told = TypeVar("Told")


def told_of(said: Mapping[Series, Told], document: int, kind: str, key: str) -> Told | None:
    """What is said of a series, or of all of its kind or document."""
    return said.get((document, kind, key)) or said.get((document, kind, "")) or said.get((document, "", ""))
