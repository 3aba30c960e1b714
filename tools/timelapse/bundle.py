"""`python -m tools.timelapse.bundle FOLDER ... --scores MIRROR`: make the snapshot that comes with the project.

The editions give the catalogues that may be bundled their history: all sources are replayed, so that the gate judges with all
that was known, and what of it may be bundled is written. Boards and registries that may be bundled come from one folder of their
latest documents, each as seen on its own day. Exit status as `tools.timelapse`; 1 where a board could not be
published.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from aimstats.domain.readings import SourceResult
from aimstats.ingest.publish import publish
from aimstats.ingest.refusals import PublicationRefusedError
from aimstats.ingest.runs import Clock
from aimstats.ingest.snapshot import BUNDLED, export
from jobs.mirror import ManifestError, MirroredDocument, read_manifest
from scrapy_project.base import SourceSpider
from scrapy_project.parsers import parser_version
from scrapy_project.sources import spider_classes
from tools.timelapse.__main__ import chosen, empty_database
from tools.timelapse.editions import EditionsError, editions
from tools.timelapse.reading import is_there, read
from tools.timelapse.replay import replay


def is_of_today(spider_class: type[SourceSpider]) -> bool:
    """Whether it may be bundled, without history: boards, and registries of what models are; catalogues have one."""
    return spider_class.source.bundle and spider_class.source.kind != "catalogue"


def publish_boards(engine: Engine, folder: Mapping[str, MirroredDocument], classes: Sequence[type[SourceSpider]]) -> list[str]:
    """Publish boards from one folder of documents, each document as seen on its own day; a line for each that was refused."""
    documents = {f"https://{address}": document.file for address, document in folder.items()}
    dates = {f"https://{address}": document.last_modified for address, document in folder.items()}
    refused = []
    for cls in classes:
        if not is_there(cls, documents):
            continue
        result = read(cls, documents, {}, dates)
        try:
            refused += _publish_board(engine, result, parser_version(cls.__module__))
        except PublicationRefusedError as error:
            refused.append(f"{cls.source.id}: {error}")
    return refused


def _publish_board(engine: Engine, result: SourceResult, software: str) -> list[str]:
    now = datetime.now(UTC)
    with engine.begin() as connection:
        report = publish(connection, result, Clock(started_at=now, now=now, observed_at=None), software, resolves=False)
    return [f"{report.source}: {report.error}"] if report.error else []


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the file; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.timelapse.bundle", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="folders of editions")
    parser.add_argument("--scores", type=Path, required=True, metavar="MIRROR", help="a folder with the boards' documents")
    parser.add_argument("--out", type=Path, default=BUNDLED, metavar="FILE", help="default: the bundled snapshot")
    options = parser.parse_args(arguments)
    logging.disable(logging.INFO)
    begun = time.monotonic()
    try:
        worlds = list(editions(options.folders))
        mirror = read_manifest(options.scores)
    except (EditionsError, ManifestError) as error:
        print(error, file=sys.stderr)
        return 2
    classes = chosen([])
    with empty_database(None) as engine:
        prices = [cls for cls in classes if not is_of_today(cls)]
        replay(engine, worlds, prices, tell=lambda line: print(line, file=sys.stderr, flush=True))
        refused = publish_boards(engine, mirror, [cls for cls in spider_classes().values() if is_of_today(cls)])
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            counts = export(connection, options.out, {world.day for world in worlds})
    print("\n".join((*refused, json.dumps(counts))), file=sys.stderr)
    print(f"{options.out.name}: {options.out.stat().st_size:,} bytes, {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
