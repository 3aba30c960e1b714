"""Alert rules look at what the job really says."""

from __future__ import annotations

import re
from typing import Any

import yaml

from aimstats.config.values import PROJECT_ROOT
from aimstats.ingest.runs import STILL_DAYS, Report
from jobs.closing_table import run_finished

ALERTS = PROJECT_ROOT / "deploy" / "alerts"
RULES: dict[str, Any] = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in ALERTS.glob("*.yaml")}


def test_each_rule_names_an_event_and_fields_that_there_are() -> None:
    _, finished = run_finished([Report("a", "published", {"claims": 100, "held_new": 3})], 0, 1.0)
    assert finished["newly_held_share"] == 0.03
    fields = {"run_finished": set(finished), "source_still": {"event", "source", "days"}}
    said = {name: yaml.safe_dump(rule, width=1_000) for name, rule in RULES.items()}
    for text in said.values():
        for event in re.findall(r'jsonPayload\.event="(\w+)"', text):
            assert set(re.findall(r"jsonPayload\.(\w+)", text)) <= fields[event]
    assert RULES["run-finished-metric"]["name"] in said["no-run"]
    assert f"jsonPayload.days>={STILL_DAYS}" in said["source-still"]
    assert said.keys() == {"no-run", "source-still", "server-errors", "newly-held", "run-finished-metric"}
