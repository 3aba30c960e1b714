"""What may not be published at all, whatever is in it: a crawl that failed, documents that are gone, times that run backwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aimstats.domain.copies import is_copy
from aimstats.domain.readings import Reading, SourceResult
from aimstats.domain.reasons import Reason
from aimstats.ingest.documents import GOOD, DocumentState
from aimstats.ingest.runs import Clock

MAX_FAILED_SHARE = 0.2
"""More than a fifth of the documents that an index names failed: none of them is published (ledger.md, Runs and documents)."""


class PublicationRefusedError(RuntimeError):
    """Nothing of the source may be published; the reason is one that a person can act on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AbsentError(PublicationRefusedError):
    """None of the source's documents was ever there: nothing failed."""


def refusal(result: SourceResult) -> str | None:
    """Why a crawl cannot be published at all: it was stopped, or none of its documents could be read.

    Documents of one source stand alone: one that failed stops no other.
    """
    if not result.finished:
        return Reason("crawl_stopped", status=result.close_reason)
    if result.errors:
        return result.errors[0]
    if not result.readings:
        return Reason("nothing_read")
    failed = failures(result.readings)
    if failed and not any(reading.status in GOOD for reading in result.readings):
        first = next((reading for reading in failed if reading.is_index), failed[0])
        if first.is_index:
            return Reason("index_failed", url=first.url, error=first.error)
        return Reason("all_failed", failed=len(failed), total=len(result.readings), url=first.url, error=first.error)
    return None


def failures(readings: Sequence[Reading]) -> list[Reading]:
    """The documents that failed and for which none stands: a page whose copy was read, and the copy of a page that was, count
    for nothing."""
    pages = [reading for reading in readings if not is_copy(reading.url)]
    copies = [reading for reading in readings if is_copy(reading.url)]
    is_read = bool(pages) and all(page.status in GOOD for page in pages)
    failed = [page for page in pages if page.status == "failed"][sum(copy.status in GOOD for copy in copies) :]
    return failed + [copy for copy in copies if copy.status == "failed" and not is_read]


def with_children(result: SourceResult) -> SourceResult:
    """The result in which all documents of an index count as failed of which too many did: the rest may be wrong as well."""
    errors: dict[str, str] = {}
    for index in result.readings:
        if not index.is_index or index.document is None or not index.document.links:
            continue
        named = set(index.document.links)
        children = [reading for reading in result.readings if reading.url in named and not reading.is_index]
        failed = [reading for reading in children if reading.status == "failed"]
        if len(failed) > MAX_FAILED_SHARE * len(children):
            first = failed[0]
            counts = {"failed": len(failed), "total": len(children), "index": index.url}
            said = Reason("too_many_failed", **counts, url=first.url, error=first.error)
            errors |= {reading.url: said for reading in children}
    return replace(result, readings=tuple(_failed(reading, errors.get(reading.url)) for reading in result.readings))


def _failed(reading: Reading, error: str | None) -> Reading:
    if error is None or reading.status not in GOOD:
        return reading
    return replace(reading, status="failed", document=None, error=error)


def refuse_without_details(asked: SourceResult, known: SourceResult) -> None:
    """Raise where none of the documents is there that an index names; `known` is without those that never were.

    AbsentError where none of them ever was, unless the index lists models itself.
    """
    indexes = [reading for reading in asked.readings if reading.is_index]
    details = [reading for reading in asked.readings if not reading.is_index]
    if not (indexes and details) or any(reading.status != "gone" for reading in details):
        return
    reason = Reason("none_named_there", number=len(details))
    if any(reading.status == "gone" and not reading.is_index for reading in known.readings):
        raise PublicationRefusedError(reason)
    if all(index.document is not None and not index.document.listings for index in indexes):
        raise AbsentError(reason)


def refuse_the_past(result: SourceResult, states: Mapping[str, DocumentState], clock: Clock) -> None:
    """Raise PublicationRefusedError for a reading older than its document's last one, or another one of the same instant."""
    gone_at = max(map(clock.of, result.readings))
    for url, state in states.items():
        if state.is_gone_now and state.checked_at is not None and gone_at <= state.checked_at and state.is_open:
            raise PublicationRefusedError(Reason("gone_as_read", url=url, at=gone_at.isoformat()))
    for reading in result.readings:
        state = states[reading.url]
        if reading.status not in GOOD or state.checked_at is None:
            continue
        observed_at = clock.of(reading)
        if observed_at < state.checked_at:
            raise PublicationRefusedError(
                Reason("read_before", url=reading.url, at=observed_at.isoformat(), last=state.checked_at.isoformat())
            )
        if observed_at == state.checked_at and reading.sha256 and reading.sha256 != state.sha256:
            raise PublicationRefusedError(Reason("other_content", url=reading.url, at=observed_at.isoformat()))
