"""The scores of a model: every stated row, and the one that a table shows for each benchmark."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from aimstats.resolution.inputs import UNDATED, ClaimView, ListingView

FULLEST_SHARE = 3
"""The table shows the newest edition that holds a third as many models as the fullest (scores.md, The shown score)."""
TRUST = {False: 2, None: 1, True: 0}
"""By `self_reported`: measured by others goes before what does not tell, and that before a developer's own word."""
_DIGITS = re.compile(r"\d+")
_BEFORE_RELEASE = re.compile(r"(?:^|-)(?:exp(?:erimental)?|preview|alpha|beta)(?![a-z])")

ScoreRow = dict[str, Any]
Stated = TypeVar("Stated", bound=Mapping[str, Any])


def edition_order(edition: str) -> tuple[list[int], str]:
    """Sorts editions by the numbers and dates in their names.

    >>> max(["1.10", "1.9"], key=edition_order)
    '1.10'
    """
    return ([int(digits) for digits in _DIGITS.findall(edition)], edition)


def shown_edition(models_by_edition: Mapping[str, int]) -> str:
    """The edition of a benchmark that tables show.

    >>> shown_edition({"2025-11": 90, "2026-01": 40, "2026-02": 3})
    '2026-01'
    """
    fullest = max(models_by_edition.values(), default=0)
    full = [edition for edition, models in models_by_edition.items() if models * FULLEST_SHARE >= fullest]
    return max(full, key=edition_order, default="")


def version_of(row: Mapping[str, Any], benchmarks: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Of which version of its benchmark a score is: its edition, else the version of the benchmark as a whole.

    >>> version_of({"benchmark": "b", "edition": None}, {"b": {"version": "2.0"}})
    '2.0'
    """
    return row.get("edition") or benchmarks.get(row["benchmark"], {}).get("version") or None


def snapshot_order(snapshot: str) -> tuple[bool, str]:
    """Sorts the builds of a model by age: those from before its release, the undated name, then by their dates.

    >>> sorted(["2025-11-01", "", "preview-06-05", "20250807", "exp-03-25"], key=snapshot_order)
    ['exp-03-25', 'preview-06-05', '', '20250807', '2025-11-01']
    """
    dated = "" if snapshot in UNDATED else snapshot.replace("-", "")
    return not _BEFORE_RELEASE.search(snapshot), dated


def score_row(claim: ClaimView, listing: ListingView) -> ScoreRow:
    """One stated score with all that is stated of it; numbers are plain text."""
    benchmark, edition, metric, subset, _, measured_by = claim.key.split("|")
    value = claim.value
    return {
        "benchmark": benchmark,
        "edition": edition or None,
        "metric": metric or None,
        "subset": subset or None,
        "value": value["value"],
        "unit": value.get("unit"),
        "snapshot": listing.snapshot or None,
        "variant": listing.variant or None,
        "settings": value.get("settings", {}),
        "ci_low": value.get("ci_low"),
        "ci_high": value.get("ci_high"),
        "n": value.get("n"),
        "run_cost": value.get("run_cost_usd"),
        "cost_per_task": value.get("cost_per_task_usd"),
        "measured_on": value.get("measured_on"),
        "measured_by": measured_by or None,
        "self_reported": value.get("self_reported"),
        "complete": value.get("complete", True),
        "multi_model": value.get("multi_model", False),
        "source": listing.source.id,
        "name": listing.external_id,
        "url": claim.url or claim.document.url,
        "document": claim.document.id,
        "chosen": False,
    }


def may_stand(row: Mapping[str, Any], benchmark: Mapping[str, Any]) -> bool:
    """Whether a row may be the one that stands for its model, be its edition shown or not (scores.md, The shown score)."""
    harness = benchmark.get("default_harness")
    return (
        not row["metric"]
        and not row["subset"]
        and row["complete"]
        and not row["multi_model"]
        and (not harness or row["settings"].get("harness", harness) == harness)
    )


def standing(candidates: Iterable[Stated], benchmark: Mapping[str, Any]) -> Stated:
    """Which of the rows that may stand for a model in one edition does (scores.md, The shown score)."""
    sign = 1 if benchmark.get("higher_is_better", True) else -1
    return max(
        candidates,
        key=lambda row: (
            TRUST[row["self_reported"]],
            snapshot_order(row["snapshot"] or ""),
            sign * Decimal(row["value"]),
        ),
    )


def scores_of(
    listings: Iterable[ListingView], benchmarks: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, str], list[ScoreRow]]:
    """Benchmark -> the shown value, and every row, the shown ones marked `chosen`.

    Which of them is shown: scores.md, The shown score.
    """
    rows = [
        score_row(claim, listing)
        for listing in sorted(listings, key=lambda row: row.sorting)
        for claim in sorted(listing.current, key=lambda claim: (claim.key, claim.document.url))
        if claim.kind == "score"
    ]
    by_benchmark: dict[str, list[ScoreRow]] = defaultdict(list)
    for row in rows:
        benchmark = benchmarks.get(row["benchmark"])
        if benchmark is not None and (row["edition"] or "") == benchmark.get("edition", "") and may_stand(row, benchmark):
            by_benchmark[row["benchmark"]].append(row)
    shown = {}
    for name, candidates in by_benchmark.items():
        best = standing(candidates, benchmarks[name])
        best["chosen"] = True
        shown[name] = best["value"]
    return shown, rows
