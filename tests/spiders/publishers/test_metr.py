"""METR's time horizons: editions and intervals apart, and the files that its page links to."""

from __future__ import annotations

from decimal import Decimal

from tests.spiders.altered import small_body
from tests.spiders.crawled import crawl_of, read_well
from tests.spiders.replayed import listing, listings_and_scores, needs_mirror, scores


@needs_mirror
def test_every_row_becomes_a_score() -> None:
    assert listings_and_scores("metr") == (59, 177)


@needs_mirror
def test_metr_keeps_editions_and_intervals_apart() -> None:
    newer, older = (scores("metr", edition=edition) for edition in ("1.1", "1.0"))
    assert (len(newer), len(older)) == (26, 33)
    sonnet = newer["claude_3_7_sonnet_inspect"]
    assert (sonnet.ci_low, sonnet.value, sonnet.ci_high) == (Decimal("33.006168"), Decimal("60.388937"), Decimal("104.226017"))
    assert older["claude_3_7_sonnet"].value == Decimal("55.258445")
    assert scores("metr", metric="p80", edition="1.0")["claude_3_opus"].value == Decimal("1.578216")
    assert listing("metr", "claude_4_1_opus").facts["release_date"] == "2025-08-05"


METR = "https://metr.org/"


def test_metrs_files_are_those_that_its_page_links_to_and_the_known_ones() -> None:
    newest = small_body("metr", "page.yaml").replace(b"METR-Horizon-v1.1", b"METR-Horizon-v1.2")
    documents = {
        f"{METR}assets/benchmark_results_1_2.yaml": newest,
        f"{METR}assets/benchmark_results_1_1.yaml": small_body("metr", "page.yaml"),
    }
    known = f"{METR}assets/benchmark_results_1_1.yaml"
    readings = crawl_of("metr", documents | {f"{METR}time-horizons/": small_body("metr", "page-index.html")})
    assert set(read_well(readings)) == {f"{METR}time-horizons/", *documents}
    assert read_well(crawl_of("metr", documents)) == [known]
    silent = crawl_of("metr", documents | {f"{METR}time-horizons/": b"<html><h1>Time horizons</h1></html>"})
    assert read_well(silent) == [f"{METR}time-horizons/", known]
