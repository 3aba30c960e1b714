"""Every spider on the whole of its real documents: nothing that is not understood, nothing that the contract lacks."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

import pytest

from aimstats.domain.claims import flatten
from aimstats.domain.items import Benchmark
from tests.spiders.replayed import mirrored, needs_mirror, replay, seen

pytestmark = needs_mirror

PAGES, LIFECYCLES, BENCHMARKS, CATALOGUES = (
    mirrored(*kinds) for kinds in (("page",), ("lifecycle",), ("benchmark",), ("catalogue", "router"))
)
INCOMPLETE: Final = {"novita": 4, "siliconflow": 3, "venice": 89}
"""Listings of pages that name prices which do not stand on them."""


@pytest.mark.parametrize("source", PAGES)
def test_nothing_of_a_document_is_unknown(source: str) -> None:
    for document in replay(source):
        assert (document.url, document.unknown) == (document.url, {})
        assert len({listing.key for listing in document.listings}) == len(document.listings)


@pytest.mark.parametrize("source", PAGES)
def test_only_prices_that_are_not_on_the_page_make_a_listing_incomplete(source: str) -> None:
    incomplete = sum(listing.incomplete for document in replay(source) for listing in document.listings)
    assert incomplete == INCOMPLETE.get(source, 0)


@pytest.mark.parametrize("source", CATALOGUES)
def test_no_price_key_is_unknown(source: str) -> None:
    document = seen(source)
    assert not any(listing.incomplete for listing in document.listings)
    assert set(document.unknown) <= {"model.release_date: not a date"}
    assert len({listing.key for listing in document.listings}) == len(document.listings)


@pytest.mark.parametrize("source_id", LIFECYCLES)
def test_every_row_of_a_lifecycle_is_understood(source_id: str) -> None:
    document = seen(source_id)
    assert dict(document.unknown) == {}
    assert len({row.key for row in document.listings}) == len(document.listings)
    assert not flatten(document).held


@pytest.mark.parametrize("source_id", LIFECYCLES)
def test_no_event_is_stated_twice_and_no_date_is_a_placeholder(source_id: str) -> None:
    for row in seen(source_id).listings:
        firm = [event.event for event in row.lifecycle if event.precision != "floor"]
        assert len(set(firm)) == len(firm), row.external_id
        for event in row.lifecycle:
            assert (event.at is None) == (event.precision == "none")
            assert event.at is None or 2020 <= event.at.year <= 2030


@pytest.mark.parametrize("source_id", BENCHMARKS)
def test_every_score_can_be_a_claim(source_id: str) -> None:
    documents = replay(source_id)
    assert not any(flatten(document).held for document in documents)
    assert not any("stated twice" in key for document in documents for key in document.unknown)


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


def test_who_reported_a_score_is_told_where_the_documents_tell_it() -> None:
    told = {
        source_id: Counter(
            score.self_reported
            for document in replay(source_id)
            for listing in document.listings
            for score in listing.scores
            if not score.metric and not score.subset
        )
        for source_id in BENCHMARKS
    }
    assert told["epoch"] == {False: 2010, True: 648, None: 1207}
    assert told["swe_bench"].keys() == {False, True}
    assert {source_id for source_id, counts in told.items() if counts.keys() != {False}} == {"epoch", "swe_bench"}
