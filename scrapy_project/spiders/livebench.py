"""LiveBench: questions renewed with each edition, so that no model can have seen them."""

from __future__ import annotations

import re
from decimal import Decimal

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Score, Source
from aimstats.domain.money import canonical
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.csv_rows import csv_sheet
from scrapy_project.base.record import json_object
from scrapy_project.base.scores import Board, figure, refuse_shares, setting, states_nothing
from scrapy_project.base.shared_benchmarks import LIVEBENCH

EDITIONS = ("2026_01_08", "2025_12_23", "2025_11_25")
_ADDRESS = re.compile(r"/(?:categories|table)_(\d{4})_(\d{2})_(\d{2})\.(?:json|csv)\Z")


class LiveBenchSpider(SourceSpider):
    """Reads an edition's categories first, then the table that they belong to.

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
    start_urls = tuple(f"https://livebench.ai/categories_{edition}.json" for edition in EDITIONS)
    indexes = start_urls

    categories: dict[str, dict[str, list[str]]]

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """The categories of an edition, or its table; refuses either without its structure."""
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
