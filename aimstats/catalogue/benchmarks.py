"""The benchmarks: one row each, as sources declare them, with how many models have a score on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from aimstats.catalogue.columns import IS, Collection, Column
from aimstats.catalogue.kinds import COUNT, FLAG, KEY, TEXT
from aimstats.catalogue.scores import version_of
from aimstats.catalogue.table import SCORES, Table

BENCHMARKS: Final = Collection(
    name="benchmarks",
    singular="benchmark",
    columns=(
        Column(key="id", label="Id", help="The benchmark's id.", kind=KEY, lookups=(IS,), shown=True),
        Column(key="name", label="Benchmark", help="What it is called.", kind=TEXT, shown=True),
        Column(key="measures", label="Measures", help="What it measures.", kind=TEXT, shown=True, sort=False),
        Column(key="unit", label="Unit", help="The unit of its headline score.", kind=TEXT, lookups=(IS,), shown=True),
        Column(
            key="higher_is_better", label="Higher is better", help="Which way is better.", kind=FLAG, lookups=(IS,), shown=True
        ),
        Column(
            key="version",
            label="Version",
            help="The edition that tables show or, where its scores have none, the version of the benchmark as a whole.",
            kind=TEXT,
            shown=True,
            sort=False,
        ),
        Column(key="url", label="Page", help="Its own page, else that of the collection that has it.", kind=TEXT, sort=False),
        Column(
            key="license", label="Licence", help="The licence of its scores; null where none is stated.", kind=TEXT, shown=True
        ),
        Column(
            key="default_harness",
            label="Harness",
            help="The harness whose scores tables show; null where any counts.",
            kind=TEXT,
            sort=False,
        ),
        Column(key="model_count", label="Models", help="How many models have a score that tables show.", kind=COUNT, shown=True),
    ),
    exact=lambda body: (body["id"], body["name"]),
    words=lambda body: (body["measures"],),
)


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
