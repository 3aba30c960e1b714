"""`python -m benchmarks.soak`: load, with a crawl a minute that publishes something each time; does memory stay?"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Final
from urllib.parse import quote

from benchmarks.crawls import CATALOGUES, PUBLISHED, mirror_folder
from benchmarks.load import Load, put
from benchmarks.processes import cost_of, serving
from benchmarks.serving import COSTS, FACETED, JSON_LIST, NEVER_SEEN, WORDS, never_seen, never_seen_costs
from jobs.mirror import start_mirror
from scrapy_project.sources import spider_classes

GROWTH: Final = 0.05
"""So much more than after the first minutes the workers may hold at the end."""
WARM_MINUTES: Final = 5
"""So long the bounded stores of a worker fill (docs/performance.md)."""
CONNECTIONS: Final = 8
MINUTE_S: Final = 60.0


def document_of(folder: Path, source: str) -> Path:
    """Where a mirror keeps the first document of a source."""
    [url, *_] = spider_classes()[source].start_urls
    rows = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    return next(folder / str(row["file"]) for row in rows if row["url"] == url)


def move_prices(page: Path, minute: int) -> None:
    """Write other prices into OpenRouter's list, a tenth up and down again, so that each crawl publishes an edition."""
    body = json.loads(page.read_text(encoding="utf-8"))
    for row in body["data"][:20]:
        prices = row.get("pricing", {})
        if float(prices.get("prompt") or 0) > 0:
            prices["prompt"] = f"{float(prices['prompt']) * (1.1 if minute % 2 else 1 / 1.1):.12f}"
    page.write_text(json.dumps(body), encoding="utf-8")


def questions(minute: int) -> list[str]:
    """A page, a list, costs and a name in turn; few of them are asked in another minute, and none of the same edition."""
    names = (f"/resolve?name={quote(WORDS[number % len(WORDS)])}-{minute}-{number}" for number in range(NEVER_SEEN))
    kinds = (never_seen(FACETED, minute), never_seen(JSON_LIST, minute), never_seen_costs(COSTS, minute), names)
    return list(chain.from_iterable(zip(*kinds, strict=True)))


def soak(minutes: int, connections: int, work: Path) -> int:
    """Load and crawl so long, a line a minute; 1 where an answer failed or memory grew."""
    real, what = mirror_folder(work)
    mirror = work / "moving"
    shutil.copytree(real, mirror)
    page = document_of(mirror, "openrouter")
    settings = {"DATA_DIR": str(work / "data"), "RATE_LIMIT": "", "LOG_LEVEL": "WARNING"}
    with start_mirror(mirror) as documents:
        crawling = {**settings, "SCRAPE_MIRROR_URL": documents.address}
        cost_of(["-m", "jobs.scrape", *CATALOGUES], crawling, work / "first.txt", PUBLISHED)
        with serving(settings, work / "served.txt") as server:
            held: list[float] = []
            bad = 0
            print(f"{what}; minute, requests a second, p99 ms, other than 200, edition, MB of each worker", flush=True)
            for minute in range(minutes):
                begun = time.monotonic()
                move_prices(page, minute)
                crawl = threading.Thread(
                    target=cost_of, args=(["-m", "jobs.scrape", "openrouter"], crawling, work / "crawl.txt", PUBLISHED)
                )
                crawl.start()
                told = put(Load(port=server.port, paths=questions(minute), connections=connections, seconds=MINUTE_S - 8))
                crawl.join()
                memory = server.worker_mb()
                held.append(sum(memory))
                others = sum(count for status, count in told.statuses.items() if status != "200")
                bad += others
                edition = json.loads(server.get("/api/v1/meta"))["dataset_version"]
                sizes = ", ".join(f"{one:.0f}" for one in memory)
                print(f"{minute + 1}, {told.per_second:.0f}, {told.p99_ms:.0f}, {others}, {edition}, {sizes}", flush=True)
                time.sleep(max(0.0, MINUTE_S - (time.monotonic() - begun)))
    growth = held[-1] / held[min(WARM_MINUTES, len(held)) - 1] - 1
    print(f"after {minutes} minutes the workers hold {growth:+.1%} against minute {WARM_MINUTES}; {bad} answers were not 200")
    return int(growth > GROWTH or bad > 0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak in a temporary folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak")
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="aimstats-soak-"))
    folder.chmod(0o755)
    try:
        return soak(options.minutes, options.connections, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
