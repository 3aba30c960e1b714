"""Epoch's collection on its real archive: units, whose copies they are, and where its boards stand."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from scrapy_project.sources import spider_classes
from scrapy_project.spiders.epoch.files import ADDRESSES, FILES
from tests.spiders.replayed import replay, scores
from tests.spiders.test_mirror_replay import MIRROR, manifest

pytestmark = pytest.mark.skipif(not (MIRROR / "MANIFEST.json").exists(), reason="no ../shared/mirror beside the project")


def test_epoch_shares_become_percent_and_copies_say_whose_they_are() -> None:
    archive = zipfile.ZipFile(manifest()[spider_classes()["epoch"].start_urls[0]])

    def column(file: str, name: str) -> dict[str, float]:
        rows = csv.DictReader(io.StringIO(archive.read(file).decode("utf-8-sig")))
        return {row["Model version"].strip(): float(row[name]) for row in rows if row[name]}

    for file, name, benchmark in (
        ("gpqa_diamond.csv", "mean_score", "gpqa-diamond"),
        ("frontiermath.csv", "mean_score", "frontiermath"),
        ("math_level_5.csv", "mean_score", "math-level-5"),
        ("balrog_external.csv", "Average progress", "balrog"),
    ):
        stated = {version: share * 100 for version, share in column(file, name).items()}
        assert {name: float(score.value) for name, score in scores("epoch", benchmark=benchmark).items()} == pytest.approx(stated)
    index = column("epoch_capabilities_index.csv", "ECI Score")
    assert len(index) == 348
    assert {name: float(score.value) for name, score in scores("epoch", benchmark="epoch-capabilities-index").items()} == (
        pytest.approx(index)
    )
    by = {score.benchmark: score.measured_by for row in replay("epoch")[0].listings for score in row.scores}
    assert (by["metr-time-horizon"], by["aider-polyglot"], by["webdev-arena"]) == ("metr", "aider", "lmarena")
    assert (by["arc-agi-2"], by["livebench"], by["gpqa-diamond"]) == ("arc_agi", "livebench", "epoch")
    assert "swe-bench-bash-only" not in by
    assert {score.settings.get("effort") for score in scores("epoch", benchmark="frontiermath").values()} >= {
        "high",
        "xhigh",
        None,
    }


def test_epoch_benchmarks_have_the_addresses_that_their_rows_link() -> None:
    archive = zipfile.ZipFile(manifest()[spider_classes()["epoch"].start_urls[0]])
    addresses = {benchmark.id: benchmark.url for benchmark in replay("epoch")[0].benchmarks}
    linked: dict[str, set[str]] = {}
    for name, file in FILES.items():
        rows = csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))
        linked[file.benchmark] = {
            cell for row in rows for column, cell in row.items() if column and column.lower().startswith("source link")
        }
    assert all(address in linked[benchmark] for benchmark, address in ADDRESSES.items())
    assert {benchmark: addresses[benchmark] for benchmark in ADDRESSES} == ADDRESSES
    assert sorted(name for name, address in addresses.items() if address == "https://epoch.ai/benchmarks") == [
        "apex-agents", "arc-challenge", "bbh", "boolq", "chess-puzzles", "epoch-capabilities-index", "frontiermath",
        "frontiermath-tier-4", "gdpval", "gpqa-diamond", "gsm8k", "hellaswag", "lambada", "math-level-5", "mmlu", "openbookqa",
        "otis-mock-aime", "piqa", "posttrainbench", "superglue", "triviaqa", "winogrande",
    ]  # fmt: skip
