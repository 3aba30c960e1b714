"""Several benchmarks weighed into one order of models: an interval and its coverage, never a single figure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.composite import COMPOSITE
from aimstats.catalogue.engine.query import QueryError
from aimstats.catalogue.engine.table import Table
from aimstats.catalogue.scores import Scores, Standing, measured
from aimstats.domain.likeness import suggestion

LEAST_COVERAGE: Final = Decimal("0.5")
"""A model must have scores on benchmarks that carry half of the weight."""
UNKNOWN: Final = (Decimal(0), Decimal(100))
PLACES: Final = Decimal("0.01")

Use = Mapping[str, Decimal]
"""The weight of each benchmark."""


def composite_table(catalogue: Catalogue, scores: Scores, use: Use) -> Table:
    """The models under these weights, ranked by the lower end (scores.md, A composite of your own).

    Raises QueryError where a benchmark is not there.
    """
    unknown = [name for name in use if name not in catalogue.benchmarks]
    if unknown:
        meant = suggestion(unknown[0][:60], catalogue.benchmarks)
        raise QueryError([{"parameter": "use", "message": f"there is no benchmark {unknown[0][:60]!r}{meant}"}])
    found = {name: measured(scores.standing(name, catalogue.benchmarks[name])) for name in use}
    shares = {name: _percentiles(rows, catalogue.benchmarks[name]) for name, rows in found.items()}
    rows = sorted(_bodies(catalogue, use, shares), key=lambda body: (-Decimal(body["low"]), -Decimal(body["high"]), body["id"]))
    return Table(COMPOSITE, (({**body, "place": place}, None) for place, body in enumerate(rows, start=1)))


Parts = Mapping[str, tuple[Standing, Decimal, Decimal]]
"""By model its score, and the percentiles of the ends of its interval."""


def _percentiles(rows: Sequence[Standing], declared: Mapping[str, Any]) -> Parts:
    values = sorted(one.value for one in rows)
    is_higher = declared.get("higher_is_better", True)

    def percentile(figure: Decimal) -> Decimal:
        """Which share of the models lies below, those that are level counted by half, in the better direction."""
        below, upto = bisect_left(values, figure), bisect_right(values, figure)
        share = Decimal(below + upto) * 50 / len(values)
        return share if is_higher else 100 - share

    ends = {one.model: (percentile(one.low), percentile(one.high)) for one in rows}
    return {one.model: (one, min(ends[one.model]), max(ends[one.model])) for one in rows}


def _bodies(catalogue: Catalogue, use: Use, shares: Mapping[str, Parts]) -> Iterator[dict[str, Any]]:
    whole = sum(use.values(), Decimal(0))
    for model in sorted({model for parts in shares.values() for model in parts}):
        covered = sum((weight for name, weight in use.items() if model in shares[name]), Decimal(0)) / whole
        if covered < LEAST_COVERAGE:
            continue
        ends = {name: shares[name][model][1:] if model in shares[name] else UNKNOWN for name in use}
        low, high = (sum((use[name] * ends[name][end] for name in use), Decimal(0)) / whole for end in (0, 1))
        known = catalogue.model(model)
        yield {
            "id": model,
            "name": known["name"] if known else None,
            "developer": known["developer.id"] if known else model.partition("/")[0],
            "low": str(low.quantize(PLACES)),
            "high": str(high.quantize(PLACES)),
            "coverage": float(round(covered, 4)),
            "parts": [_part(name, shares[name].get(model)) for name in use],
        }


def _part(benchmark: str, part: tuple[Standing, Decimal, Decimal] | None) -> dict[str, Any]:
    if part is None:
        return {"benchmark": benchmark, "value": None, "low": 0, "high": 100, "has_interval": None}
    one, low, high = part
    return {
        "benchmark": benchmark,
        "value": float(one.value),
        "low": float(round(low, 2)),
        "high": float(round(high, 2)),
        "has_interval": one.has_interval,
    }
