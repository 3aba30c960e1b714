"""Drop the table of price steps, which no release wrote or read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    """Drop it."""
    op.drop_table("resolved_step")


def downgrade() -> None:
    """Make it anew: it was always empty."""
    op.create_table(
        "resolved_step",
        sa.Column("offer", sa.Text(collation="C"), nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("starts", INSTANT, nullable=False),
        sa.Column("ends", INSTANT, nullable=True),
        sa.Column("usd", sa.Numeric(), nullable=True),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_resolved_step_claim_id"),
        sa.PrimaryKeyConstraint("offer", "key", "starts", name="pk_resolved_step"),
    )
