"""The ledger with all of its keys, what is resolved from it, and the triggers that keep it append-only."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text(collation="C")
INSTANT = postgresql.TIMESTAMP(timezone=True)

GUARDS = """
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end $$;

create function claim_closes_once() returns trigger language plpgsql as $$
begin
    if old.observed_to is not null or new.observed_to is null
       or (to_jsonb(new) - array['observed_to', 'closed_by', 'closed_as'])
          is distinct from (to_jsonb(old) - array['observed_to', 'closed_by', 'closed_as']) then
        raise exception 'claim %: only closing is allowed, once', old.id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create function assignment_closes_once() returns trigger language plpgsql as $$
begin
    if old.observed_to is not null or new.observed_to is null
       or (to_jsonb(new) - array['observed_to']) is distinct from (to_jsonb(old) - array['observed_to']) then
        raise exception 'assignment %: only closing is allowed, once', old.id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create function run_finishes_once() returns trigger language plpgsql as $$
begin
    if old.finished_at is not null then
        raise exception 'run %: finished runs are not changed', old.id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger run_update before update on run for each row execute function run_finishes_once();
create trigger claim_update before update on claim for each row execute function claim_closes_once();
create trigger assignment_update before update on assignment for each row execute function assignment_closes_once();
"""
GUARDED = ("claim", "assignment", "listing", "run", "reading", "event")


def upgrade() -> None:
    """Create every table, then the guards."""
    op.create_table(
        "benchmark",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("edition", TEXT, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_benchmark")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("sha256", TEXT, server_default="", nullable=False),
        sa.Column("etag", TEXT, server_default="", nullable=False),
        sa.Column("last_modified", TEXT, server_default="", nullable=False),
        sa.Column("document_date", INSTANT, nullable=True),
        sa.Column("checked_at", INSTANT, nullable=True),
        sa.Column("gone_at", INSTANT, nullable=True),
        sa.Column("gone_runs", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stale", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_document")),
        sa.UniqueConstraint("source", "url", name=("uq_document_source_url")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("dataset", sa.Integer(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("model", TEXT, nullable=True),
        sa.Column("offer", TEXT, nullable=True),
        sa.Column("field", TEXT, nullable=True),
        sa.Column("before", TEXT, nullable=True),
        sa.Column("after", TEXT, nullable=True),
        sa.Column("ratio", sa.Numeric(), nullable=True),
        sa.Column("source", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_at", "event", ["at"])
    op.create_index("ix_event_model", "event", ["model"])
    op.create_table(
        "listing",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("provider", TEXT, nullable=False),
        sa.Column("host", TEXT, server_default="", nullable=False),
        sa.Column("external_id", TEXT, nullable=False),
        sa.Column("region", TEXT, server_default="", nullable=False),
        sa.Column("variant", TEXT, server_default="", nullable=False),
        sa.Column("ordinal", sa.Integer(), server_default="1", nullable=False),
        sa.Column("is_page_name", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_listing")),
        sa.UniqueConstraint("source", "provider", "host", "external_id", "region", "variant", "ordinal", name="uq_listing_key"),
    )
    op.create_table(
        "offer",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("provider", TEXT, nullable=False),
        sa.Column("host", TEXT, nullable=False),
        sa.Column("model", TEXT, nullable=True),
        sa.Column("snapshot", TEXT, nullable=False),
        sa.Column("variant", TEXT, nullable=False),
        sa.Column("region", TEXT, nullable=False),
        sa.Column("sku", TEXT, server_default="", nullable=False),
        sa.Column("first_published", INSTANT, nullable=False),
        sa.Column("redirect", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=("pk_offer")),
        sa.UniqueConstraint(
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
    op.create_table(
        "published_model",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("first_published", INSTANT, nullable=False),
        sa.Column("redirect", TEXT, nullable=True),
        sa.Column("redirected_at", INSTANT, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=("pk_published_model")),
    )
    op.create_table(
        "rate_limit",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("hits", sa.BigInteger(), nullable=False),
        sa.Column("expires", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=("pk_rate_limit")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(("ix_rate_limit_expires"), "rate_limit", ["expires"], unique=False)
    op.create_table(
        "resolved_model",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_resolved_model")),
    )
    op.create_table(
        "resolved_offer",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("model", TEXT, nullable=True),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_resolved_offer")),
    )
    op.create_index(("ix_resolved_offer_model"), "resolved_offer", ["model"], unique=False)
    op.create_table(
        "run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("observed_at", INSTANT, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("stats", postgresql.JSONB(), nullable=False),
        sa.Column("software", TEXT, nullable=False),
        sa.CheckConstraint(
            "status in ('published', 'unchanged', 'quarantined', 'failed', 'not_configured')", name=("ck_run_status")
        ),
        sa.PrimaryKeyConstraint("id", name=("pk_run")),
    )
    op.create_index(("ix_run_source"), "run", ["source"], unique=False)
    op.create_table(
        "source",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_source")),
    )
    op.create_table(
        "version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.Integer(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("rules_version", TEXT, server_default="", nullable=False),
        sa.CheckConstraint("id = 1", name=("ck_version_single")),
        sa.PrimaryKeyConstraint("id", name=("pk_version")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("provider", TEXT, nullable=False),
        sa.Column("host", TEXT, nullable=False),
        sa.Column("region", TEXT, nullable=False),
        sa.Column("billing", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("model", TEXT, nullable=True),
        sa.Column("snapshot", TEXT, nullable=False),
        sa.Column("variant", TEXT, nullable=False),
        sa.Column("offer_variant", TEXT, nullable=False),
        sa.Column("plan", TEXT, server_default="", nullable=False),
        sa.Column("confidence", sa.Numeric(), nullable=False),
        sa.Column("method", TEXT, nullable=False),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("rules_version", TEXT, nullable=False),
        sa.Column("valid_from", INSTANT, nullable=True),
        sa.Column("valid_to", INSTANT, nullable=True),
        sa.Column("observed_from", INSTANT, nullable=False),
        sa.Column("observed_to", INSTANT, nullable=True),
        sa.CheckConstraint("observed_to >= observed_from", name=("ck_assignment_observed")),
        sa.CheckConstraint("valid_to > valid_from", name=("ck_assignment_valid")),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=("fk_assignment_listing_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_assignment")),
    )
    op.create_index("ix_assignment_model", "assignment", ["model"], unique=False)
    op.create_index(
        "uq_assignment_open",
        "assignment",
        ["listing_id", "valid_from"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("observed_to is null"),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("value", postgresql.JSONB(), nullable=False),
        sa.Column("usd", sa.Numeric(), nullable=True),
        sa.Column("url", TEXT, nullable=True),
        sa.Column("valid_from", INSTANT, nullable=True),
        sa.Column("valid_to", INSTANT, nullable=True),
        sa.Column("observed_from", INSTANT, nullable=False),
        sa.Column("observed_to", INSTANT, nullable=True),
        sa.Column("opened_by", sa.BigInteger(), nullable=False),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.Column("closed_as", TEXT, nullable=True),
        sa.CheckConstraint(
            "(observed_to is null and closed_by is null and closed_as is null) or "
            "(observed_to is not null and closed_by is not null and closed_as in ('corrected', 'vanished'))",
            name=("ck_claim_closing"),
        ),
        sa.CheckConstraint("kind in ('price', 'fact', 'score', 'lifecycle', 'identity')", name=("ck_claim_kind")),
        sa.CheckConstraint("observed_to > observed_from", name=("ck_claim_observed")),
        sa.CheckConstraint("valid_to > valid_from", name=("ck_claim_valid")),
        sa.ForeignKeyConstraint(["closed_by"], ["run.id"], name=("fk_claim_closed_by")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=("fk_claim_document_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=("fk_claim_listing_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["run.id"], name=("fk_claim_opened_by")),
        sa.PrimaryKeyConstraint("id", name=("pk_claim")),
    )
    op.create_index(
        "ix_claim_document_open",
        "claim",
        ["document_id"],
        unique=False,
        postgresql_where=sa.text("observed_to is null"),
    )
    op.create_index("ix_claim_history", "claim", ["listing_id", "key", "observed_from"], unique=False)
    op.create_index(
        "uq_claim_open",
        "claim",
        ["listing_id", "document_id", "kind", "key", "valid_from"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("observed_to is null"),
    )
    op.create_table(
        "held",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=True),
        sa.Column("item", postgresql.JSONB(), nullable=False),
        sa.Column("check", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("decided", TEXT, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.CheckConstraint("decided in ('accepted', 'rejected', 'superseded')", name=("ck_held_decided")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=("fk_held_document_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=("fk_held_listing_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=("fk_held_run_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_held")),
    )
    op.create_index("ix_held_open", "held", ["document_id"], unique=False, postgresql_where=sa.text("decided is null"))
    op.create_table(
        "reading",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
        sa.Column("error", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=("fk_reading_document_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=("fk_reading_run_id")),
        sa.PrimaryKeyConstraint("run_id", "document_id", name=("pk_reading")),
    )
    op.create_index(("ix_reading_document_id"), "reading", ["document_id"], unique=False)
    op.create_table(
        "volatile",
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=("fk_volatile_listing_id")),
        sa.PrimaryKeyConstraint("listing_id", name=("pk_volatile")),
    )
    op.create_table(
        "resolved_step",
        sa.Column("offer", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("starts", INSTANT, nullable=False),
        sa.Column("ends", INSTANT, nullable=True),
        sa.Column("usd", sa.Numeric(), nullable=True),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=("fk_resolved_step_claim_id")),
        sa.PrimaryKeyConstraint("offer", "key", "starts", name=("pk_resolved_step")),
    )
    # ### end Alembic commands ###

    op.execute(GUARDS)
    for table in GUARDED:
        op.execute(
            f"create trigger {table}_keep before delete on {table} for each row execute function refuse_change();"
            f"create trigger {table}_keep_all before truncate on {table} for each statement execute function refuse_change()"
        )
    for table in ("listing", "reading", "event"):
        op.execute(f"create trigger {table}_fixed before update on {table} for each row execute function refuse_change()")
    op.execute("insert into version (id, dataset, checked) values (1, 0, 0)")


def downgrade() -> None:
    """Refuse: an append-only ledger is not thrown away by a migration."""
    raise RuntimeError("the first migration has no downgrade: drop the database instead")
