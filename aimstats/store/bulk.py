"""The files in which the whole catalogue is taken away: kept in the database in parts, all replaced at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

PART_BYTES: Final = 2**18
"""What a process holds of a file that it sends: so much is each part of it, but the last."""

_KEEP_FILE = text(
    "insert into bulk_file (name, digest, sizes, dataset, form, made_at) values (:name, :digest, :sizes, :dataset, :form, :now) "
    "on conflict (name) do update set before = nullif(bulk_file.digest, excluded.digest), digest = excluded.digest, "
    "sizes = excluded.sizes, dataset = excluded.dataset, form = excluded.form, made_at = excluded.made_at"
).bindparams(bindparam("sizes", type_=JSONB))
_KEEP_PART = text(
    "insert into bulk_part (digest, encoding, part, body) values (:digest, :encoding, :part, :body) on conflict do nothing"
)
_FORGET = text("delete from bulk_part p where not exists (select from bulk_file f where p.digest in (f.digest, f.before))")


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made: its name, a digest of its content, and its parts by encoding (`identity` where it is compressed in
    itself)."""

    name: str
    digest: str
    encodings: Mapping[str, Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept: what its ETag is made of, and how many bytes it has by encoding."""

    digest: str
    sizes: Mapping[str, int]
    made_at: datetime


def made_of(connection: Connection, names: Iterable[str], form: int) -> int | None:
    """Of which dataset all of these files are, in this form; None where they are not of one."""
    rows = connection.execute(text("select name, dataset, form from bulk_file")).all()
    found = {row.name: row.dataset for row in rows if row.form == form}
    datasets = {found.get(name) for name in names}
    return datasets.pop() if len(datasets) == 1 else None


def keep(connection: Connection, files: Iterable[Made], dataset: int, form: int, now: datetime) -> None:
    """Put the files in the place of those before, inside the caller's transaction; who reads one of these may go on."""
    for file in files:
        sizes: dict[str, int] = {}
        for encoding, parts in file.encodings.items():
            sizes[encoding] = 0
            for number, body in enumerate(parts):
                sizes[encoding] += len(body)
                row = {"digest": file.digest, "encoding": encoding, "part": number, "body": body}
                connection.execute(_KEEP_PART, row)
        about = {"name": file.name, "digest": file.digest, "sizes": sizes, "dataset": dataset, "form": form, "now": now}
        connection.execute(_KEEP_FILE, about)
    connection.execute(_FORGET)


def find(connection: Connection, name: str) -> Kept | None:
    """The file of a name; None before it was ever made."""
    row = connection.execute(
        text("select digest, sizes, made_at from bulk_file where name = :name"), {"name": name}
    ).one_or_none()
    return None if row is None else Kept(*row)


def bytes_of(engine: Engine, digest: str, encoding: str, start: int, stop: int) -> Iterator[bytes]:
    """The bytes of a file from `start` up to `stop`; no part is read that holds none of them."""
    place = start - start % PART_BYTES
    for part in parts_of(engine, digest, encoding, start // PART_BYTES):
        yield part[max(start - place, 0) : stop - place]
        place += len(part)
        if place >= stop:
            return


def parts_of(engine: Engine, digest: str, encoding: str, first: int = 0) -> Iterator[bytes]:
    """The parts of a file from the first wanted on, each read when it is asked for, so that no connection waits for a slow
    reader."""
    statement = text("select body from bulk_part where digest = :digest and encoding = :encoding and part = :part")
    part = first
    while True:
        with engine.connect() as connection:
            body = connection.execute(statement, {"digest": digest, "encoding": encoding, "part": part}).scalar_one_or_none()
        if body is None:
            return
        yield bytes(body)
        part += 1
