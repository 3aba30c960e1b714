"""The development gold set, scored by the scorer that judges it, keeps its thresholds."""

import csv
import importlib.util
from pathlib import Path
from typing import Any

import pytest

from aimstats.config.values import PROJECT_ROOT
from aimstats.identity import Name, resolve

_SHARED: Path = PROJECT_ROOT.parent / "shared" / "identity"
# The ten labs with most models in use, whose first-party models must never be merged.
LARGEST_LABS = ("openai", "anthropic", "google", "meta", "mistral", "alibaba", "deepseek", "xai", "moonshot", "z-ai")

pytestmark = pytest.mark.skipif(not (_SHARED / "gold_dev.csv").exists(), reason="the shared folder with the gold set is absent")


def _scorer() -> Any:
    spec = importlib.util.spec_from_file_location("identity_score", _SHARED / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _rows() -> list[dict[str, str]]:
    with (_SHARED / "gold_dev.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def _resolved(row: dict[str, str]) -> dict[str, str]:
    name = Name(source=row["source"], provider=row["host_provider"], external_id=row["external_id"], name=row["name"])
    found = resolve(name)
    return {**row, "kind": found.kind, "model": found.model or "", "snapshot": found.snapshot, "variant": found.variant}


@pytest.fixture(scope="module")
def scored() -> Any:
    rows = _rows()
    return _scorer().score(rows, [_resolved(row) for row in rows])


def test_precision_comes_first(scored: Any) -> None:
    assert scored["pairwise"]["precision"] >= 0.995


def test_names_of_one_model_meet(scored: Any) -> None:
    assert scored["pairwise"]["recall"] >= 0.97
    assert scored["key_equals_gold"] >= 0.97


def test_snapshots_and_variants_are_read(scored: Any) -> None:
    assert scored["snapshot"]["all"] >= 0.95
    assert scored["variant"]["all"] >= 0.95


def test_no_false_merge_among_the_largest_labs(scored: Any) -> None:
    mixed = [
        merge["predicted"]
        for merge in scored["false_merges"]["clusters"]
        if any(model.startswith(LARGEST_LABS) for model in merge["models"])
    ]
    assert mixed == []


def test_what_is_no_model_never_becomes_one(scored: Any) -> None:
    assert scored["non_model_rows_made_models"]["rows"] == []


def test_kinds_are_told_apart() -> None:
    rows = _rows()
    wrong = [(row, found["kind"]) for row in rows if (found := _resolved(row))["kind"] != row["kind"]]
    assert len(wrong) <= len(rows) * 0.01, wrong
