"""The crawl job as a process of its own against a loopback mirror of small pages."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.config.values import PROJECT_ROOT
from aimstats.domain.claims import json_text
from jobs.mirror import start_mirror
from jobs.scrape import main
from scrapy_project.sources import spider_classes
from tests.conftest import as_text
from tests.forked import Forked

URLS = {
    "models_dev": "https://models.dev/api.json",
    "litellm": "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",
    "openrouter": "https://openrouter.ai/api/v1/models",
}
THREE = tuple(URLS)


def scrape(*arguments: str) -> None:
    """The job as its command line runs it."""
    sys.exit(main(arguments))


def write_mirror(folder: Path, bodies: Mapping[str, str] | None = None, more: Iterable[str] = ()) -> None:
    """A mirror folder of the three sources' small pages (and those of `more`); `bodies` replaces some."""
    manifest = []
    for source, url in (URLS | {source: spider_classes()[source].start_urls[0] for source in more}).items():
        body = (bodies or {}).get(source)
        page = PROJECT_ROOT / "tests" / "pages" / source / "page.json"
        (folder / f"{source}.json").write_text(page.read_text(encoding="utf-8") if body is None else body, encoding="utf-8")
        manifest.append({"url": url, "file": f"{source}.json", "content_type": "application/json"})
    (folder / "MANIFEST.json").write_text(json.dumps(manifest), encoding="utf-8")


class Jobs:
    """Runs the job with one database and one mirror."""

    def __init__(self, database: URL, mirror: str, folder: Path) -> None:
        self.database = database
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "SCRAPE", "LOG", "CLOUD"))}
        self.environment = kept | {
            "DATABASE_URL": as_text(database),
            "SCRAPE_MIRROR_URL": mirror,
            "SCRAPE_CONTACT": "ops@example.org",
        }

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the job as its command line does and do not wait."""
        return subprocess.Popen(
            [sys.executable, "-W", "error::DeprecationWarning:scrapy_project", "-m", "jobs.scrape", *arguments],
            cwd=PROJECT_ROOT,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def begin(self, *arguments: str, **environment: str) -> Forked:
        """Begin the job and do not wait; forked from a process that has imported it."""
        return Forked(scrape, *arguments, environment=self.environment | environment)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the job to its end."""
        return self.begin(*arguments, **environment).end()

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a query gives."""
        engine = create_engine(self.database, poolclass=NullPool)
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return [tuple(row) for row in result] if result.returns_rows else []

    def state(self) -> list[str]:
        """All that was published, without numbers and instants that differ from run to run."""
        urls = {row[0]: row[1] for row in self.rows("select id, url from document")}
        claims = self.rows(
            "select l.source, l.provider, l.external_id, l.region, l.variant, l.ordinal, d.url, c.kind, c.key, c.value::text, "
            "c.valid_from::text, c.valid_to::text, c.observed_to is null from claim c "
            "join listing l on l.id = c.listing_id join document d on d.id = c.document_id order by 1, 2, 3, 4, 5, 6, 7, 8, 9, 11"
        )
        rows = [
            [id_, _told(body, urls)]
            for table in ("model", "offer")
            for id_, body in self.rows(f"select id, body from resolved_{table} order by id")
        ]
        return sorted(json_text(list(row)) for row in [*claims, *rows])


def _told(body: Any, urls: Mapping[int, str]) -> Any:
    """Without the instants at which something was held, which are those of the run, and with the addresses of documents for
    their numbers, of which a run that is rolled back takes some.
    """
    if isinstance(body, list):
        return [_told(part, urls) for part in body]
    if not isinstance(body, dict):
        return body
    told = {key: _told(value, urls) for key, value in body.items() if key not in ("since", "confirmed_at", "frozen_at")}
    if isinstance(body.get("document"), int):
        told["document"] = urls[body["document"]]
    if "documents" in body:
        told["documents"] = sorted(urls[number] for number in body["documents"])
    return told


@contextmanager
def jobs_on(database: URL, folder: Path) -> Iterator[Jobs]:
    """Jobs on a mirror of this folder, which must hold a manifest."""
    with start_mirror(folder) as mirror:
        yield Jobs(database, mirror.address, folder)


def table_of(error: str) -> dict[str, dict[str, str]]:
    """The closing table as read by a person: source -> heading -> cell."""
    lines = error.splitlines()
    head = next(place for place, line in enumerate(lines) if line.startswith("source "))
    headings = lines[head].split()
    found = {}
    for line in lines[head + 1 :]:
        cells = re.split(r"\s{2,}", line)
        if len(cells) == len(headings):
            found[cells[0]] = dict(zip(headings, cells, strict=True))
    return found
