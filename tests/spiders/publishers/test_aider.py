"""Aider's boards: figures of the real documents, and a scale that moves."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from aimstats.domain.items import DocumentRefusedError
from tests.spiders.altered import read, small_page
from tests.spiders.replayed import listings_and_scores, needs_mirror, real_text, scores


@needs_mirror
def test_every_row_becomes_a_score() -> None:
    assert listings_and_scores("aider") == (174, 511)


@needs_mirror
def test_aider_figures_are_the_documents() -> None:
    for name, board in (("polyglot", "aider-polyglot"), ("edit", "aider-edit")):
        url = f"https://raw.githubusercontent.com/Aider-AI/aider/main/aider/website/_data/{name}_leaderboard.yml"
        found = scores("aider", benchmark=board)
        compared = 0
        for block in re.split(r"(?m)^\s*- dirname:", real_text(url))[1:]:
            stated = dict(re.findall(r"(?m)^\s+(\w+): (.+?)\s*$", block))
            score = found[stated["model"].strip("'\"")]
            if score.measured_on == stated["date"]:
                assert score.value == Decimal(stated["pass_rate_2"])
                cost = Decimal(stated.get("total_cost", "0").split("#")[0].strip())
                assert score.run_cost_usd == (cost or None)
                compared += 1
        assert compared >= len(found)
    assert scores("aider", benchmark="aider-polyglot")["o3 (high) + gpt-4.1"].multi_model
    assert not scores("aider", benchmark="aider-edit")["gpt-4-turbo-2024-04-09 (diff)"].complete


def test_shares_for_percentages_and_the_reverse_refuse_the_board() -> None:
    body = "".join(f"- {{model: m{n}, test_cases: 225, pass_rate_1: 0.{n}, pass_rate_2: 0.{n}5}}\n" for n in range(1, 7))
    with pytest.raises(DocumentRefusedError, match="above 1"):
        read("aider", body)


def test_the_benchmark_says_of_which_version_it_is() -> None:
    assert [benchmark.version for benchmark in read("aider", small_page("aider", "page.yml")).benchmarks] == ["polyglot"]
