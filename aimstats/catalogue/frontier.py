"""Cost against score: which models nothing beats on both, which are not clearly beaten, and what each further point costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.frontier import (
    BEATEN,
    BY_WORKLOAD,
    FRONTIER,
    FRONTIER_STATE,
    NEAR,
    PER_TASK,
    POINT_COLUMNS,
    PRICE,
)
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.costs.answers import all_costs
from aimstats.catalogue.costs.questions import COSTS, OWN_BASES, PER, CostQuestion, workload_from
from aimstats.catalogue.engine.bits import rows_of
from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.catalogue.engine.select import Selection
from aimstats.catalogue.engine.table import FIRST_PARTY, Table
from aimstats.catalogue.scores import Scores, Standing, measured
from aimstats.domain.absence import Absence
from aimstats.domain.facts import STATUSES
from aimstats.domain.likeness import suggestion
from aimstats.domain.money import plain
from aimstats.domain.workload.mixes import blended

LIVING: Final = tuple(status for status in STATUSES if status != "retired")
OWN_FILTERS: Final = frozenset({"state"})
PLACES: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Point:
    """A model with its score and what it costs, in US dollars above zero."""

    one: Standing
    cost: Decimal
    disputed: bool


@dataclass(frozen=True, slots=True)
class Frontier:
    """All points of a question, as a table; `lacking` counts by reason the models that are no point, and `coverage` says by
    benchmark how many models have a score and a price."""

    table: Table
    query: Query
    score: str
    against: str
    lacking: Mapping[str, int]
    coverage: Mapping[str, int]
    measured: tuple[str, str] | None
    intervals: int
    has_tasks: bool

    def notes(self) -> dict[str, Any]:
        """What an answer's `meta` says of it."""
        return {
            "score": self.score,
            "against": self.against,
            "lacking": dict(self.lacking),
            "coverage": dict(self.coverage),
            "measured": list(self.measured or ()),
            "intervals": self.intervals,
        }


def frontier(catalogue: Catalogue, scores: Scores, query: Query) -> Frontier:
    """What a query of `FRONTIER` asks.

    Retired models are left out unless the query names a status: nobody sells them. Raises QueryError where the benchmark is not
    there, or what is asked does not go together.
    """
    against = _against(query)
    models = _models(query)
    places = rows_of(Selection(catalogue, models).bits)
    ids = [catalogue.models.ids[place] for place in places]
    prices = {name: price for name in ids if (price := _price(catalogue, name, query.basis))}
    coverage = _coverage(catalogue, scores, prices)
    score = query.own.get("score") or _best_covered(catalogue, scores, coverage)
    if score and score not in catalogue.benchmarks:
        meant = suggestion(score[:60], catalogue.benchmarks)
        raise QueryError([{"parameter": "score", "message": f"there is no benchmark {score[:60]!r}{meant}"}])
    declared = catalogue.benchmarks.get(score, {})
    standing = {one.model: one for one in scores.standing(score, declared)}
    scored = [standing[name] for name in ids if name in standing]
    found = measured(scored)
    costs = _costs(catalogue, query, models, found, against, prices)
    points = [Point(one, cost, _is_disputed(catalogue, one, query)) for one in found if (cost := costs.get(one.model))]
    lacking = Counter(
        score=len(ids) - len(scored),
        self_reported=len(scored) - len(found),
        free=sum(costs.get(one.model) == 0 for one in found),
        cost=sum(costs.get(one.model) is None for one in found),
    )
    days = sorted(point.one.measured_on for point in points if point.one.measured_on)
    bodies = _bodies(catalogue, points, higher_is_better=declared.get("higher_is_better", True))
    return Frontier(
        table=Table(replace(FRONTIER, columns=POINT_COLUMNS), ((body, None) for body in bodies)),
        query=replace(query, filters={name: values for name, values in query.filters.items() if name in OWN_FILTERS}),
        score=score,
        against=against,
        lacking=lacking,
        coverage=coverage,
        measured=(days[0], days[-1]) if days else None,
        intervals=sum(point.one.has_interval for point in points),
        has_tasks=sum(one.cost_per_task is not None for one in found) > 1,
    )


def _against(query: Query) -> str:
    workload = workload_from(query.own)
    against: str = query.own.get("against") or (BY_WORKLOAD if workload else PRICE)
    if against == BY_WORKLOAD and workload is None:
        raise QueryError([{"parameter": "against", "message": "needs a workload, such as preset=agent_day"}])
    if against == BY_WORKLOAD and query.basis not in OWN_BASES:
        raise QueryError([{"parameter": "basis", "message": f"may be {' or '.join(OWN_BASES)} beside a workload"}])
    return against


def _models(query: Query) -> Query:
    """The query of models under the same filters; of those that are sold unless it names a status."""
    filters = {name: values for name, values in query.filters.items() if name not in OWN_FILTERS}
    if "status" not in filters:
        filters["status"] = LIVING
    return replace(query, collection=MODELS, filters=filters, cursor=None, fields=(), sort=())


def _price(catalogue: Catalogue, model: str, basis: str) -> Decimal | None:
    row = catalogue.model(model, basis)
    assert row is not None
    asked, answered = row["cost.input"], row["cost.output"]
    if asked is None and answered is None:
        return None
    bills_output = answered is not None or (row["cost.absent"] or {}).get("output") != Absence.NOT_BILLED
    return blended(asked, answered, bills_output=bills_output)


def _coverage(catalogue: Catalogue, scores: Scores, prices: Mapping[str, Decimal]) -> dict[str, int]:
    """By benchmark how many priced models have a measured score, the most first."""
    counted = {
        name: sum(one.model in prices for one in measured(scores.standing(name, declared)))
        for name, declared in catalogue.benchmarks.items()
    }
    return {name: counted[name] for name in sorted(counted, key=lambda name: (-counted[name], name)) if counted[name]}


def _best_covered(catalogue: Catalogue, scores: Scores, coverage: Mapping[str, int]) -> str:
    """The benchmark with the most priced models, of those that say when they were measured; '' where there is none."""
    dated = (name for name in coverage if any(one.measured_on for one in scores.standing(name, catalogue.benchmarks[name])))
    return next(dated, next(iter(coverage), ""))


def _costs(
    catalogue: Catalogue,
    query: Query,
    models: Query,
    found: Sequence[Standing],
    against: str,
    prices: Mapping[str, Decimal],
) -> Mapping[str, Decimal | None]:
    if against == PER_TASK:
        return {one.model: one.cost_per_task for one in found}
    if against == PRICE:
        return {one.model: prices.get(one.model) or _price(catalogue, one.model, query.basis) for one in found}
    workload = workload_from(query.own)
    assert workload is not None
    alone = replace(models, filters={**models.filters, "id": tuple(one.model for one in found)})
    asked = replace(query, collection=COSTS, stated={}, cursor=None)
    rows = all_costs(catalogue, CostQuestion(asked, alone, workload, PER[0]))
    return {row.receipt.model or "": row.receipt.total for batch in rows for row in batch} if found else {}


def _is_disputed(catalogue: Catalogue, one: Standing, query: Query) -> bool:
    row = catalogue.model(one.model)
    disputed = row["agreement.disputed"] or () if row and query.basis == FIRST_PARTY else ()
    return any(field.startswith("cost.") for field in disputed)


def _bodies(catalogue: Catalogue, points: Sequence[Point], *, higher_is_better: bool) -> Iterator[dict[str, Any]]:
    """The points, cheapest first; of equally cheap ones the best first."""
    sign = 1 if higher_is_better else -1
    best: Point | None = None
    clear: Decimal | None = None
    """The best of the worse ends of the intervals so far: whose better end lies below it is clearly beaten."""
    in_order = sorted(points, key=lambda point: (point.cost, -sign * point.one.value, point.one.model))
    for place, point in enumerate(in_order, start=1):
        one = point.one
        worse, better = (one.low, one.high) if higher_is_better else (-one.high, -one.low)
        clear = worse if clear is None else max(clear, worse)
        is_best = best is None or sign * one.value > sign * best.one.value
        state = FRONTIER_STATE if is_best else NEAR if better >= clear else BEATEN
        yield _body(catalogue, place, point, state, best)
        if is_best:
            best = point


def _body(catalogue: Catalogue, place: int, point: Point, state: str, before: Point | None) -> dict[str, Any]:
    one, row = point.one, catalogue.model(point.one.model)
    is_step = state == FRONTIER_STATE and before is not None
    return {
        "id": one.model,
        "place": place,
        "name": row["name"] if row else None,
        "developer": row["developer.id"] if row else one.model.partition("/")[0],
        "score": plain(one.value),
        "ci_low": plain(one.low) if one.has_interval else None,
        "ci_high": plain(one.high) if one.has_interval else None,
        "cost": plain(point.cost),
        "state": state,
        "beaten_by": before.one.model if before is not None and state != FRONTIER_STATE else None,
        "gain": plain(abs(one.value - before.one.value)) if is_step and before else None,
        "times": plain((point.cost / before.cost).quantize(PLACES, ROUND_HALF_UP)) if is_step and before else None,
        "disputed": point.disputed,
        "measured_on": one.measured_on or None,
    }


def rows(catalogue: Catalogue, found: Frontier) -> list[Row]:
    """The points in the order asked for."""
    shown = catalogue.including(found.table)
    return [Row(shown, found.table, place) for place in Selection(shown, found.query).ordered()]
