"""A snapshot taken into a catalogue: sources that it knows nothing of, whole, as if their runs had been made here."""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from aimstats.ingest.documents import mark_stale
from aimstats.ingest.editions import choose_editions
from aimstats.ingest.resolved import write_resolved
from aimstats.ingest.runs import declare_unread, move_version, rules_changed
from aimstats.ingest.snapshot.file import BUNDLED, StoredSource, read
from aimstats.ingest.snapshot.loading import Loaded, assign_as_then, load, source_of
from aimstats.ingest.touched import rank_documents
from aimstats.store.locks import lock_publishing


@dataclass(slots=True)
class Imported:
    """What an import did: source -> `imported`, `known` (nothing to do), or why it was refused."""

    sources: dict[str, str] = field(default_factory=dict)
    runs: int = 0
    claims: int = 0


def import_(connection: Connection, path: Path, now: datetime, software: str) -> Imported:
    """Take in the snapshot's sources inside the caller's transaction, then resolve once.

    A source whose last run is later than the snapshot's is refused; one whose runs are all known writes nothing.
    Raises SnapshotError.
    """
    lock_publishing(connection)
    declared, sources = read(path)
    declare_unread(connection, (source_of(StoredSource(body, [], [], [], [])) for body in declared))
    done, loaded = Imported(), list[Loaded]()
    for stored in sources:
        source = stored.declaration["id"]
        done.sources[source] = _standing(connection, stored)
        if done.sources[source] == "imported":
            loaded.append(load(connection, stored, software, now))
            done.runs += loaded[-1].runs
            done.claims += loaded[-1].claims
    if loaded:
        connection.exec_driver_sql("analyze listing, claim, document")
        assign_as_then(connection, loaded)
        choose_editions(connection)
        mark_stale(connection, now)
        rank_documents(connection)
        write_resolved(connection, now, None, tells=False)
        move_version(connection, now, True, names=not rules_changed(connection), rows=True)
    return done


def _standing(connection: Connection, stored: StoredSource) -> str:
    """Whether the source is to be `imported`, is `known`, or why it is refused."""
    last = connection.execute(
        text("select max(observed_at) from run where source = :id and status in ('published', 'unchanged')"),
        {"id": stored.declaration["id"]},
    ).scalar_one()
    if not stored.runs or (last is not None and last == datetime.fromisoformat(stored.runs[-1].observed_at)):
        return "known"
    return "imported" if last is None else f"refused: the catalogue has a run of {last.isoformat()}"


def import_bundled_if_empty(engine: Engine, now: datetime, software: str) -> bool:
    """Fill a catalogue in which nothing was ever published with the bundled snapshot; whether it did."""
    collects = gc.isenabled()
    gc.disable()  # the file stands in memory as a million objects that stay: walking over them took a sixth of the time (2026-11)
    try:
        return _import_bundled_if_empty(engine, now, software)
    finally:
        if collects:
            gc.enable()


def _import_bundled_if_empty(engine: Engine, now: datetime, software: str) -> bool:
    with engine.begin() as connection:
        if connection.execute(text("select published_at from version")).scalar_one() is not None or not BUNDLED.exists():
            return False
        import_(connection, BUNDLED, now, software)
    return True
