"""Epoch's collection: units, whose copies they are, where its boards stand, and who reported a figure."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest

from aimstats.config.values import PROJECT_ROOT
from aimstats.domain.items import DocumentRefusedError
from scrapy_project.sources import spider_classes
from scrapy_project.spiders.epoch.files import ADDRESSES, FILES
from scrapy_project.spiders.epoch.reported import LABS, REPORTS, self_reported
from tests.spiders.altered import read, score_values
from tests.spiders.replayed import manifest, needs_mirror, replay, scores


@needs_mirror
def test_epoch_shares_become_percent_and_copies_say_whose_they_are() -> None:
    archive = zipfile.ZipFile(manifest()[spider_classes()["epoch"].start_urls[0]])

    def column(file: str, name: str) -> dict[str, float]:
        rows = csv.DictReader(io.StringIO(archive.read(file).decode("utf-8-sig")))
        return {row["Model version"].strip(): float(row[name]) for row in rows if row[name]}

    for file, name, benchmark in (
        ("gpqa_diamond.csv", "mean_score", "gpqa-diamond"),
        ("frontiermath.csv", "mean_score", "frontiermath"),
        ("math_level_5.csv", "mean_score", "math-level-5"),
        ("balrog_external.csv", "Average progress", "balrog"),
    ):
        stated = {version: share * 100 for version, share in column(file, name).items()}
        assert {name: float(score.value) for name, score in scores("epoch", benchmark=benchmark).items()} == pytest.approx(stated)
    index = column("epoch_capabilities_index.csv", "ECI Score")
    assert len(index) == 348
    assert {name: float(score.value) for name, score in scores("epoch", benchmark="epoch-capabilities-index").items()} == (
        pytest.approx(index)
    )
    by = {score.benchmark: score.measured_by for row in replay("epoch")[0].listings for score in row.scores}
    assert (by["metr-time-horizon"], by["aider-polyglot"], by["webdev-arena"]) == ("metr", "aider", "lmarena")
    assert (by["arc-agi-2"], by["livebench"], by["gpqa-diamond"]) == ("arc_agi", "livebench", "epoch")
    assert "swe-bench-bash-only" not in by
    assert {score.settings.get("effort") for score in scores("epoch", benchmark="frontiermath").values()} >= {
        "high",
        "xhigh",
        None,
    }


@needs_mirror
def test_epoch_benchmarks_have_the_addresses_that_their_rows_link() -> None:
    archive = zipfile.ZipFile(manifest()[spider_classes()["epoch"].start_urls[0]])
    addresses = {benchmark.id: benchmark.url for benchmark in replay("epoch")[0].benchmarks}
    linked: dict[str, set[str]] = {}
    for name, file in FILES.items():
        rows = csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))
        linked[file.benchmark] = {
            cell for row in rows for column, cell in row.items() if column and column.lower().startswith("source link")
        }
    assert all(address in linked[benchmark] for benchmark, address in ADDRESSES.items())
    assert {benchmark: addresses[benchmark] for benchmark in ADDRESSES} == ADDRESSES
    assert sorted(name for name, address in addresses.items() if address == "https://epoch.ai/benchmarks") == [
        "apex-agents", "arc-challenge", "bbh", "boolq", "chess-puzzles", "epoch-capabilities-index", "frontiermath",
        "frontiermath-tier-4", "gdpval", "gpqa-diamond", "gsm8k", "hellaswag", "lambada", "math-level-5", "mmlu", "openbookqa",
        "otis-mock-aime", "piqa", "posttrainbench", "superglue", "triviaqa", "winogrande",
    ]  # fmt: skip


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


def with_file(name: str, rows: str) -> bytes:
    """The small archive, in which a file stands in the place of its own or beside it."""
    buffer = io.BytesIO(archive(lambda known, text: rows if known == name else text))
    with zipfile.ZipFile(buffer, "a") as more:
        if name not in more.namelist():
            more.writestr(name, rows)
    return buffer.getvalue()


def headlines(rows: str, name: str, benchmark: str) -> dict[tuple[str, str], Decimal]:
    """The headline scores of a file of the archive."""
    found = score_values(read("epoch", with_file(name, rows)))
    return {key: value for key, value in found.items() if key[1].startswith(f"{benchmark}|") and key[1].split("|")[3] == ""}


def test_epoch_tells_efforts_that_only_the_shown_name_has() -> None:
    rows = 'Model version,Score,Name\nm_120K,0.69,"M (120K, High)"\nm_120K,0.64,"M (120K, X-High)"\nm,0.5,M (Low)\nm,0.4,M-Max\n'
    assert headlines(rows, "arc_agi_2_external.csv", "arc-agi-2") == {
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
    assert headlines(rows, "live_bench_external.csv", "livebench") == {
        ("m-1", "livebench|2024-11-25|||listed_as=m-1-thinking|livebench"): Decimal("76.1"),
        ("m-1", "livebench|2024-11-25|||listed_as=m-1|livebench"): Decimal("65.56"),
        ("m-turbo", "livebench|2024-11-25||||livebench"): Decimal("51.44"),
    }


HELM = "https://crfm.stanford.edu/helm/lite/latest/#/leaderboard/mmlu"


@pytest.mark.parametrize(
    ("name", "maker", "title", "link", "notes", "told"),
    [
        ("claude-3-opus", "Anthropic", "The Claude 3 Model Family", "https://assets.anthropic.com/card.pdf", "", True),
        ("gpt-4o", "OpenAI", "Opus 4.5 System Card", "https://assets.anthropic.com/card.pdf", "", None),
        ("claude-3-opus", "Anthropic", "", "https://anthropic.com.example.com/card.pdf", "", None),
        ("gemini-1.5-pro", "Google DeepMind", "", "https://storage.googleapis.com/deepmind-media/v1_5.pdf", "", True),
        ("gemini-1.5-pro", "Google DeepMind", "", "https://storage.googleapis.com/somebody/v1_5.pdf", "", None),
        ("gemini-2.0-flash", "Google DeepMind,Google", "", "https://blog.google/gemini", "", True),
        ("Qwen-14B", "Alibaba", "Qwen Technical Report", "https://arxiv.org/abs/2309.16609", "", True),
        ("", "", "Qwen Technical Report", "https://arxiv.org/abs/2309.16609", "", None),
        ("QWEN-CHAT 7B (0-shot)", "", "Qwen Technical Report", "", "", True),
        ("Llama-2-7b", "Meta AI", "Qwen Technical Report", "https://arxiv.org/abs/2309.16609", "", None),
        ("LLaMA-7B", "Meta AI", "Llama 2: Open Foundation and Fine-Tuned Chat Models", "", "", True),
        ("falcon-7b", "Technology Innovation Institute", "Llama 2: Open Foundation and Fine-Tuned Chat Models", "", "", None),
        ("phi-1_5", "Microsoft", "Textbooks Are All You Need II: phi-1.5 technical report", "", "", True),
        ("gpt-4", "OpenAI", "Adversarial NLI: A New Benchmark", "https://arxiv.org/pdf/1910.14599", "", None),
        ("gpt-4", "OpenAI", "Stanford HELM", HELM, "", False),
        ("gpt-4", "OpenAI", "", "", "", None),
        ("claude-opus-4", "Anthropic", "Cybench leaderboard", "", "Results are from the Claude 4.5 Sonnet System Card.", True),
        ("o3-mini", "OpenAI", "Cybench leaderboard", "", "* Results from HAL leaderboard evaluation", False),
        ("gpt-4o", "OpenAI", "", "", "Patch generations reproduced by Agent Company team", False),
        ("gpt-4o", "OpenAI", "", "", "Assuming latest version", None),
    ],
)  # fmt: skip
def test_only_the_developers_own_word_on_its_own_model_is_self_reported(
    name: str, maker: str, title: str, link: str, notes: str, told: bool | None
) -> None:
    assert self_reported(name, maker, title=title, link=link, notes=notes) is told


def test_the_tables_are_written_as_they_are_compared() -> None:
    assert all(text == text.lower() for table in (LABS, REPORTS) for text in table)


def reported(name: str, rows: str) -> list[bool | None]:
    """What the archive says of the rows of a file, the further figures of a row included."""
    listings = {row.external_id: row for row in read("epoch", with_file(name, rows)).listings}
    names = dict.fromkeys(line.split(",")[0] for line in rows.splitlines()[1:])
    return [score.self_reported for name in names for score in listings[name].scores]


def test_a_labs_own_benchmark_is_its_own_word_on_its_models_only() -> None:
    rows = "Model version,Win Rate (%),Organization\nm-1,0.5,OpenAI\nm-2,0.6,Anthropic\nm-3,0.4,\n"
    assert reported("gdpval_external.csv", rows) == [True, False, None]


def test_a_board_that_takes_what_is_sent_in_tells_nothing() -> None:
    rows = "Model version,Accuracy mean,Agent,Organization,Source\nm-1,0.5,Codex CLI,OpenAI,Terminal-Bench v2 Leaderboard\n"
    assert reported("terminalbench_external.csv", rows) == [None]


def test_a_board_that_runs_all_models_itself_measured_them_unless_the_row_names_the_developer() -> None:
    rows = "Model version,Correct,Organization,Source link\nm-1,0.5,OpenAI,\nm-2,0.5,OpenAI,https://openai.com/m-2\n"
    assert reported("vpct_external.csv", rows) == [False, True]


def test_the_further_figures_of_a_row_are_reported_by_whom_the_first_is() -> None:
    rows = "Model version,Challenge score,Easy score,Organization,Source link\nm-1,0.5,0.6,xAI,https://data.x.ai/card.pdf\n"
    assert reported("arc_ai2_external.csv", rows) == [True, True]
