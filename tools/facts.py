"""`python -m tools.facts [GOLD.csv ...]`: crawl the recorded documents, serve them, and hold the catalogue against read facts.

It makes a database of its own in a temporary folder and removes it; about two minutes. What the gold files are made of and how
they are scored: docs/facts.md.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aimstats.config.values import PROJECT_ROOT
from benchmarks.crawls import PUBLISHED
from benchmarks.processes import cost_of, serving
from jobs.mirror import start_mirror
from tools.worlds import editions, lay

SHARED: Final = PROJECT_ROOT.parent / "shared"
NEWEST: Final = "9999"
"""Later than any edition."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the score of each gold file; 0 also where the recorded documents are not there, which is said."""
    parser = argparse.ArgumentParser(prog="python -m tools.facts", description="Hold the catalogue against read facts.")
    parser.add_argument("gold", nargs="*", type=Path, default=[SHARED / "facts" / "gold_dev.csv"], help="gold files")
    parser.add_argument("--observed-at", help="crawl as at this time (RFC 3339); now where not given")
    parser.add_argument("--json", type=Path, help="write the scorer's JSON to this folder too")
    asked = parser.parse_args(arguments)
    if not (SHARED / "facts").is_dir():
        print("skipped: the facts and the recorded documents are not beside the project")
        return 0
    work = Path(tempfile.mkdtemp(prefix="aimstats-facts-"))
    try:
        print(f"{lay([SHARED / 'mirror', *editions(SHARED / 'timelapse', NEWEST)], work / 'world')} documents")
        observed = ["--observed-at", asked.observed_at] if asked.observed_at else []
        settings = {"DATA_DIR": str(work / "data"), "RATE_LIMIT": ""}
        with start_mirror(work / "world") as mirror:
            crawl = ["-m", "jobs.scrape", *observed]
            cost = cost_of(crawl, {**settings, "SCRAPE_MIRROR_URL": mirror.address}, work / "crawl.txt", PUBLISHED)
        print(f"crawled in {cost.wall_s:.0f} s")
        with serving(settings, work / "serve.txt") as server:
            for gold in asked.gold:
                score([str(gold), f"http://127.0.0.1:{server.port}"], asked.json)
    finally:
        shutil.rmtree(work)
    return 0


def score(arguments: list[str], folder: Path | None) -> None:
    """Run the scorer, once for reading and, where a folder is named, once for a program."""
    command = [sys.executable, str(SHARED / "facts" / "score.py"), *arguments]
    print(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        told = subprocess.run([*command, "--json"], check=True, capture_output=True, text=True).stdout
        (folder / f"{Path(arguments[0]).stem}.json").write_text(json.dumps(json.loads(told), indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
