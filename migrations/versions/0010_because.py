"""What is held says why as a code with values too, so that pages say it in their language."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns that are null where an earlier release wrote the row."""
    op.add_column("held", sa.Column("because", JSONB, nullable=True))
    op.add_column("held", sa.Column("mark_because", JSONB, nullable=True))


def downgrade() -> None:
    """Sentences alone."""
    op.drop_column("held", "mark_because")
    op.drop_column("held", "because")
