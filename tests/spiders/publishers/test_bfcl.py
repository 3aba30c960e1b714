"""Berkeley's function-calling board: modes apart, percentages only, the version's own columns."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from aimstats.domain.items import DocumentRefusedError
from tests.spiders.altered import read, score_values
from tests.spiders.replayed import listings_and_scores, needs_mirror, real_text, scores

BFCL = "Rank,Overall Acc,Model,Total Cost ($),Live Acc,Organization,License"


@needs_mirror
def test_every_row_becomes_a_score() -> None:
    assert listings_and_scores("bfcl") == (118, 3050)


@needs_mirror
def test_bfcl_rows_are_told_apart_by_mode() -> None:
    overall = scores("bfcl")
    rows = csv.DictReader(io.StringIO(real_text("https://gorilla.cs.berkeley.edu/data_overall.csv")))
    assert {row["Model"]: Decimal(row["Overall Acc"].rstrip("%")) for row in rows} == {
        name: score.value for name, score in overall.items()
    }
    assert overall["GLM-4.5 (FC)"].settings == {"prompt_mode": "fc"}
    assert overall["Claude-Opus-4-1-20250805 (FC)"].run_cost_usd == Decimal("207.12")
    assert scores("bfcl", subset="web_search")["GLM-4.5 (FC)"].value == 79
    assert "Claude-Opus-4-1-20250805 (FC)" not in scores("bfcl", metric="max_delta", subset="format_sensitivity")


def test_bfcl_takes_percentages_only() -> None:
    rows = f"{BFCL},Memory KV,Memory Vector,Latency P99 (s)\n1,70.85%,M (FC),2.9,81.72%,Labs,MIT,40.65,0.5,8.58\n"
    document = read("bfcl", rows)
    assert score_values(document) == {
        ("M (FC)", "bfcl|v4|||prompt_mode=fc|bfcl"): Decimal("70.85"),
        ("M (FC)", "bfcl|v4||live|prompt_mode=fc|bfcl"): Decimal("81.72"),
    }
    assert dict(document.unknown) == {
        "Memory KV: not a percentage": 1,
        "Memory Vector: not a percentage": 1,
        "column Latency P99 (s)": 1,
    }
    with pytest.raises(DocumentRefusedError, match="Overall Acc"):
        read("bfcl", f"{BFCL},Memory KV\n1,0.7085,M (FC),2.9,81.72%,Labs,MIT,40.65%\n")


def test_bfcl_takes_the_accuracies_that_it_knows_and_says_of_which_version_they_are() -> None:
    rows = f"{BFCL},Memory KV,Refusal Rate\n1,70.85%,M (FC),2.9,81.72%,Labs,MIT,40.65%,12%\n"
    document = read("bfcl", rows)
    assert {key.split("|")[3] for _, key in score_values(document)} == {"", "live", "memory_kv"}
    assert dict(document.unknown) == {"column Refusal Rate": 1}
    assert read("bfcl", rows.replace("Organization", "Org")).unknown["no column Organization"] == 1
    with pytest.raises(DocumentRefusedError, match="which version"):
        read("bfcl", f"{BFCL}\n1,70.85%,M (FC),2.9,81.72%,Labs,MIT\n")
