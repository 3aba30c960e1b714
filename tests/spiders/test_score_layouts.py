"""Boards whose layout or scale moves on: the same figures, or a count or refusal that tells a person, never another figure."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from aimstats.config.values import PROJECT_ROOT
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Score
from scrapy_project.base.record import Tally
from scrapy_project.base.scores import Board, distinct_scores, figure
from scrapy_project.sources import spider_classes

BFCL = "Rank,Overall Acc,Model,Total Cost ($),Live Acc,Organization,License"
VECTARA = "|Model|Hallucination Rate|Factual Consistency Rate|Answer Rate|Average Summary Length (Words)|\n|-|-|-|-|-|\n"


def read(source_id: str, body: str | bytes, place: int = 0, url: str = "") -> DocumentSeen:
    spider = spider_classes()[source_id]()
    return spider.parse_document(body if isinstance(body, bytes) else body.encode(), url or spider.start_urls[place])


def figures(document: DocumentSeen) -> dict[tuple[str, str], Decimal]:
    return {(row.external_id, score.key): score.value for row in document.listings for score in row.scores}


def score(value: str, **rest: Any) -> Score:
    return Score(benchmark="b", measured_by="m", value=Decimal(value), **rest)


def vectara(*rows: str) -> DocumentSeen:
    return read("vectara", f"<!-- LEADERBOARD_START -->\n{VECTARA}" + "\n".join(rows) + "\n<!-- LEADERBOARD_END -->\n")


@pytest.mark.parametrize(
    ("cell", "value"), [("1,204", "1204"), ("$1,204.5", "1204.5"), ("77,47%", None), ("1,20", None), ("12,3456", None)]
)
def test_a_comma_parts_thousands_and_nothing_else(cell: str, value: str | None) -> None:
    assert figure(cell) == (None if value is None else Decimal(value))


def test_a_percentage_beyond_its_scale_and_a_wrong_interval_are_counted() -> None:
    tally = Tally()
    board = Board("m", tally)
    board.add("a", score("770", unit="percent"), score("-1", unit="percent", metric="x"), score("1470", unit="rating"))
    board.add("b", score("50", unit="percent", ci_low=Decimal(60), ci_high=Decimal(70)))
    assert [(row.external_id, [str(one.value) for one in row.scores]) for row in board.listings()] == [
        ("a", ["1470"]),
        ("b", ["50"]),
    ]
    assert [one.ci_low for row in board.listings() for one in row.scores] == [None, None]
    assert dict(tally.unknown) == {
        "b: no percentage": 1,
        "b x: no percentage": 1,
        "b: the interval does not hold its value": 1,
    }


def test_one_result_under_two_links_is_one_run() -> None:
    linked = score("44.3", measured_on="2025-11-04", url="https://board.example/")
    other = score("45.0", measured_on="2025-11-05")
    kept = distinct_scores([score("44.3", measured_on="2025-11-04"), linked, other])
    assert [(one.value, one.url, one.settings.get("run")) for one in kept] == [
        (Decimal("44.3"), "https://board.example/", None),
        (Decimal("45.0"), None, "2"),
    ]


@pytest.mark.parametrize("source_id", ["aider", "swe_bench", "livebench", "arc_agi"])
def test_shares_for_percentages_and_the_reverse_refuse_the_board(source_id: str) -> None:
    bodies = {
        "aider": "".join(f"- {{model: m{n}, test_cases: 225, pass_rate_1: 0.{n}, pass_rate_2: 0.{n}5}}\n" for n in range(1, 7)),
        "swe_bench": json.dumps(
            {"leaderboards": [{"name": "Verified", "results": [{"name": f"a + m{n}", "resolved": n / 10} for n in range(1, 7)]}]}
        ),
        "livebench": "model,one,two\n" + "".join(f"m{n},0.{n},0.{n}5\n" for n in range(1, 7)),
        "arc_agi": json.dumps(
            [{"modelId": f"m{n}", "datasetId": "v2_Semi_Private", "score": n * 0.8, "display": True} for n in range(1, 7)]
        ),
    }
    url = {
        "livebench": "https://livebench.ai/table_2026_01_08.csv",
        "arc_agi": "https://arcprize.org/media/data/leaderboard/evaluations.json",
    }.get(source_id, "")
    with pytest.raises(DocumentRefusedError, match="above 1"):
        read(source_id, bodies[source_id], url=url)


def archive(change: Callable[[str, str], str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(PROJECT_ROOT / "tests" / "pages" / "epoch" / "page.zip") as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name).decode()))
    return buffer.getvalue()


def test_an_epoch_file_of_percentages_where_shares_were_refuses_the_archive() -> None:
    rows = "Model version,mean_score,stderr\n" + "".join(f"m{n},{n * 0.8},0.1\n" for n in range(1, 9))
    with pytest.raises(DocumentRefusedError, match=r"gpqa_diamond\.csv: many figures above 1"):
        read("epoch", archive(lambda name, text: rows if name == "gpqa_diamond.csv" else text))


def epoch(rows: str, name: str, benchmark: str) -> dict[tuple[str, str], Decimal]:
    """The headline scores of a file that the small archive gets in the place of its own."""
    buffer = io.BytesIO(archive(lambda known, text: rows if known == name else text))
    with zipfile.ZipFile(buffer, "a") as more:
        if name not in more.namelist():
            more.writestr(name, rows)
    found = figures(read("epoch", buffer.getvalue()))
    return {key: value for key, value in found.items() if key[1].startswith(f"{benchmark}|") and key[1].split("|")[3] == ""}


def test_epoch_tells_efforts_that_only_the_shown_name_has() -> None:
    rows = 'Model version,Score,Name\nm_120K,0.69,"M (120K, High)"\nm_120K,0.64,"M (120K, X-High)"\nm,0.5,M (Low)\nm,0.4,M-Max\n'
    assert epoch(rows, "arc_agi_2_external.csv", "arc-agi-2") == {
        ("m_120K", "arc-agi-2||||effort=high&thinking_budget=120k|arc_agi"): Decimal(69),
        ("m_120K", "arc-agi-2||||effort=xhigh&thinking_budget=120k|arc_agi"): Decimal(64),
        ("m", "arc-agi-2||||effort=low|arc_agi"): Decimal(50),
        ("m", "arc-agi-2|||||arc_agi"): Decimal(40),
    }


def test_epoch_keeps_rows_of_one_version_apart_by_what_the_board_calls_them() -> None:
    rows = (
        "Model version,Global average,LiveBench Version,id\n"
        "m-1,76.1,LiveBench-2024-11-25,m-1-thinking\nm-1,65.56,LiveBench-2024-11-25,m-1\n,51.44,LiveBench-2024-11-25,m-turbo\n"
    )
    assert epoch(rows, "live_bench_external.csv", "livebench") == {
        ("m-1", "livebench|2024-11-25|||listed_as=m-1-thinking|livebench"): Decimal("76.1"),
        ("m-1", "livebench|2024-11-25|||listed_as=m-1|livebench"): Decimal("65.56"),
        ("m-turbo", "livebench|2024-11-25||||livebench"): Decimal("51.44"),
    }


def test_bfcl_takes_percentages_only() -> None:
    rows = f"{BFCL},Memory KV,Memory Vector,Latency P99 (s)\n1,70.85%,M (FC),2.9,81.72%,Labs,MIT,40.65,0.5,8.58\n"
    document = read("bfcl", rows)
    assert figures(document) == {
        ("M (FC)", "bfcl|v4|||prompt_mode=fc|bfcl"): Decimal("70.85"),
        ("M (FC)", "bfcl|v4||live|prompt_mode=fc|bfcl"): Decimal("81.72"),
    }
    assert dict(document.unknown) == {
        "Memory KV: not a percentage": 1,
        "Memory Vector: not a percentage": 1,
        "column Latency P99 (s)": 1,
    }
    with pytest.raises(DocumentRefusedError, match="Overall Acc"):
        read("bfcl", f"{BFCL},Memory KV\n1,0.7085,M (FC),2.9,81.72%,Labs,MIT,40.65%\n")


def test_bfcl_takes_the_accuracies_that_it_knows_and_says_of_which_version_they_are() -> None:
    rows = f"{BFCL},Memory KV,Refusal Rate\n1,70.85%,M (FC),2.9,81.72%,Labs,MIT,40.65%,12%\n"
    document = read("bfcl", rows)
    assert {key.split("|")[3] for _, key in figures(document)} == {"", "live", "memory_kv"}
    assert dict(document.unknown) == {"column Refusal Rate": 1}
    assert read("bfcl", rows.replace("Organization", "Org")).unknown["no column Organization"] == 1
    with pytest.raises(DocumentRefusedError, match="which version"):
        read("bfcl", f"{BFCL}\n1,70.85%,M (FC),2.9,81.72%,Labs,MIT\n")


def test_livebench_takes_the_tasks_of_its_categories_only() -> None:
    spider = spider_classes()["livebench"]()
    spider.parse_document(b'{"Coding": ["one", "two"]}', "https://livebench.ai/categories_2026_01_08.json")
    document = spider.parse_document(b"model,one,two,cost\nm,50,70,3\n", "https://livebench.ai/table_2026_01_08.csv")
    assert figures(document) == {
        ("m", "livebench|2026-01-08||||livebench"): Decimal(60),
        ("m", "livebench|2026-01-08||category:Coding||livebench"): Decimal(60),
        ("m", "livebench|2026-01-08||one||livebench"): Decimal(50),
        ("m", "livebench|2026-01-08||two||livebench"): Decimal(70),
    }
    assert dict(document.unknown) == {"column cost: a task of no category": 1}


def test_vectara_rows_that_are_shifted_are_counted() -> None:
    good = "|m-1|1.8 %|98.2 %|99.5 %|172.4|"
    document = vectara(good, "|m-2|98.2 %|99.5 %|172.4|", "|m-3|98.2 %|99.5 %|93.0 %|172.4|", "|m-4|97.0 %|N/A|99.5 %|172.4|")
    assert {name for name, _ in figures(document)} == {"m-1", "m-4"}
    assert dict(document.unknown) == {"row not as long as the header": 1, "row whose rates do not add up": 1}
    lower = VECTARA.lower() + "|m-1|1.8 %|98.2 %|99.5 %|172.4|"
    other = read("vectara", f"<!-- LEADERBOARD_START -->\n{lower}\n<!-- LEADERBOARD_END -->\n")
    assert (len(figures(other)), dict(other.unknown)) == (4, {})
    with pytest.raises(DocumentRefusedError, match="hallucination rate"):
        vectara("|m-1|0.018|0.982|0.995|172.4|")


@pytest.mark.parametrize(
    ("source_id", "body", "version"),
    [
        ("vectara", "\n## Model\nThis leaderboard uses HHEM-2.3, Vectara's commercial model, to compute.\n", "HHEM-2.3"),
        ("vectara", "", ""),
        ("aider", "", "polyglot"),
    ],
)
def test_a_benchmark_says_of_which_version_it_is_where_its_source_does(source_id: str, body: str, version: str) -> None:
    page = next((PROJECT_ROOT / "tests" / "pages" / source_id).glob("page.*")).read_bytes()
    assert [benchmark.version for benchmark in read(source_id, page + body.encode()).benchmarks] == [version]


def test_the_history_does_not_take_an_older_day_for_the_last() -> None:
    with pytest.raises(DocumentRefusedError, match="20250301 is shorter"):
        read("lmarena_history", ",a,b\n20250227,1000,1001\n20250301,1002\n")
    document = read("lmarena_history", ",a,b\n20250227,1000,1001\n20259999,1002,1003\n")
    assert {one.measured_on for row in document.listings for one in row.scores} == {"2025-02-27"}
    assert document.skipped["row that is no day"] == 1


def test_a_table_of_the_arena_counts_columns_that_come_and_go() -> None:
    document = read("lmarena_csv", "model,arena_score,interval,votes,organization,license\nm,1470,+5/-4,10,Labs,MIT\n")
    assert dict(document.unknown) == {"column interval": 1, "no column 95_pct_ci": 1}


def test_swe_bench_rows_of_one_name_and_other_models_are_apart() -> None:
    def row(resolved: float, *models: str) -> dict[str, Any]:
        tags = [f"Model: {model}" for model in models]
        return {"name": "Agent", "resolved": resolved, "date": "2026-01-01", "checked": True, "tags": tags}

    rows = [row(50, "model-a"), row(60, "model-b"), row(70, "claude-3.5-sonnet", "claude-3-5-sonnet"), row(80, "x", "y")]
    document = read("swe_bench", json.dumps({"leaderboards": [{"name": "Verified", "results": rows}]}))
    assert [(found.kind, found.evidence["tags"], [str(one.value) for one in found.scores]) for found in document.listings] == [
        ("model", "model-a", ["50"]),
        ("model", "model-b", ["60"]),
        ("model", "claude-3-5-sonnet", ["70"]),
        ("agent", "x;y", ["80"]),
    ]
    assert [one.multi_model for found in document.listings for one in found.scores] == [False, False, False, True]


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
