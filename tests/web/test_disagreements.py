"""`/disagreements`: who says what of a figure, the shown one filled; what something explains apart."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from parsel import Selector
from sqlalchemy.engine import URL

from aimstats.resolution.version import RESOLVER_VERSION
from tests.catalogue.bodies import MODELS, OFFERS
from tests.web.conftest import client_on
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


@pytest.mark.parametrize(
    ("resolver", "address", "answer"),
    [
        (RESOLVER_VERSION, "/disagreements", "Sources agree on all"),
        ("of-another-release", "/disagreements", "not known yet"),
        ("of-another-release", "/disagreements?min_ratio=3", "not known yet"),
    ],
)
def test_rows_of_another_release_do_not_say_that_sources_agree(
    database_url: URL, resolver: str, address: str, answer: str
) -> None:
    bodies = [[{name: body[name] for name in body if name != "disagreements"} for body in rows] for rows in (MODELS, OFFERS)]
    with client_on(database_url, *bodies, resolver_version=resolver) as client:
        assert answer in texts(Selector(client.get(address).text), ".answer")[0]
