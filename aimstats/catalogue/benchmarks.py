"""The benchmarks: one row each, as sources declare them, with how many models have a score on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aimstats.catalogue.engine.table import SCORES, Table
from aimstats.resolution.scores import version_of


def benchmark_rows(benchmarks: Mapping[str, Mapping[str, Any]], models: Table) -> Iterator[tuple[dict[str, Any], None]]:
    """One row a declared benchmark, whether or not a model has a score on it."""
    for identifier, declared in benchmarks.items():
        scores = models.values_of(f"{SCORES}.{identifier}")
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
            "model_count": sum(score is not None for score in scores),
        }
        yield row, None
