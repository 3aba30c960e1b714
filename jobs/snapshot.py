"""`python -m jobs.snapshot export|import [FILE]`: write the openly licensed ledger to a file, or take such a file in.

Without FILE: the snapshot that comes with the project. Exit status as `jobs.scrape`: 2 wrong usage, file, configuration or
schema; 3 the database cannot be reached; 1 a source was refused.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from aimstats.config import ConfigError, load_config
from aimstats.ingest.snapshot import BUNDLED, SnapshotError, export, import_
from aimstats.log import configure_logging
from aimstats.store.database import Database, open_database, reason
from aimstats.store.migrate import COMMAND, schema_state
from jobs.scrape import NO_DATABASE, OK, SOME_FAILED, USAGE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m jobs.snapshot", description="Export or import the open ledger.")
    parser.add_argument("action", choices=("export", "import"))
    parser.add_argument("file", nargs="?", type=Path, default=BUNDLED, help="default: the bundled snapshot")
    options = parser.parse_args(arguments)
    try:
        config = load_config()
    except ConfigError as error:
        print(error, file=sys.stderr)
        return USAGE
    configure_logging(config.log_level, release=config.release, secrets=config.secrets)
    with open_database(config, "scrape") as database:
        try:
            database.prepare()
            with database.engine.connect() as connection:
                state = schema_state(connection)
            if state in ("older", "empty"):
                print(f"the database's schema is {state}: run `{COMMAND}` first", file=sys.stderr)
                return USAGE
            if options.action == "export":
                return _export(database, options.file)
            return _import(database, options.file, config.release or "development")
        except SnapshotError as error:
            print(error, file=sys.stderr)
            return USAGE
        except SQLAlchemyError as error:
            print(f"the database cannot be used: {reason(error)}", file=sys.stderr)
            return NO_DATABASE


def _export(database: Database, file: Path) -> int:
    with database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        counts = export(connection, file)
    for source, claims in counts.items():
        print(f"{source:24} {claims:>9,} claims", file=sys.stderr)
    print(f"{file.name}: {file.stat().st_size:,} bytes", file=sys.stderr)
    return OK


def _import(database: Database, file: Path, software: str) -> int:
    with database.engine.begin() as connection:
        done = import_(connection, file, datetime.now(UTC), software)
    for source, outcome in done.sources.items():
        print(f"{source:24} {outcome}", file=sys.stderr)
    print(f"{done.runs:,} runs, {done.claims:,} claims written", file=sys.stderr)
    return SOME_FAILED if any(outcome.startswith("refused") for outcome in done.sources.values()) else OK


if __name__ == "__main__":
    sys.exit(main())
