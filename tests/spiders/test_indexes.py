"""Sources whose documents move on: tomorrow's are found through an index, and where there is none the known ones are asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.spiders.crawled import crawled
from tests.spiders.expected import PAGES
from tests.spiders.scripted_server import Answer, scripted_server

KIMI = "https://platform.kimi.ai/docs/"


def crawl_of(source: str, documents: Mapping[str, bytes]) -> dict[str, Any]:
    """Address -> reading, of a crawl of the project's own spider; an address that is not among `documents` is a 404."""
    answers = {f"/{url.removeprefix('https://')}": [Answer(body=body)] for url, body in documents.items()}
    with scripted_server(answers) as server:
        told = crawled(server, [{"id": source}], overrides={"RETRY_TIMES": 0})["by_id"][source]
    assert told["finished"], told
    found: dict[str, Any] = told["readings"]
    return found


def read_well(readings: Mapping[str, Any]) -> list[str]:
    """The documents that were there, in the order in which they were asked for."""
    return [url for url, reading in readings.items() if reading["status"] == "ok"]


def page(source: str, name: str) -> bytes:
    return (PAGES / source / name).read_bytes()


def test_kimis_pricing_pages_are_those_of_its_index() -> None:
    tomorrow = page("moonshot", "page.md").replace(b"mond-k9", b"mond-k10-turbo")
    readings = crawl_of(
        "moonshot",
        {
            f"{KIMI}llms.txt": page("moonshot", "page-index.txt"),
            f"{KIMI}models.md": page("moonshot", "page-models.md"),
            f"{KIMI}pricing/chat-k10.md": tomorrow,
        },
    )
    assert read_well(readings) == [f"{KIMI}llms.txt", f"{KIMI}models.md", f"{KIMI}pricing/chat-k10.md"]
    assert "mond-k10-turbo" in readings[f"{KIMI}pricing/chat-k10.md"]["names"]
    assert readings[f"{KIMI}pricing/chat-k95-code.md"]["status"] == "gone", "a missing detail page is no failure"


def test_kimis_pricing_pages_are_found_by_its_models_where_the_index_is_gone() -> None:
    documents = {
        f"{KIMI}models.md": page("moonshot", "page-models.md").replace(b"mond-k9", b"mond-k11"),
        f"{KIMI}pricing/chat-k11.md": page("moonshot", "page.md"),
        f"{KIMI}pricing/chat.md": page("moonshot", "page-overview.md"),
        f"{KIMI}pricing/chat-k10.md": page("moonshot", "page.md"),
    }
    readings = crawl_of("moonshot", documents)
    assert set(read_well(readings)) == set(documents)
    assert [url for url, reading in readings.items() if reading["is_index"] and reading["status"] == "ok"] == [
        f"{KIMI}models.md", f"{KIMI}pricing/chat.md"
    ]  # fmt: skip


def test_kimis_index_without_a_pricing_page_fails() -> None:
    readings = crawl_of("moonshot", {f"{KIMI}llms.txt": b"# Mond\n\n- [Models](https://platform.kimi.ai/docs/models.md)\n"})
    assert [(reading["status"], reading["is_index"]) for reading in readings.values()] == [("failed", True)]


LIVEBENCH = "https://livebench.ai/"
EDITION = {"categories_2026_09_30.json": "page-categories.json", "table_2026_09_30.csv": "page-table.csv"}
KNOWN_EDITION = {"categories_2026_01_08.json": "page-categories.json", "table_2026_01_08.csv": "page-table.csv"}


def livebench(*files: Mapping[str, str]) -> dict[str, Any]:
    return crawl_of("livebench", {f"{LIVEBENCH}{name}": page("livebench", file) for part in files for name, file in part.items()})


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


METR = "https://metr.org/"


def test_metrs_files_are_those_that_its_page_links_to_and_the_known_ones() -> None:
    newest = page("metr", "page.yaml").replace(b"METR-Horizon-v1.1", b"METR-Horizon-v1.2")
    documents = {
        f"{METR}assets/benchmark_results_1_2.yaml": newest,
        f"{METR}assets/benchmark_results_1_1.yaml": page("metr", "page.yaml"),
    }
    known = f"{METR}assets/benchmark_results_1_1.yaml"
    readings = crawl_of("metr", documents | {f"{METR}time-horizons/": page("metr", "page-index.html")})
    assert set(read_well(readings)) == {f"{METR}time-horizons/", *documents}
    assert read_well(crawl_of("metr", documents)) == [known]
    silent = crawl_of("metr", documents | {f"{METR}time-horizons/": b"<html><h1>Time horizons</h1></html>"})
    assert read_well(silent) == [f"{METR}time-horizons/", known]


XAI = "https://docs.x.ai/"


def test_xais_retirements_are_the_guides_that_its_index_names() -> None:
    guides = f"{XAI}developers/migration/"
    retirement = page("xai_retirement", "page.md")
    documents = {
        f"{XAI}llms.txt": page("xai_retirement", "page-index.txt"),
        f"{guides}january-15-retirement.md": retirement,
        f"{guides}from-elsewhere.md": page("xai_retirement", "page-guide.md"),
    }
    assert set(read_well(crawl_of("xai_retirement", documents))) == set(documents)
    known = {f"{guides}may-15-retirement.md": retirement}
    assert read_well(crawl_of("xai_retirement", known)) == list(known)
