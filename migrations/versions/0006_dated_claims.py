"""An index of the open claims whose day may come."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DATED_OPEN = "observed_to is null and (valid_from is not null or valid_to is not null or kind = 'lifecycle')"


def upgrade() -> None:
    """Add it."""
    op.create_index("ix_claim_dated_open", "claim", ["listing_id"], postgresql_where=sa.text(DATED_OPEN))


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_claim_dated_open", table_name="claim")
