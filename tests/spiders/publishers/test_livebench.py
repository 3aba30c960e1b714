"""LiveBench: categories of tasks, ragged rows, and editions that its script names."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from aimstats.domain.items import DocumentRefusedError
from scrapy_project.sources import spider_classes
from tests.spiders.altered import read, score_values, small_body
from tests.spiders.crawled import crawl_of, read_well
from tests.spiders.replayed import listings_and_scores, needs_mirror, real_text, replay, scores


@needs_mirror
def test_every_row_becomes_a_score() -> None:
    assert listings_and_scores("livebench") == (230, 6805)


@needs_mirror
def test_a_livebench_category_is_the_mean_of_its_tasks() -> None:
    edition = "2026_01_08"
    lists = json.loads(real_text(f"https://livebench.ai/categories_{edition}.json"))
    rows = list(csv.DictReader(io.StringIO(real_text(f"https://livebench.ai/table_{edition}.csv"))))
    overall = scores("livebench", edition="2026-01-08")
    whole = [row for row in rows if None not in row.values()]
    assert len(whole) == len(overall) == 100
    for row in whole:
        means = [sum(float(row[task]) for task in tasks) / len(tasks) for tasks in lists.values()]
        assert float(overall[row["model"]].value) == pytest.approx(sum(means) / len(means))
    coding = scores("livebench", edition="2026-01-08", subset="category:Agentic Coding")
    opus = next(row for row in rows if row["model"] == "claude-4-1-opus-20250805-base")
    assert float(coding[opus["model"]].value) == pytest.approx(
        (float(opus["javascript"]) + float(opus["typescript"]) + float(opus["python"])) / 3
    )


@needs_mirror
def test_a_ragged_livebench_row_has_no_figures() -> None:
    assert all(row.external_id != "nemotron-3-super-120b-a12b" for seen in replay("livebench") for row in seen.listings)
    assert sum("row shorter" in reason for seen in replay("livebench") for reason in seen.skipped) == 1


def test_shares_for_percentages_and_the_reverse_refuse_the_board() -> None:
    body = "model,one,two\n" + "".join(f"m{n},0.{n},0.{n}5\n" for n in range(1, 7))
    with pytest.raises(DocumentRefusedError, match="above 1"):
        read("livebench", body, url="https://livebench.ai/table_2026_01_08.csv")


def test_livebench_takes_the_tasks_of_its_categories_only() -> None:
    spider = spider_classes()["livebench"]()
    spider.parse_document(b'{"Coding": ["one", "two"]}', "https://livebench.ai/categories_2026_01_08.json")
    document = spider.parse_document(b"model,one,two,cost\nm,50,70,3\n", "https://livebench.ai/table_2026_01_08.csv")
    assert score_values(document) == {
        ("m", "livebench|2026-01-08||||livebench"): Decimal(60),
        ("m", "livebench|2026-01-08||category:Coding||livebench"): Decimal(60),
        ("m", "livebench|2026-01-08||one||livebench"): Decimal(50),
        ("m", "livebench|2026-01-08||two||livebench"): Decimal(70),
    }
    assert dict(document.unknown) == {"column cost: a task of no category": 1}


LIVEBENCH = "https://livebench.ai/"


EDITION = {"categories_2026_09_30.json": "page-categories.json", "table_2026_09_30.csv": "page-table.csv"}


KNOWN_EDITION = {"categories_2026_01_08.json": "page-categories.json", "table_2026_01_08.csv": "page-table.csv"}


def livebench(*files: Mapping[str, str]) -> dict[str, Any]:
    named = {name: file for part in files for name, file in part.items()}
    return crawl_of("livebench", {f"{LIVEBENCH}{name}": small_body("livebench", file) for name, file in named.items()})


def test_livebenchs_editions_are_those_of_its_script() -> None:
    script = {"static/js/main.0a1b2c3d.js": "page-script.js"}
    readings = livebench({"": "page-site.html"}, script, EDITION, KNOWN_EDITION)
    assert set(read_well(readings)) == {
        LIVEBENCH, f"{LIVEBENCH}#script", *(f"{LIVEBENCH}{name}" for name in (*EDITION, *KNOWN_EDITION))
    }  # fmt: skip
    assert readings[f"{LIVEBENCH}categories_2025_11_25.json"]["status"] == "gone"
    assert f"{LIVEBENCH}categories_2024_06_24.json" not in readings


def test_livebenchs_known_editions_are_read_where_its_page_or_script_is_gone() -> None:
    for site in ({}, {"": "page-site.html"}):
        readings = livebench(site, KNOWN_EDITION, EDITION)
        assert f"{LIVEBENCH}table_2026_01_08.csv" in read_well(readings)
        assert f"{LIVEBENCH}table_2026_09_30.csv" not in readings
