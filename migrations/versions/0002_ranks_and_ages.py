"""The reading by which a document is ranked, and how old a figure is that stays because its successor is held."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    """Add columns that the release before leaves as they are."""
    op.add_column("document", sa.Column("ranked_at", INSTANT, nullable=True))
    op.add_column("held", sa.Column("confirmed_at", INSTANT, nullable=True))
    op.add_column("held", sa.Column("ended_at", INSTANT, nullable=True))
    op.add_column("held", sa.Column("stale", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.execute("update document set ranked_at = checked_at")
    op.execute("update held set ended_at = decided_at where decided in ('accepted', 'superseded')")


def downgrade() -> None:
    """Take them away: nothing of the ledger is in them."""
    op.drop_column("held", "stale")
    op.drop_column("held", "ended_at")
    op.drop_column("held", "confirmed_at")
    op.drop_column("document", "ranked_at")
