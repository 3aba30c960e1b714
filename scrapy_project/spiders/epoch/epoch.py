"""Epoch AI's benchmark hub: an archive of many benchmarks, its own runs and what it collects from others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from aimstats.domain.facts import is_date
from aimstats.domain.items import Benchmark, DocumentRefusedError, DocumentSeen, Score, Source
from aimstats.domain.text import clean_text, clean_url
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.scores import (
    HUNDRED,
    Board,
    around,
    day,
    effort_of,
    figure,
    interval,
    percent,
    refuse_percentages,
    refuse_shares,
    setting,
    states_nothing,
)
from scrapy_project.base.shared_benchmarks import SHARED
from scrapy_project.formats.archives import zip_members
from scrapy_project.formats.csv_rows import Sheet, csv_sheet
from scrapy_project.spiders.epoch.files import (
    ADDRESSES,
    FILES,
    GENERAL_COLUMNS,
    LEFT_OUT,
    REQUIRED,
    RUNS_ALL,
    SHARE,
    VERSIONS,
    HubFile,
)
from scrapy_project.spiders.epoch.reported import LABS, organizations, self_reported

HUB = "https://epoch.ai/benchmarks"
LARGEST = {SHARE: Decimal(1), "percent": Decimal(100)}
DATES = ("Started at", "Run date", "Date of evaluation", "Evaluation date", "Date run", "Date", "Last updated")
SOURCE_LINKS = ("Source link", "Source Link", "Source link (site from table)")
LINKS = ("Log viewer", *SOURCE_LINKS)
OPEN = {"Open weights": True, "API access": False, "Hosted access": False}
_BUDGET = re.compile(r"_(\d{1,3}K)\Z", re.IGNORECASE)
_LAST_WORDS = re.compile(r"\(([^()]{0,200})\)\W{0,20}\Z")
_EDITION = re.compile(r"(?:METR-Horizon-v|LiveBench-)")
_SEVERAL = frozenset({"multiple"})


class EpochSpider(SourceSpider):
    """Reads `benchmark_data.zip`: one CSV a benchmark, described in `scrapy_project.spiders.epoch.files`.

    Shares become percent. A row that repeats a board says so in `measured_by`. A row without a score is counted; in the
    index of capabilities, which lists every model, its facts are kept. A known file without its score column refuses the whole
    archive (else its scores would vanish unseen); a file that is not known is counted.
    """

    source = Source(
        id="epoch",
        name="Epoch AI benchmarking hub",
        kind="benchmark",
        url=HUB,
        license="CC-BY-4.0",
        terms_url="https://epoch.ai/benchmarks/use-this-data",
        attribution="Epoch AI, 'AI Benchmarking Hub' (CC BY 4.0)",
        bundle=True,
        hosts=("epoch.ai",),
    )
    start_urls = ("https://epoch.ai/data/benchmark_data.zip",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model version (a name, where the row gives no version)."""
        members = zip_members(body, "Epoch's archive", ".csv")
        tally = Tally()
        board = Board("epoch", tally)
        sheets: dict[str, Sheet] = {}
        rows = 0
        for name, content in members.items():
            if name in LEFT_OUT:
                tally.skip(f"{name}: {LEFT_OUT[name]}")
            elif name not in FILES:
                tally.count_unknown(f"file {name}")
            else:
                sheets[name] = csv_sheet(content, f"Epoch's {name}", "Model version", FILES[name].column)
                rows += len(sheets[name].rows)
                _refuse_another_scale(name, sheets[name])
        if lacking := [name for name in REQUIRED if name not in sheets]:
            raise DocumentRefusedError(f"Epoch's archive: no {', '.join(lacking)}; was the layout changed?")
        makers = _makers(sheets.values())
        for name, sheet in sheets.items():
            _take(FILES[name], sheet, makers, board)
        return DocumentSeen(
            url=url,
            listings=board.listings(),
            benchmarks=tuple(_benchmark(FILES[name]) for name in sheets),
            unknown=tally.unknown,
            skipped=tally.skipped,
            rows=rows,
        )


def _benchmark(file: HubFile) -> Benchmark:
    if file.benchmark in SHARED:
        return SHARED[file.benchmark]
    unit = "percent" if file.scale == SHARE else file.scale
    return Benchmark(
        id=file.benchmark,
        name=file.name,
        measures=file.measures,
        unit=unit,
        version=VERSIONS.get(file.benchmark, ""),
        url=ADDRESSES.get(file.benchmark, HUB),
        license="CC-BY-4.0" if file.by == "epoch" else None,
        default_harness=file.default_harness,
        maximum=Decimal(100) if unit == "percent" else None,
    )


def _refuse_another_scale(name: str, sheet: Sheet) -> None:
    file = FILES[name]
    values = (figure(row[file.column]) for row, _ in sheet.records())
    if file.scale == SHARE:
        refuse_percentages(values, f"Epoch's {name}")
    elif file.scale == "percent":
        refuse_shares(values, f"Epoch's {name}")


def _makers(sheets: Any) -> dict[str, str]:
    """The organisation of each model version, as the first row that names one says: some files leave it out."""
    makers: dict[str, str] = {}
    for sheet in sheets:
        for row, _ in sheet.records():
            if row["Model version"].strip() and row.get("Organization"):
                makers.setdefault(row["Model version"].strip(), row["Organization"])
    return makers


def _take(file: HubFile, sheet: Sheet, makers: dict[str, str], board: Board) -> None:
    known = {file.column, file.error, file.harness, file.cost_per_task, file.run_cost, file.edition, *dict(file.parts)}
    board.tally.skipped["column of details (not taken)"] += len(set(sheet.header) - known - GENERAL_COLUMNS)
    shown_as: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row, _ in sheet.records():
        if shown := _shown_name(file, row):
            shown_as[_place(file, row)].add(shown)
    for row, whole in sheet.records():
        agent = clean_text(row.get("Agent", "")) if file.harness == "Agent" else ""
        version = row["Model version"].strip()
        name = version or _shown_name(file, row) or agent
        if not whole or not name:
            board.tally.skip("row without a model version or name" if whole else "row shorter than the header")
            continue
        several = len(shown_as[_place(file, row)]) > 1
        maker = makers.get(version, row.get("Organization", ""))
        reported = _self_reported(file, row, name, maker)
        found = _scores(file, row, _shown_name(file, row) if several else "", board.tally)
        scores = [replace(score, self_reported=reported) for score in found]
        facts = _facts(file, row)
        if not scores and not facts:
            continue
        board.add(
            name,
            *scores,
            provider=maker,
            is_page_name=not version,
            kind="agent" if agent and not version else "model",
            facts=facts,
        )


def _shown_name(file: HubFile, row: dict[str, str]) -> str:
    """What the row is called on its board; '' where it does not say."""
    return clean_text(row.get(file.name_column, ""))


def _place(file: HubFile, row: dict[str, str]) -> tuple[str, str]:
    """Version and settings of a row: rows of several names in one place are kept apart by these."""
    settings = _settings(file, row, "")
    return row["Model version"].strip() or _shown_name(file, row), f"{row.get(file.edition, '')}|{sorted(settings.items())}"


def _facts(file: HubFile, row: dict[str, str]) -> dict[str, Any]:
    released = row.get("Release date", "")
    facts: dict[str, Any] = {"release_date": released if is_date(released) else None}
    if file.benchmark == "epoch-capabilities-index":
        facts["name"] = clean_text(row.get("Model name", ""))
        access = row.get("Model accessibility", "").split(" (")[0]
        facts["open_weights"] = OPEN.get(access)
    return {key: value for key, value in facts.items() if value not in (None, "")}


def _scores(file: HubFile, row: dict[str, str], listed_as: str, tally: Tally) -> Iterator[Score]:
    value = _value(file, row, file.column, tally)
    if value is None:
        if states_nothing(row[file.column]):
            tally.skip("row without a score")
        return
    low, high = _interval(file, row, value)
    score = Score(
        benchmark=file.benchmark,
        edition=setting(_EDITION.sub("", row.get(file.edition, ""))),
        settings={key: text for key, stated in _settings(file, row, listed_as).items() if (text := setting(stated))},
        measured_by=file.by,
        value=value,
        unit="percent" if file.scale == SHARE else file.scale,
        ci_low=low,
        ci_high=high,
        n=_votes(row),
        measured_on=next((stated for column in DATES if (stated := day(row.get(column, "")))), ""),
        run_cost_usd=_cost(row, file.run_cost),
        cost_per_task_usd=_cost(row, file.cost_per_task),
        multi_model=row.get("Model Org", "").strip().lower() in _SEVERAL,
        url=next((link for column in LINKS if (link := clean_url(row.get(column, "")))), None),
    )
    yield score
    for column, subset in file.parts:
        part = _value(file, row, column, tally) if column in row else None
        if part is not None:
            yield replace(score, subset=subset, value=part, ci_low=None, ci_high=None, run_cost_usd=None, cost_per_task_usd=None)


def _self_reported(file: HubFile, row: dict[str, str], name: str, maker: str) -> bool | None:
    """What the row's own source tells; else whether a lab measured its own model; else that a board runs all of its models."""
    link = next((row[column] for column in SOURCE_LINKS if row.get(column)), "")
    notes = row.get("Notes") or row.get("Notes (details)") or ""
    told = self_reported(name, maker, title=row.get("Source", ""), link=link, notes=notes)
    if told is None and maker and file.by in LABS:
        return file.by in organizations(maker)
    return False if told is None and file.by in RUNS_ALL else told


def _value(file: HubFile, row: dict[str, str], column: str, tally: Tally) -> Decimal | None:
    """The figure of a column in the file's unit; one that is off its scale is counted."""
    value = figure(row[column])
    if value is None:
        if not states_nothing(row[column]):
            tally.count_unknown(f"{file.benchmark}, {column}: not a number")
        return None
    if value > LARGEST.get(file.scale, value) or value < 0:
        tally.count_unknown(f"{file.benchmark}, {column}: off the scale ({file.scale})")
        return None
    return percent(value) if file.scale == SHARE else value


def _interval(file: HubFile, row: dict[str, str], value: Decimal) -> tuple[Decimal | None, Decimal | None]:
    if file.error:
        error = figure(row.get(file.error, ""))
        most = HUNDRED if file.scale in LARGEST else None
        return around(value, percent(error) if file.scale == SHARE else error, most=most)
    low = figure(row.get("CI_low") or row.get("95% CI Low") or "")
    high = figure(row.get("CI_high") or row.get("95% CI High") or "")
    return (low, high) if low is not None and high is not None else interval(row.get("Score 95% CI", ""), value)


def _votes(row: dict[str, str]) -> int | None:
    votes = figure(row.get("Votes", ""))
    return int(votes) if votes is not None and 0 < votes == votes.to_integral_value() else None


def _effort(version: str, shown: str) -> str:
    """The effort that the version ends with (`_high`), else the one at the end of the shown name (`(120K, High)`)."""
    last = _LAST_WORDS.search(shown)
    return (effort_of(version) if "_" in version else "") or (effort_of(f"({last[1]})") if last else "")


def _settings(file: HubFile, row: dict[str, str], listed_as: str) -> dict[str, str]:
    version = row["Model version"].strip()
    budget = _BUDGET.search(version)
    tools = row.get("Tools", "")
    harness = row.get(file.harness, "") if file.harness else ""
    if not harness and file.benchmark == "the-agent-company":
        before, plus, _ = row.get("Name", "").partition(" + ")
        harness = before if plus else ""
    return {
        "effort": _effort(version, _shown_name(file, row)),
        "listed_as": listed_as,
        "thinking_budget": budget[1].lower() if budget else "",
        "tools": tools.lower() if tools and tools != "None" else "",
        "harness": "aider" if file.benchmark == "aider-polyglot" else harness,
        "edit_format": row.get("Edit format", ""),
        "shots": row.get("Shots", "").removesuffix(".0").removesuffix("-shot"),
        "reported_in": row.get("Source", "") if not file.by else "",
    }


def _cost(row: dict[str, str], column: str) -> Decimal | None:
    cost = figure(row.get(column, "")) if column else None
    return cost if cost else None
