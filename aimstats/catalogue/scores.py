"""The scores of a catalogue by benchmark: every stated row, which stands for its model, and which rank it has."""

from __future__ import annotations

import zlib
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import orjson

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.scores import SCORED
from aimstats.catalogue.engine.table import Table
from aimstats.resolution.scores import edition_order, may_stand, standing

KEPT: Final = "scores"
"""Under this name a catalogue keeps its scores beside its rows."""
FIELDS: Final = (
    "edition", "value", "ci_low", "ci_high", "snapshot", "variant", "settings", "n", "run_cost", "cost_per_task", "measured_on",
    "measured_by", "self_reported", "complete", "multi_model", "source", "url", "metric", "subset",
)  # fmt: skip
Stated = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """The score that stands for a model on a benchmark, with its interval of 95 %: its own value twice where none is stated."""

    model: str
    value: Decimal
    low: Decimal
    high: Decimal
    has_interval: bool
    is_self_reported: bool
    measured_on: str
    cost_per_task: Decimal | None


class Scores:
    """Every headline score that is stated, packed by benchmark: some 60 bytes a row; unpacked when one is asked for."""

    def __init__(self, stated: Iterable[tuple[str, Sequence[Stated]]]) -> None:
        """`stated` are the rows of each model, as its evidence has them."""
        by_benchmark: dict[str, list[list[Any]]] = defaultdict(list)
        for model, rows in stated:
            for row in rows:
                if not row.get("metric") and not row.get("subset"):
                    by_benchmark[row["benchmark"]].append([model, *(row.get(field) for field in FIELDS)])
        self._packed = {name: zlib.compress(orjson.dumps(rows), 1) for name, rows in by_benchmark.items()}
        self._standing: dict[str, list[Standing]] = {}

    def of(self, benchmark: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each headline score of a benchmark with its model, by model."""
        packed = self._packed.get(benchmark)
        for model, *values in orjson.loads(zlib.decompress(packed)) if packed else ():
            yield model, dict(zip(FIELDS, values, strict=True))

    def standing(self, benchmark: str, declared: Stated) -> list[Standing]:
        """Of the edition that tables show, the score that stands for each model, best first."""
        if benchmark not in self._standing:
            edition = declared.get("edition", "")
            self._standing[benchmark] = best_first(
                (_standing_of(model, row) for model, row in _chosen(self.of(benchmark), declared, edition).items()), declared
            )
        return self._standing[benchmark]

    @property
    def held_bytes(self) -> int:
        """About how much memory they take."""
        return sum(map(len, self._packed.values()))


def best_first(found: Iterable[Standing], declared: Stated) -> list[Standing]:
    """Scores in their order; equal ones by model."""
    sign = -1 if declared.get("higher_is_better", True) else 1
    return sorted(found, key=lambda one: (sign * one.value, one.model))


def measured(found: Sequence[Standing]) -> list[Standing]:
    """Those that are not their developer's own word: only these have a rank."""
    return [one for one in found if not one.is_self_reported]


def ranks_of(found: Sequence[Standing], *, higher_is_better: bool) -> list[tuple[int, int]]:
    """By score the best and the worst rank that it may have: intervals that overlap share their ranks.

    >>> one = Standing("a", Decimal(9), Decimal(8), Decimal(10), True, False, "", None)
    >>> two = Standing("b", Decimal(8), Decimal(7), Decimal(9), True, False, "", None)
    >>> six = Standing("c", Decimal(6), Decimal(6), Decimal(6), False, False, "", None)
    >>> ranks_of([one, two, six], higher_is_better=True)
    [(1, 2), (1, 2), (3, 3)]
    """
    lows, highs = sorted(one.low for one in found), sorted(one.high for one in found)
    if higher_is_better:
        better = [len(lows) - bisect_right(lows, one.high) for one in found]
        worse = [bisect_left(highs, one.low) for one in found]
    else:
        better = [bisect_left(highs, one.low) for one in found]
        worse = [len(lows) - bisect_right(lows, one.high) for one in found]
    return [(before + 1, len(found) - behind) for before, behind in zip(better, worse, strict=True)]


def editions_of(scores: Scores, benchmark: str) -> dict[str, int]:
    """How many models each edition of a benchmark has, the newest first."""
    models: dict[str, set[str]] = defaultdict(set)
    for model, row in scores.of(benchmark):
        models[row["edition"] or ""].add(model)
    return {edition: len(models[edition]) for edition in sorted(models, key=edition_order, reverse=True)}


def scored_table(catalogue: Catalogue, scores: Scores, benchmark: str, edition: str | None) -> Table:
    """Every headline score of one edition (of the shown one by default), with the ranks of those that stand for a model."""
    declared = catalogue.benchmarks[benchmark]
    wanted = declared.get("edition", "") if edition is None else edition
    rows = [(model, row) for model, row in scores.of(benchmark) if (row["edition"] or "") == wanted]
    chosen = _chosen(rows, declared, wanted)
    ranked = measured(best_first((_standing_of(model, row) for model, row in chosen.items()), declared))
    ranks = ranks_of(ranked, higher_is_better=declared.get("higher_is_better", True))
    placed = {one.model: (place, *rank) for place, (one, rank) in enumerate(zip(ranked, ranks, strict=True), start=1)}
    return Table(SCORED, ((body, None) for body in _bodies(catalogue, rows, chosen, placed)))


def _bodies(
    catalogue: Catalogue,
    rows: Sequence[tuple[str, dict[str, Any]]],
    chosen: Mapping[str, Stated],
    placed: Mapping[str, tuple[int, int, int]],
) -> Iterator[dict[str, Any]]:
    numbers: dict[str, int] = defaultdict(int)
    for model, row in rows:
        numbers[model] += 1
        known = catalogue.model(model)
        stands = chosen.get(model) is row
        place, best, worst = placed.get(model, (None, None, None)) if stands else (None, None, None)
        yield {
            "id": f"{model} {numbers[model]}",
            "place": place,
            "rank": best,
            "rank_to": worst,
            "model": model,
            "name": known["name"] if known else None,
            "developer": known["developer.id"] if known else model.partition("/")[0],
            "stands": stands,
            **{key: value for key, value in row.items() if key not in ("metric", "subset")},
        }


def _chosen(rows: Iterable[tuple[str, dict[str, Any]]], declared: Stated, edition: str) -> dict[str, dict[str, Any]]:
    """The row of each model that stands for it in an edition."""
    by_model: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for model, row in rows:
        if (row["edition"] or "") == edition and may_stand(row, declared):
            by_model[model].append(row)
    return {model: standing(candidates, declared) for model, candidates in by_model.items()}


def _standing_of(model: str, row: Stated) -> Standing:
    value = Decimal(row["value"])
    has_interval = row["ci_low"] is not None and row["ci_high"] is not None
    low, high = (Decimal(row["ci_low"]), Decimal(row["ci_high"])) if has_interval else (value, value)
    per_task = row["cost_per_task"]
    return Standing(
        model, value, low, high, has_interval, row["self_reported"] is True, row["measured_on"] or "",
        None if per_task is None else Decimal(per_task),
    )  # fmt: skip
