"""What is resolved from the ledger and published: ids that stay, resolved rows, events, the version; and the API's counts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from aimstats.store.tables.base import Base, generated_id


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


class Event(Base):
    """What a crawl found changed, as `/changes` tells it: append-only, for as long as it is told (`domain/keeping.py`)."""

    __tablename__ = "event"
    id: Mapped[int] = generated_id()
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
    weight: Mapped[Decimal] = mapped_column(server_default="0")


class Unsettled(Base):
    """The journal of a crawl: how a resolved row (`what` is `model` or `offer`) stood when it began, null where there was none;
    and (`since`) the last run and publication before it. Emptied when the crawl is settled."""

    __tablename__ = "unsettled"
    what: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any] | None]


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
    resolver_version: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (CheckConstraint("id = 1", name="single"),)


class BulkFile(Base):
    """The file that a name stands for: `digest` of its content, how many bytes it has by encoding, of which `dataset` it is, and
    the digest of the one `before`."""

    __tablename__ = "bulk_file"
    name: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    before: Mapped[str | None]
    sizes: Mapped[dict[str, Any]]
    dataset: Mapped[int]
    form: Mapped[int]
    made_at: Mapped[datetime]


class BulkPart(Base):
    """One part of a file's content in an encoding; those of the file before stay, for who is still reading it."""

    __tablename__ = "bulk_part"
    digest: Mapped[str] = mapped_column(primary_key=True)
    encoding: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes]


class RateLimit(Base):
    """Hits of a client in its window (unlogged): shared by all workers and instances; holds hashes, never addresses."""

    __tablename__ = "rate_limit"
    key: Mapped[str] = mapped_column(primary_key=True)
    hits: Mapped[int] = mapped_column(BigInteger)
    expires: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = {"prefixes": ["UNLOGGED"]}
