"""What may not be published at all, whatever is in it: a crawl that failed, documents that are gone, times that run backwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aimstats.domain.copies import is_copy
from aimstats.domain.readings import Reading, SourceResult
from aimstats.ingest.documents import GOOD, DocumentState
from aimstats.ingest.runs import Clock

MAX_FAILED_SHARE = 0.2
"""More than a fifth of the documents failed: nothing of that source is published (ledger.md, Runs and documents)."""


class PublicationRefusedError(RuntimeError):
    """Nothing of the source may be published; the reason is one that a person can act on."""


def refusal(result: SourceResult) -> str | None:
    """Why a crawl cannot be published at all: it was stopped, its index failed, or too many documents did."""
    if not result.finished:
        return f"the crawl was stopped ({result.close_reason})"
    if result.errors:
        return result.errors[0]
    if not result.readings:
        return "no document was read"
    failed = _failed(result.readings)
    for reading in failed:
        if reading.is_index:
            return f"its index failed: {reading.url}: {reading.error}"
    if len(failed) > MAX_FAILED_SHARE * len(result.readings):
        return f"{len(failed)} of {len(result.readings)} documents failed; the first: {failed[0].url}: {failed[0].error}"
    indexes = [reading for reading in result.readings if reading.is_index]
    if indexes and not any(reading.document is None or reading.document.listings for reading in indexes):
        return without_details(result)
    return None


def _failed(readings: Sequence[Reading]) -> list[Reading]:
    """The documents that failed and for which none stands: a page whose copy was read, and the copy of a page that was, count
    for nothing."""
    pages = [reading for reading in readings if not is_copy(reading.url)]
    copies = [reading for reading in readings if is_copy(reading.url)]
    is_read = bool(pages) and all(page.status in GOOD for page in pages)
    failed = [page for page in pages if page.status == "failed"][sum(copy.status in GOOD for copy in copies) :]
    return failed + [copy for copy in copies if copy.status == "failed" and not is_read]


def without_details(result: SourceResult) -> str | None:
    """That of the documents which an index names none is there."""
    details = [reading for reading in result.readings if not reading.is_index]
    has_none = len(details) < len(result.readings) and all(reading.status == "gone" for reading in details)
    return f"none of the {len(details)} documents that its index names is there (404)" if details and has_none else None


def refuse_the_past(result: SourceResult, states: Mapping[str, DocumentState], clock: Clock) -> None:
    """Raise PublicationRefusedError for a reading older than its document's last one, or another one of the same instant."""
    gone_at = max(map(clock.of, result.readings))
    for url, state in states.items():
        if state.is_gone_now and state.checked_at is not None and gone_at <= state.checked_at and state.is_open:
            raise PublicationRefusedError(f"{url}: gone at the same instant at which it was read, {gone_at.isoformat()}")
    for reading in result.readings:
        state = states[reading.url]
        if reading.status not in GOOD or state.checked_at is None:
            continue
        observed_at = clock.of(reading)
        if observed_at < state.checked_at:
            raise PublicationRefusedError(
                f"{reading.url}: observed at {observed_at.isoformat()}, but last read at {state.checked_at.isoformat()}"
            )
        if observed_at == state.checked_at and reading.sha256 and reading.sha256 != state.sha256:
            raise PublicationRefusedError(f"{reading.url}: other content at the same instant {observed_at.isoformat()}")
