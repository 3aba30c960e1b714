"""The benchmarks: one row each, as sources declare them, with how many models have a score on it and how those came about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.benchmarks import BENCHMARKS
from aimstats.catalogue.engine.table import SCORES, Table
from aimstats.catalogue.scores import Scores
from aimstats.resolution.scores import version_of

_KEY: Final = "benchmarks"


def benchmark_table(catalogue: Catalogue, scores: Scores) -> Table:
    """The benchmarks with what their scores say of themselves, made once for as long as the rows are the same."""
    kept: Table | None = catalogue.made_of_rows.get(_KEY)
    if kept is None:
        rows = benchmark_rows(catalogue.benchmarks, catalogue.models, scores)
        kept = catalogue.made_of_rows[_KEY] = Table(BENCHMARKS, rows)
    return kept


def benchmark_rows(
    benchmarks: Mapping[str, Mapping[str, Any]], models: Table, scores: Scores | None = None
) -> Iterator[tuple[dict[str, Any], None]]:
    """One row a declared benchmark, whether or not a model has a score on it; without `scores` it is not said how they came
    about."""
    for identifier, declared in benchmarks.items():
        shown = models.values_of(f"{SCORES}.{identifier}")
        row = {
            "id": identifier,
            "name": declared["name"],
            "measures": declared["measures"],
            "unit": declared["unit"],
            "higher_is_better": declared["higher_is_better"],
            "version": version_of({"benchmark": identifier, "edition": declared.get("edition")}, benchmarks),
            "url": declared.get("url") or None,
            "license": declared.get("license"),
            "default_harness": declared.get("default_harness") or None,
            "model_count": sum(score is not None for score in shown),
        }
        found = scores.standing(identifier, declared) if scores is not None else ()
        if found:
            row["newest"] = max(one.measured_on for one in found) or None
            row["self_reported"] = round(sum(one.is_self_reported for one in found) / len(found), 4)
        yield row, None
