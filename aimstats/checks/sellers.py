"""A new price list in a wrong unit: what can be compared of it shows the unit, and the rest shares its fate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from aimstats.checks.decisions import Decisions
from aimstats.checks.figures import Figure
from aimstats.checks.findings import UNIT_SLIPS, Finding, dollars, what
from aimstats.checks.listings import is_beside
from aimstats.checks.moves import is_near_others
from aimstats.checks.others import Others
from aimstats.checks.thresholds import SLIPPED_LEAST, SLIPPED_LISTINGS, SLIPPED_SHARE, TOGETHER_LISTINGS
from aimstats.checks.together import MovedTogether
from aimstats.domain.reasons import Reason


def beside_slips(
    figures: Iterable[Figure], found: Mapping[Figure, Finding], others: Others, decided: Decisions
) -> dict[Figure, Finding]:
    """The other new prices of a seller (or a document) most of whose comparable new listings are in a wrong unit.

    What is held already is no company for what is new today: the two are looked at apart.
    """
    beside: dict[Figure, Finding] = {}
    for members in _new_lists(figures, decided):
        slipped, compared = _compared(members, found, others)
        if slipped < SLIPPED_LISTINGS.value or not _is_most(slipped, compared, members):
            continue
        for figure in members:
            if figure not in found and is_beside(figure, others):
                stated = {"figure": what(figure), "price": dollars(figure.now)}
                reason = Reason("in_a_wrong_list", **stated, slipped=slipped, compared=compared)
                beside[figure] = Finding("beside_a_slip", reason)
    return beside


def slipped_together(figures: Sequence[Figure], found: Mapping[Figure, Finding], others: Others) -> MovedTogether | None:
    """The new prices of a document that is new for the most part and whose comparable listings are in a wrong unit."""
    prices = [figure for figure in figures if figure.is_price and figure.now > 0]
    new = [figure for figure in prices if figure.is_first]
    if len(new) <= len(prices) - len(new):
        return None
    slipped, compared = _compared(new, found, others)
    if slipped < TOGETHER_LISTINGS.value or not _is_most(slipped, compared, new):
        return None
    reason = Reason("slipped_together", slipped=slipped, compared=compared)
    return MovedTogether("slipped_together", "slipped_together", reason, tuple(new))


def _new_lists(figures: Iterable[Figure], decided: Decisions) -> Iterable[Sequence[Figure]]:
    """The new prices of each seller of a document, and of each document."""
    lists: dict[tuple[int, str | None, bool], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.is_price and figure.is_first and figure.now > 0:
            was_held = decided.is_waiting(figure.document, figure.listing.key, figure.item)
            lists[figure.document, figure.listing.key[0], was_held].append(figure)
            lists[figure.document, None, was_held].append(figure)
    return lists.values()


def _compared(figures: Iterable[Figure], found: Mapping[Figure, Finding], others: Others) -> tuple[int, int]:
    """How many listings are in a wrong unit, and how many can be compared at all."""
    slipped, near = set(), set()
    for figure in figures:
        if figure in found:
            if found[figure].check in UNIT_SLIPS:
                slipped.add(figure.listing.key)
        elif is_near_others(figure, others):
            near.add(figure.listing.key)
    return len(slipped), len(slipped | near)


def _is_most(slipped: int, compared: int, members: Iterable[Figure]) -> bool:
    new = len({figure.listing.key for figure in members})
    return slipped >= compared * SLIPPED_SHARE.value and slipped >= new * SLIPPED_LEAST.value
