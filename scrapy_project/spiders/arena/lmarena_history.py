"""LMArena's ratings day by day, from an archive: a column a model, a row a day."""

from __future__ import annotations

import re

from aimstats.domain.facts import is_date
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Score, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.scores import Board, figure
from scrapy_project.formats.csv_rows import csv_sheet
from scrapy_project.spiders.arena.boards import arena_benchmark

BENCHMARK = arena_benchmark("text")
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
DAY_COLUMN = ""
"""The first column has no name; its cells are `20250227`."""


def _day(cell: str) -> str:
    return _DAY.sub(r"\1-\2-\3", cell) if _DAY.match(cell) else ""


class LmarenaHistorySpider(SourceSpider):
    """Reads the last day of the matrix: the ledger keeps the days from then on, and a score has no start and end of its own.

    0 stands where a model had no rating that day.
    """

    source = Source(
        id="lmarena_history",
        name="LMArena history (lmarena-history)",
        kind="benchmark",
        url="https://github.com/nakasyou/lmarena-history",
        license=None,
        terms_url="https://lmarena.ai/terms-of-use",
        attribution="LMArena, archived by nakasyou (MIT)",
        bulk=False,
        priority=120,
        hosts=("raw.githubusercontent.com",),
    )
    start_urls = ("https://raw.githubusercontent.com/nakasyou/lmarena-history/main/output/result.csv",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a rated model; refuses a matrix whose rows are no days."""
        sheet = csv_sheet(body, "LMArena history", DAY_COLUMN)
        days = {row[DAY_COLUMN]: (row, whole) for row, whole in sheet.records() if is_date(_day(row[DAY_COLUMN]))}
        if not days:
            raise DocumentRefusedError("LMArena history: no row starts with a day such as 20250227")
        tally = Tally()
        if others := sum(not is_date(_day(row[DAY_COLUMN])) for row, _ in sheet.records()):
            tally.skipped["row that is no day"] = others
        board = Board("lmarena", tally)
        newest = max(days)
        ratings, whole = days[newest]
        if not whole:
            raise DocumentRefusedError(f"LMArena history: the row of {newest} is shorter than the header")
        measured_on = _day(newest)
        for name in sheet.header:
            rating = figure(ratings[name]) if name != DAY_COLUMN else None
            if rating is None or rating <= 0:
                tally.skip("column without a rating on the last day")
                continue
            score = Score(
                benchmark=BENCHMARK.id,
                edition=f"{measured_on[:4]} (history)",
                measured_by="lmarena",
                value=rating,
                unit="rating",
                measured_on=measured_on,
                self_reported=False,
            )
            board.add(name, score)
        if not board.listings():
            raise DocumentRefusedError("LMArena history: the last day has no ratings")
        tally.skipped["earlier day (not taken)"] += len(days) - 1
        return DocumentSeen(
            url=url,
            listings=board.listings(),
            benchmarks=(BENCHMARK,),
            unknown=tally.unknown,
            skipped=tally.skipped,
            rows=len(sheet.rows),
        )
