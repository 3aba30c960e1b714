"""Scores: every row is kept, one a benchmark is shown, from the edition that tables show."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from aimstats.domain.items import Benchmark, DocumentSeen, ListingSeen, Score, Source
from aimstats.resolution.scores import shown_edition
from tests.ingest.worlds import FIRST, World, day

BOARD = Source(id="board", name="Board", kind="benchmark", url="https://board.example")
GPQA = Benchmark(id="gpqa", name="GPQA", measures="hard questions", unit="percent", default_harness="plain")
ERRORS = Benchmark(id="errors", name="Errors", measures="mistakes", unit="percent", higher_is_better=False)


def score(value: str, benchmark: str = "gpqa", **rest: Any) -> Score:
    return Score(benchmark=benchmark, value=Decimal(value), **rest)


def scored(name: str, *scores: Score, **rest: Any) -> ListingSeen:
    return ListingSeen(provider="OpenAI", external_id=name, is_page_name=True, scores=scores, **rest)


def publish(world: World, number: float, *listings: ListingSeen) -> None:
    world.crawl(day(number), {FIRST: DocumentSeen(url=FIRST, listings=listings, benchmarks=(GPQA, ERRORS))}, BOARD)


def shown(world: World, model: str = "openai/gpt-4o") -> dict[str, str]:
    found: dict[str, str] = world.models()[model]["scores"]
    return found


def test_a_board_names_models_and_makes_no_offers(world: World) -> None:
    publish(world, 0, scored("GPT-4o", score("53.6")))
    assert shown(world) == {"gpqa": "53.6"}
    assert world.offers() == {}


def test_the_best_of_several_settings_is_shown_and_all_are_kept(world: World) -> None:
    rows = (score("50", settings={"effort": "low"}), score("60", settings={"effort": "high"}))
    publish(world, 0, scored("GPT-4o", *rows))
    assert shown(world) == {"gpqa": "60"}
    evidence = world.rows("select evidence->'scores' from resolved_model")[0][0]
    assert [(row["value"], row["chosen"]) for row in evidence] == [("60", True), ("50", False)]


def test_where_less_is_better_the_least_is_shown(world: World) -> None:
    rows = (score("2", "errors", settings={"effort": "low"}), score("1", "errors", settings={"effort": "high"}))
    publish(world, 0, scored("GPT-4o", *rows))
    assert shown(world) == {"errors": "1"}


def test_incomplete_rows_rows_of_several_models_and_other_harnesses_are_not_shown(world: World) -> None:
    rows = (
        score("90", complete=False),
        score("91", settings={"x": "1"}, multi_model=True),
        score("92", settings={"harness": "other"}),
        score("93", subset="easy"),
        score("94", metric="lenient"),
    )
    publish(world, 0, scored("GPT-4o", *rows), scored("o3", score("70", settings={"harness": "plain"})))
    assert shown(world) == {}
    assert shown(world, "openai/o3") == {"gpqa": "70"}


def test_measured_by_others_comes_before_unknown_and_unknown_before_self_reported(world: World) -> None:
    own = score("99", self_reported=True, measured_by="openai")
    unknown = score("80", measured_by="paper")
    independent = score("60", self_reported=False, measured_by="board")
    publish(world, 0, scored("GPT-4o", own, unknown, independent), scored("o3", own, unknown), scored("o1", own))
    assert [shown(world, f"openai/{name}") for name in ("gpt-4o", "o3", "o1")] == [{"gpqa": "60"}, {"gpqa": "80"}, {"gpqa": "99"}]


def test_who_reported_comes_before_the_newest_snapshot_and_being_complete_before_all(world: World) -> None:
    newer = scored("gpt-4o-2024-11-20", score("99"))
    older = scored("gpt-4o-2024-05-13", score("60", self_reported=False))
    publish(world, 0, newer, older)
    assert shown(world) == {"gpqa": "60"}
    cut, whole = score("60", self_reported=False, complete=False), score("50", self_reported=True, settings={"x": "1"})
    publish(world, 1, scored("GPT-4o", cut, whole))
    assert shown(world) == {"gpqa": "50"}


def test_a_preview_stands_for_a_model_only_until_it_is_released(world: World) -> None:
    preview = scored("gemini-2.5-pro-preview-06-05", score("31"))
    publish(world, 0, preview)
    assert shown(world, "google/gemini-2.5-pro") == {"gpqa": "31"}
    publish(world, 1, preview, scored("gemini-2.5-pro", score("29"), score("41", settings={"effort": "high"})))
    assert shown(world, "google/gemini-2.5-pro") == {"gpqa": "41"}


def test_the_newest_edition_with_a_third_of_the_fullest_is_shown() -> None:
    assert shown_edition({"1.0": 33, "1.1": 11}) == "1.1"
    assert shown_edition({"1.0": 33, "1.1": 10}) == "1.0"


def test_a_new_edition_moves_every_models_score_at_once(world: World) -> None:
    old = [scored(name, score("50", edition="2025-11")) for name in ("GPT-4o", "o3", "o1")]
    publish(world, 0, *old)
    assert shown(world, "openai/o3") == {"gpqa": "50"}
    new = [scored(name, score("50", edition="2025-11"), score("40", edition="2026-01")) for name in ("GPT-4o", "o1")]
    publish(world, 1, *new, old[1])
    assert shown(world) == {"gpqa": "40"}
    assert shown(world, "openai/o3") == {}
    state = world.state()
    world.rebuild(day(1))
    assert world.state() == state


def test_a_benchmark_that_is_declared_otherwise_moves_the_version(world: World) -> None:
    """Pages and answers say what the declaration says, so that what is kept of them has to be made anew."""
    seen = DocumentSeen(url=FIRST, listings=(scored("GPT-4o", score("53.6")),), benchmarks=(GPQA,))
    world.crawl(day(0), {FIRST: seen}, BOARD)
    world.crawl(day(1), {FIRST: seen}, BOARD)
    before = world.version()
    world.crawl(day(2), {FIRST: replace(seen, benchmarks=(replace(GPQA, version="Diamond"),))}, BOARD)
    assert world.version()[0] == before[0] + 1
