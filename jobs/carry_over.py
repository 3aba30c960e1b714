"""`python -m jobs.carry_over [--programs FOLDER]`: carry the embedded database of another PostgreSQL over to this release's.

Exit status: 0 done, 1 refused, 2 wrong usage or configuration.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from aimstats.config import ConfigError, load_config
from aimstats.store.embedded import EmbeddedError
from aimstats.store.embedded.carrying import carry_over
from aimstats.store.embedded.place import CLUSTER
from jobs.scrape import OK, SOME_FAILED, USAGE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m jobs.carry_over", description="Carry the embedded database over.")
    parser.add_argument("--programs", type=Path, metavar="FOLDER", help="of the other version's postgres, pg_ctl and pg_dump")
    options = parser.parse_args(arguments)
    try:
        config = load_config()
    except ConfigError as error:
        print(error, file=sys.stderr)
        return USAGE
    if config.database_url is not None:
        print("DATABASE_URL or DATABASE_* is set: only the embedded database is carried over by this", file=sys.stderr)
        return USAGE
    try:
        old = carry_over(config.data_dir, options.programs)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return SOME_FAILED
    print(f"{old} was carried over to {CLUSTER}; it stays as it was: delete it when you have looked")
    return OK


if __name__ == "__main__":
    sys.exit(main())
