"""Alembic's environment: over a connection handed in (job, tests, embedded database), else over the Flask app's."""

import time

from alembic import context
from psycopg2.errors import LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from aimstats.store.database import reason
from aimstats.store.tables import Base

# Two that migrate at once wait for one another; the number only has to be this project's own.
MIGRATION_LOCK = 4_100_101
# Whoever reads a table that is waited for stands behind us meanwhile: less than the two seconds that a visitor's statement has.
LOCK_TIMEOUT_MS = 1_000
TRIES = 60
PAUSE_S = 1.0


def migrate(connection: Connection) -> None:
    """Run what is missing in one transaction, which also holds the lock, so that PgBouncer works; where a table is in use for
    longer than a reader may be kept waiting, all of it is taken back and tried again.
    """
    for left in reversed(range(TRIES)):
        try:
            run(connection)
        except OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable) or not left:
                raise
            connection.rollback()
            time.sleep(PAUSE_S)
        else:
            return


def run(connection: Connection) -> None:
    """One try."""
    with connection.begin():
        connection.execute(text("set local statement_timeout = 0"))
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.execute(text(f"set local lock_timeout = {LOCK_TIMEOUT_MS}"))
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
        try:
            migrate(connection)
        except OperationalError as error:
            raise SystemExit(f"the schema could not be migrated, and is as it was: {reason(error)}") from None
