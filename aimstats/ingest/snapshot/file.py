"""The file of a snapshot: gzipped JSON, one value a line.

First a head with the declarations of all sources (ours, not theirs), then each source with its benchmarks, documents and runs,
then its listings, each with its claims, open and closed. Instants are ISO 8601; documents are named by their place.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from aimstats.domain.claims import json_text, json_value

FORMAT: Final = 3
READ_FORMATS: Final = (1, 2, 3)
"""Format 1 does not say how a claim was closed, nor that a document is gone: the first follows from what was opened then. Before
format 3 only the last date of a document is known."""
BUNDLED: Final = Path(__file__).parents[1] / "bundled" / "claims.jsonl.gz"
"""The snapshot that comes with the project: openly licensed sources only."""
CLOSED_AS: Final = {"c": "corrected", "v": "vanished"}


class SnapshotError(ValueError):
    """A file that is no snapshot of a format that this code reads; the message is one line."""


class StoredDocument(NamedTuple):
    """A document as the file states it."""

    url: str
    sha256: str
    date: str | None
    position: int
    gone_at: str | None = None
    gone_runs: int = 0


class StoredRun(NamedTuple):
    """A run as the file states it; a reading is [document, status, sha256, instant], and where the document's date at it was
    another one than `date_at` says, that date (None: it had none)."""

    observed_at: str
    started_at: str
    readings: list[list[Any]]


Instant = TypeVar("Instant", str, datetime)


def date_at(last: Instant | None, read_at: Instant) -> Instant | None:
    """The date of a document at a reading: its last one, if that had come.

    >>> date_at("2026-03-01", "2026-03-02"), date_at("2026-03-03", "2026-03-02")
    ('2026-03-01', None)
    """
    return last if last is not None and last <= read_at else None


class StoredClaim(NamedTuple):
    """A claim as the file states it; `closed_as` is one letter of `CLOSED_AS`."""

    document: int
    kind: str
    key: str
    value: Any
    url: str | None
    valid_from: str | None
    valid_to: str | None
    observed_from: str
    observed_to: str | None
    closed_as: str | None = None


class StoredListing(NamedTuple):
    """A listing as the file states it."""

    provider: str
    host: str
    external_id: str
    region: str
    variant: str
    ordinal: int
    is_page_name: bool
    claims: list[list[Any]]


@dataclass(frozen=True, slots=True)
class StoredSource:
    """One source of a file, whole."""

    declaration: dict[str, Any]
    benchmarks: list[dict[str, Any]]
    documents: list[StoredDocument]
    runs: list[StoredRun]
    listings: list[StoredListing]


def write_line(out: gzip.GzipFile, value: Any) -> None:
    """Append one value."""
    out.write(json_text(value).encode() + b"\n")


def read(path: Path) -> tuple[list[dict[str, Any]], list[StoredSource]]:
    """The declarations of all sources, and the sources whose ledger the file holds. Raises SnapshotError."""
    try:
        with gzip.open(path, "rb") as lines:
            first = json.loads(next(lines, b"null"))
            if not isinstance(first, dict) or first.get("format") not in READ_FORMATS:
                raise SnapshotError(f"{path}: no snapshot of format {' or '.join(map(str, READ_FORMATS))}")
            return list(first.get("declared", ())), list(_sources(lines))
    except (OSError, EOFError, ValueError, TypeError, KeyError) as error:
        if isinstance(error, SnapshotError):
            raise
        raise SnapshotError(f"{path}: {' '.join(str(error).split()) or type(error).__name__}") from error


def _sources(lines: Any) -> Iterator[StoredSource]:
    source: StoredSource | None = None
    for line in lines:
        value = json_value(line.decode())
        if isinstance(value, dict):
            if source is not None:
                yield source
            source = StoredSource(
                declaration=value["source"],
                benchmarks=value["benchmarks"],
                documents=[StoredDocument(*document) for document in value["documents"]],
                runs=[StoredRun(*run) for run in value["runs"]],
                listings=[],
            )
        elif source is None:
            raise SnapshotError("a listing stands before its source")
        else:
            source.listings.append(StoredListing(*value))
    if source is not None:
        yield source
