"""Benchmarks that more than one source reports: declared once, so that no source's word depends on who came last."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from aimstats.domain.items import Benchmark

AIDER_POLYGLOT: Final = Benchmark(
    id="aider-polyglot",
    name="Aider polyglot",
    measures="Share of 225 Exercism exercises in six languages solved through Aider within two tries",
    unit="percent",
    version="polyglot",
    url="https://aider.chat/docs/leaderboards/",
    license="Apache-2.0",
    default_harness="aider",
    maximum=Decimal(100),
)
ARC_AGI: Final = {
    version: Benchmark(
        id=f"arc-agi-{version}",
        name=f"ARC-AGI-{version}",
        measures="Share of abstract grid puzzles solved (semi-private set; others are subsets)",
        unit="percent",
        version=version,
        url="https://arcprize.org/leaderboard",
        license=None,
        maximum=Decimal(100),
    )
    for version in ("1", "2", "3")
}
LIVEBENCH: Final = Benchmark(
    id="livebench",
    name="LiveBench",
    measures="Mean over categories of tasks in reasoning, coding, mathematics, data, language and following instructions",
    unit="percent",
    url="https://livebench.ai",
    license=None,
    maximum=Decimal(100),
)
METR_TIME_HORIZON: Final = Benchmark(
    id="metr-time-horizon",
    name="METR time horizon",
    measures="Length of software tasks, in minutes of a human expert's time, that a model finishes with 50 % success",
    unit="minutes",
    url="https://metr.org/time-horizons/",
    license=None,
)
SHARED: Final = {benchmark.id: benchmark for benchmark in (AIDER_POLYGLOT, *ARC_AGI.values(), LIVEBENCH, METR_TIME_HORIZON)}
