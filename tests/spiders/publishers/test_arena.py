"""The arena's boards in its several archives: ratings, votes, days, and layouts that move on."""

from __future__ import annotations

import csv
import io
import json

import pytest

from aimstats.domain.items import DocumentRefusedError
from scrapy_project.sources import spider_classes
from tests.spiders.altered import read
from tests.spiders.replayed import listings_and_scores, needs_mirror, real_text, replay, scores


@needs_mirror
@pytest.mark.parametrize(
    ("source", "counts"),
    [
        ("arena_ai", (309, 309)),
        ("lmarena", (544, 9313)),
        ("lmarena_csv", (370, 370)),
    ],
)
def test_every_row_becomes_a_score(source: str, counts: tuple[int, int]) -> None:
    assert listings_and_scores(source) == counts


@needs_mirror
def test_lmarena_ratings_are_the_documents() -> None:
    base = "https://raw.githubusercontent.com/lmarena/arena-catalog/main/data/leaderboard-"
    for board in ("text", "text-style-control", "vision"):
        full = json.loads(real_text(f"{base}{board}.json"))["full"]
        found = scores("lmarena", benchmark=f"lmarena-{board}")
        assert found.keys() == full.keys()
        for name, stated in full.items():
            assert float(found[name].value) == pytest.approx(stated["rating"])
            assert float(found[name].ci_low or 0) == pytest.approx(stated["rating_q025"])


@needs_mirror
def test_lmarena_tables_state_votes_and_intervals() -> None:
    found = scores("lmarena_csv", benchmark="lmarena-text")["Gemini-2.5-Pro"]
    assert [found.value, found.ci_low, found.ci_high, found.n] == [1470, 1465, 1475, 26019]
    assert scores("lmarena_csv", benchmark="arena-text-to-image")["GPT-Image-1"].value == 1134
    assert scores("lmarena_csv", benchmark="lmarena-vision")["Gemini-2.5-Pro"].ci_high == 1326


@needs_mirror
def test_arena_is_read_through_its_index() -> None:
    assert [seen.url.rsplit("/", 2)[-2:] for seen in replay("arena_ai")][:2] == [
        ["data", "latest.json"],
        ["2026-03-21", "_index.json"],
    ]
    assert len(replay("arena_ai")) == 12
    opus = scores("arena_ai", benchmark="lmarena-text")["claude-opus-4-6"]
    assert [opus.value, opus.ci_low, opus.n, opus.measured_on, opus.edition] == [1501, 1495, 12546, "2026-03-20", "2026-03"]
    assert scores("arena_ai", benchmark="arena-text-to-video")["veo-3.1-audio-1080p"].value == 1381


@needs_mirror
def test_the_last_day_of_the_history_is_read() -> None:
    url = spider_classes()["lmarena_history"].start_urls[0]
    header, *rows = list(csv.reader(io.StringIO(real_text(url))))
    last = dict(zip(header, max(rows), strict=True))
    stated = {name: float(value) for name, value in last.items() if name and float(value)}
    found = scores("lmarena_history")
    assert {name: float(score.value) for name, score in found.items()} == pytest.approx(stated)
    assert {score.measured_on for score in found.values()} == {"2025-02-27"}


def test_the_history_does_not_take_an_older_day_for_the_last() -> None:
    with pytest.raises(DocumentRefusedError, match="20250301 is shorter"):
        read("lmarena_history", ",a,b\n20250227,1000,1001\n20250301,1002\n")
    document = read("lmarena_history", ",a,b\n20250227,1000,1001\n20259999,1002,1003\n")
    assert {one.measured_on for row in document.listings for one in row.scores} == {"2025-02-27"}
    assert document.skipped["row that is no day"] == 1


def test_a_table_of_the_arena_counts_columns_that_come_and_go() -> None:
    document = read("lmarena_csv", "model,arena_score,interval,votes,organization,license\nm,1470,+5/-4,10,Labs,MIT\n")
    assert dict(document.unknown) == {"column interval": 1, "no column 95_pct_ci": 1}


@pytest.mark.parametrize(("board", "count"), [("vision", 1), ("text", 2)])
def test_an_arena_board_that_is_another_or_cut_is_refused(board: str, count: int) -> None:
    model = {"model": "m", "score": 1470, "ci": 5, "votes": 10, "vendor": "Labs", "license": "open", "rank": 1}
    body = {"meta": {"leaderboard": board, "model_count": count, "last_updated": "Mar 20, 2026"}, "models": [model]}
    url = "https://raw.githubusercontent.com/oolong-tea-2026/arena-ai-leaderboards/main/data/2026-03-21/text.json"
    with pytest.raises(DocumentRefusedError, match="disagree"):
        read("arena_ai", json.dumps(body), url=url)


def test_a_day_in_relative_words_is_no_day() -> None:
    body = {
        "meta": {"leaderboard": "text", "fetched_at": "2026-04-02T05:00:00+00:00", "last_updated": "13 days ago"},
        "models": [{"model": "m", "score": 1470, "ci": 5}],
    }
    url = "https://raw.githubusercontent.com/oolong-tea-2026/arena-ai-leaderboards/main/data/2026-04-02/text.json"
    document = read("arena_ai", json.dumps(body), url=url)
    assert [(one.edition, one.measured_on) for row in document.listings for one in row.scores] == [("2026-04", "2026-04")]
    assert dict(document.unknown) == {"meta.last_updated: not a date": 1}
