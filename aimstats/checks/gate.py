"""The checks of one run: against itself, against what its source said last, against what others say, and what people decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Connection

from aimstats.checks.currency import apart_together, exchanged_sellers
from aimstats.checks.dates import dates_moved, ended_already
from aimstats.checks.decisions import ACCEPTED, REJECTED, Decisions, decisions
from aimstats.checks.documents import lost_fields, moved_together, shrunken
from aimstats.checks.figures import Figure, figures, item_of
from aimstats.checks.items import Finding, absurd, dollars, what
from aimstats.checks.last_reading import LastReading, last_reading
from aimstats.checks.listings import judge_listing
from aimstats.checks.others import Meaning, Others
from aimstats.checks.peers import Peers
from aimstats.checks.sellers import beside_slips, slipped_together
from aimstats.checks.statements import untrue
from aimstats.checks.thresholds import HELD_DOCUMENTS
from aimstats.domain.claims import ClaimRow, Flat, HeldItem, ListingRows


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A whole document held back: the check that failed, and a reason that a person can act on."""

    document: int
    check: str
    reason: str
    is_sum: bool = False
    """Whether only the sum of all documents showed it."""


@dataclass(slots=True)
class Verdict:
    """What the gate holds of a run beside single items: some documents, or with `is_quarantined` the source."""

    documents: list[HeldDocument] = field(default_factory=list)
    is_quarantined: bool = False


class Fault(NamedTuple):
    """A claim of a document that must not be published, and why."""

    document: int
    listing: ListingRows
    claim: ClaimRow
    finding: Finding


@dataclass(frozen=True, slots=True)
class _Known:
    """What a run is held against: its source's last reading, people's decisions, what others say."""

    before: LastReading
    decided: Decisions
    others: Others


class Gate:
    """The checks of one source's run. `meaning` gives what a listing means by the rules of identity, `now` the wall clock."""

    def __init__(self, connection: Connection, source: str, meaning: Meaning, now: datetime) -> None:
        self._connection = connection
        self._source = source
        self._meaning = meaning
        self._now = now

    def judge(self, flats: Mapping[int, Flat], documents_read: int, *, is_replay: bool = False) -> Verdict:
        """Move failing claims of the documents (id -> Flat) to their `held`, and say which documents are to be held whole.

        More than a fifth of the `documents_read` held, or a fault that only their sum shows: the source is quarantined.
        A document that a person accepted since its last good reading is only checked for what cannot be true; of a replay,
        whose documents passed once, only the items are judged.
        """
        verdict = Verdict()
        if not flats:
            return verdict
        before = last_reading(self._connection, list(flats))
        decided = decisions(self._connection, list(flats))
        every = list(figures(dict(flats), before.numbers))
        fresh_prices = [figure for figure in every if figure.is_price and figure.is_fresh and figure.claim.usd is not None]
        others = Others(self._connection, self._source, self._meaning, fresh_prices)
        found = _item_findings(every, others, before, decided)
        if not is_replay:
            judged = (figure for figure in every if figure.document not in decided.accepted)
            found = exchanged_sellers(judged, others) | found
            self._judge_documents(verdict, flats, documents_read, _Known(before, decided, others), every, found)
        faults = [Fault(figure.document, figure.listing, figure.claim, finding) for figure, finding in found.items()]
        for document, flat in flats.items():
            if not is_replay and document not in decided.accepted:
                moved = ended_already(flat, before.days.get(document, {}), self._now)
                faults += [Fault(document, *fault) for fault in moved]
            for listing in flat.listings:
                faults += [Fault(document, listing, claim, finding) for claim, finding in untrue(listing, self._now)]
        _hold(flats, faults, decided)
        return verdict

    @staticmethod
    def _judge_documents(
        verdict: Verdict,
        flats: Mapping[int, Flat],
        documents_read: int,
        known: _Known,
        every: Iterable[Figure],
        found: Mapping[Figure, Finding],
    ) -> None:
        judged = [figure for figure in every if figure.document not in known.decided.accepted]
        by_document: dict[int, list[Figure]] = defaultdict(list)
        for figure in judged:
            by_document[figure.document].append(figure)
        for document, flat in flats.items():
            if document in known.decided.accepted:
                continue
            own = by_document[document]
            finding = (
                shrunken(document, flat, known.before)
                or lost_fields(document, flat, known.before)
                or dates_moved(flat, known.before.days.get(document, {}))
                or moved_together(own, found)
                or apart_together(own, known.others)
                or slipped_together(own, found, known.others)
            )
            if finding is not None:
                verdict.documents.append(HeldDocument(document, *finding))
        verdict.is_quarantined = len(verdict.documents) > HELD_DOCUMENTS.value * documents_read
        if len(flats) > 1 and not verdict.is_quarantined:
            finding = moved_together(judged, found) or apart_together(judged, known.others)
            if finding is not None:
                verdict.documents.append(HeldDocument(min(flats), *finding, is_sum=True))
                verdict.is_quarantined = True


def _item_findings(every: Sequence[Figure], others: Others, before: LastReading, decided: Decisions) -> dict[Figure, Finding]:
    """The figures that must not be published, by what is wrong with them."""
    found: dict[Figure, Finding] = {}
    by_listing: dict[int, list[Figure]] = defaultdict(list)
    for figure in every:
        by_listing[id(figure.listing)].append(figure)
    foreign = _other_currencies(before)
    peers = Peers(figure for figure in every if not _is_waiting(figure, decided))
    for members in by_listing.values():
        if not any(figure.is_fresh for figure in members):
            continue
        if members[0].document in decided.accepted:
            found |= {figure: finding for figure in members if figure.is_fresh and (finding := absurd(figure))}
            continue
        found |= judge_listing(members, others, peers)
        for figure in members:
            place = (figure.document, figure.listing.key, figure.claim.key)
            if figure.before is None and figure.now > 0 and figure.now in foreign.get(place, ()):
                reason = f"{what(figure)} {dollars(figure.now)} was stated in another currency with the same figure before"
                found.setdefault(figure, Finding("currency", reason))
    judged = [figure for figure in every if figure.document not in decided.accepted]
    return beside_slips(judged, found, others, decided) | found


def _is_waiting(figure: Figure, decided: Decisions) -> bool:
    """Whether the figure is new and held already: it tells nothing about others."""
    return figure.is_first and bool(decided.waiting) and decided.is_waiting(figure.document, figure.listing.key, figure.item)


def _other_currencies(before: LastReading) -> Mapping[tuple[object, ...], set[Decimal]]:
    """Figures that were stated in another currency, by where they would stand in dollars."""
    found: dict[tuple[object, ...], set[Decimal]] = defaultdict(set)
    for (document, listing, kind, key, _), numbers in before.numbers.items():
        if kind == "price" and "|USD|" not in key:
            parts = key.split("|")
            parts[5] = "USD"
            found[document, listing, "|".join(parts)] |= {number for _, number in numbers}
    return found


def _hold(flats: Mapping[int, Flat], faults: Iterable[Fault], decided: Decisions) -> None:
    """Take what failed out of the listings, but for what a person accepted; what was rejected is kept out silently."""
    out: dict[int, set[int]] = defaultdict(set)
    for document, flat in flats.items():
        flat.held = [
            held._replace(quiet=True) if decided.on(document, held.listing, held.item) == REJECTED else held for held in flat.held
        ]
    for document, listing, claim, finding in faults:
        item = item_of(claim)
        decision = decided.on(document, listing.key, item)
        if decision == ACCEPTED:
            continue
        if id(claim) in out[id(listing)]:
            continue
        out[id(listing)].add(id(claim))
        held = HeldItem(listing.key, listing.ordinal, item, finding.check, finding.reason, quiet=decision == REJECTED)
        flats[document].held.append(held)
    for flat in flats.values():
        for listing in flat.listings:
            if id(listing) in out:
                gone = out[id(listing)]
                listing.claims = [claim for claim in listing.claims if id(claim) not in gone]
