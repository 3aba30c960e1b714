"""Aider's leaderboards: how well models edit code through Aider, with what the run cost."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from aimstats.domain.facts import EFFORTS
from aimstats.domain.items import Benchmark, DocumentRefusedError, DocumentSeen, Score, Source
from aimstats.domain.text import clean_text
from scrapy_project.base import Record, SourceSpider, Tally
from scrapy_project.base.scores import Board, effort_of, setting
from scrapy_project.base.yaml_data import yaml_data

DATA = "https://raw.githubusercontent.com/Aider-AI/aider/main/aider/website/_data/"
PAGE = "https://aider.chat/docs/leaderboards/"
BENCHMARKS = {
    "polyglot_leaderboard.yml": Benchmark(
        id="aider-polyglot",
        name="Aider polyglot",
        measures="Share of 225 Exercism exercises in six languages solved through Aider within two tries",
        unit="percent",
        url=PAGE,
        license="Apache-2.0",
        default_harness="aider",
        maximum=Decimal(100),
    ),
    "edit_leaderboard.yml": Benchmark(
        id="aider-edit",
        name="Aider code editing",
        measures="Share of 133 Exercism Python exercises solved through Aider within two tries",
        unit="percent",
        url=f"{PAGE}edit.html",
        license="Apache-2.0",
        default_harness="aider",
        maximum=Decimal(100),
    ),
    "refactor_leaderboard.yml": Benchmark(
        id="aider-refactor",
        name="Aider refactoring",
        measures="Share of 89 refactorings of long Python methods done through Aider",
        unit="percent",
        url=f"{PAGE}refactor.html",
        license="Apache-2.0",
        default_harness="aider",
        maximum=Decimal(100),
    ),
}
CASES = {"aider-polyglot": 225, "aider-edit": 133, "aider-refactor": 89}
FULL_SHARE = Decimal("0.98")
"""Runs of 223 or 224 of 225 cases count as whole (the board ranks them), 33 of 133 do not."""

_MODEL = re.compile(r"--model[ =](\S+)")
_SEVERAL = re.compile(r"\s\+\s")


class AiderSpider(SourceSpider):
    """Reads three YAML lists of runs. A run over fewer cases is an incomplete row; a pair of models is `multi_model`."""

    source = Source(
        id="aider",
        name="Aider leaderboards",
        kind="benchmark",
        url=PAGE,
        license="Apache-2.0",
        terms_url="https://github.com/Aider-AI/aider/blob/main/LICENSE.txt",
        attribution="Aider (Paul Gauthier and contributors)",
        bundle=True,
        hosts=("raw.githubusercontent.com",),
    )
    start_urls = tuple(f"{DATA}{name}" for name in BENCHMARKS)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model name; refuses a list without a run that has a pass rate."""
        benchmark = BENCHMARKS[url.rsplit("/", 1)[-1]]
        runs = yaml_data(body, f"{benchmark.name} leaderboard")
        if not isinstance(runs, list):
            raise DocumentRefusedError(f"{benchmark.name} leaderboard: a list of runs is expected")
        tally = Tally()
        board = Board("aider", tally)
        for run in runs:
            if isinstance(run, dict):
                _take(Record({str(key): value for key, value in run.items()}, "run", tally), benchmark, board)
            else:
                tally.skip("entry that is no run")
        listings = board.listings()
        if not any(listing.scores for listing in listings):
            raise DocumentRefusedError(f"{benchmark.name} leaderboard: no run states `pass_rate_1`; was the key renamed?")
        return DocumentSeen(
            url=url,
            listings=listings,
            benchmarks=(benchmark,),
            unknown=tally.unknown,
            skipped=tally.skipped,
            rows=len(runs),
        )


def _take(record: Record, benchmark: Benchmark, board: Board) -> None:
    name: Any = record.take("model")
    cases = record.count("test_cases")
    first, second = record.amount("pass_rate_1"), record.amount("pass_rate_2")
    formed = record.amount("percent_cases_well_formed")
    cost = record.amount("total_cost")
    command = record.text("command")
    effort = record.text("reasoning_effort").lower()
    editor = record.text("editor_model")
    several = bool(editor) or (isinstance(name, str) and bool(_SEVERAL.search(name)))
    full = CASES[benchmark.id]
    settings = {"harness": "aider", "edit_format": setting(record.text("edit_format"))}
    effort = effort if effort in EFFORTS else effort_of(name) if isinstance(name, str) else ""
    if effort:
        settings["effort"] = effort
    whole = Score(
        benchmark=benchmark.id,
        settings={key: value for key, value in settings.items() if value},
        measured_by="aider",
        value=Decimal(0),
        unit="percent",
        n=cases,
        measured_on=record.date("date"),
        run_cost_usd=cost or None,  # 0 stands where nobody counted
        self_reported=False,
        complete=cases is not None and full * FULL_SHARE <= cases <= full,
        multi_model=several,
    )
    figures = {"": second if second is not None else first, "well_formed": formed}
    if second is not None:
        figures["first_try"] = first
    scores = [
        replace(whole, metric=metric, value=value, run_cost_usd=None if metric else whole.run_cost_usd)
        for metric, value in figures.items()
        if value is not None and value <= 100
    ]
    if not scores or figures[""] is None:
        board.tally.skip("run without a pass rate")
        scores = []
    evidence = {"command_model": match[1]} if (match := _MODEL.search(command)) else {}
    record.ignore(
        "dirname", "_released", "released", "commit_hash", "versions", "seconds_per_case", "error_outputs", "user_asks",
        "num_malformed_responses", "num_with_malformed_responses", "lazy_comments", "syntax_errors", "indentation_errors",
        "exhausted_context_windows", "test_timeouts", "pass_num_1", "pass_num_2", "total_tests", "prompt_tokens",
        "completion_tokens", "thinking_tokens", "editor_edit_format", "edit_format",
    )  # fmt: skip
    record.close()
    if scores:
        name = clean_text(name) if isinstance(name, str) else name
        board.add(name, *scores, kind="agent" if several else "model", is_page_name=True, evidence=evidence)
