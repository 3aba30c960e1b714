"""A snapshot: the ledger of the sources that may be bundled, with its history, as a file of facts. Resolved values and texts of
others are never in it."""

from aimstats.ingest.snapshot.exporting import export
from aimstats.ingest.snapshot.file import BUNDLED, SnapshotError
from aimstats.ingest.snapshot.importing import Imported, import_, import_bundled_if_empty

__all__ = ["BUNDLED", "Imported", "SnapshotError", "export", "import_", "import_bundled_if_empty"]
