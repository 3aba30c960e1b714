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
from scrapy_project.base.scores import Board, effort_of, figure, refuse_shares, setting
from scrapy_project.base.shared_benchmarks import AIDER_POLYGLOT
from scrapy_project.formats.yaml_data import yaml_data

DATA = "https://raw.githubusercontent.com/Aider-AI/aider/main/aider/website/_data/"
PAGE = "https://aider.chat/docs/leaderboards/"
BENCHMARKS = {
    "polyglot_leaderboard.yml": AIDER_POLYGLOT,
    "edit_leaderboard.yml": Benchmark(
        id="aider-edit",
        name="Aider code editing",
        measures="Share of 133 Exercism Python exercises solved through Aider within two tries",
        unit="percent",
        version="edit",
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
        version="refactor",
        url=f"{PAGE}refactor.html",
        license="Apache-2.0",
        default_harness="aider",
        maximum=Decimal(100),
    ),
}
CASES = {"aider-polyglot": 225, "aider-edit": 133, "aider-refactor": 89}
FULL_SHARE = Decimal("0.98")
"""Runs of 223 or 224 of 225 cases count as whole (the board ranks them), 33 of 133 do not."""

DETAILS = (
    "dirname", "_released", "released", "commit_hash", "versions", "seconds_per_case", "error_outputs", "user_asks",
    "num_malformed_responses", "num_with_malformed_responses", "lazy_comments", "syntax_errors", "indentation_errors",
    "exhausted_context_windows", "test_timeouts", "pass_num_1", "pass_num_2", "total_tests", "prompt_tokens",
    "completion_tokens", "thinking_tokens", "editor_edit_format",
)  # fmt: skip
"""Keys of a run that state nothing we keep."""

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
        rates = (run.get(key) for run in runs if isinstance(run, dict) for key in ("pass_rate_1", "pass_rate_2"))
        refuse_shares(map(figure, rates), f"{benchmark.name} leaderboard")
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
    several = bool(record.text("editor_model")) or (isinstance(name, str) and bool(_SEVERAL.search(name)))
    scores = _scores(record, benchmark, name if isinstance(name, str) else "", several)
    command = _MODEL.search(record.text("command"))
    record.ignore(*DETAILS)
    record.close()
    if scores:
        evidence = {"command_model": command[1]} if command else {}
        name = clean_text(name) if isinstance(name, str) else name
        board.add(name, *scores, kind="agent" if several else "model", is_page_name=True, evidence=evidence)
    else:
        board.tally.skip("run without a pass rate")


def _scores(record: Record, benchmark: Benchmark, name: str, several: bool) -> list[Score]:
    """The headline (within two tries where there are two), the first try, and the share of well-formed edits."""
    cases, full = record.count("test_cases"), CASES[benchmark.id]
    first, second = record.amount("pass_rate_1"), record.amount("pass_rate_2")
    formed = record.amount("percent_cases_well_formed")
    effort = record.text("reasoning_effort").lower()
    settings = {
        "harness": "aider",
        "edit_format": setting(record.text("edit_format")),
        "effort": effort if effort in EFFORTS else effort_of(name),
    }
    headline = second if second is not None else first
    cost, measured_on = record.amount("total_cost"), record.date("date")
    if headline is None or headline > 100:
        return []
    score = Score(
        benchmark=benchmark.id,
        settings={key: value for key, value in settings.items() if value},
        measured_by="aider",
        value=headline,
        unit="percent",
        n=cases,
        measured_on=measured_on,
        run_cost_usd=cost or None,  # 0 stands where nobody counted
        self_reported=False,
        complete=cases is not None and full * FULL_SHARE <= cases <= full,
        multi_model=several,
    )
    others = {"well_formed": formed, "first_try": first if second is not None else None}
    return [
        score,
        *(
            replace(score, metric=metric, value=value, run_cost_usd=None)
            for metric, value in others.items()
            if value is not None and value <= 100
        ),
    ]
