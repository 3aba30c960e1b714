"""What a crawl hands over: how each document of a source was read, and what was seen in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from aimstats.domain.items import DocumentSeen, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a document from its last ok or unchanged reading: its hash and the validators that its server gave."""

    sha256: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One document read once.

    `url` is its public address, whatever mirror answered; where its address moves from day to day `url` only names it and
    `address` is where it was read, the evidence of what is new in it. `status`: `ok` (parsed: `document` is given),
    `unchanged` (304 or the known hash; of an index `document` is given all the same), `failed` (`error` is one line that a
    person can act on), `gone` (404 or 410). `bytes` is the body's size after decompression. `is_index`: it names further
    documents of the source. `position` is the order in which the source declares its documents.
    """

    url: str
    status: str
    address: str = ""
    sha256: str = ""
    etag: str = ""
    last_modified: str = ""
    document: DocumentSeen | None = None
    error: str = ""
    bytes: int = 0
    is_index: bool = False
    position: int = 0

    @property
    def served_at(self) -> datetime | None:
        """The server's own date of the document (Last-Modified), aware UTC; None where it gives none."""
        try:
            instant = parsedate_to_datetime(self.last_modified)
        except ValueError:
            return None
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceResult:
    """All readings of one source in one crawl.

    Only a result that is `finished` may be published: a crawl that was stopped has not seen everything. `errors` are the
    failures that belong to no document.
    """

    source: Source
    finished: bool
    close_reason: str
    readings: tuple[Reading, ...] = ()
    errors: tuple[str, ...] = ()
