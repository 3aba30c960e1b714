"""`python -m benchmarks [--everything] [--seconds N]`: measure crawl and serving, and print the tables of docs/performance.md.

It makes a database of its own in a temporary folder and removes it. Linux only (it reads /proc); 3 to 5 minutes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from aimstats.store.embedded import EmbeddedPostgres
from benchmarks.crawls import CATALOGUES, crawls, mirror_folder
from benchmarks.days import Days, days
from benchmarks.load import SECONDS, Told
from benchmarks.processes import Cost
from benchmarks.serving import served
from scrapy_project.sources import spider_classes


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table.

    >>> print(table(["a", "b"], [["1", "2"]]))
    | a | b |
    | --- | --- |
    | 1 | 2 |
    """
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows])


def crawl_table(costs: Mapping[str, Cost]) -> str:
    """A row a crawl."""
    rows = [[name, f"{cost.wall_s:.1f}", f"{cost.cpu_s:.1f}", f"{cost.peak_mb:.0f}"] for name, cost in costs.items()]
    return table(["crawl", "seconds", "processor seconds of the job", "peak memory of the job, MB"], rows)


def load_table(told: Mapping[str, Told]) -> str:
    """A row a kind of request."""
    rows = [
        [name, f"{one.per_second:,.0f}", f"{one.p50_ms:.1f}", f"{one.p99_ms:.1f}", f"{one.mean_bytes / 1_000:.1f}"]
        for name, one in told.items()
    ]
    return table(["request", "requests/s", "p50 ms", "p99 ms", "KB an answer"], rows)


def day_lines(figures: Days) -> str:
    """What other days and a history cost."""
    loads = {"list of another day, kept": figures.kept, f"history of {figures.model}, one connection": figures.history}
    never_seen = ", ".join(f"{ms:,.0f}" for ms in sorted(figures.never_seen_ms))
    return (
        f"{load_table(loads)}\n\nA day that was never asked for: {figures.never_seen_median_ms:,.0f} ms ({never_seen}). From an "
        f"empty folder to the first page, the bundled snapshot imported: {figures.first_page_s:.1f} s."
    )


def machine() -> str:
    """Processors and load, which decide what the figures are worth."""
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} processors, load averages at the start {loads}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure crawl and serving.")
    parser.add_argument("--everything", action="store_true", help="crawl every source too (needs the real documents)")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long each load lasts (default %(default)g)")
    options = parser.parse_args(arguments)
    print(machine(), end="\n\n")
    work = Path(tempfile.mkdtemp(prefix="aimstats-bench-"))
    work.chmod(0o755)  # As root the embedded server runs as another account, which must reach it.
    try:
        mirror, what = mirror_folder(work)
        data_dir = work / "data"
        costs: dict[str, Cost] = {}
        with EmbeddedPostgres(data_dir):
            first, again = crawls(mirror, CATALOGUES, data_dir, work)
        costs[f"models.dev, LiteLLM, OpenRouter ({what}): the first"] = first
        costs["the same, unchanged"] = again
        if options.everything:
            with EmbeddedPostgres(work / "everything"):
                first, again = crawls(mirror, tuple(spider_classes()), work / "everything", work)
            costs["every source: the first"] = first
            costs["every source, unchanged"] = again
        print(crawl_table(costs), end="\n\n", flush=True)
        figures = served({"DATA_DIR": str(data_dir)}, work, options.seconds)
        print(load_table(figures.told), end="\n\n")
        print(f"Start to first page: {figures.first_page_s:.2f} s. Memory of each worker: ", end="")
        print(f"{max(figures.idle_mb):.0f} MB after its first pages, {max(figures.loaded_mb):.0f} MB after the load.")
        print(f"\n{day_lines(days({'DATA_DIR': str(work / 'bundled')}, work, options.seconds))}")
    finally:
        shutil.rmtree(work)
    return 0


if __name__ == "__main__":
    sys.exit(main())
