"""The page of what changed and its feed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import feedparser  # type: ignore[import-untyped]  # it ships no types
import pytest
from flask.testing import FlaskClient
from lxml import etree  # type: ignore[import-untyped]  # it ships no types
from parsel import Selector
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.catalogue.changes import Change
from aimstats.web.changes import together
from tests.api.events import EVENTS, FIRST_DAY, event, write_events
from tests.catalogue.bodies import MODELS, OFFERS
from tests.web.conftest import PUBLIC_URL, app_on
from tests.web.publishing import publish

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def feed(client: FlaskClient, query: str = "") -> Any:
    return etree.fromstring(client.get(f"/changes.atom{query}").data)


def test_events_stand_under_their_day_newest_first(pages: FlaskClient) -> None:
    page = Selector(pages.get("/changes").text)
    assert page.css(".changes h2::text").getall()[0] == "6 Mar 2026"
    assert len(page.css(".changes li")) == len(EVENTS) - 1
    days = [len(day.css("li")) for day in page.css(".changes ul")]
    assert days == [1, 1, 1, 2, 2, 2]


def test_a_price_move_says_where_from_where_to_and_by_how_much(pages: FlaskClient) -> None:
    row = Selector(pages.get("/changes?kind=price_changed").text).css(".changes li")
    assert row.css(".whose a::attr(href)").get() == "/models/alpha/ode-4.5"
    assert row.css(".what::text").get() == "Input at Hostly"
    assert " ".join(row.css(".figures").xpath("string()").get("").split()) == "$4.5 →to $2.25 −50 %"
    assert row.css(".by::text").get() == "big_list"


def test_a_merged_model_leads_to_the_surviving_one_and_a_vanished_one_nowhere(pages: FlaskClient) -> None:
    merged = Selector(pages.get("/changes?kind=model_merged").text)
    gone = Selector(pages.get("/changes?kind=model_removed").text)
    assert merged.css(".changes li a::attr(href)").get() == "/models/alpha/ode-4.5"
    assert not gone.css(".changes li a")


def test_filters_stay_in_the_form_the_feed_and_the_links(pages: FlaskClient) -> None:
    page = Selector(pages.get("/changes?developer=beta&kind=model_added&since=2026").text)
    assert page.css("input[name=developer]::attr(value)").get() == "beta"
    assert page.css("input[name=kind][checked]::attr(value)").getall() == ["model_added"]
    assert len(page.css(".changes li")) == 1
    query = "since=2026&kind=model_added&developer=beta"
    assert page.css("link[type='application/atom+xml']::attr(href)").get() == f"/changes.atom?{query}"
    assert f"/api/v1/changes?{query}" in page.css("a::attr(href)").getall()


def test_of_a_day_what_weighs_most_stands_first_with_its_developer(pages: FlaskClient) -> None:
    rows = Selector(pages.get("/changes?since=2026-03-02&kind=price_changed&kind=price_restated").text).css(".changes li")
    assert [row.css(".what::text").get() for row in rows] == ["Input at Hostly", "Output at Alpha, restated"]
    assert rows[0].css(".whose .quiet::text").get() == "Alpha"
    assert rows.css(".whose a").getall() == rows[0].css(".whose a").getall(), "the model is named once a day"
    title = feed(pages, "?kind=price_changed&kind=price_restated").xpath("string(//a:entry/a:title)", namespaces=ATOM)
    assert title.startswith("Ode 4.5: input at Hostly $4.5 → $2.25")
    assert title.endswith(", and 1 more")


def test_nothing_found_says_so(pages: FlaskClient) -> None:
    assert "Nothing of this kind" in pages.get("/changes?model=nobody/nothing").text


@pytest.mark.parametrize("address", ["/changes?kind=odd", "/changes?unknown=1", "/changes?cursor=x", "/changes.atom?cursor=x"])
def test_what_cannot_be_asked_is_a_400(pages: FlaskClient, address: str) -> None:
    assert pages.get(address).status_code == 400


def test_the_navigation_leads_to_it_and_its_menu_to_what_is_asked_less_often(pages: FlaskClient) -> None:
    navigation = Selector(pages.get("/benchmarks").text).css(".masthead nav")
    assert navigation.css(".entries a::attr(href)").getall() == [
        "/", "/costs", "/compare", "/frontier", "/providers", "/changes"
    ]  # fmt: skip
    beyond = navigation.css("details .beyond a::attr(href)").getall()
    assert beyond == ["/frontier", "/providers", "/changes"], "what phones have no room for in the row"
    assert navigation.css("details > div > a::attr(href)").getall() == [
        "/benchmarks", "/disagreements", "/deprecations", "/sources", "/methodology", "/docs/api"
    ]  # fmt: skip
    assert navigation.css("[aria-current]::text").getall() == ["Benchmarks"]


def test_moves_of_several_meters_of_one_offer_are_one_and_of_other_terms_others() -> None:
    def move(number: int, field: str, after: str, offer: str = "hostly/ode") -> Change:
        rest: dict[str, Any] = {"model": "alpha/ode", "before": "9", "ratio": None, "source": "big_list", "weight": Decimal(1)}
        return Change(id=number, at=FIRST_DAY, kind="price_changed", offer=offer, field=field, after=after, **rest)

    moves = [
        move(1, "cost.output", "4"),
        move(2, "cost.input", "2"),
        move(3, "prices.input|standard|0|||USD|", "2"),
        move(4, "prices.input|batch|0|||USD|", "1"),
        move(5, "cost.input", "3"),
        move(6, "cost.input", "2", "elsewhere/ode"),
    ]
    assert [[one.id for one in told] for told in together(moves)] == [[2, 1], [4], [5], [6]]


def test_a_price_that_reads_the_same_before_and_after_is_no_row(database_url: URL) -> None:
    rest = {"offer": "hostly/alpha/ode-4.5", "field": "cost.input", "source": "big_list"}
    again = event(7, "price_changed", "alpha/ode-4.5", before="15", after="15.0000001", ratio="1.00000001", **rest)
    with create_engine(database_url, poolclass=NullPool).begin() as connection:
        publish(connection, MODELS, OFFERS)
        write_events(connection, [again])
    client = app_on(database_url).test_client()
    assert not Selector(client.get("/changes").text).css(".changes li")
    assert client.get("/changes.atom").status_code == 200


def test_the_feed_has_what_atom_asks_for(pages: FlaskClient) -> None:
    answer = pages.get("/changes.atom")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = etree.fromstring(answer.data)
    assert found.tag == "{http://www.w3.org/2005/Atom}feed"
    for part in ("a:id", "a:title", "a:updated", "a:author/a:name"):
        assert found.findtext(part, namespaces=ATOM)
    entries = found.findall("a:entry", ATOM)
    assert len(entries) == 7, "one a model and day"
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in entries]
    assert len(set(ids)) == len(ids)
    for entry in entries:
        assert entry.findtext("a:title", namespaces=ATOM)
        assert datetime.fromisoformat(entry.findtext("a:updated", "", ATOM)).tzinfo is not None


def test_every_address_of_the_feed_is_absolute_below_the_public_url(pages: FlaskClient) -> None:
    found = feed(pages, "?kind=price_changed&developer=alpha")
    addresses = [*found.xpath("//a:link/@href", namespaces=ATOM), *found.xpath("//a:id/text()", namespaces=ATOM)]
    assert addresses
    assert all(str(address).startswith(f"{PUBLIC_URL}/") for address in addresses)
    itself = found.xpath("string(a:link[@rel='self']/@href)", namespaces=ATOM)
    assert itself == f"{PUBLIC_URL}/changes.atom?kind=price_changed&developer=alpha"


def test_the_feed_takes_the_same_filters(pages: FlaskClient) -> None:
    titles = feed(pages, "?kind=status_changed").xpath("//a:entry/a:title/text()", namespaces=ATOM)
    assert titles == ["Ode mini: status active → retired"]


def test_an_unchanged_feed_is_not_sent_again(pages: FlaskClient) -> None:
    first = pages.get("/changes.atom")
    assert pages.get("/changes.atom", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_a_reader_follows_several_models_and_is_sent_what_is_new(pages: FlaskClient) -> None:
    address = "/changes.atom?model=alpha/ode-4.5&model=beta/lyra&developer=beta"
    answer = pages.get(address)
    read = feedparser.parse(answer.data)
    assert not read.bozo
    assert read.version == "atom10"
    assert {entry.title.partition(":")[0] for entry in read.entries} == {"Lyra"}, "the models of that developer"
    both = feedparser.parse(pages.get("/changes.atom?model=alpha/ode-4.5&model=beta/lyra").data)
    assert {entry.title.partition(":")[0] for entry in both.entries} == {"Lyra", "Ode 4.5", "alpha/ode-4-5"}
    assert len({entry.id for entry in both.entries}) == len(both.entries)
    assert both.feed.links[0].href == f"{PUBLIC_URL}/changes.atom?model=alpha%2Fode-4.5&model=beta%2Flyra"
    assert pages.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
