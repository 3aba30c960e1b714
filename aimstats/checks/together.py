"""Most of a document moved alike: another unit, columns that changed places, everything free, another currency."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from aimstats.checks.currency import exchanged, exchanged_sellers
from aimstats.checks.figures import Figure, factor
from aimstats.checks.findings import dollars, so_many, what
from aimstats.checks.listings import exchanged as has_exchanged
from aimstats.checks.others import Others
from aimstats.checks.thresholds import (
    DAYS_STATED,
    DAYS_WITHOUT,
    FAR_FROM_OTHERS,
    LEANING,
    TOGETHER_FACTOR,
    TOGETHER_FIGURES,
    TOGETHER_LISTINGS,
    TOGETHER_SHARE,
    WRONG_LISTINGS,
    Threshold,
)
from aimstats.domain.reasons import Reason


class MovedTogether(NamedTuple):
    """Figures of a document that moved alike: the check and why; `what` is the same as long as they state the same move."""

    what: str
    check: str
    reason: Reason
    figures: tuple[Figure, ...]
    days: int = int(DAYS_STATED.value)
    """On how many days readings state it before it is published: thirty where it is a unit."""


def moved_together(figures: Sequence[Figure], others: Others) -> Iterator[MovedTogether]:
    """The sets of one document's figures that are held as such; a figure may be in several.

    Not held is what other sources of the same offers or models say too.
    """
    groups: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        groups[figure.group].append(figure)
    for group, members in groups.items():
        compared = [figure for figure in members if figure.before is not None]
        if not compared:
            continue
        fresh = tuple(figure for figure in members if figure.is_fresh)
        for found in (*_wrong_together(group, compared, fresh), *_far_together(group, compared, fresh)):
            if not _is_shared(found.figures, others):
                yield found
        if compared[0].is_money:
            yield from _currencies(group, compared, others)


def is_contradicted(moved: MovedTogether, others: Others) -> bool:
    """Whether most of the moved figures that others can judge stand a unit away from them, or are free at nobody else:
    time does not publish them.
    """
    apart = near = 0
    for figure in _moved_prices(moved.figures):
        distance = others.everybody(figure, elsewhere=True).distance(figure.now or figure.before or figure.now)
        if distance is not None:
            is_wrong = not others.states_free(figure) if figure.now == 0 else distance >= FAR_FROM_OTHERS.value
            apart, near = apart + is_wrong, near + (not is_wrong)
    return apart >= WRONG_LISTINGS.value and apart >= (apart + near) * LEANING.value


def _moved_prices(figures: Iterable[Figure]) -> Iterator[Figure]:
    return (figure for figure in figures if figure.is_price and figure.is_changed and figure.before)


def _currencies(group: str, compared: Sequence[Figure], others: Others) -> Iterator[MovedTogether]:
    """Another currency: told by the seller's own last list alone; what is held is what moved."""
    whole = exchanged(compared)
    sellers = [("", whole, compared)] if whole else []
    if compared[0].is_price:
        sellers += exchanged_sellers(compared)
    for seller, found, members in sellers:
        moved = tuple(figure for figure in members if figure.is_changed)
        if not _is_stated_elsewhere(moved, others):
            name = f"one_factor: {seller or group} by {found.factor:.2f}"
            reason = Reason("one_factor_of_seller", seller=seller, moved=found.reason) if seller else found.reason
            yield MovedTogether(name, "one_factor", reason, moved)


def _is_stated_elsewhere(moved: Iterable[Figure], others: Others) -> bool:
    """Whether other sources of the same offers state most of the new figures to the cent."""
    compared = [(figure, others.witnesses(figure).offer) for figure in moved if figure.now > 0]
    compared = [(figure, offer) for figure, offer in compared if offer]
    same = sum(any(abs(figure.now - other) <= figure.now / 200 for other in offer) for figure, offer in compared)
    return len(compared) >= WRONG_LISTINGS.value and same >= len(compared) * LEANING.value


def _is_shared(figures: Iterable[Figure], others: Others) -> bool:
    """Whether most of the moved figures that others can judge came nearer to them."""
    nearer = farther = 0
    for figure in _moved_prices(figures):
        if figure.now == 0:
            nearer, farther = nearer + others.states_free(figure), farther + (not others.states_free(figure))
            continue
        witnesses = others.witnesses(figure, elsewhere=True)
        now, then = witnesses.distance(figure.now), witnesses.distance(figure.before or figure.now)
        if now is not None and then is not None:
            nearer, farther = nearer + (now < then), farther + (now > then)
    return nearer >= WRONG_LISTINGS.value and nearer >= (nearer + farther) * LEANING.value


def _listings(figures: Iterable[Figure]) -> int:
    return len({(figure.document, figure.listing.key) for figure in figures})


def _names(figures: Iterable[Figure]) -> int:
    """How many names: one model moves at all of its hosts at once."""
    return len({figure.listing.key[2] for figure in figures})


def _far_together(group: str, compared: Sequence[Figure], fresh: tuple[Figure, ...]) -> Iterator[MovedTogether]:
    members = [figure for figure in compared if figure.before or figure.now]
    if not members:
        return
    for is_up in (True, False):
        far = [figure for figure in members if _has_moved(figure, is_up, TOGETHER_FACTOR)]
        if not members[0].is_money:
            far = _mostly(far, members)
        units = [figure for figure in far if _has_moved(figure, is_up, FAR_FROM_OTHERS)]
        # A model may become five times cheaper at all of its hosts, but not by a unit.
        for count, total in ((_names(far), _names(members)), (_listings(units), _listings(members))):
            if count >= TOGETHER_LISTINGS.value and count >= total * TOGETHER_SHARE.value:
                middle = median(figure.now / figure.before for figure in far if figure.before)
                by = Reason("times_up" if is_up else "times_down", times=so_many(middle))
                name = f"moved_together: {group} about {Decimal(f'{middle:.1g}'):f}"
                reason = Reason("moved_together", number=count, total=total, figures=group, times=by)
                is_unit = max(middle, 1 / middle) >= FAR_FROM_OTHERS.value
                days = DAYS_WITHOUT if is_unit else DAYS_STATED
                yield MovedTogether(name, "moved_together", reason, fresh, int(days.value))
                break


def _mostly(far: Sequence[Figure], members: Sequence[Figure]) -> list[Figure]:
    """Those of names most of whose figures moved so."""
    every = Counter(figure.listing.key[2] for figure in members)
    moved = Counter(figure.listing.key[2] for figure in far)
    return [f for f in far if moved[f.listing.key[2]] >= every[f.listing.key[2]] * TOGETHER_FIGURES.value]


def _has_moved(figure: Figure, is_up: bool, limit: Threshold) -> bool:
    ratio = factor(figure.now, figure.before) if figure.before is not None else None
    if ratio is None:
        return False
    return ratio >= limit.value if is_up else 1 / ratio >= limit.value


def _wrong_together(group: str, compared: Sequence[Figure], fresh: tuple[Figure, ...]) -> Iterator[MovedTogether]:
    """Listings that became free, or exchanged two of their prices, all at once."""
    if not compared[0].is_money:
        return
    by_listing: dict[object, list[Figure]] = defaultdict(list)
    for figure in compared:
        by_listing[figure.document, figure.listing.key].append(figure)
    for check, code, is_wrong, could_be in _WRONG:
        total = sum(could_be(members) for members in by_listing.values())
        wrong = [members for members in by_listing.values() if is_wrong(members)]
        if len(wrong) >= WRONG_LISTINGS.value and len(wrong) >= total * TOGETHER_SHARE.value:
            reason = Reason(code, number=len(wrong), total=total, example=_example(wrong[0]))
            yield MovedTogether(f"{check}: {group}", check, reason, fresh)


def _had_a_price(figures: Sequence[Figure]) -> bool:
    return any(figure.before for figure in figures)


def _had_two_prices(figures: Sequence[Figure]) -> bool:
    """Whether it has what could be exchanged; of prices that are read no more nothing can be said."""
    return len({figure.before for figure in figures if figure.before}) > 1


def _is_free_now(figures: Sequence[Figure]) -> bool:
    return any(figure.before and figure.now == 0 for figure in figures)


_Asked = Callable[[Sequence[Figure]], bool]
_WRONG: tuple[tuple[str, str, _Asked, _Asked], ...] = (
    ("free_now_together", "free_together", _is_free_now, _had_a_price),
    ("swapped_together", "swapped_together", has_exchanged, _had_two_prices),
)
"""The check, its reason, whether the prices of a listing are wrong so, and whether they could be."""


def _example(figures: Sequence[Figure]) -> Reason:
    figure = next(figure for figure in figures if figure.is_changed)
    return Reason("went_to", figure=what(figure), model=figure.listing.key[2], price=dollars(figure.now))
