"""Real crawls by the job over loopback, and what stands in the ledger and the catalogue afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from jobs.scrape import NO_DATABASE
from tests.conftest import as_text
from tests.faults.documents import Served
from tests.forked import run_forked
from tests.jobs.jobs_run import scrape
from tests.spiders.scripted_server import Answer, scripted_server

_CLAIMS = """
select l.source, d.url, l.provider, l.host, l.external_id, l.region, l.variant, l.ordinal, c.kind, c.key,
       (case when c.kind = 'identity' then c.value - 'ambiguous' else c.value end)::text
from claim c join listing l on l.id = c.listing_id join document d on d.id = c.document_id where c.observed_to is null
  and c.key <> 'flags.prices_incomplete'
order by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, c.valid_from
"""
_RUNS = "select distinct on (source) source, status, stats from run order by source, id desc"

_HELD = """
select d.source, h."check", h.reason, h.item from held h join document d on d.id = h.document_id where h.decided is null
"""


_MARKS = {"held", "frozen_at", "incomplete", "document", "documents"}


@dataclass(frozen=True)
class Crawled:
    """How the job ended and what stands afterwards: claims by source, resolved rows, last runs, what is held and of what.

    Both come without the flags that parsers raise (`incomplete`, `ambiguous`), and resolved rows without the marks of what is
    held (`held`, `frozen_at`, a row that says no more than that its price is held; where there is none, "held" is no other
    reason than "not published") and without which document of a source says so: these change with a fault, figures do not.
    """

    status: int
    said: str
    claims: Mapping[str, list[Any]]
    resolved: Mapping[str, Any]
    runs: Mapping[str, Any]
    held: Mapping[str, list[tuple[str, str]]]
    held_listings: Mapping[str, set[str]]


def answers(documents: Mapping[str, Served], faulty: Mapping[str, Answer] | None = None) -> dict[str, list[Answer]]:
    """What a server answers by path: the documents as they are, but for the faulty ones."""
    found = {
        f"/{address}": [Answer(200, served.body, {"Content-Type": served.content_type})] for address, served in documents.items()
    }
    return found | {f"/{address}": [answer] for address, answer in (faulty or {}).items()}


def crawl(database: URL, served: Mapping[str, list[Answer]], sources: Iterable[str]) -> Crawled:
    """Run the job against a loopback server, again if a busy machine kept it from the database; it must end by itself."""
    for _ in range(3):
        with scripted_server(served) as server:
            environment = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE", "SCRAPE"))}
            environment |= {"DATABASE_URL": as_text(database), "SCRAPE_MIRROR_URL": server.url, "LOG_LEVEL": "ERROR"}
            done = run_forked(scrape, *sources, environment=environment)
        if done.returncode != NO_DATABASE:
            break
    return standing(database, done.returncode, done.stderr)


def standing(database: URL, status: int, said: str) -> Crawled:
    """What stands in a database."""
    engine = create_engine(database, poolclass=NullPool)
    claims: dict[str, list[Any]] = {}
    held: dict[str, list[tuple[str, str]]] = {}
    listings: dict[str, set[str]] = {}
    with engine.connect() as connection:
        for source, *row in connection.execute(text(_CLAIMS)):
            claims.setdefault(source, []).append(tuple(row))
        resolved = {
            f"{table} {id_}": _without_marks(body)
            for table in ("model", "offer")
            for id_, body in connection.execute(text(f"select id, body from resolved_{table}"))
        }
        runs = {row.source: row for row in connection.execute(text(_RUNS))}
        for source, check, reason, item in connection.execute(text(_HELD)):
            held.setdefault(source, []).append((check, reason))
            listings.setdefault(source, set()).add(item.get("listing", ["", "", ""])[2])
    engine.dispose()
    return Crawled(status, said, claims, resolved, runs, held, listings)


def _without_marks(body: Any) -> Any:
    if isinstance(body, dict):
        apart = _MARKS | {"url"} if "document" in body else _MARKS
        return {key: _without_marks(value) for key, value in body.items() if key not in apart}
    if isinstance(body, list):
        return [_without_marks(value) for value in body if not _is_a_mark(value)]
    return "not_published" if body == "held" else body


def _is_a_mark(value: Any) -> bool:
    return isinstance(value, dict) and value.get("absent") == "held"
