"""Vectara's board: figures of the real page, and rows that are shifted."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from aimstats.domain.items import DocumentRefusedError, DocumentSeen
from scrapy_project.sources import spider_classes
from tests.spiders.altered import read, score_values, small_page
from tests.spiders.replayed import listings_and_scores, needs_mirror, real_text, scores

VECTARA = "|Model|Hallucination Rate|Factual Consistency Rate|Answer Rate|Average Summary Length (Words)|\n|-|-|-|-|-|\n"


def vectara(*rows: str) -> DocumentSeen:
    return read("vectara", f"<!-- LEADERBOARD_START -->\n{VECTARA}" + "\n".join(rows) + "\n<!-- LEADERBOARD_END -->\n")


@needs_mirror
def test_every_row_becomes_a_score() -> None:
    assert listings_and_scores("vectara") == (75, 300)


@needs_mirror
def test_vectara_figures_are_the_documents() -> None:
    marked = real_text(spider_classes()["vectara"].start_urls[0]).split("LEADERBOARD_START")[1]
    rows = re.findall(r"(?m)^\|([^|]+/[^|]+)\|([\d.]+) %\|", marked)
    assert {name: Decimal(rate) for name, rate in rows} == {name: score.value for name, score in scores("vectara").items()}


def test_vectara_rows_that_are_shifted_are_counted() -> None:
    good = "|m-1|1.8 %|98.2 %|99.5 %|172.4|"
    document = vectara(good, "|m-2|98.2 %|99.5 %|172.4|", "|m-3|98.2 %|99.5 %|93.0 %|172.4|", "|m-4|97.0 %|N/A|99.5 %|172.4|")
    assert {name for name, _ in score_values(document)} == {"m-1", "m-4"}
    assert dict(document.unknown) == {"row not as long as the header": 1, "row whose rates do not add up": 1}
    lower = VECTARA.lower() + "|m-1|1.8 %|98.2 %|99.5 %|172.4|"
    other = read("vectara", f"<!-- LEADERBOARD_START -->\n{lower}\n<!-- LEADERBOARD_END -->\n")
    assert (len(score_values(other)), dict(other.unknown)) == (4, {})
    with pytest.raises(DocumentRefusedError, match="hallucination rate"):
        vectara("|m-1|0.018|0.982|0.995|172.4|")


@pytest.mark.parametrize(
    ("more", "version"),
    [
        ("\n## Model\nThis leaderboard uses HHEM-2.3, Vectara's commercial model, to compute.\n", "HHEM-2.3"),
        ("", ""),
    ],
)
def test_the_benchmark_says_of_which_version_it_is_where_the_page_does(more: str, version: str) -> None:
    assert [benchmark.version for benchmark in read("vectara", small_page("vectara") + more).benchmarks] == [version]
