"""SWE-bench: real issues of real repositories resolved by an agent around a model; agent and model are kept apart."""

from __future__ import annotations

import re
from decimal import Decimal

from aimstats.domain.items import Benchmark, DocumentRefusedError, DocumentSeen, Score, Source
from aimstats.domain.text import clean_text
from scrapy_project.base import Record, SourceSpider, Tally
from scrapy_project.base.record import json_object
from scrapy_project.base.scores import Board, effort_of, figure, refuse_shares, setting

BOARDS = {
    # the board's own name -> benchmark, name, what its issues are, its default harness
    "Verified": ("swe-bench-verified", "SWE-bench Verified", "500 issues that people found solvable", ""),
    "bash-only": ("swe-bench-bash-only", "SWE-bench bash only", "the 500 verified issues, one small agent", "mini-swe-agent"),
    "Lite": ("swe-bench-lite", "SWE-bench Lite", "300 issues", ""),
    "Test": ("swe-bench-full", "SWE-bench full", "2,294 issues", ""),
    "Multimodal": ("swe-bench-multimodal", "SWE-bench Multimodal", "issues with pictures", ""),
    "Multilingual": ("swe-bench-multilingual", "SWE-bench Multilingual", "300 issues in nine languages", ""),
}
BENCHMARKS = {
    board: Benchmark(
        id=benchmark_id,
        name=name,
        measures=f"Share of GitHub issues resolved ({issues})",
        unit="percent",
        version="Verified" if board == "bash-only" else board,
        url="https://www.swebench.com",
        license="CC-BY-NC-4.0",
        default_harness=harness,
        maximum=Decimal(100),
    )
    for board, (benchmark_id, name, issues, harness) in BOARDS.items()
}
HUB = "https://huggingface.co/"
ATTEMPTS = "System: Attempts - "


class SweBenchSpider(SourceSpider):
    """Reads all boards of one document. Non-commercial: it runs only when `SCRAPE_SOURCES` names it.

    A row is a listing of its own: what its name and its tags (`Model: ...`) say together tells the model, if exactly one is
    named; the agent is the setting `harness`. Several or none: the listing is an `agent`, the score `multi_model` where several
    are named. `checked` says that the
    board's people ran it themselves; else it is self-reported. A row with a warning is incomplete.
    """

    source = Source(
        id="swe_bench",
        name="SWE-bench leaderboards",
        kind="benchmark",
        url="https://www.swebench.com",
        license="CC-BY-NC-4.0",
        terms_url="https://github.com/SWE-bench/swe-bench.github.io/blob/master/LICENSE",
        attribution="SWE-bench team",
        bulk=False,
        default=False,
        hosts=("raw.githubusercontent.com",),
    )
    start_urls = ("https://raw.githubusercontent.com/SWE-bench/swe-bench.github.io/master/data/leaderboards.json",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a system; refuses a document without boards that have results."""
        boards = json_object(body, "SWE-bench leaderboards").get("leaderboards")
        if not isinstance(boards, list):
            raise DocumentRefusedError("SWE-bench leaderboards: no list `leaderboards`")
        tally = Tally()
        board = Board("swe_bench", tally)
        rows = 0
        for value in boards:
            results = value.get("results") if isinstance(value, dict) else None
            name = value.get("name") if isinstance(value, dict) else None
            if not isinstance(results, list) or not isinstance(name, str) or name not in BENCHMARKS:
                tally.count_unknown(f"board {clean_text(name, 40) if isinstance(name, str) else '?'}")
                continue
            rows += len(results)
            refuse_shares((figure(result.get("resolved")) for result in results if isinstance(result, dict)), f"SWE-bench {name}")
            for result in results:
                if isinstance(result, dict):
                    _take(Record(result, "result", tally), BENCHMARKS[name], board)
                else:
                    tally.skip("entry that is no result")
        if not board.listings():
            raise DocumentRefusedError("SWE-bench leaderboards: no result has a name and `resolved`; was a key renamed?")
        return DocumentSeen(
            url=url,
            listings=board.listings(),
            benchmarks=tuple(BENCHMARKS.values()),
            unknown=tally.unknown,
            skipped=tally.skipped,
            rows=rows,
        )


def _take(record: Record, benchmark: Benchmark, board: Board) -> None:
    name = record.text("name")
    resolved = record.amount("resolved")
    tags = record.texts("tags")
    named = (tag.removeprefix("Model: ").strip().removeprefix(HUB) for tag in tags if tag.startswith("Model: "))
    # "claude-3.5-sonnet" beside "claude-3-5-sonnet" is one model spelled twice
    models = list({re.sub(r"[._ ]", "-", text.lower()): text for text in filter(None, named)}.values())
    attempts = next((tag.removeprefix(ATTEMPTS) for tag in tags if tag.startswith(ATTEMPTS)), "")
    checked, warning = _checked(record), record.text("warning")
    version = record.text("mini-swe-agent_version")
    measured_on = record.date("date")
    cost, per_task = record.amount("cost"), record.amount("instance_cost")
    record.ignore(
        "logo", "site", "folder", "logs", "trajs", "trajs_docent", "instance_calls", "os_model", "os_system",
        "per_instance_details",
    )  # fmt: skip
    record.close()
    if resolved is None or resolved > 100 or not name:
        board.tally.skip("result without `resolved`")
        return
    settings = {"harness": _harness(name, version, benchmark), "harness_version": version, "attempts": attempts}
    settings["effort"] = effort_of(name)
    score = Score(
        benchmark=benchmark.id,
        settings={key: setting(text) for key, text in settings.items() if text},
        measured_by="swe_bench",
        value=resolved,
        unit="percent",
        measured_on=measured_on,
        run_cost_usd=cost or None,  # 0 stands where nobody counted
        cost_per_task_usd=per_task or None,
        self_reported=None if checked is None else not checked,
        complete=not warning,
        multi_model=len(models) > 1,
    )
    evidence = {"tags": ";".join(models)[:1000], "board": "bash-only" if benchmark.default_harness else ""}
    kind = "model" if len(models) == 1 else "agent"
    # one name may stand for another model in each of its rows (an agent's name alone does)
    board.add(name, score, kind=kind, is_page_name=True, evidence=evidence, apart=models[0] if kind == "model" else "")


def _checked(record: Record) -> bool | None:
    """True or false; five rows say it in words, `false (See README.md ...)`."""
    value = record.left.get("checked")
    if isinstance(value, str) and value.lower().startswith("false"):
        record.ignore("checked")
        return False
    return record.flag("checked")


def _harness(name: str, version: str, benchmark: Benchmark) -> str:
    """The agent of a row: the board's own, or what stands before the model in `agent + model`, else the whole name."""
    if benchmark.default_harness or version:
        return benchmark.default_harness or "mini-swe-agent"
    before, plus, after = name.partition(" + ")
    return before if plus and " + " not in after else name
