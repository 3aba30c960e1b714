"""The files in which the whole catalogue is taken away, as they are sent."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sa.Text(collation="C")


def upgrade() -> None:
    """Add two tables, which the release before knows nothing of; the next crawl fills them."""
    op.create_table(
        "bulk_file",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("before", TEXT, nullable=True),
        sa.Column("sizes", postgresql.JSONB(), nullable=False),
        sa.Column("dataset", sa.Integer(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("made_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_bulk_file"),
    )
    op.create_table(
        "bulk_part",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("encoding", TEXT, nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "encoding", "part", name="pk_bulk_part"),
    )


def downgrade() -> None:
    """Take them away: they are made of the rest."""
    op.drop_table("bulk_part")
    op.drop_table("bulk_file")
