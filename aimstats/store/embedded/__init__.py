"""A real PostgreSQL of our own in DATA_DIR, shared by kernel locks: the last one out stops it."""

from aimstats.store.embedded.errors import EmbeddedError
from aimstats.store.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedError", "EmbeddedPostgres"]
