"""`/disagreements`: who says what of a figure, the shown one filled; what something explains apart."""

from __future__ import annotations

from flask.testing import FlaskClient
from parsel import Selector

from tests.web.reading import texts


def test_each_source_has_its_figure_and_the_shown_one_is_filled(pages: FlaskClient) -> None:
    page = Selector(pages.get("/disagreements").text)
    assert "contradict each other on 1" in texts(page, ".answer")[0]
    row = page.css("table.apart:not(details *) tbody tr")[0]
    assert texts(row, "td.said > span") == ["$15 alpha_page shown", "$30 big_list"]
    assert [dot.attrib.get("class") for dot in row.css("svg circle")] == [None, "open"]
    assert row.css("td.said a::attr(href)").getall()[-1] == "https://example.org/own"
    assert texts(page, "#explained summary") == ["1 difference that something explains"]
    assert "a promotion" in texts(page, "#explained td.said")[0]
    evidence = row.css("th a::attr(href)").get("")
    assert pages.get(evidence.partition("#")[0]).status_code == 200
    assert f'id="{evidence.partition("#")[2]}"' in pages.get(evidence.partition("#")[0]).text


def test_filters_are_the_address_and_nothing_is_said_plainly(pages: FlaskClient) -> None:
    assert "Sources contradict each other on none of these." in pages.get("/disagreements?min_ratio=3").text
    csv = pages.get(Selector(pages.get("/disagreements?min_ratio=2").text).css(".sift .end a::attr(href)").getall()[1]).text
    assert csv.count("\n") == 2
    assert pages.get("/disagreements?min_ratio=much").status_code == 400
