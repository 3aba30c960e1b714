"""Migrating the schema, and saying how it stands against this code, without Flask."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
COMMAND = "flask --app app db upgrade"

SchemaState = Literal["current", "older", "newer", "empty"]


def upgrade(connection: Connection) -> None:
    """Bring the schema to this code's revision and commit, all or nothing; several at once wait for one another.

    A schema newer than this code is left alone.
    """
    if schema_state(connection) in ("current", "newer"):
        connection.rollback()
        return
    connection.rollback()
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def schema_state(connection: Connection) -> SchemaState:
    """Return how the database's schema stands: ``empty`` was never migrated; ``newer`` holds a revision that this
    code does not know, which is accepted, since migrations are additive.
    """
    if connection.scalar(text("select to_regclass('alembic_version')")) is None:
        return "empty"
    revisions = set(connection.scalars(text("select version_num from alembic_version")))
    if not revisions:
        return "empty"
    heads, known = _revisions()
    if not revisions <= known:
        return "newer"
    return "current" if revisions >= heads else "older"


@lru_cache(maxsize=1)
def _revisions() -> tuple[frozenset[str], frozenset[str]]:
    """Return this code's head revisions and all that it knows."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    return frozenset(scripts.get_heads()), frozenset(script.revision for script in scripts.walk_revisions())
