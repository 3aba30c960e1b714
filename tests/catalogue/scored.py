"""Scores of invented models and what these cost, for tests of boards and of the frontier."""

from __future__ import annotations

from typing import Any


def score(benchmark: str, value: str, low: str | None = None, high: str | None = None, **rest: Any) -> dict[str, Any]:
    """A score as the evidence of a model has it."""
    return {
        "benchmark": benchmark, "edition": "2" if benchmark == "exam" else None, "metric": None, "subset": None, "value": value,
        "unit": "percent", "snapshot": None, "variant": None, "settings": {}, "ci_low": low, "ci_high": high, "n": None,
        "run_cost": None, "cost_per_task": None, "measured_on": None, "measured_by": None, "self_reported": False,
        "complete": True, "multi_model": False, "source": "epoch", "url": "https://epoch.example", "chosen": True,
    } | rest  # fmt: skip


BENCHMARKS = {
    "exam": {"name": "Exam", "measures": "Trivia questions", "unit": "percent", "higher_is_better": True, "edition": "2"},
    "slips": {"name": "Slips", "measures": "Errors", "unit": "percent", "higher_is_better": False, "edition": ""},
}
USD = {
    "a/low": "1",
    "a/mid": "4",
    "a/near": "5",
    "a/beaten": "6",
    "a/top": "12",
    "a/own": "1",
    "a/free": "0",
    "a/gone": "1",
    "a/mute": None,
}
STATED = {
    "a/low": [score("exam", "60", "55", "65", measured_on="2026-01"), score("slips", "9", cost_per_task="0.5")],
    "a/mid": [score("exam", "80", "76", "84", measured_on="2026-03"), score("slips", "4", cost_per_task="0.1")],
    "a/near": [score("exam", "78", "74", "82")],
    "a/beaten": [score("exam", "50", "45", "55")],
    "a/top": [score("exam", "86.3", "84", "88")],
    "a/own": [score("exam", "99", self_reported=True)],
    "a/free": [score("exam", "70")],
    "a/gone": [score("exam", "95")],
    "a/mute": [score("exam", "90")],
}
