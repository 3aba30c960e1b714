"""The gate: what of a run is published, what waits and what is held, by what it would change in what is shown.

One figure after the other: impossible by itself; moved with most of its document; the table of moves; beside the other prices
of its listing. Then what is shown together is held together, and what a document states no longer ends or waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from aimstats.checks.dates import keep_swapped_dates
from aimstats.checks.decisions import ACCEPTED, REJECTED, Decisions, decisions
from aimstats.checks.doubted import doubts, keep_beside
from aimstats.checks.endings import keep_ends, keep_unread
from aimstats.checks.fields import keep_fields
from aimstats.checks.figures import Figure, figures, item_of
from aimstats.checks.findings import Finding, mark_of
from aimstats.checks.impossible import impossible
from aimstats.checks.last_reading import LastReading, last_reading
from aimstats.checks.listings import beside_impossible, judge_pairs
from aimstats.checks.moves import judge_move
from aimstats.checks.others import Meaning, Others
from aimstats.checks.peers import Peers
from aimstats.checks.pending import Pending, pending
from aimstats.checks.sellers import beside_slips, slipped_together
from aimstats.checks.sets import BESIDE, companions, sets_held
from aimstats.checks.statements import untrue
from aimstats.checks.together import MovedTogether, is_contradicted, moved_together
from aimstats.domain.claims import ClaimRow, Confirmed, Flat, HeldItem, HeldTogether, Kept, ListingRows
from aimstats.domain.reasons import Reason


@dataclass(slots=True)
class _Ruling:
    """What becomes of the figures of one run: held by a finding of their own, or in a set of their document."""

    found: dict[Figure, Finding] = field(default_factory=dict)
    sets: list[tuple[int, MovedTogether, bool]] = field(default_factory=list)
    """(document, what moved, whether time may publish it)."""
    let_through: dict[Figure, Reason] = field(default_factory=dict)
    """Figures that would be held and are published, since readings on enough days stated them; with their mark."""

    @property
    def in_sets(self) -> dict[Figure, MovedTogether]:
        """The figures that are held in a set of their document."""
        return {figure: moved for _, moved, _ in reversed(self.sets) for figure in moved.figures}


class Gate:
    """The checks of one source's run. `meaning` gives what a listing means by the rules of identity, `now` the wall clock."""

    def __init__(self, connection: Connection, source: str, meaning: Meaning, now: datetime) -> None:
        self._connection = connection
        self._source = source
        self._meaning = meaning
        self._now = now

    def judge(self, flats: Mapping[int, Flat], at: Mapping[int, datetime]) -> None:
        """Move what must not be published out of the documents (id -> Flat), each read `at` an instant, into what they hold."""
        if not flats:
            return
        before = last_reading(self._connection, list(flats))
        decided = decisions(self._connection, list(flats))
        waiting = pending(self._connection, {document: at[document] for document in flats})
        for document, flat in flats.items():
            if flat.is_partial:
                keep_unread(self._connection, document, flat, before)
                continue
            keep_fields(self._connection, document, flat, before, waiting)
        every = list(figures(dict(flats), before.numbers))
        latest = max(at[document] for document in flats)
        ruling = self._ruling(every, flats, latest, decided, waiting)
        held = _Held(flats, decided, waiting, before)
        held.take_figures(ruling)
        held.keep_waiting(every)
        for document, flat in flats.items():
            for listing in flat.listings:
                for claim, finding in untrue(listing, self._now):
                    held.take(document, listing, claim, finding)
            keep_swapped_dates(flat)
        held.widen(self._connection, ruling)
        for document, flat in flats.items():
            if not flat.is_partial:
                keep_ends(self._connection, document, flat, before, waiting, at[document], is_doubted=bool(doubts(flat)))
                keep_beside(self._connection, document, flat, before, waiting)
        held.close()

    def _ruling(
        self,
        every: Sequence[Figure],
        flats: Mapping[int, Flat],
        at: datetime,
        decided: Decisions,
        waiting: Pending,
    ) -> _Ruling:
        fresh = [figure for figure in every if figure.is_price and figure.is_fresh and figure.claim.usd is not None]
        others = Others(self._connection, self._source, self._meaning, fresh, flats, at)
        peers = Peers(figure for figure in every if not _is_waiting(figure, decided))
        ruling = _Ruling()
        by_document: dict[int, list[Figure]] = defaultdict(list)
        for figure in every:
            if figure.is_fresh and (finding := impossible(figure)):
                ruling.found[figure] = finding
            by_document[figure.document].append(figure)
        passed: set[Figure] = set()
        for document, moved, is_wrong in _moved_together(by_document, others):
            known = waiting.of_document(document, moved.what)
            is_long = known.days >= moved.days and not is_wrong
            if known.decided == ACCEPTED or (is_long and known.decided != REJECTED):
                flats[document].let_go[moved.what] = Reason("moved_together_alone")
                ruling.let_through |= {figure: mark_of(figure) for figure in moved.figures if figure not in ruling.found}
                passed.update(moved.figures)
            else:
                ruling.sets.append((document, moved, not is_wrong))
        apart = passed | ruling.in_sets.keys()
        rest = [figure for figure in every if figure not in apart]
        _judge_single(rest, others, peers, ruling)
        for document, members in by_document.items():
            slipped = slipped_together(members, ruling.found, others)
            if slipped is not None and waiting.of_document(document, slipped.what).decided != ACCEPTED:
                ruling.sets.append((document, slipped, False))
        ruling.found |= beside_slips(rest, ruling.found, others, decided)
        _let_through(ruling, decided, waiting)
        return ruling


def _judge_single(rest: Sequence[Figure], others: Others, peers: Peers, ruling: _Ruling) -> None:
    by_listing: dict[int, list[Figure]] = defaultdict(list)
    for figure in rest:
        by_listing[id(figure.listing)].append(figure)
    for members in by_listing.values():
        fresh = [figure for figure in members if figure.is_fresh]
        if not fresh:
            continue
        found = {figure: finding for figure in fresh if (finding := judge_move(figure, others, peers))}
        for figure, finding in judge_pairs(members, others).items():
            # What cannot stand beside the rest of a new listing does not wait for days, whatever else is wrong with it.
            if figure not in found or (figure.is_first and found[figure].days is not None and finding.days is None):
                found[figure] = finding
        ruling.found |= found | beside_impossible(fresh, found, others)


def _moved_together(by_document: Mapping[int, Sequence[Figure]], others: Others) -> Iterator[tuple[int, MovedTogether, bool]]:
    """What moved alike in a document, or in all documents of the run together, by document: each figure in one set; and whether
    others contradict it.
    """
    taken: set[Figure] = set()

    def rest(moved: MovedTogether, document: int) -> tuple[Figure, ...]:
        own = tuple(figure for figure in moved.figures if figure.document == document and figure not in taken)
        taken.update(own)
        return own

    for document, members in by_document.items():
        for moved in moved_together(members, others):
            if own := rest(moved, document):
                yield document, moved._replace(figures=own), is_contradicted(moved, others)
    if len(by_document) < 2:
        return
    for moved in moved_together([figure for members in by_document.values() for figure in members], others):
        is_wrong = is_contradicted(moved, others)
        for document in by_document:
            if own := rest(moved, document):
                yield document, moved._replace(what=f"all documents: {moved.what}", figures=own), is_wrong


def _let_through(ruling: _Ruling, decided: Decisions, waiting: Pending) -> None:
    """Publish what readings on enough days stated and no person rejected."""
    for figure, finding in list(ruling.found.items()):
        if finding.days is None or decided.on(figure.document, figure.listing.key, figure.item) == REJECTED:
            continue
        if waiting.of_figure(figure.document, figure.listing.key, figure.item) >= finding.days:
            del ruling.found[figure]
            ruling.let_through[figure] = mark_of(figure)


def _is_waiting(figure: Figure, decided: Decisions) -> bool:
    """Whether the figure is new and held already: it tells nothing about others."""
    return figure.is_first and bool(decided.waiting) and decided.is_waiting(figure.document, figure.listing.key, figure.item)


class _Held:
    """Takes what failed out of the listings, but for what a person accepted; what was rejected is kept out silently."""

    def __init__(self, flats: Mapping[int, Flat], decided: Decisions, waiting: Pending, before: LastReading) -> None:
        self._flats = flats
        self._priced = {place[:2] for place in before.numbers if place[2] == "price"}
        self._decided = decided
        self._waiting = waiting
        self._out: dict[int, set[int]] = defaultdict(set)
        self._causes: list[Figure] = []
        for document, flat in flats.items():
            flat.held = [
                held._replace(quiet=True) if decided.on(document, held.listing, held.item) == REJECTED else held
                for held in flat.held
            ]

    def take(self, document: int, listing: ListingRows, claim: ClaimRow, finding: Finding) -> bool:
        """Hold one claim; whether it is held."""
        item = item_of(claim)
        decision = self._decided.on(document, listing.key, item)
        if decision == ACCEPTED:
            return False
        if id(claim) not in self._out[id(listing)]:
            self._out[id(listing)].add(id(claim))
            held = HeldItem(listing.key, listing.ordinal, item, finding.check, finding.reason)
            self._flats[document].held.append(held._replace(quiet=decision == REJECTED, waits=finding.days is not None))
        return True

    def take_figures(self, ruling: _Ruling) -> None:
        """Hold the figures that failed, alone or in a set of their document."""
        for figure, finding in ruling.found.items():
            if self.take(figure.document, figure.listing, figure.claim, finding):
                self._causes.append(figure)
        for document, moved, waits in ruling.sets:
            covers = []
            for figure in moved.figures:
                if figure in ruling.found:
                    continue
                self._out[id(figure.listing)].add(id(figure.claim))
                self._causes.append(figure)
                if figure.before is not None or (document, figure.listing.key) not in self._priced:  # else it is complete without
                    covers.append(Kept(figure.listing.key, figure.listing.ordinal, figure.claim.kind, figure.claim.key))
            quiet = self._waiting.of_document(document, moved.what).decided == REJECTED
            held = HeldTogether(moved.what, moved.check, moved.reason, tuple(dict.fromkeys(covers)), quiet=quiet, waits=waits)
            self._flats[document].together.append(held)

    def keep_waiting(self, figures: Sequence[Figure]) -> None:
        """Hold new figures that are held already while columns of their document are doubted: what they were held against may be
        read no more.
        """
        doubted = {document for document, flat in self._flats.items() if doubts(flat)}
        for figure in figures:
            if figure.document in doubted and figure.is_price and _is_waiting(figure, self._decided):
                reason = Reason("new_beside", meter=figure.claim.key.split("|", 1)[0])
                self.take(figure.document, figure.listing, figure.claim, Finding(BESIDE, reason))

    def widen(self, connection: Connection, ruling: _Ruling) -> None:
        """Hold with each known figure what is shown beside it; and say of what is published that it was held."""
        for document, sets in sets_held(self._causes, self._flats).items():
            for listing, claim, held in companions(connection, document, self._flats[document], sets):
                if claim is None:
                    self._flats[document].held.append(held)
                elif id(claim) not in self._out[id(listing)]:
                    self.take(document, listing, claim, Finding(held.check, held.reason))
        for figure, mark in ruling.let_through.items():
            if id(figure.claim) not in self._out[id(figure.listing)]:
                place = figure.listing.key, figure.listing.ordinal
                self._flats[figure.document].confirmed.append(Confirmed(*place, figure.item, mark))

    def close(self) -> None:
        """Take everything that is held out of the listings."""
        for flat in self._flats.values():
            for listing in flat.listings:
                if gone := self._out.get(id(listing)):
                    listing.claims = [claim for claim in listing.claims if id(claim) not in gone]
