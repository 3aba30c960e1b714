"""Arena's boards of today, from a daily archive that names its newest day in `latest.json`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from scrapy.http import Request

from aimstats.domain.facts import is_date
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Score, Source
from aimstats.domain.text import clean_text
from scrapy_project.base import Record, SourceSpider, Tally
from scrapy_project.base.record import json_object
from scrapy_project.base.scores import Board, day
from scrapy_project.spiders.arena.boards import BOARDS, arena_benchmark

DATA = "https://raw.githubusercontent.com/oolong-tea-2026/arena-ai-leaderboards/main/data/"
LICENSES = frozenset({"open", "proprietary"})
"""All that the archive makes of a licence. Proprietary terms may stand on open weights (flux-2-dev): no word on these."""
_PATH = re.compile(r"[\w-]{1,40}\Z")


class ArenaAiSpider(SourceSpider):
    """Reads `latest.json`, then that day's `_index.json`, then the boards that it names; a day is never guessed.

    A board is one document whatever day's folder it stands in. The edition is the month of the board's own date (of the
    capture where the board gives none: then no day is known either), so that a month is one series whose figures move.
    `ci` is the half width of the interval. Only when named: the archive reads the pages through a reader service.
    """

    source = Source(
        id="arena_ai",
        name="Arena leaderboards (arena-ai-leaderboards)",
        kind="benchmark",
        url="https://github.com/oolong-tea-2026/arena-ai-leaderboards",
        license=None,
        terms_url="https://arena.ai",
        attribution="Arena, archived by oolong-tea-2026 (MIT)",
        bulk=False,
        default=False,
        hosts=("raw.githubusercontent.com",),
    )
    start_urls = (f"{DATA}latest.json",)
    indexes = start_urls

    def document_url(self, address: str) -> str:
        """`.../data/2026-03-21/text.json` is `.../data/latest.json#text`, like the text board of any other day."""
        name = address.removeprefix(DATA).partition("/")[2]
        return f"{self.start_urls[0]}#{name.removesuffix('.json')}" if name else address

    def request(self, url: str, *, is_index: bool = False) -> Request | None:
        """As every spider's, but a day's index is an index too."""
        return super().request(url, is_index=is_index or url.endswith("/_index.json"))

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """The pointer, a day's index or a board, told apart by their address."""
        if url.endswith("/latest.json"):
            path = json_object(body, "Arena's latest.json").get("path")
            if not isinstance(path, str) or not _PATH.match(path):
                raise DocumentRefusedError("Arena's latest.json: `path` names no day")
            return DocumentSeen(url=url, links=(f"{DATA}{path}/_index.json",), rows=1)
        if url.endswith("/_index.json"):
            return _index(body, url)
        return _board(body, url)


def _index(body: bytes, url: str) -> DocumentSeen:
    data = json_object(body, "Arena's index of a day")
    boards = data.get("leaderboards")
    if not isinstance(boards, dict) or not boards:
        raise DocumentRefusedError("Arena's index of a day: no object `leaderboards`")
    tally = Tally()
    for name in boards:
        if name not in BOARDS:
            tally.count_unknown(f"board {name}")
    # A board whose capture failed is not gone: its address is asked for all the same, and is missing for a day.
    failed = Record(data, "index", tally).records("errors")
    named = [*boards, *(error.text("leaderboard") for error in failed)]
    folder = url.removesuffix("_index.json")
    return DocumentSeen(
        url=url,
        date=_instant(data.get("fetched_at")),
        unknown=tally.unknown,
        rows=len(boards),
        links=tuple(f"{folder}{name}.json" for name in dict.fromkeys(named) if name in BOARDS),
    )


def _board(body: bytes, url: str) -> DocumentSeen:
    data = json_object(body, "Arena board")
    meta, models = data.get("meta"), data.get("models")
    name = meta.get("leaderboard") if isinstance(meta, dict) else None
    if not isinstance(meta, dict) or not isinstance(models, list) or not isinstance(name, str) or name not in BOARDS:
        raise DocumentRefusedError("Arena board: `meta.leaderboard` and a list `models` are expected")
    if name != url.rsplit("/", 1)[-1].removesuffix(".json") or meta.get("model_count", len(models)) != len(models):
        raise DocumentRefusedError(f"Arena board: {len(models)} models of {clean_text(name, 40)!r}; `meta` and address disagree")
    benchmark = arena_benchmark(name)
    fetched = _instant(meta.get("fetched_at"))
    updated = _date(meta.get("last_updated")) or (fetched.strftime("%Y-%m") if fetched else "")
    evidence = {"board": "search"} if name == "search" else {}
    tally = Tally()
    if meta.get("last_updated") and not _date(meta["last_updated"]):
        tally.count_unknown("meta.last_updated: not a date")  # "13 days ago", says the archive's own README
    board = Board("lmarena", tally)
    for value in models:
        if not isinstance(value, dict):
            tally.skip("entry that is no model")
            continue
        record = Record(value, "model", tally)
        model = record.take("model")
        rating, half = record.amount("score"), record.amount("ci")
        votes, vendor, license_name = record.count("votes"), record.text("vendor"), record.text("license")
        record.ignore("rank")
        record.close()
        if not rating:
            tally.skip("entry without a score")
            continue
        score = Score(
            benchmark=benchmark.id,
            edition=updated[:7],
            measured_by="lmarena",
            value=rating,
            unit="rating",
            ci_low=rating - half if half is not None else None,
            ci_high=rating + half if half is not None else None,
            n=votes,
            measured_on=updated,
            self_reported=False,
        )
        facts = {"open_weights": True} if license_name.lower() == "open" else {}
        if license_name and license_name.lower() not in LICENSES:
            tally.count_unknown(f"model.license: {license_name[:30]!r}")
        board.add(model, score, provider=vendor, facts=facts, evidence=evidence)
    if not board.listings():
        raise DocumentRefusedError("Arena board: no model states `score`; was the key renamed?")
    return DocumentSeen(
        url=url,
        date=fetched,
        listings=board.listings(),
        benchmarks=(benchmark,),
        unknown=tally.unknown,
        skipped=tally.skipped,
        rows=len(models),
    )


def _instant(value: Any) -> datetime | None:
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant and instant.tzinfo else None


def _date(value: Any) -> str:
    """`Mar 20, 2026` as `2026-03-20`."""
    text = clean_text(value, 40) if isinstance(value, str) else ""
    try:
        return datetime.strptime(text, "%b %d, %Y").date().isoformat()
    except ValueError:
        return day(text) if is_date(day(text)) else ""
