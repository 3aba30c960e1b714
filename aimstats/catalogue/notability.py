"""How notable a model is: the one formula behind the order of the first page and of the choices of its filters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import log2
from typing import Any, Final

from aimstats.catalogue.columns.declarations import Body, at
from aimstats.catalogue.engine.bits import rows_of
from aimstats.catalogue.engine.table import Table

KEY: Final = "notability"
EPOCH: Final = date(2020, 1, 1)
UNDATED: Final = date(2023, 1, 1)
"""A model whose release nobody states counts as one of this day: old beside what is sold now."""
PER_YEAR: Final = 3
"""What a year of youth is worth, in doublings: one sold at twice as many stands level with one that is four months younger."""
DAYS_A_YEAR: Final = 365.25


def notability(body: Body) -> str:
    """The notability of a resolved model, to three decimals: log2(1 + sellers) + log2(1 + benchmarks) + 3 x years since 2020.

    Only differences count, and those do not move with the day on which it is asked: a year later all have aged alike.

    >>> notability({"providers": ["a", "b", "c"], "scores": {"gpqa": "80"}, "release_date": "2026-01"})
    '21.119'
    """
    sold, measured = len(body.get("providers") or ()), len(body.get("scores") or {})
    years = (_released(at(body, "release_date")) - EPOCH).days / DAYS_A_YEAR
    return f"{log2(1 + sold) + log2(1 + measured) + PER_YEAR * years:.3f}"


def weight_of(table: Table) -> Callable[[int], float]:
    """What a set of rows weighs among others: the sum of 2 to the notability of its models; for other rows, how many they are."""
    if KEY not in table.values:
        return int.bit_count
    weights = [2.0 ** float(value) for value in table.values_of(KEY)]
    return lambda rows: sum(weights[row] for row in rows_of(rows))


def _released(text: Any) -> date:
    """The day of a release; the middle of the month or year where no day is stated."""
    if not text:
        return UNDATED
    return date.fromisoformat(text if len(text) == 10 else f"{text}-15" if len(text) == 7 else f"{text}-07-01")
