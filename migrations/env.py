"""Alembic's environment: over a connection handed in (job, tests, embedded database), else over the Flask app's."""

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from aimstats.store.database import reason
from aimstats.store.tables import Base

# Two that migrate at once wait for one another; the number only has to be this project's own.
MIGRATION_LOCK = 4_100_101


def migrate(connection: Connection) -> None:
    """Run what is missing in one transaction, which also holds the lock, so that PgBouncer works."""
    with connection.begin():
        connection.execute(text("set local statement_timeout = 0"))
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()


handed_in = context.config.attributes.get("connection")
if handed_in is not None:
    migrate(handed_in)
else:
    from flask import current_app

    try:
        connection = current_app.extensions["migrate"].db.engine.connect()
    except SQLAlchemyError as error:
        raise SystemExit(f"the database cannot be reached: {reason(error)}") from None
    with connection:
        migrate(connection)
