"""All tables: whichever module of it is imported, the metadata of `Base` is whole."""

from aimstats.store.tables import ledger, published
from aimstats.store.tables.base import Base

__all__ = ["Base", "ledger", "published"]
