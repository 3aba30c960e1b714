"""The ledger's tables: sources, runs, documents, listings, assignments, claims; and what is resolved from them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    MetaData,
    Numeric,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Instant = TIMESTAMP(timezone=True)
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SORTED_TEXT = Text(collation="C")
"""Ids and keys: every order by them is the same on any PostgreSQL (15 to 18), whatever its locale."""


class Base(DeclarativeBase):
    """The one metadata: Flask-SQLAlchemy and Alembic borrow it."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {str: SORTED_TEXT, datetime: Instant, Decimal: Numeric(), dict[str, Any]: JSONB()}


def _id() -> Mapped[int]:
    return mapped_column(BigInteger, Identity(always=True), primary_key=True)


class SourceRow(Base):
    """A source as its spider declares it, written by the job: the doors know sources from here."""

    __tablename__ = "source"
    id: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]


class Run(Base):
    """One execution of the job for one source. `observed_at` is the clock of the ledger: o1 and o2 of what it writes."""

    __tablename__ = "run"
    id: Mapped[int] = _id()
    source: Mapped[str] = mapped_column(index=True)
    observed_at: Mapped[datetime]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    status: Mapped[str]
    stats: Mapped[dict[str, Any]]
    software: Mapped[str]
    __table_args__ = (
        CheckConstraint(
            "status in ('published', 'unchanged', 'quarantined', 'failed', 'not_configured')",
            name="status",
        ),
    )


class Document(Base):
    """One part of a source. `checked_at` is its last ok or unchanged reading; `ranked_at` is the one that figures are ranked
    by, and `stale` is judged by it: both follow at the end of a crawl, when every source had its turn.
    """

    __tablename__ = "document"
    id: Mapped[int] = _id()
    source: Mapped[str]
    url: Mapped[str]
    sha256: Mapped[str] = mapped_column(server_default="")
    etag: Mapped[str] = mapped_column(server_default="")
    last_modified: Mapped[str] = mapped_column(server_default="")
    document_date: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    gone_runs: Mapped[int] = mapped_column(server_default="0")
    stale: Mapped[bool] = mapped_column(server_default=sql("false"))
    ranked_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(server_default="0")
    __table_args__ = (UniqueConstraint("source", "url"),)


class Reading(Base):
    """What one run got of one document: ok, unchanged, failed or gone."""

    __tablename__ = "reading"
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True, index=True)
    status: Mapped[str]
    sha256: Mapped[str]
    read_at: Mapped[datetime]
    error: Mapped[str | None]


class Listing(Base):
    """What a source names, in its own words. `ordinal` above 1: one document lists it again with other figures."""

    __tablename__ = "listing"
    id: Mapped[int] = _id()
    source: Mapped[str]
    provider: Mapped[str]
    host: Mapped[str] = mapped_column(server_default="")
    external_id: Mapped[str]
    region: Mapped[str] = mapped_column(server_default="")
    variant: Mapped[str] = mapped_column(server_default="")
    ordinal: Mapped[int] = mapped_column(server_default="1")
    is_page_name: Mapped[bool] = mapped_column(server_default=sql("false"))
    __table_args__ = (
        UniqueConstraint("source", "provider", "host", "external_id", "region", "variant", "ordinal", name="uq_listing_key"),
    )


class Assignment(Base):
    """What a listing means, as of which dates: provider, host, region and billing; model, snapshot and variant."""

    __tablename__ = "assignment"
    id: Mapped[int] = _id()
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    provider: Mapped[str]
    host: Mapped[str]
    region: Mapped[str]
    billing: Mapped[str]
    kind: Mapped[str]
    model: Mapped[str | None]
    snapshot: Mapped[str]
    variant: Mapped[str]
    offer_variant: Mapped[str]
    plan: Mapped[str] = mapped_column(server_default="")
    confidence: Mapped[Decimal]
    method: Mapped[str]
    steps: Mapped[list[Any]] = mapped_column(JSONB)
    rules_version: Mapped[str]
    valid_from: Mapped[datetime | None]
    valid_to: Mapped[datetime | None]
    observed_from: Mapped[datetime]
    observed_to: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_assignment_open",
            "listing_id",
            "valid_from",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=sql("observed_to is null"),
        ),
        Index("ix_assignment_model", "model"),
        CheckConstraint("observed_to >= observed_from", name="observed"),
        CheckConstraint("valid_to > valid_from", name="valid"),
    )


class Claim(Base):
    """ "Source S says X of listing L": append-only; a trigger lets only the closing columns be set, once and together."""

    __tablename__ = "claim"
    id: Mapped[int] = _id()
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    kind: Mapped[str]
    key: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB)
    usd: Mapped[Decimal | None]
    url: Mapped[str | None]
    valid_from: Mapped[datetime | None]
    valid_to: Mapped[datetime | None]
    observed_from: Mapped[datetime]
    observed_to: Mapped[datetime | None]
    opened_by: Mapped[int] = mapped_column(ForeignKey("run.id"))
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    closed_as: Mapped[str | None]
    __table_args__ = (
        Index(
            "uq_claim_open",
            "listing_id",
            "document_id",
            "kind",
            "key",
            "valid_from",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=sql("observed_to is null"),
        ),
        Index("ix_claim_history", "listing_id", "key", "observed_from"),
        Index("ix_claim_document_open", "document_id", postgresql_where=sql("observed_to is null")),
        CheckConstraint("kind in ('price', 'fact', 'score', 'lifecycle', 'identity')", name="kind"),
        CheckConstraint("observed_to > observed_from", name="observed"),
        CheckConstraint("valid_to > valid_from", name="valid"),
        CheckConstraint(
            "(observed_to is null and closed_by is null and closed_as is null) or "
            "(observed_to is not null and closed_by is not null and closed_as in ('corrected', 'vanished'))",
            name="closing",
        ),
    )


class Volatile(Base):
    """Uptime, latency, throughput, rate limits of a listing: the latest only, no claim and no version."""

    __tablename__ = "volatile"
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), primary_key=True)
    body: Mapped[dict[str, Any]]
    read_at: Mapped[datetime]


class Held(Base):
    """What the gate keeps back: an item (or a whole document) with the check that failed and why.

    `since` is when the document was first seen to say it, `ended_at` when it was seen to say it no longer or it was published;
    in between the figure that stands before it is as old as `confirmed_at`, the last reading that stated it, and by that `stale`.
    """

    __tablename__ = "held"
    id: Mapped[int] = _id()
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))
    item: Mapped[dict[str, Any]]
    check: Mapped[str]
    reason: Mapped[str]
    since: Mapped[datetime]
    decided: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    stale: Mapped[bool] = mapped_column(server_default=sql("false"))
    __table_args__ = (
        Index("ix_held_open", "document_id", postgresql_where=sql("decided is null")),
        CheckConstraint("decided in ('accepted', 'rejected', 'superseded')", name="decided"),
    )


class PublishedModel(Base):
    """A model id once published keeps its meaning; `redirect` is where a merged or split one leads."""

    __tablename__ = "published_model"
    id: Mapped[str] = mapped_column(primary_key=True)
    first_published: Mapped[datetime]
    redirect: Mapped[str | None]
    redirected_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class Offer(Base):
    """The identity of an offer: one provider selling one model. Given once, never reused; a re-keyed one redirects."""

    __tablename__ = "offer"
    id: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str]
    host: Mapped[str]
    model: Mapped[str | None]
    snapshot: Mapped[str]
    variant: Mapped[str]
    region: Mapped[str]
    sku: Mapped[str] = mapped_column(server_default="")
    first_published: Mapped[datetime]
    redirect: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint(
            "provider",
            "host",
            "model",
            "snapshot",
            "variant",
            "region",
            "sku",
            name="uq_offer_key",
            postgresql_nulls_not_distinct=True,
        ),
    )


class ResolvedModel(Base):
    """One model as the catalogue shows it; `evidence` is by field and read on demand only."""

    __tablename__ = "resolved_model"
    id: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]
    evidence: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]


class ResolvedOffer(Base):
    """One offer as the catalogue shows it; `evidence` is by source listing and read on demand only."""

    __tablename__ = "resolved_offer"
    id: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str | None] = mapped_column(index=True)
    body: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]] = mapped_column(JSONB)
    changed_at: Mapped[datetime]


class ResolvedStep(Base):
    """The price of an offer over time: which claim was in force from when to when."""

    __tablename__ = "resolved_step"
    offer: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    starts: Mapped[datetime] = mapped_column(primary_key=True)
    ends: Mapped[datetime | None]
    usd: Mapped[Decimal | None]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))


class Event(Base):
    """What a publication changed, as `/changes` tells it: append-only."""

    __tablename__ = "event"
    id: Mapped[int] = _id()
    at: Mapped[datetime] = mapped_column(index=True)
    dataset: Mapped[int]
    kind: Mapped[str]
    model: Mapped[str | None] = mapped_column(index=True)
    offer: Mapped[str | None]
    field: Mapped[str | None]
    before: Mapped[str | None]
    after: Mapped[str | None]
    ratio: Mapped[Decimal | None]
    source: Mapped[str | None]


class BenchmarkRow(Base):
    """A benchmark as the sources declare it; `edition` is the one that tables show, chosen at publishing."""

    __tablename__ = "benchmark"
    id: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]
    edition: Mapped[str] = mapped_column(server_default="")


class Version(Base):
    """One row: `dataset` moves when a resolved row changes, `checked` when any document is confirmed."""

    __tablename__ = "version"
    id: Mapped[int] = mapped_column(primary_key=True)
    dataset: Mapped[int]
    checked: Mapped[int]
    published_at: Mapped[datetime | None]
    rules_version: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (CheckConstraint("id = 1", name="single"),)


class RateLimit(Base):
    """Hits of a client in its window (unlogged): shared by all workers and instances; holds hashes, never addresses."""

    __tablename__ = "rate_limit"
    key: Mapped[str] = mapped_column(primary_key=True)
    hits: Mapped[int] = mapped_column(BigInteger)
    expires: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = {"prefixes": ["UNLOGGED"]}
