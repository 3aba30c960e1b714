"""What waits together and ends by itself, sources none of whose documents was ever there, and the resolver's version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DECIDED = ("accepted", "rejected", "superseded")
STATUSES = ("published", "unchanged", "quarantined", "failed", "not_configured")


def _one_of(table: str, column: str, values: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_ck_{table}_{column}")  # as the first migration's came out
    op.drop_constraint(name, table, type_="check")
    listed = ", ".join(f"'{value}'" for value in values)
    op.create_check_constraint(name, table, f"{column} in ({listed})")


def upgrade() -> None:
    """Add columns that the release before leaves as they are, and words that it never writes."""
    op.add_column("held", sa.Column("covers", postgresql.JSONB(), nullable=True))
    op.add_column("held", sa.Column("waits", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("version", sa.Column("resolver_version", sa.Text(collation="C"), server_default="", nullable=False))
    _one_of("held", "decided", (*DECIDED, "confirmed"))
    _one_of("run", "status", (*STATUSES, "absent"))


def downgrade() -> None:
    """Take them away; what ended by itself was superseded in the words of then, what was absent failed."""
    op.execute("update held set decided = 'superseded' where decided = 'confirmed'")
    op.execute("alter table run disable trigger user")
    op.execute("update run set status = 'failed' where status = 'absent'")
    op.execute("alter table run enable trigger user")
    _one_of("run", "status", STATUSES)
    _one_of("held", "decided", DECIDED)
    op.drop_column("version", "resolver_version")
    op.drop_column("held", "waits")
    op.drop_column("held", "covers")
