"""The spiders of benchmarks on their whole real documents: every row a score, every score on a declared benchmark's scale."""

from __future__ import annotations

import re

import pytest

from aimstats.domain.claims import flatten
from aimstats.domain.items import Benchmark
from tests.spiders.replayed import replay
from tests.spiders.test_mirror_replay import MIRROR

pytestmark = pytest.mark.skipif(not (MIRROR / "MANIFEST.json").exists(), reason="no ../shared/mirror beside the project")

BENCHMARKS = (
    "aider", "arc_agi", "arena_ai", "bfcl", "epoch", "livebench", "lmarena", "lmarena_csv", "lmarena_history", "metr",
    "swe_bench", "vectara",
)  # fmt: skip


@pytest.mark.parametrize(
    ("source_id", "listings", "figures"),
    [
        ("aider", 174, 511),
        ("arc_agi", 30, 89),
        ("arena_ai", 309, 309),
        ("bfcl", 118, 3050),
        ("epoch", None, None),
        ("livebench", 230, 6805),
        ("lmarena", 544, 9313),
        ("lmarena_csv", 370, 370),
        ("lmarena_history", None, None),
        ("metr", 59, 177),
        ("swe_bench", 233, 294),
        ("vectara", 75, 300),
    ],
)
def test_every_row_becomes_a_score(source_id: str, listings: int | None, figures: int | None) -> None:
    documents = replay(source_id)
    flat = [flatten(document) for document in documents]
    assert not any(part.held for part in flat)
    assert not any("stated twice" in key for document in documents for key in document.unknown)
    if listings is not None:
        assert sum(len(document.listings) for document in documents) == listings
        assert sum(len(row.scores) for document in documents for row in document.listings) == figures


@pytest.mark.parametrize("source_id", BENCHMARKS)
def test_every_score_belongs_to_a_declared_benchmark_and_is_on_its_scale(source_id: str) -> None:
    for document in replay(source_id):
        benchmarks = {benchmark.id: benchmark for benchmark in document.benchmarks}
        assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in benchmarks)
        assert all(benchmark.measures and benchmark.unit and benchmark.url for benchmark in benchmarks.values())
        for row in document.listings:
            assert len({score.key for score in row.scores}) == len(row.scores)
            for score in row.scores:
                assert score.benchmark in benchmarks
                assert score.unit != "percent" or 0 <= score.value <= 100
                if score.ci_low is not None and score.ci_high is not None:
                    assert score.ci_low <= score.value <= score.ci_high
                assert score.key.count("|") == 5


def test_a_benchmark_is_declared_alike_by_every_source() -> None:
    declared: dict[str, Benchmark] = {}
    for source_id in BENCHMARKS:
        for document in replay(source_id):
            for benchmark in document.benchmarks:
                assert declared.setdefault(benchmark.id, benchmark) == benchmark, source_id
    assert len(declared) > 55


def test_every_benchmark_with_a_stated_version_carries_it_once() -> None:
    """As the benchmark's version or, where it has several side by side, as the edition of its scores."""
    versions = {one.id: one.version for source_id in BENCHMARKS for seen in replay(source_id) for one in seen.benchmarks}
    editions = {
        score.benchmark
        for source_id in BENCHMARKS
        for seen in replay(source_id)
        for row in seen.listings
        for score in row.scores
        if score.edition
    }
    assert {name: version for name, version in versions.items() if version} == {
        "aider-edit": "edit", "aider-polyglot": "polyglot", "aider-refactor": "refactor", "arc-agi-1": "1", "arc-agi-2": "2",
        "arc-agi-3": "3", "arc-challenge": "Challenge", "commonsenseqa-2": "2.0", "frontiermath": "tiers 1-3",
        "frontiermath-tier-4": "tier 4", "gpqa-diamond": "Diamond", "math-level-5": "level 5", "otis-mock-aime": "2024-2025",
        "swe-bench-bash-only": "Verified", "swe-bench-full": "Test", "swe-bench-lite": "Lite",
        "swe-bench-multilingual": "Multilingual", "swe-bench-multimodal": "Multimodal", "swe-bench-verified": "Verified",
        "terminal-bench": "2.0", "vectara-hallucination": "HHEM-2.3",
    }  # fmt: skip
    assert {"bfcl", "livebench", "metr-time-horizon", "lmarena-text"} <= editions
    assert not editions & {name for name, version in versions.items() if version}


def test_no_spider_of_scores_meets_a_key_that_it_does_not_know() -> None:
    assert {source_id: dict(seen.unknown) for source_id in BENCHMARKS for seen in replay(source_id) if seen.unknown} == {}
