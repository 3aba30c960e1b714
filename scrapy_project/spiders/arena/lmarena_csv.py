"""LMArena's site tables as an archive keeps them in CSV: ratings with votes, organisation and licence."""

from __future__ import annotations

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Score, Source
from aimstats.domain.text import clean_text, clean_url
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.scores import Board, figure, interval, states_nothing
from scrapy_project.formats.csv_rows import csv_sheet
from scrapy_project.spiders.arena.boards import arena_benchmark

DATA = "https://raw.githubusercontent.com/fboulnois/llm-leaderboard-csv/main/csv/"
BOARDS = {"lmarena_text.csv": "text", "lmarena_vision.csv": "vision", "lmarena_image.csv": "text-to-image"}
EDITION = "2025 (site tables)"
"""The documents carry no date; they last moved in August 2025."""
COLUMNS = frozenset({"model", "arena_score", "95_pct_ci", "votes", "organization", "license"})
OPTIONAL = frozenset({"rank", "rank_stylectrl", "knowledge_cutoff", "url"})
NO_LICENSE = frozenset({"", "proprietary", "-", "propretary"})


class LmarenaCsvSpider(SourceSpider):
    """Reads one table a board; `95_pct_ci` is `+5/-4` around the rating."""

    source = Source(
        id="lmarena_csv",
        name="LMArena tables (llm-leaderboard-csv)",
        kind="benchmark",
        url="https://github.com/fboulnois/llm-leaderboard-csv",
        license=None,
        terms_url="https://lmarena.ai/terms-of-use",
        attribution="LMArena, archived by fboulnois (MPL-2.0)",
        bulk=False,
        hosts=("raw.githubusercontent.com",),
        priority=110,
    )
    start_urls = tuple(f"{DATA}{name}" for name in BOARDS)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a row; refuses a table without `model` and `arena_score`."""
        benchmark = arena_benchmark(BOARDS[url.rsplit("/", 1)[-1]])
        sheet = csv_sheet(body, f"{benchmark.name} table", "model", "arena_score")
        tally = Tally()
        for column in sorted(COLUMNS ^ set(sheet.header)):
            if column not in OPTIONAL:
                tally.count_unknown(f"column {column}" if column in sheet.header else f"no column {column}")
        board = Board("lmarena", tally)
        for row, whole in sheet.records():
            rating = figure(row["arena_score"])
            if rating is None or rating <= 0 or not whole:
                tally.skip("row without a rating" if whole else "row shorter than the header")
                continue
            low, high = interval(row.get("95_pct_ci", ""), rating)
            if low is None and not states_nothing(row.get("95_pct_ci")):
                tally.count_unknown("95_pct_ci: not an interval")
            votes = figure(row.get("votes", ""))
            license_name = clean_text(row.get("license", ""))
            score = Score(
                benchmark=benchmark.id,
                edition=EDITION,
                measured_by="lmarena",
                value=rating,
                unit="rating",
                ci_low=low,
                ci_high=high,
                n=int(votes) if votes is not None and 0 < votes == votes.to_integral_value() else None,
                self_reported=False,
            )
            board.add(
                row["model"].strip(),
                score,
                provider=row.get("organization", ""),
                is_page_name=True,
                facts={"license": license_name} if license_name.lower() not in NO_LICENSE else {},
                url=clean_url(row.get("url")),
            )
        if not board.listings():
            raise DocumentRefusedError(f"{benchmark.name} table: no row states an `arena_score`")
        return DocumentSeen(
            url=url,
            listings=board.listings(),
            benchmarks=(benchmark,),
            unknown=tally.unknown,
            skipped=tally.skipped,
            rows=len(sheet.rows),
        )
