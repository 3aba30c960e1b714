"""The Berkeley Function Calling Leaderboard: how well models call functions, natively (FC) or by prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from aimstats.domain.items import Benchmark, DocumentRefusedError, DocumentSeen, Score, Source
from aimstats.domain.text import clean_text, clean_url
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.scores import Board, figure, setting, states_nothing
from scrapy_project.formats.csv_rows import Sheet, csv_sheet

SITE = "https://gorilla.cs.berkeley.edu/"
EDITION = "v4"
NEW_IN_EDITION = ("Web Search", "Memory", "Format Sensitivity")
"""The board is BFCL v4 (2025) while it has columns that begin so."""
BENCHMARK = Benchmark(
    id="bfcl",
    name="Berkeley Function Calling Leaderboard",
    measures="Accuracy of function calls: single, live, over several turns, with web search and memory",
    unit="percent",
    url=f"{SITE}leaderboard.html",
    license="Apache-2.0",
    maximum=Decimal(100),
)
HEADLINE = "Overall Acc"
POINTS = {"Format Sensitivity Max Delta": "max_delta", "Format Sensitivity Standard Deviation": "standard_deviation"}
"""Differences in points of accuracy: less is better, no accuracy themselves."""
OTHER_COLUMNS = frozenset(
    {"Rank", "Model", "Model Link", "Organization", "License", "Total Cost ($)"}
    | {f"Latency {name} (s)" for name in ("Mean", "Standard Deviation", "95th Percentile")}
)
ACCURACIES = frozenset(
    {HEADLINE, "Multi Turn Acc", "Multi Turn Base", "Multi Turn Miss Func", "Multi Turn Miss Param", "Multi Turn Long Context"}
    | {f"{part}Live {kind} AST" for part in ("", "Non-") for kind in ("Simple", "Multiple", "Parallel", "Parallel Multiple")}
    | {"Live Acc", "Non-Live AST Acc", "Relevance Detection", "Irrelevance Detection"}
    | {"Web Search Acc", "Web Search Base", "Web Search No Snippet"}
    | {"Memory Acc", "Memory KV", "Memory Vector", "Memory Recursive Summarization"}
)
_MODE = re.compile(r"\s{0,9}\((FC(?: thinking)?|Prompt(?: \+ Thinking)?)\)\Z", re.IGNORECASE)


class BfclSpider(SourceSpider):
    """Reads the overall table. (FC) and (Prompt) are the setting `prompt_mode`; `N/A` is no figure.

    The cost of the run goes with the overall score; latencies are of the testers' own machines and left out. The board's
    tables of details (data_live.csv and so on) repeat these columns, only finer, and do not name the maker: not read.
    """

    source = Source(
        id="bfcl",
        name="Berkeley Function Calling Leaderboard",
        kind="benchmark",
        url=BENCHMARK.url,
        license="Apache-2.0",
        terms_url="https://github.com/ShishirPatil/gorilla/blob/main/LICENSE",
        attribution="Berkeley Function Calling Leaderboard (Patil et al.)",
        bundle=True,
        hosts=("gorilla.cs.berkeley.edu",),
    )
    start_urls = (f"{SITE}data_overall.csv",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a row; refuses a table without `Model` and `Overall Acc`."""
        sheet = csv_sheet(body, "BFCL overall table", "Model", HEADLINE)
        if not any(column.startswith(NEW_IN_EDITION) for column in sheet.header):
            raise DocumentRefusedError(f"BFCL overall table: no column of {', '.join(NEW_IN_EDITION)}; which version is it?")
        tally = Tally()
        for column in sheet.header:
            if column not in ACCURACIES | OTHER_COLUMNS | set(POINTS):
                tally.count_unknown(f"column {column}")
        if "Organization" not in sheet.header:
            tally.count_unknown("no column Organization")  # whose the rows are
        board = Board("bfcl", tally)
        for row, whole in sheet.records():
            if not whole:
                tally.skip("row shorter than the header: its figures cannot be told apart")
                continue
            scores = list(_scores(sheet, row, tally))
            mode = _MODE.search(row["Model"])
            facts = {"license": clean_text(row.get("License", "")) or None}
            board.add(
                row["Model"].strip(),
                *scores,
                provider=row.get("Organization", ""),
                is_page_name=True,
                facts={key: value for key, value in facts.items() if value and value != "Proprietary"},
                evidence={"mode": mode[1]} if mode else {},
                url=clean_url(row.get("Model Link")),
            )
        if not any(score.subset == "" for listing in board.listings() for score in listing.scores):
            raise DocumentRefusedError(f"BFCL overall table: no row states a figure in {HEADLINE!r}")
        return DocumentSeen(
            url=url,
            listings=board.listings(),
            benchmarks=(BENCHMARK,),
            unknown=tally.unknown,
            skipped=tally.skipped,
            rows=len(sheet.rows),
        )


def _scores(sheet: Sheet, row: dict[str, str], tally: Tally) -> Iterator[Score]:
    mode = _MODE.search(row["Model"])
    settings = {"prompt_mode": setting(mode[1].lower())} if mode else {}
    complete = not states_nothing(row[HEADLINE])
    cost = figure(row.get("Total Cost ($)", ""))
    for column in sheet.header:
        if column not in ACCURACIES and column not in POINTS:
            continue
        value, metric = figure(row[column]), POINTS.get(column, "")
        if value is None or not (metric or row[column].rstrip().endswith("%")):
            if not states_nothing(row[column]):  # what is no percentage is no accuracy
                tally.count_unknown(f"{column}: not a {'number' if metric else 'percentage'}")
            continue
        subset = "format_sensitivity" if metric else "" if column == HEADLINE else _slug(column)
        yield Score(
            benchmark=BENCHMARK.id,
            edition=EDITION,
            metric=metric,
            subset=subset,
            settings=settings,
            measured_by="bfcl",
            value=value,
            unit="points" if metric else "percent",
            run_cost_usd=cost if not subset else None,
            self_reported=False,
            complete=complete,
        )


def _slug(column: str) -> str:
    """A column's name as part of a key.

    >>> _slug("Non-Live Simple AST"), _slug("Live Acc")
    ('non_live_simple_ast', 'live')
    """
    text = column.removesuffix(" Acc")
    return setting(re.sub(r"[\s-]+", "_", text.lower()).strip("_"))
