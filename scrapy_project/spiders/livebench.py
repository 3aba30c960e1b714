"""LiveBench: questions renewed with each edition, so that no model can have seen them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final
from urllib.parse import urljoin

from scrapy.http import Request

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Score, Source
from aimstats.domain.money import canonical
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.record import json_object
from scrapy_project.base.scores import Board, figure, refuse_shares, setting, states_nothing
from scrapy_project.base.shared_benchmarks import LIVEBENCH
from scrapy_project.formats.csv_rows import csv_sheet
from scrapy_project.formats.tables import text_of

SITE: Final = "https://livebench.ai/"
SCRIPT: Final = f"{SITE}#script"
"""The script of the site, whose address is another one with every build."""
KNOWN: Final = ("2026-01-08", "2025-12-23", "2025-11-25")
"""The editions of which documents were seen. Older ones are left out: their columns are others."""
_ADDRESS = re.compile(r"/(?:categories|table)_(\d{4})_(\d{2})_(\d{2})\.(?:json|csv)\Z")
_SCRIPT = re.compile(r"""(?<=["'=])[\w./:-]{0,200}/main\.[\w-]{1,64}\.js(?=["'\s>])""")
_DAYS = re.compile(r"""\[((?:["']\d{4}-\d{2}-\d{2}["'],?){1,500})\]""")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _categories_of(edition: str) -> str:
    return f"{SITE}categories_{edition.replace('-', '_')}.json"


class LiveBenchSpider(SourceSpider):
    """Reads the site's script, whose list of days are the editions; of each the categories, then the table that they belong to.

    The site's page and script are read as its repository publishes them (`main.<hash>.js`, `["2024-06-24", ...]`); no document
    of them was at hand. Where one is gone, the known editions are asked for.

    A category is the mean of its listed tasks, the headline the mean of the categories. A row that lacks a task has no
    headline and no figure for that task's category; its tasks are marked incomplete. A row that is shorter than the header is
    left out: which of its figures is whose cannot be told (seen in the edition 2026-01-08).
    """

    source = Source(
        id="livebench",
        name="LiveBench",
        kind="benchmark",
        url="https://livebench.ai",
        license=None,
        terms_url="https://livebench.ai",
        attribution="LiveBench (White et al.)",
        bulk=False,
        hosts=("livebench.ai",),
    )
    start_urls = (SITE,)
    indexes = start_urls
    stand_ins = dict.fromkeys((SITE, SCRIPT), tuple(map(_categories_of, KNOWN)))

    categories: dict[str, dict[str, list[str]]]

    def document_url(self, address: str) -> str:
        """The script is one document whatever build it is of."""
        return SCRIPT if address.endswith(".js") else address

    def request(self, url: str, *, is_index: bool = False) -> Request | None:
        """As every spider's, but the script and an edition's categories are indexes too."""
        return super().request(url, is_index=is_index or url.endswith((".js", ".json")))

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """The site's page or script, the categories of an edition, or its table; refuses each without its structure."""
        if url == SITE:
            script = _SCRIPT.search(text_of(body, "LiveBench's page"))
            if not script:
                raise DocumentRefusedError("LiveBench's page names no script `main.*.js`; where are the editions named now?")
            return DocumentSeen(url=url, links=(urljoin(SITE, script[0]),), rows=1)
        if url.endswith(".js"):
            return _editions(text_of(body, "LiveBench's script", is_code=True), url)
        match = _ADDRESS.search(url)
        if match is None:
            raise DocumentRefusedError("LiveBench: the address names no edition")
        edition = "-".join(match.groups())
        if not hasattr(self, "categories"):
            self.categories = {}
        if url.endswith(".json"):
            self.categories[edition] = _categories(body)
            table = url.replace("/categories_", "/table_").replace(".json", ".csv")
            return DocumentSeen(url=url, links=(table,), rows=len(self.categories[edition]), benchmarks=(LIVEBENCH,))
        return _table(body, url, edition, self.categories.get(edition, {}))


def _editions(script: str, url: str) -> DocumentSeen:
    """The editions of the longest list of days that are not older than the known ones."""
    days = max((_DAY.findall(found) for found in _DAYS.findall(script)), key=len, default=[])
    named = [edition for edition in sorted(days, reverse=True) if edition >= min(KNOWN)]
    if not named:
        raise DocumentRefusedError("LiveBench's script has no list of days; where are the editions named now?")
    return DocumentSeen(url=url, links=tuple(map(_categories_of, dict.fromkeys(named))), rows=len(days))


def _categories(body: bytes) -> dict[str, list[str]]:
    categories = json_object(body, "LiveBench categories")
    for name, tasks in categories.items():
        if not isinstance(tasks, list) or not tasks or not all(isinstance(task, str) for task in tasks):
            raise DocumentRefusedError(f"LiveBench categories: {name!r} is no list of tasks")
    if not categories:
        raise DocumentRefusedError("LiveBench categories: there are none")
    return categories


def _table(body: bytes, url: str, edition: str, categories: dict[str, list[str]]) -> DocumentSeen:
    sheet = csv_sheet(body, "LiveBench table", "model")
    listed_tasks = {task for listed in categories.values() for task in listed}
    columns = [name for name in sheet.header if name != "model"]
    if missing := sorted(listed_tasks - set(columns)):
        raise DocumentRefusedError(f"LiveBench table: no column for the tasks {', '.join(missing)}")
    tasks = [name for name in columns if name in listed_tasks or not categories]
    if not tasks:
        raise DocumentRefusedError("LiveBench table: no task columns")
    refuse_shares((figure(row[task]) for row, whole in sheet.records() if whole for task in tasks), "LiveBench table")
    tally = Tally()
    for name in columns:
        if name not in tasks:
            tally.count_unknown(f"column {name}: a task of no category")
    board = Board("livebench", tally)
    for row, whole in sheet.records():
        if not whole:
            tally.skip("row shorter than the header: its figures cannot be told apart")
            continue
        values = {task: value for task in tasks if (value := figure(row[task])) is not None}
        for task in tasks:
            if task not in values and not states_nothing(row[task]):
                tally.count_unknown(f"{task}: not a number")
        complete = len(values) == len(tasks)
        if not complete:
            tally.skip("row without all tasks (kept, incomplete)")
        means = {
            name: canonical(sum((values[task] for task in listed), Decimal(0)) / len(listed))
            for name, listed in categories.items()
            if complete or all(task in values for task in listed)
        }
        figures = {f"category:{setting(name)}": mean for name, mean in means.items()}
        figures |= {setting(task): value for task, value in values.items()}
        if complete and means:
            figures[""] = canonical(sum(means.values(), Decimal(0)) / len(means))
        board.add(row["model"], *(_score(edition, subset, value, complete) for subset, value in sorted(figures.items())))
    return DocumentSeen(
        url=url,
        listings=board.listings(),
        benchmarks=(LIVEBENCH,),
        unknown=tally.unknown,
        skipped=tally.skipped,
        rows=len(sheet.rows),
    )


def _score(edition: str, subset: str, value: Decimal, complete: bool) -> Score:
    return Score(
        benchmark="livebench",
        edition=edition,
        subset=subset,
        measured_by="livebench",
        value=value,
        unit="percent",
        self_reported=False,
        complete=complete,
    )
