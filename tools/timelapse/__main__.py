"""`python -m tools.timelapse [FOLDER ...]`: replay editions into an empty database and print what became of them.

Exit status: 0 when done; 2 for wrong usage or folders without editions.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from aimstats.config.values import PROJECT_ROOT
from aimstats.store.embedded import EmbeddedPostgres
from aimstats.store.migrate import upgrade
from jobs.output import for_a_reader
from jobs.sources_page import with_part
from scrapy_project.base import SourceSpider
from scrapy_project.sources import spider_classes
from tools.timelapse.editions import EditionsError, editions
from tools.timelapse.replay import DAYS, replay
from tools.timelapse.report import as_json, gather, held_lines, report

PAGE = PROJECT_ROOT / "docs" / "timelapse.md"
FOLDER = PROJECT_ROOT.parent / "shared" / "timelapse"


@contextmanager
def empty_database(folder: Path | None) -> Iterator[Engine]:
    """A migrated, embedded database: in `folder`, which must hold none, or in one that is thrown away."""
    with (
        tempfile.TemporaryDirectory(prefix="aimstats-timelapse-") as temporary,
        EmbeddedPostgres(folder or Path(temporary), durable=False) as server,
    ):
        engine = create_engine(server.url, poolclass=NullPool)
        with engine.connect() as connection:
            upgrade(connection)
        yield engine
        engine.dispose()


def chosen(names: Sequence[str]) -> list[type[SourceSpider]]:
    """The spiders named, else those that a crawl reads. Raises KeyError for a source that does not exist."""
    classes = spider_classes()
    return [classes[name] for name in names] or [cls for cls in classes.values() if cls.source.default]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.timelapse", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help=f"folders of editions (default {FOLDER.name})")
    parser.add_argument("--sources", nargs="+", default=[], metavar="SOURCE", help="only these")
    parser.add_argument("--editions", nargs="+", type=date.fromisoformat, default=[], metavar="DAY", help="only these days")
    parser.add_argument("--days", type=int, default=DAYS, help=f"read each edition on so many days (default {DAYS})")
    parser.add_argument("--held", action="store_true", help="print every held figure with what became of it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all of it to a file")
    parser.add_argument("--docs", action="store_true", help="write the tables into docs/timelapse.md")
    parser.add_argument("--database", type=Path, metavar="FOLDER", help="keep the database in this folder, empty before")
    options = parser.parse_args(arguments)
    if options.database is not None and options.database.exists() and any(options.database.iterdir()):
        print(f"{options.database} is not empty", file=sys.stderr)
        return 2
    logging.disable(logging.INFO)
    begun = time.monotonic()
    try:
        classes = chosen(options.sources)
        worlds = list(editions(options.folders or [FOLDER], options.editions))
    except (EditionsError, KeyError) as error:
        print(error if isinstance(error, EditionsError) else f"no such source: {error.args[0]}", file=sys.stderr)
        return 2
    with empty_database(options.database) as engine:
        done = replay(engine, worlds, classes, days=options.days, tell=lambda line: print(line, file=sys.stderr, flush=True))
        with engine.connect() as connection:
            gathered = gather(connection, done)
    with for_a_reader():
        print(report(gathered))
        if options.held:
            print("\n".join(held_lines(gathered)))
    if options.json is not None:
        options.json.write_text(json.dumps(as_json(gathered), indent=1) + "\n", encoding="utf-8")
    if options.docs:
        days = f"{len(worlds)} editions, {worlds[0].day} to {worlds[-1].day}"
        said = f"{days}, measured {date.today()}:\n\n```\n{report(gathered)}\n```"
        PAGE.write_text(with_part(PAGE.read_text(encoding="utf-8"), "measured", said), encoding="utf-8")
    print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
