"""Vectara's hallucination leaderboard: how often a model adds what the summarised document does not say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from aimstats.domain.items import Benchmark, DocumentRefusedError, DocumentSeen, Score, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.scores import HUNDRED, Board, figure, states_nothing
from scrapy_project.formats.tables import markdown_tables, text_of

BENCHMARK = Benchmark(
    id="vectara-hallucination",
    name="Vectara hallucination rate",
    measures="Share of summaries that state what the document does not support, judged by Vectara's own model (HHEM)",
    unit="percent",
    higher_is_better=False,
    url="https://github.com/vectara/hallucination-leaderboard",
    license="Apache-2.0",
    maximum=Decimal(100),
)
METRICS = {
    # column -> metric, unit; '' is the headline figure
    "Hallucination Rate": ("", "percent"),
    "Factual Consistency Rate": ("factual_consistency", "percent"),
    "Answer Rate": ("answer_rate", "percent"),
    "Average Summary Length (Words)": ("summary_length", "words"),
}
_JUDGE = re.compile(r"(?:leaderboard uses|computed using the) (HHEM-\d{1,3}(?:\.\d{1,3}){0,3})")
"""The version is that of the model which judges: another one gives other figures."""
_MARKS = ("<!-- LEADERBOARD_START -->", "<!-- LEADERBOARD_END -->")
_UPDATED = re.compile(r"Last updated on (\w+ \d{1,2}(?:st|nd|rd|th)?,? \d{4})")


class VectaraSpider(SourceSpider):
    """Reads the table between the README's leaderboard marks, or the README's only one from before it had marks (2025-11).

    A row without a rate is left out and counted.
    """

    source = Source(
        id="vectara",
        name="Vectara hallucination leaderboard",
        kind="benchmark",
        url=BENCHMARK.url,
        license="Apache-2.0",
        terms_url="https://github.com/vectara/hallucination-leaderboard/blob/main/LICENSE",
        attribution="Vectara",
        bundle=True,
        hosts=("raw.githubusercontent.com",),
    )
    start_urls = ("https://raw.githubusercontent.com/vectara/hallucination-leaderboard/main/README.md",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a README in which not one table, or not one between the marks, has a model and its rate."""
        readme = text_of(body, "Vectara README")
        judge = _JUDGE.search(readme)
        board_text, where = _board(readme)
        tables = [table for table in markdown_tables(board_text) if table.has("Model", "Hallucination Rate")]
        if not tables or (len(tables) > 1 and board_text is readme):
            raise DocumentRefusedError(
                f"Vectara README: {len(tables) or 'no'} tables with `Model` and `Hallucination Rate` {where}, one is looked for"
            )
        table, updated = tables[0], _updated(board_text)
        tally = Tally()
        board = Board("vectara", tally)
        for column in table.header:
            if column.lower() not in {"model", *map(str.lower, METRICS)}:
                tally.count_unknown(f"column {column}")
        for column in METRICS:
            if not table.has(column):
                tally.count_unknown(f"no column {column}")
        names = {name.lower(): name for name in ("Model", *METRICS)}
        for record, whole in zip(table.records(), table.whole, strict=True):
            row = {names.get(name.lower(), name): cell for name, cell in record.items()}
            if not whole or not _adds_up(row):
                tally.count_unknown("row whose rates do not add up" if whole else "row not as long as the header")
                continue
            scores = []
            for column, (metric, unit) in METRICS.items():
                cell = row.get(column, "")
                value = figure(cell)
                if value is not None and (unit != "percent" or cell.rstrip().endswith("%")):
                    score = Score(benchmark=BENCHMARK.id, metric=metric, measured_by="vectara", value=value, unit=unit)
                    scores.append(replace(score, self_reported=False))
                elif not states_nothing(cell):
                    tally.count_unknown(f"{column}: not a {'percentage' if unit == 'percent' else 'number'}")
            if any(score.metric == "" for score in scores):
                board.add(row["Model"], *scores)
            else:
                tally.skip("row without a hallucination rate")
        if not board.listings():
            raise DocumentRefusedError("Vectara README: no row states a hallucination rate")
        return DocumentSeen(
            url=url,
            date=updated,
            listings=board.listings(),
            benchmarks=(replace(BENCHMARK, version=judge[1] if judge else ""),),
            unknown=tally.unknown,
            skipped=tally.skipped,
            rows=len(table.rows),
        )


def _board(readme: str) -> tuple[str, str]:
    """What lies between the marks, and where it was looked for; the whole README where it has none of them."""
    start, end = _MARKS
    if start not in readme and end not in readme:
        return readme, "without leaderboard marks"
    marked, closed, _ = readme.partition(start)[2].partition(end)
    return marked if closed else "", "between the marks"


def _adds_up(row: dict[str, str]) -> bool:
    """Whether hallucinated and consistent summaries are all of them (rounding aside): a shifted row does not say so."""
    wrong, right = figure(row["Hallucination Rate"]), figure(row.get("Factual Consistency Rate", ""))
    return wrong is None or right is None or abs(wrong + right - HUNDRED) < 1


def _updated(text: str) -> datetime | None:
    match = _UPDATED.search(text)
    if match is None:
        return None
    words = re.sub(r"(?<=\d)(?:st|nd|rd|th)|,", "", match[1])
    try:
        return datetime.strptime(words, "%B %d %Y").replace(tzinfo=UTC)
    except ValueError:
        return None
