"""LMArena's own catalogue: ratings by category with intervals, text (also under style control) and vision."""

from __future__ import annotations

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Score, Source
from scrapy_project.base import Record, SourceSpider, Tally
from scrapy_project.base.record import json_object
from scrapy_project.base.scores import Board, setting
from scrapy_project.spiders.arena.boards import arena_benchmark

DATA = "https://raw.githubusercontent.com/lmarena/arena-catalog/main/data/"
EDITION = "2025 (arena-catalog)"
"""The documents carry no date; they last moved in May 2025, on a scale some 20 points below the site's later one."""


class LmarenaSpider(SourceSpider):
    """Reads three documents of ratings by category and model; category `full` is the whole board."""

    source = Source(
        id="lmarena",
        name="LMArena catalogue",
        kind="benchmark",
        url="https://github.com/lmarena/arena-catalog",
        license=None,
        terms_url="https://lmarena.ai/terms-of-use",
        attribution="LMArena",
        bulk=False,
        hosts=("raw.githubusercontent.com",),
    )
    start_urls = tuple(f"{DATA}leaderboard-{board}.json" for board in ("text", "text-style-control", "vision"))

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model with a score a category; refuses a document without the category `full`."""
        benchmark = arena_benchmark(url.rsplit("/leaderboard-", 1)[-1].removesuffix(".json"))
        categories = json_object(body, f"{benchmark.name} ratings")
        if not isinstance(categories.get("full"), dict) or not categories["full"]:
            raise DocumentRefusedError(f"{benchmark.name} ratings: no category `full`; was the layout changed?")
        tally = Tally()
        board = Board("lmarena", tally)
        rows = 0
        for category, models in categories.items():
            if not isinstance(models, dict):
                tally.count_unknown(f"{category}: not an object")
                continue
            rows += len(models)
            for name, value in models.items():
                if not isinstance(value, dict):
                    tally.skip("entry that is no rating")
                    continue
                record = Record(value, "rating", tally)
                rating, low, high = (record.number(key) for key in ("rating", "rating_q025", "rating_q975"))
                record.close()
                if rating is None or rating <= 0:
                    tally.skip("entry without a rating")
                    continue
                score = Score(
                    benchmark=benchmark.id,
                    edition=EDITION,
                    subset="" if category == "full" else setting(category),
                    measured_by="lmarena",
                    value=rating,
                    unit="rating",
                    ci_low=low,
                    ci_high=high,
                    self_reported=False,
                )
                board.add(name, score)
        if not any(score.subset == "" for listing in board.listings() for score in listing.scores):
            raise DocumentRefusedError(f"{benchmark.name} ratings: no model states `rating`; was the key renamed?")
        return DocumentSeen(
            url=url,
            listings=board.listings(),
            benchmarks=(benchmark,),
            unknown=tally.unknown,
            skipped=tally.skipped,
            rows=rows,
        )
