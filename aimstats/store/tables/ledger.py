"""The ledger: sources, runs, documents and readings; listings, what they mean, what was claimed of them and what is held."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from aimstats.store.tables.base import Base, generated_id


class SourceRow(Base):
    """A source as its spider declares it, written by the job: the doors know sources from here."""

    __tablename__ = "source"
    id: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]


class Run(Base):
    """One execution of the job for one source. `observed_at` is the clock of the ledger: o1 and o2 of what it writes."""

    __tablename__ = "run"
    id: Mapped[int] = generated_id()
    source: Mapped[str] = mapped_column(index=True)
    observed_at: Mapped[datetime]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    status: Mapped[str]
    stats: Mapped[dict[str, Any]]
    software: Mapped[str]
    __table_args__ = (
        CheckConstraint(
            "status in ('published', 'unchanged', 'quarantined', 'failed', 'not_configured', 'absent')",
            name="status",
        ),
    )


class Document(Base):
    """One part of a source. `checked_at` is its last ok or unchanged reading; `ranked_at` is the one that figures are ranked
    by, and `stale` is judged by it: both follow at the end of a crawl, when every source had its turn.
    """

    __tablename__ = "document"
    id: Mapped[int] = generated_id()
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
    """What one run got of one document: ok, unchanged, failed or gone. `document_date` is the document's own date as of a good
    reading; None where it had stated none."""

    __tablename__ = "reading"
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    status: Mapped[str]
    sha256: Mapped[str]
    read_at: Mapped[datetime]
    error: Mapped[str | None]
    document_date: Mapped[datetime | None]
    __table_args__ = (Index("ix_reading_document_id_read_at", "document_id", "read_at"),)


class Listing(Base):
    """What a source names, in its own words. `ordinal` above 1: one document lists it again with other figures."""

    __tablename__ = "listing"
    id: Mapped[int] = generated_id()
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
    id: Mapped[int] = generated_id()
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


DATED_OPEN = "observed_to is null and (valid_from is not null or valid_to is not null or kind = 'lifecycle')"
"""Of which claims each publication asks whether their day has come: without it, all that was ever closed would be read."""


class Claim(Base):
    """ "Source S says X of listing L": append-only; a trigger lets only the closing columns be set, once and together."""

    __tablename__ = "claim"
    id: Mapped[int] = generated_id()
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
        Index("ix_claim_opened_by", "opened_by"),
        Index("ix_claim_closed_by", "closed_by", postgresql_where=sql("closed_by is not null")),
        Index("ix_claim_dated_open", "listing_id", postgresql_where=sql(DATED_OPEN)),
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
    """Nothing writes or reads it any more; it stays while a release that wrote it may still run beside a newer schema."""

    __tablename__ = "volatile"
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), primary_key=True)
    body: Mapped[dict[str, Any]]
    read_at: Mapped[datetime]


class Held(Base):
    """What the gate keeps back: an item of a listing, or (without one) what of a document waits together; the check and why.

    `since` is when the document was first seen to say it, `ended_at` when it was seen to say it no longer or it was published
    (`decided` is `confirmed` where further readings decided it); in between the figure that stands before it is as old as
    `confirmed_at`, the last reading that stated it, and by that `stale`. `waits`: it ends when readings on further days say the
    same. `covers` are the series that wait together, as [listing, kind, key]; '' stands for all.

    A row is written once and ended: where the check, the reason or what is covered become others, or what a person rejected
    comes back, the row ends and another goes on with its `since`, which counts from `told_from`. `mark` is what is said beside
    the figure that further readings confirmed. Both are in English; `because` and `mark_because` are the same as a code with its
    values, null where an earlier release wrote the row.
    """

    __tablename__ = "held"
    id: Mapped[int] = generated_id()
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))
    item: Mapped[dict[str, Any]]
    check: Mapped[str]
    reason: Mapped[str]
    because: Mapped[dict[str, Any] | None]
    since: Mapped[datetime]
    decided: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    stale: Mapped[bool] = mapped_column(server_default=sql("false"))
    covers: Mapped[list[Any] | None] = mapped_column(JSONB)
    waits: Mapped[bool] = mapped_column(server_default=sql("false"))
    told_from: Mapped[datetime | None]
    mark: Mapped[str | None]
    mark_because: Mapped[dict[str, Any] | None]
    __table_args__ = (
        Index("ix_held_open", "document_id", postgresql_where=sql("decided is null")),
        CheckConstraint("decided in ('accepted', 'rejected', 'superseded', 'confirmed')", name="decided"),
    )
