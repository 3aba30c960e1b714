"""ARC Prize's boards: figures of the real documents, costs, people, and a scale that moves."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from aimstats.domain.items import DocumentRefusedError
from tests.spiders.altered import read
from tests.spiders.replayed import listing, listings_and_scores, needs_mirror, replay, scores


@needs_mirror
def test_every_row_becomes_a_score() -> None:
    assert listings_and_scores("arc_agi") == (30, 89)


@needs_mirror
def test_arc_agi_states_the_cost_of_a_task_and_people_are_no_models() -> None:
    found = scores("arc_agi", benchmark="arc-agi-1")
    o3 = found["o3-high"]
    assert [o3.value, o3.cost_per_task_usd, o3.complete] == [Decimal("87.5"), 3474, False]
    assert found["gpt-4-1-2025-04-14"].value == Decimal("5.5")
    assert scores("arc_agi", benchmark="arc-agi-2")["2025_human_panel"].value == 100
    assert {row.external_id for row in replay("arc_agi")[-1].listings if row.kind == "other"} == {
        "2025_human_panel", "ARChitects", "Icecuber", "mturker", "stem_grad"
    }  # fmt: skip
    assert listing("arc_agi", "o3-high").provider == "OpenAI"


def test_shares_for_percentages_and_the_reverse_refuse_the_board() -> None:
    body = json.dumps(
        [{"modelId": f"m{n}", "datasetId": "v2_Semi_Private", "score": n * 0.8, "display": True} for n in range(1, 7)]
    )
    with pytest.raises(DocumentRefusedError, match="above 1"):
        read("arc_agi", body, url="https://arcprize.org/media/data/leaderboard/evaluations.json")
