"""The columns and filters of the list of benchmarks: a new one is one row here."""

from __future__ import annotations

from typing import Final

from aimstats.catalogue.columns.declarations import IS, Collection, Column
from aimstats.catalogue.columns.kinds import COUNT, DATE, FLAG, KEY, SHARE, TEXT

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
        Column(
            key="newest",
            label="Newest",
            help="When the newest of these scores was measured, as exact as is stated; null where none says.",
            kind=DATE,
            shown=True,
        ),
        Column(
            key="self_reported",
            label="Self-reported",
            help="Which share of these scores are the developer's own word; null where there are none.",
            kind=SHARE,
            shown=True,
        ),
    ),
    exact=lambda body: (body["id"], body["name"]),
    words=lambda body: (body["measures"],),
)
