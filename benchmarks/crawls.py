"""What a crawl costs, from empty and again with nothing changed, against a mirror on the loopback interface."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aimstats.config.values import PROJECT_ROOT
from benchmarks.processes import Cost, cost_of
from jobs.mirror import start_mirror
from jobs.scrape import OK, SOME_FAILED
from scrapy_project.sources import spider_classes

CATALOGUES: Final = ("litellm", "models_dev", "openrouter")
MIRROR: Final = PROJECT_ROOT.parent / "shared" / "mirror"
PUBLISHED: Final = (OK, SOME_FAILED)
"""The real documents hold figures that are held back, which the job says by its exit status."""
PAGES: Final = PROJECT_ROOT / "tests" / "pages"


def mirror_folder(work: Path) -> tuple[Path, str]:
    """The folder to serve, and what it is: the real documents beside the project, else the tests' small pages."""
    if MIRROR.is_dir():
        return MIRROR, "real documents"
    folder = work / "mirror"
    folder.mkdir()
    manifest = []
    for name in CATALOGUES:
        shutil.copy(PAGES / name / "page.json", folder / f"{name}.json")
        url = spider_classes()[name].start_urls[0]
        manifest.append({"url": url, "file": f"{name}.json", "content_type": "application/json"})
    (folder / "MANIFEST.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder, "the tests' small pages"


def crawls(mirror: Path, sources: Sequence[str], data_dir: Path, work: Path) -> tuple[Cost, Cost]:
    """The first crawl of an empty catalogue, and the one after it. Raises RuntimeError where the job fails."""
    with start_mirror(mirror) as server:
        settings = {"DATA_DIR": str(data_dir), "SCRAPE_MIRROR_URL": server.address}
        arguments = ["-m", "jobs.scrape", *sources]
        first = cost_of(arguments, settings, work / "first-crawl.txt", PUBLISHED)
        return first, cost_of(arguments, settings, work / "unchanged-crawl.txt", PUBLISHED)
