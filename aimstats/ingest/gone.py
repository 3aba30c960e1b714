"""Documents that an index names no longer: a few are gone at once, many wait until readings on three days say so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from aimstats.checks.decisions import ACCEPTED, REJECTED
from aimstats.checks.pending import pending
from aimstats.checks.thresholds import DAYS_STATED, ENDS_LEAST, ENDS_SHARE
from aimstats.domain.claims import Flat, HeldTogether
from aimstats.domain.copies import is_copy
from aimstats.domain.readings import SourceResult
from aimstats.domain.reasons import Reason
from aimstats.ingest.documents import DocumentState
from aimstats.ingest.runs import Clock

DOCUMENTS: Final = "ends of documents"


def end_unnamed(
    connection: Connection, result: SourceResult, states: Mapping[str, DocumentState], flats: Mapping[int, Flat], clock: Clock
) -> None:
    """Mark as gone what the source's indexes, all read, name no longer; what waits is held of the first of them."""
    indexes = [reading for reading in result.readings if reading.is_index]
    links = [reading.document.links for reading in indexes if reading.status == "ok" and reading.document is not None]
    if not indexes or len(links) < len(indexes) or any(urls is None for urls in links):
        return
    asked = {reading.url for reading in result.readings}
    named = asked.union(*(urls or () for urls in links))
    standing = {url for url, state in states.items() if state.checked_at is not None and state.is_open and not is_copy(url)}
    unnamed = sorted(standing - named)
    if not unnamed:
        return
    index, at = states[indexes[0].url].id, clock.of(indexes[0])
    known = pending(connection, {index: at})
    waiting = known.of_document(index, DOCUMENTS)
    told = {url: datetime.fromisoformat(since) for url, since in waiting.detail.get("documents", {}).items()}
    since = {url: told.get(url, at) for url in unnamed}
    long_gone = {url for url in unnamed if known.days_since(index, since[url]) >= DAYS_STATED.value}
    if waiting.decided == ACCEPTED:
        long_gone |= told.keys() & since.keys()
    if waiting.decided == REJECTED:
        long_gone = set()
    rest = [url for url in unnamed if url not in long_gone]
    children = len(standing) - len(indexes)
    if waiting.decided == REJECTED or (len(rest) >= ENDS_LEAST.value and len(rest) >= children * ENDS_SHARE.value):
        reason = Reason("documents_gone", number=len(rest), total=children)
        detail = {"documents": {url: since[url].isoformat() for url in rest}}
        flats[index].together.append(HeldTogether(DOCUMENTS, "ends", reason, (), detail, quiet=waiting.decided == REJECTED))
    else:
        long_gone.update(rest)
    if waiting.detail:
        flats[index].let_go[DOCUMENTS] = Reason("documents_ended", number=len(long_gone))
    for url in long_gone:
        states[url].is_gone_now = True
