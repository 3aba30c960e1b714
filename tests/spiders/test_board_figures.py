"""The figures of each board, on the whole of its real documents, compared with those that another reader took."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

import pytest

from scrapy_project.sources import spider_classes
from tests.spiders.replayed import listing, replay, scores, text
from tests.spiders.test_mirror_replay import MIRROR

pytestmark = pytest.mark.skipif(not (MIRROR / "MANIFEST.json").exists(), reason="no ../shared/mirror beside the project")


def test_aider_figures_are_the_documents() -> None:
    for name, board in (("polyglot", "aider-polyglot"), ("edit", "aider-edit")):
        url = f"https://raw.githubusercontent.com/Aider-AI/aider/main/aider/website/_data/{name}_leaderboard.yml"
        found = scores("aider", benchmark=board)
        compared = 0
        for block in re.split(r"(?m)^\s*- dirname:", text(url))[1:]:
            stated = dict(re.findall(r"(?m)^\s+(\w+): (.+?)\s*$", block))
            score = found[stated["model"].strip("'\"")]
            if score.measured_on == stated["date"]:
                assert score.value == Decimal(stated["pass_rate_2"])
                cost = Decimal(stated.get("total_cost", "0").split("#")[0].strip())
                assert score.run_cost_usd == (cost or None)
                compared += 1
        assert compared >= len(found)
    assert scores("aider", benchmark="aider-polyglot")["o3 (high) + gpt-4.1"].multi_model
    assert not scores("aider", benchmark="aider-edit")["gpt-4-turbo-2024-04-09 (diff)"].complete


def test_vectara_figures_are_the_documents() -> None:
    marked = text(spider_classes()["vectara"].start_urls[0]).split("LEADERBOARD_START")[1]
    rows = re.findall(r"(?m)^\|([^|]+/[^|]+)\|([\d.]+) %\|", marked)
    assert {name: Decimal(rate) for name, rate in rows} == {name: score.value for name, score in scores("vectara").items()}


def test_a_livebench_category_is_the_mean_of_its_tasks() -> None:
    edition = "2026_01_08"
    lists = json.loads(text(f"https://livebench.ai/categories_{edition}.json"))
    rows = list(csv.DictReader(io.StringIO(text(f"https://livebench.ai/table_{edition}.csv"))))
    overall = scores("livebench", edition="2026-01-08")
    whole = [row for row in rows if None not in row.values()]
    assert len(whole) == len(overall) == 100
    for row in whole:
        means = [sum(float(row[task]) for task in tasks) / len(tasks) for tasks in lists.values()]
        assert float(overall[row["model"]].value) == pytest.approx(sum(means) / len(means))
    coding = scores("livebench", edition="2026-01-08", subset="category:Agentic Coding")
    opus = next(row for row in rows if row["model"] == "claude-4-1-opus-20250805-base")
    assert float(coding[opus["model"]].value) == pytest.approx(
        (float(opus["javascript"]) + float(opus["typescript"]) + float(opus["python"])) / 3
    )


def test_a_ragged_livebench_row_has_no_figures() -> None:
    assert all(row.external_id != "nemotron-3-super-120b-a12b" for seen in replay("livebench") for row in seen.listings)
    assert sum("row shorter" in reason for seen in replay("livebench") for reason in seen.skipped) == 1


def test_metr_keeps_editions_and_intervals_apart() -> None:
    newer, older = (scores("metr", edition=edition) for edition in ("1.1", "1.0"))
    assert (len(newer), len(older)) == (26, 33)
    sonnet = newer["claude_3_7_sonnet_inspect"]
    assert (sonnet.ci_low, sonnet.value, sonnet.ci_high) == (Decimal("33.006168"), Decimal("60.388937"), Decimal("104.226017"))
    assert older["claude_3_7_sonnet"].value == Decimal("55.258445")
    assert scores("metr", metric="p80", edition="1.0")["claude_3_opus"].value == Decimal("1.578216")
    assert listing("metr", "claude_4_1_opus").facts["release_date"] == "2025-08-05"


def test_bfcl_rows_are_told_apart_by_mode() -> None:
    overall = scores("bfcl")
    rows = csv.DictReader(io.StringIO(text("https://gorilla.cs.berkeley.edu/data_overall.csv")))
    assert {row["Model"]: Decimal(row["Overall Acc"].rstrip("%")) for row in rows} == {
        name: score.value for name, score in overall.items()
    }
    assert overall["GLM-4.5 (FC)"].settings == {"prompt_mode": "fc"}
    assert overall["Claude-Opus-4-1-20250805 (FC)"].run_cost_usd == Decimal("207.12")
    assert scores("bfcl", subset="web_search")["GLM-4.5 (FC)"].value == 79
    assert "Claude-Opus-4-1-20250805 (FC)" not in scores("bfcl", metric="max_delta", subset="format_sensitivity")


def test_lmarena_ratings_are_the_documents() -> None:
    base = "https://raw.githubusercontent.com/lmarena/arena-catalog/main/data/leaderboard-"
    for board in ("text", "text-style-control", "vision"):
        full = json.loads(text(f"{base}{board}.json"))["full"]
        found = scores("lmarena", benchmark=f"lmarena-{board}")
        assert found.keys() == full.keys()
        for name, stated in full.items():
            assert float(found[name].value) == pytest.approx(stated["rating"])
            assert float(found[name].ci_low or 0) == pytest.approx(stated["rating_q025"])


def test_lmarena_tables_state_votes_and_intervals() -> None:
    found = scores("lmarena_csv", benchmark="lmarena-text")["Gemini-2.5-Pro"]
    assert [found.value, found.ci_low, found.ci_high, found.n] == [1470, 1465, 1475, 26019]
    assert scores("lmarena_csv", benchmark="arena-text-to-image")["GPT-Image-1"].value == 1134
    assert scores("lmarena_csv", benchmark="lmarena-vision")["Gemini-2.5-Pro"].ci_high == 1326


def test_arena_is_read_through_its_index() -> None:
    assert [seen.url.rsplit("/", 2)[-2:] for seen in replay("arena_ai")][:2] == [
        ["data", "latest.json"],
        ["2026-03-21", "_index.json"],
    ]
    assert len(replay("arena_ai")) == 12
    opus = scores("arena_ai", benchmark="lmarena-text")["claude-opus-4-6"]
    assert [opus.value, opus.ci_low, opus.n, opus.measured_on, opus.edition] == [1501, 1495, 12546, "2026-03-20", "2026-03"]
    assert scores("arena_ai", benchmark="arena-text-to-video")["veo-3.1-audio-1080p"].value == 1381


def test_the_last_day_of_the_history_is_read() -> None:
    url = spider_classes()["lmarena_history"].start_urls[0]
    header, *rows = list(csv.reader(io.StringIO(text(url))))
    last = dict(zip(header, max(rows), strict=True))
    stated = {name: float(value) for name, value in last.items() if name and float(value)}
    found = scores("lmarena_history")
    assert {name: float(score.value) for name, score in found.items()} == pytest.approx(stated)
    assert {score.measured_on for score in found.values()} == {"2025-02-27"}


def test_arc_agi_states_the_cost_of_a_task_and_people_are_no_models() -> None:
    found = scores("arc_agi", benchmark="arc-agi-1")
    o3 = found["o3-high"]
    assert [o3.value, o3.cost_per_task_usd, o3.complete] == [Decimal("87.5"), 3474, False]
    assert found["gpt-4-1-2025-04-14"].value == Decimal("5.5")
    assert scores("arc_agi", benchmark="arc-agi-2")["2025_human_panel"].value == 100
    assert {row.external_id for row in replay("arc_agi")[-1].listings if row.kind == "other"} == {
        "2025_human_panel", "ARChitects", "Icecuber", "mturker", "stem_grad"
    }  # fmt: skip
    assert listing("arc_agi", "o3-high").provider == "OpenAI"


def test_swe_bench_keeps_agent_and_model_apart() -> None:
    rows = [
        row for board in json.loads(text(spider_classes()["swe_bench"].start_urls[0]))["leaderboards"] for row in board["results"]
    ]
    # one model is spelled claude-3.5-sonnet and claude-3-5-sonnet in one row
    models = [{tag.replace(".", "-") for tag in row["tags"] if tag.startswith("Model: ")} for row in rows]
    listings = replay("swe_bench")[0].listings
    assert sum(len(row.scores) for row in listings if row.kind == "model") == sum(len(named) == 1 for named in models)
    assert sum(score.multi_model for row in listings for score in row.scores) == sum(len(named) > 1 for named in models)
    sonnet = listing("swe_bench", "Claude 4.5 Sonnet (20250929)")
    assert sonnet.evidence == {"tags": "claude-sonnet-4-5-20250929", "board": "bash-only"}
    assert [(score.value, score.settings["harness"], score.self_reported) for score in sonnet.scores] == [
        (Decimal("70.6"), "mini-swe-agent", False)
    ]
    best = scores("swe_bench", benchmark="swe-bench-verified")["TRAE + Doubao-Seed-Code"]
    assert (best.value, best.multi_model, best.self_reported) == (Decimal("78.8"), True, True)
    assert (
        scores("swe_bench", benchmark="swe-bench-verified")["Moatless Tools + Claude 4 Sonnet"].settings["harness"]
        == "Moatless Tools"
    )


def test_swe_bench_runs_only_when_named() -> None:
    source = spider_classes()["swe_bench"].source
    assert [source.default, source.bundle, source.bulk] == [False] * 3


def test_helm_states_facts_and_no_scores() -> None:
    seen = replay("helm")[0]
    assert (seen.rows, len(seen.listings), dict(seen.unknown)) == (615, 614, {"model.release: not a date": 4})
    assert not any(row.scores or row.prices for row in seen.listings)
    facts = {row.external_id: row.facts for row in seen.listings}
    assert facts["ai21/j1-jumbo"]["parameters.total"] == 178_000_000_000
    assert facts["ai21/j1-jumbo"]["release_date"] == "2021-08-11"
    assert facts["adobe/giga-gan"]["open_weights"] is False
    assert facts["huggingface/smollm2-135m"]["open_weights"] is True
    parameters = re.findall(r"(?m)^    num_parameters: ([1-9]\d*)", text(spider_classes()["helm"].start_urls[0]))
    assert [row.facts["parameters.total"] for row in seen.listings if "parameters.total" in row.facts] == list(
        map(int, parameters)
    )
