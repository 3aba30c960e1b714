"""Reading what publishing resolved: the version, the rows, their documents and evidence; one snapshot a load."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, text

from aimstats.catalogue.building import build
from aimstats.catalogue.catalogue import Catalogue, DocumentFacts, Redirects, Version
from aimstats.catalogue.engine.table import StoredRow
from aimstats.resolution.from_ledger import documents_of, read_benchmarks, sources_of

LOAD_TIMEOUT_MS: Final = 20_000
"""Loading may take longer than a request's statement; it happens once a version."""
BATCH_ROWS: Final = 500


def read_version(connection: Connection) -> Version | None:
    """The published version; None where nothing was ever published."""
    columns = "dataset, checked, published_at, rules_version, resolver_version"
    row = connection.execute(text(f"select {columns} from version")).one_or_none()
    return None if row is None or row.published_at is None else Version(**row._mapping)


def read_documents(connection: Connection) -> dict[int, DocumentFacts]:
    """What is joined by document."""
    rows = connection.execute(
        text(
            "select d.id, d.checked_at, d.document_date, d.url, d.source, d.stale, coalesce((s.body->>'cadence_hours')::int, 24) "
            "from document d join source s on s.id = d.source"
        )
    )
    return {id_: DocumentFacts(*facts) for id_, *facts in rows}


def read_documents_then(connection: Connection, known_at: datetime) -> dict[int, DocumentFacts]:
    """The same as it was known at an instant: by the last good reading until then."""
    sources = sources_of(connection)
    return {
        id_: DocumentFacts(one.checked_at, one.document_date, one.url, one.source, one.stale, sources[one.source].cadence_hours)
        for id_, one in documents_of(connection, sources, known_at).items()
    }


def read_beginning(connection: Connection) -> datetime | None:
    """When anything was read first that says what is sold; boards are read as of their own days, which may lie long before."""
    beginning: datetime | None = connection.execute(
        text(
            "select min(r.read_at) from reading r join document d on d.id = r.document_id join source s on s.id = d.source "
            "where r.status = 'ok' and s.body->>'kind' <> 'benchmark'"
        )
    ).scalar_one()
    return beginning


def read_redirects(connection: Connection) -> Redirects:
    """Where withdrawn ids of models and offers lead."""
    models = connection.execute(text("select id, redirect from published_model where redirect is not null"))
    offers = connection.execute(text("select id, redirect from offer where redirect is not null"))
    return Redirects({row.id: row.redirect for row in models}, {row.id: row.redirect for row in offers})


def _stated(connection: Connection, table: str) -> Iterator[StoredRow]:
    """The resolved rows of a table in the order of their ids, streamed."""
    streamed = connection.execution_options(stream_results=True, yield_per=BATCH_ROWS)
    for body, changed_at in streamed.execute(text(f"select body::text, changed_at from {table} order by id")):
        yield orjson.loads(body), changed_at


def read_catalogue(connection: Connection) -> Catalogue | None:
    """The whole published catalogue; None where nothing was ever published.

    The connection's transaction must be one snapshot (REPEATABLE READ): rows and version are of one publication.
    """
    connection.exec_driver_sql(f"set local statement_timeout = {LOAD_TIMEOUT_MS}")
    version = read_version(connection)
    if version is None:
        return None
    collects = gc.isenabled()
    gc.disable()  # everything that is made here stays: collecting in between costs a tenth of the time (2026-11)
    try:
        return build(
            _stated(connection, "resolved_model"),
            _stated(connection, "resolved_offer"),
            read_documents(connection),
            version,
            redirects=read_redirects(connection),
            benchmarks=read_benchmarks(connection),
            ledger_since=read_beginning(connection),
        )
    finally:
        if collects:
            gc.enable()


def read_evidence(connection: Connection, table: str, identifiers: Iterable[str]) -> Mapping[str, Any]:
    """The evidence of these rows of `resolved_model` or `resolved_offer`, by id."""
    wanted = {"ids": list(identifiers)}
    rows = connection.execute(text(f"select id, evidence::text from {table} where id = any(:ids)"), wanted)
    return {row.id: orjson.loads(row.evidence) for row in rows}


def read_scores(connection: Connection) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every stated score by model, streamed."""
    streamed = connection.execution_options(stream_results=True, yield_per=BATCH_ROWS)
    rows = streamed.execute(
        text("select id, (evidence->'scores')::text from resolved_model where evidence ? 'scores' order by id")
    )
    for identifier, stated in rows:
        yield identifier, orjson.loads(stated)
