"""The table of moves: what becomes of one figure that is new or went elsewhere, by where it went."""

from __future__ import annotations

from decimal import Decimal

from aimstats.checks.figures import Figure, ratio_of
from aimstats.checks.findings import Finding, dollars, so_many, times_apart, went, what
from aimstats.checks.impossible import impossible
from aimstats.checks.others import Others, Witnesses
from aimstats.checks.peers import Peers
from aimstats.checks.thresholds import (
    BESIDE_A_SLIP,
    DAYS_STATED,
    DAYS_WITHOUT,
    FAR_FROM_OTHERS,
    MOVED_COST,
    MOVED_LIMIT,
    MOVED_PRICE,
    MOVED_SCORE,
    MOVED_SCORE_TO,
    MOVED_SIZE,
    UNLIKE_ITS_SELLER,
)
from aimstats.domain.money import plain
from aimstats.domain.reasons import Reason

_STATED = int(DAYS_STATED.value)
_LONG = int(DAYS_WITHOUT.value)


def judge_move(figure: Figure, others: Others, peers: Peers) -> Finding | None:
    """What is wrong with a fresh figure: impossible by itself, else where it went, else (at first sight) where it stands."""
    found = impossible(figure)
    if found is not None or not figure.is_fresh:
        return found
    if not figure.is_money:
        return _moved_number(figure)
    if figure.is_first:
        return _first_sight(figure, others, peers) if figure.is_price and figure.claim.usd else None
    assert figure.before is not None
    if figure.part:
        return _moved_cost(figure, figure.before)
    if figure.now == 0:
        if others.states_free(figure):
            return None
        return Finding("free_now", Reason("free_now", figure=what(figure), before=dollars(figure.before)))
    if ratio_of(figure.now, figure.before) < MOVED_PRICE.value:
        return None
    return _moved_price(figure, figure.before, others)


def _moved_price(figure: Figure, before: Decimal, others: Others) -> Finding | None:
    """Nearer to the others or farther by less than a unit: published. Farther by a unit: held. No others: time decides, three
    days of a move, thirty of one by a unit.
    """
    moved = {"went": went(figure, dollars(before), dollars(figure.now)), "times": times_apart(figure.now / before)}
    is_unit = ratio_of(figure.now, before) >= FAR_FROM_OTHERS.value
    witnesses = others.witnesses(figure)
    now, then = witnesses.distance(figure.now), witnesses.distance(before)
    if now is not None and then is not None:
        if now < then or not is_unit or witnesses.confirm(figure.now):
            return None
        if witnesses.are_enough:
            return Finding("far_from_others", Reason("went_away_from_others", **moved, others=_middle(witnesses)))
    lagging = others.everybody(figure)
    if is_unit and _contradict(lagging, figure.now):
        return Finding("moved", Reason("others_still_state", **moved, others=_middle(lagging)), _LONG)
    return Finding("moved", Reason("nobody_else_says_so", **moved), _LONG if is_unit else _STATED)


def _contradict(others: Witnesses, price: Decimal) -> bool:
    """Whether the others stand a unit away from a price, and none of them near it."""
    apart = others.distance(price)
    return apart is not None and apart >= FAR_FROM_OTHERS.value and others.are_enough and not others.confirm(price)


def _middle(others: Witnesses) -> str:
    stated = sorted(others.offer or others.sellers)
    return dollars(stated[len(stated) // 2])


def _first_sight(figure: Figure, others: Others, peers: Peers) -> Finding | None:
    """A new price: held a unit away from others; where nobody else states it, far beyond its seller's others for some days."""
    said = others.everybody(figure)
    apart = said.distance(figure.now)
    if _contradict(said, figure.now):
        code = "far_from_this_offer" if said.offer else "far_from_other_sellers"
        values = {"figure": what(figure), "price": dollars(figure.now), "times": so_many(apart) if apart else ""}
        return Finding("far_from_others", Reason(code, **values, others=_middle(said)))
    if apart is not None and (said.confirm(figure.now) or apart < BESIDE_A_SLIP.value):
        return None
    return _unlike_its_seller(figure, peers)


def is_near_others(figure: Figure, others: Others) -> bool:
    """Whether others say about as much of the offer, or ask about as much for the model."""
    apart = others.everybody(figure).distance(figure.now)
    return apart is not None and apart < BESIDE_A_SLIP.value


def _unlike_its_seller(figure: Figure, peers: Peers) -> Finding | None:
    """Far beyond all that its seller asks: for some days; by a unit: until somebody else states it."""
    found = peers.of(figure)
    if found is None:
        return None
    own = peers.own(figure)
    if own.cheapest > found.dearest * UNLIKE_ITS_SELLER.value:
        apart, beyond, code = own.cheapest / found.dearest, found.dearest, "unlike_the_dearest"
    elif own.dearest * UNLIKE_ITS_SELLER.value < found.cheapest:
        apart, beyond, code = own.dearest / found.cheapest, found.cheapest, "unlike_the_cheapest"
    else:
        return None
    values = {"figure": what(figure), "price": dollars(figure.now), "times": times_apart(figure.now / beyond)}
    days = None if ratio_of(apart, Decimal(1)) >= FAR_FROM_OTHERS.value else _STATED
    return Finding("unlike_its_seller", Reason(code, **values, other=dollars(beyond)), days)


def _moved_number(figure: Figure) -> Finding | None:
    """A count or a score that moved by a unit."""
    if not (figure.before and figure.now):
        return None
    is_score = figure.claim.kind == "score"
    limit = MOVED_SCORE if is_score else MOVED_LIMIT if figure.claim.key.startswith("limit") else MOVED_SIZE
    if min(figure.now, figure.before) <= 0 or ratio_of(figure.now, figure.before) < limit.value:
        return None
    if is_score and max(figure.now, figure.before) <= MOVED_SCORE_TO.value:
        return None
    return Finding("moved", Reason("moved", went=went(figure, plain(figure.before), plain(figure.now))), _STATED)


def _moved_cost(figure: Figure, before: Decimal) -> Finding | None:
    change = went(figure, dollars(before), dollars(figure.now))
    if figure.now == 0:
        return Finding("free_now", Reason("cost_gone", went=change))
    if ratio_of(figure.now, before) >= MOVED_COST.value:
        return Finding("moved", Reason("cost_moved", went=change, times=times_apart(figure.now / before)), _STATED)
    return None
