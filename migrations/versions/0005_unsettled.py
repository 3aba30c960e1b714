"""What stood before the crawl that is not settled yet, and how much an event weighs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.Text(collation="C")


def upgrade() -> None:
    """Add a table and a column that the release before leaves as they are; events of before it weigh nothing."""
    op.create_table(
        "unsettled",
        sa.Column("what", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("what", "id", name="pk_unsettled"),
    )
    op.add_column("event", sa.Column("weight", sa.Numeric(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    """Take them away: what is not settled is then not told."""
    op.drop_column("event", "weight")
    op.drop_table("unsettled")
