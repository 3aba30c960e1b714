"""What a question about a past instant needs: a document's date at each reading, and from when what is held was told so."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    """Add columns that the release before leaves empty. Of readings that were made before only their document's last date is
    known: it counts for all of them from that date on, as it did until now."""
    op.add_column("reading", sa.Column("document_date", INSTANT, nullable=True))
    op.add_column("held", sa.Column("told_from", INSTANT, nullable=True))
    op.add_column("held", sa.Column("mark", sa.Text(collation="C"), nullable=True))
    op.execute("alter table reading disable trigger user")
    op.execute(
        "update reading r set document_date = d.document_date from document d "
        "where d.id = r.document_id and d.document_date <= r.read_at and r.status in ('ok', 'unchanged')"
    )
    op.execute("alter table reading enable trigger user")


def downgrade() -> None:
    """Take them away; what a mark says stands in the place of the reason, as it did."""
    op.execute("update held set reason = mark where mark is not null")
    op.drop_column("held", "mark")
    op.drop_column("held", "told_from")
    op.drop_column("reading", "document_date")
