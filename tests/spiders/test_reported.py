"""Who reported a score: the model's own developer, somebody else, or nobody who is told."""

from __future__ import annotations

import io
import zipfile
from collections import Counter

import pytest

from scrapy_project.sources import spider_classes
from scrapy_project.spiders.epoch.reported import LABS, REPORTS, self_reported
from tests.spiders.replayed import replay
from tests.spiders.test_mirror_replay import MIRROR
from tests.spiders.test_score_layouts import archive
from tests.spiders.test_scores_replay import BENCHMARKS

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


def epoch(name: str, rows: str) -> list[bool | None]:
    """What Epoch's archive says of the rows of a file, the further figures of a row included."""
    buffer = io.BytesIO(archive(lambda known, text: rows if known == name else text))
    with zipfile.ZipFile(buffer, "a") as more:
        if name not in more.namelist():
            more.writestr(name, rows)
    spider = spider_classes()["epoch"]()
    document = spider.parse_document(buffer.getvalue(), spider.start_urls[0])
    listings = {row.external_id: row for row in document.listings}
    names = dict.fromkeys(line.split(",")[0] for line in rows.splitlines()[1:])
    return [score.self_reported for name in names for score in listings[name].scores]


def test_a_labs_own_benchmark_is_its_own_word_on_its_models_only() -> None:
    rows = "Model version,Win Rate (%),Organization\nm-1,0.5,OpenAI\nm-2,0.6,Anthropic\nm-3,0.4,\n"
    assert epoch("gdpval_external.csv", rows) == [True, False, None]


def test_a_board_that_takes_what_is_sent_in_tells_nothing() -> None:
    rows = "Model version,Accuracy mean,Agent,Organization,Source\nm-1,0.5,Codex CLI,OpenAI,Terminal-Bench v2 Leaderboard\n"
    assert epoch("terminalbench_external.csv", rows) == [None]


def test_a_board_that_runs_all_models_itself_measured_them_unless_the_row_names_the_developer() -> None:
    rows = "Model version,Correct,Organization,Source link\nm-1,0.5,OpenAI,\nm-2,0.5,OpenAI,https://openai.com/m-2\n"
    assert epoch("vpct_external.csv", rows) == [False, True]


def test_the_further_figures_of_a_row_are_reported_by_whom_the_first_is() -> None:
    rows = "Model version,Challenge score,Easy score,Organization,Source link\nm-1,0.5,0.6,xAI,https://data.x.ai/card.pdf\n"
    assert epoch("arc_ai2_external.csv", rows) == [True, True]


@pytest.mark.skipif(not (MIRROR / "MANIFEST.json").exists(), reason="no ../shared/mirror beside the project")
def test_what_the_real_documents_tell() -> None:
    told = {
        source_id: Counter(
            score.self_reported
            for document in replay(source_id)
            for listing in document.listings
            for score in listing.scores
            if not score.metric and not score.subset
        )
        for source_id in BENCHMARKS
    }
    assert told["epoch"] == {False: 2010, True: 648, None: 1207}
    assert told["swe_bench"].keys() == {False, True}
    assert {source_id for source_id, counts in told.items() if counts.keys() != {False}} == {"epoch", "swe_bench"}
