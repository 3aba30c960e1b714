"""SWE-bench: agents and models apart, and a scale that moves."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from aimstats.domain.items import DocumentRefusedError
from scrapy_project.sources import spider_classes
from tests.spiders.altered import read
from tests.spiders.replayed import listing, listings_and_scores, needs_mirror, real_text, replay, scores


@needs_mirror
def test_every_row_becomes_a_score() -> None:
    assert listings_and_scores("swe_bench") == (233, 294)


@needs_mirror
def test_swe_bench_keeps_agent_and_model_apart() -> None:
    rows = [
        row
        for board in json.loads(real_text(spider_classes()["swe_bench"].start_urls[0]))["leaderboards"]
        for row in board["results"]
    ]
    # one model is spelled claude-3.5-sonnet and claude-3-5-sonnet in one row
    models = [{tag.replace(".", "-") for tag in row["tags"] if tag.startswith("Model: ")} for row in rows]
    listings = replay("swe_bench")[0].listings
    assert sum(len(row.scores) for row in listings if row.kind == "model") == sum(len(named) == 1 for named in models)
    assert sum(score.multi_model for row in listings for score in row.scores) == sum(len(named) > 1 for named in models)
    sonnet = listing("swe_bench", "Claude 4.5 Sonnet (20250929)")
    assert sonnet.evidence == {"tags": "claude-sonnet-4-5-20250929", "board": "bash-only"}
    assert [(score.value, score.settings["harness"], score.self_reported) for score in sonnet.scores] == [
        (Decimal("70.6"), "mini-swe-agent", False)
    ]
    best = scores("swe_bench", benchmark="swe-bench-verified")["TRAE + Doubao-Seed-Code"]
    assert (best.value, best.multi_model, best.self_reported) == (Decimal("78.8"), True, True)
    assert (
        scores("swe_bench", benchmark="swe-bench-verified")["Moatless Tools + Claude 4 Sonnet"].settings["harness"]
        == "Moatless Tools"
    )


def test_swe_bench_runs_only_when_named() -> None:
    source = spider_classes()["swe_bench"].source
    assert [source.default, source.bundle, source.bulk] == [False] * 3


def test_shares_for_percentages_and_the_reverse_refuse_the_board() -> None:
    body = json.dumps(
        {"leaderboards": [{"name": "Verified", "results": [{"name": f"a + m{n}", "resolved": n / 10} for n in range(1, 7)]}]}
    )
    with pytest.raises(DocumentRefusedError, match="above 1"):
        read("swe_bench", body)


def test_swe_bench_rows_of_one_name_and_other_models_are_apart() -> None:
    def row(resolved: float, *models: str) -> dict[str, Any]:
        tags = [f"Model: {model}" for model in models]
        return {"name": "Agent", "resolved": resolved, "date": "2026-01-01", "checked": True, "tags": tags}

    rows = [row(50, "model-a"), row(60, "model-b"), row(70, "claude-3.5-sonnet", "claude-3-5-sonnet"), row(80, "x", "y")]
    document = read("swe_bench", json.dumps({"leaderboards": [{"name": "Verified", "results": rows}]}))
    assert [(found.kind, found.evidence["tags"], [str(one.value) for one in found.scores]) for found in document.listings] == [
        ("model", "model-a", ["50"]),
        ("model", "model-b", ["60"]),
        ("model", "claude-3-5-sonnet", ["70"]),
        ("agent", "x;y", ["80"]),
    ]
    assert [one.multi_model for found in document.listings for one in found.scores] == [False, False, False, True]
