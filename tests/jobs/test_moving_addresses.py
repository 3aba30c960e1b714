"""A source whose documents have another address every day: what did not change writes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL

from tests.jobs.jobs_run import Jobs, jobs_on, table_of

DATA = "https://raw.githubusercontent.com/oolong-tea-2026/arena-ai-leaderboards/main/data"
RATINGS = {"example-3-large": 1503, "example-3-small": 1404, "example-2": 1388, "open-9b": 1275}
BOARDS: Mapping[str, str | None] = {"text": "Mar 18, 2026", "search": None, "vision": "13 days ago"}
DAYS = ("2026-03-20", "2026-03-21", "2026-04-01")


def capture(day: str, board: str, ratings: Mapping[str, int], updated: str | None) -> dict[str, Any]:
    """A board as the archive keeps it on a day."""
    rows = [
        {"rank": n, "model": name, "vendor": "Example", "score": rating} for n, (name, rating) in enumerate(ratings.items(), 1)
    ]
    return {"meta": {"leaderboard": board, "fetched_at": f"{day}T05:12:05+00:00", "last_updated": updated}, "models": rows}


class Archive:
    """The archive of three days in a mirror's folder, which says that the first is the newest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for day in DAYS:
            (folder / day).mkdir()
            for board, updated in BOARDS.items():
                self.write(f"{day}/{board}.json", capture(day, board, RATINGS, updated))
            self.index(day, *BOARDS)
        self.newest(DAYS[0])
        names = ["latest.json", *(f"{day}/{name}.json" for day in DAYS for name in ("_index", *BOARDS))]
        self.write("MANIFEST.json", [{"url": f"{DATA}/{name}", "file": name} for name in names])

    def write(self, name: str, body: Any) -> None:
        """Write one file."""
        (self.folder / name).write_text(json.dumps(body), encoding="utf-8")

    def index(self, day: str, *boards: str, errors: tuple[str, ...] = ()) -> None:
        """Say which boards a day has."""
        failed = [{"leaderboard": board, "error": "it failed"} for board in errors]
        named = {board: {"model_count": len(RATINGS)} for board in boards}
        self.write(
            f"{day}/_index.json", {"date": day, "fetched_at": f"{day}T05:12:05+00:00", "leaderboards": named, "errors": failed}
        )

    def newest(self, day: str) -> None:
        """Say which day is the newest."""
        self.write("latest.json", {"date": day, "path": day})


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Three equal days."""
    return Archive(tmp_path)


@pytest.fixture
def arena(database_url: URL, archive: Archive) -> Iterator[Jobs]:
    """The job after the crawl of the first day."""
    with jobs_on(database_url, archive.folder) as jobs:
        done = jobs.run("arena_ai")
        assert done.returncode == 0, done.stderr
        yield jobs


def crawled(jobs: Jobs) -> dict[str, str]:
    """What a further crawl counts."""
    done = jobs.run("arena_ai")
    assert done.returncode == 0, done.stderr
    return {name: table_of(done.stderr)["arena_ai"][name] for name in ("status", "opened", "changed", "vanished", "held")}


def test_an_unchanged_board_of_another_day_writes_nothing(arena: Jobs, archive: Archive) -> None:
    before = arena.rows("select * from claim order by id"), arena.rows("select dataset from version")
    archive.newest(DAYS[1])
    assert crawled(arena) == {"status": "unchanged", "opened": "0", "changed": "0", "vanished": "0", "held": "0"}
    assert (arena.rows("select * from claim order by id"), arena.rows("select dataset from version")) == before
    dates = arena.rows("select distinct document_date::date::text from document where document_date is not null")
    assert dates == [(DAYS[1],)]


def test_a_changed_rating_is_corrected_and_its_evidence_is_the_day_that_states_it(arena: Jobs, archive: Archive) -> None:
    for board in ("text", "search"):
        archive.write(f"{DAYS[1]}/{board}.json", capture(DAYS[1], board, RATINGS | {"example-2": 1391}, BOARDS[board]))
    archive.newest(DAYS[1])
    assert crawled(arena) == {"status": "published", "opened": "2", "changed": "2", "vanished": "0", "held": "0"}
    rows = arena.rows(
        "select l.external_id, c.value->>'value', c.url, c.closed_as from claim c join listing l on l.id = c.listing_id "
        "where c.kind = 'score' and c.key like 'lmarena-text|%' and l.external_id in ('example-2', 'open-9b') order by c.id"
    )
    first, second = (f"{DATA}/{day}/text.json" for day in DAYS[:2])
    assert rows == [
        ("example-2", "1388", first, "corrected"),
        ("open-9b", "1275", first, None),
        ("example-2", "1391", second, None),
    ]


def test_a_board_that_the_day_names_no_longer_is_gone(arena: Jobs, archive: Archive) -> None:
    archive.index(DAYS[1], "text", "search")
    archive.newest(DAYS[1])
    counts = crawled(arena)
    assert (counts["opened"], counts["changed"], counts["vanished"]) == ("0", "0", str(2 * len(RATINGS)))
    gone = arena.rows("select url from document where gone_at is not null")
    assert gone == [(f"{DATA}/latest.json#vision",)]


def test_a_board_whose_capture_failed_on_a_day_is_not_gone(arena: Jobs, archive: Archive) -> None:
    archive.index(DAYS[1], "text", "search", errors=("vision",))
    (archive.folder / DAYS[1] / "vision.json").unlink()
    archive.newest(DAYS[1])
    assert crawled(arena) == {"status": "unchanged", "opened": "0", "changed": "0", "vanished": "0", "held": "0"}


def test_a_board_that_was_cut_short_is_held_as_of_any_other_source(arena: Jobs, archive: Archive) -> None:
    archive.write(f"{DAYS[1]}/text.json", capture(DAYS[1], "text", {"newcomer-1": 1300}, BOARDS["text"]))
    archive.newest(DAYS[1])
    done = arena.run("arena_ai")
    assert table_of(done.stderr)["arena_ai"]["vanished"] == "0"
    assert arena.rows("select count(*) from claim where observed_to is not null") == [(0,)]
    assert arena.rows('select d.url, h."check" from held h join document d on d.id = h.document_id') == [
        (f"{DATA}/latest.json#text", "ends")
    ]


def test_boards_without_a_date_of_their_own_begin_an_edition_a_month(arena: Jobs, archive: Archive) -> None:
    archive.newest(DAYS[2])
    changed = str(2 * len(RATINGS))
    assert crawled(arena) == {"status": "published", "opened": changed, "changed": "0", "vanished": changed, "held": "0"}
    rows = arena.rows(
        "select distinct split_part(key, '|', 2), value->>'measured_on' from claim "
        "where observed_to is null and kind = 'score' order by 1"
    )
    assert rows == [("2026-03", "2026-03-18"), ("2026-04", "2026-04")]
