"""The page of a model: its key figures, its offers and their order, and the evidence that opens under them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from parsel import Selector
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from tests.catalogue.bodies import MODELS, OFFERS, cost, price
from tests.web.addresses import MODEL
from tests.web.conftest import app_on, small_evidence
from tests.web.publishing import publish


def test_a_models_page_shows_every_offer_cheapest_first(pages: FlaskClient) -> None:
    page = Selector(pages.get(MODEL).text)
    links = page.css("table.offers tbody tr:not(.under) .name a::attr(href)").getall()
    assert links == ["/providers/hostly", "/providers/alpha"]
    assert page.css(".key dd span::text").getall()[:4] == ["$3", "$15", "200K", "64K"]


def test_a_disputed_price_says_so_in_the_key_figures_and_leads_to_its_evidence(database_url: URL) -> None:
    offer = {**OFFERS[0], "prices": [price("input", "3", disputed=[{"usd": "2", "source": "big_list"}]), price("output", "15")]}
    with create_engine(database_url, poolclass=NullPool).begin() as connection:
        publish(connection, MODELS, [offer, *OFFERS[1:]], evidence=small_evidence())
    page = Selector(app_on(database_url).test_client().get(MODEL).text)
    told = page.css(".key .dispute a")
    assert told.xpath("normalize-space()").getall() == ["≠ $2 (big_list)", "≠ sources differ"]
    opened = app_on(database_url).test_client().get(told[0].attrib["href"].partition("#")[0])
    assert Selector(opened.text).css("tr.under:not([hidden]) .evidence")


@pytest.mark.parametrize("status", ["retired", None])
def test_offers_that_are_not_sold_are_folded_below_those_that_live(database_url: URL, status: str | None) -> None:
    offers = [body | ({"status": status} if body["id"] == "hostly/alpha/ode-4.5" else {}) for body in OFFERS]
    with create_engine(database_url, poolclass=NullPool).begin() as connection:
        publish(connection, MODELS, offers)
    client = app_on(database_url).test_client()
    page = Selector(client.get(MODEL).text)
    assert page.css(".folded summary::text").get() == "1 offer not sold now"
    assert page.css(".folded table.offers .name a::attr(href)").getall() == ["/providers/hostly"]
    assert "open" not in page.css(".folded").attrib
    seller = Selector(client.get("/providers/hostly").text)
    assert seller.css("title::text").get("").startswith("Hostly: prices of its models")
    if status:
        assert seller.css(".chips a").xpath("normalize-space()").get("").startswith("1 retired hidden")
        assert "us.alpha.ode-v1:0" not in seller.css("tbody").get("")


def test_an_offer_whose_output_price_is_unknown_is_no_cheap_one(database_url: URL) -> None:
    half = {"input": "0.01", "output": None, "absent": {"output": "not_published"}}
    priced = [body | ({"cost": body["cost"] | half} if body["id"] == "hostly/alpha/ode-4.5" else {}) for body in OFFERS]
    with create_engine(database_url, poolclass=NullPool).begin() as connection:
        publish(connection, MODELS, priced)
    page = Selector(app_on(database_url).test_client().get(MODEL).text)
    links = page.css("table.offers tbody tr:not(.under) .name a::attr(href)").getall()
    assert links == ["/providers/alpha", "/providers/hostly"]


def test_a_free_offer_stands_behind_those_that_charge(database_url: URL) -> None:
    free = {**OFFERS[0], "id": "gratis/alpha/ode-4.5", "provider": "gratis", "cost": cost(input="0", output="0")}
    with create_engine(database_url, poolclass=NullPool).begin() as connection:
        publish(connection, MODELS, [*OFFERS, free])
    page = Selector(app_on(database_url).test_client().get(MODEL).text)
    assert page.css("table.offers tbody tr:not(.under) .name a::text").getall()[-1] == "Gratis"


def test_an_offer_says_who_runs_the_model_where_its_provider_does_not(database_url: URL) -> None:
    routed = [body | ({"host": "novita-ai"} if body["id"] == "hostly/alpha/ode-4.5" else {}) for body in OFFERS]
    with create_engine(database_url, poolclass=NullPool).begin() as connection:
        publish(connection, MODELS, routed)
    client = app_on(database_url).test_client()
    for address, row in ((MODEL, "table.offers tbody tr:not(.under)"), ("/providers/hostly", "tbody tr")):
        said = [" ".join(name.css(".badge::text").getall()) for name in Selector(client.get(address).text).css(f"{row} .name")]
        assert [text for text in said if text.startswith("on ")] == ["on NovitaAI eu"]


def test_a_models_page_shows_prices_by_plan_and_tier(pages: FlaskClient) -> None:
    page = Selector(pages.get(MODEL).text)
    heads = [head.xpath("string()").get("").strip() for head in page.css("#prices thead th")]
    assert heads == ["Meter", "Standard", "Above 200K context", "Batch"]


def test_facts_open_into_what_each_source_says_without_a_script(pages: FlaskClient) -> None:
    page = Selector(pages.get(MODEL).text)
    limit = page.css("#fact-limit\\.output")
    assert limit.css("summary .agree").xpath("normalize-space()").get() == "3 sources"
    assert limit.css(".evidence tr.won th a::text").get() == "models.dev"
    assert limit.css(".evidence tbody td:nth-child(2)").xpath("normalize-space()").getall()[2] == "32,000"


def test_the_evidence_of_an_offer_is_a_link_that_opens_its_row(pages: FlaskClient) -> None:
    closed = Selector(pages.get(MODEL).text)
    link = closed.css("table.offers a.agree")[0]
    assert closed.css("tr.under::attr(hidden)").getall() == ["", ""]
    opened = Selector(pages.get(link.attrib["href"].partition("#")[0]).text)
    row = opened.css("tr.under:not([hidden])")
    assert row.css("tbody th a::text").getall() == ["models.dev", "litellm"]
    assert opened.css("table.offers a.agree")[0].attrib["aria-expanded"] == "true"


def test_the_fragment_of_an_offer_is_its_evidence_alone(pages: FlaskClient) -> None:
    answer = pages.get(f"{MODEL}?offer=hostly/alpha/ode-4.5&fragment=offer_evidence")
    assert "<html" not in answer.text
    assert Selector(answer.text).css("tbody tr")


def test_an_offer_of_another_model_opens_nothing(pages: FlaskClient) -> None:
    page = Selector(pages.get(f"{MODEL}?offer=beta/beta/lyra").text)
    assert not page.css("tr.under:not([hidden])")


def test_a_bad_day_is_refused_on_a_models_page(pages: FlaskClient) -> None:
    answer = pages.get(f"{MODEL}?as_of=tomorrow")
    assert answer.status_code == 400
    assert "as_of" in answer.text


@pytest.mark.parametrize(
    ("status", "dates", "said"),
    [
        ("active", {"retirement_date": "2026-12-12"}, ["text model", "retires 12 Dec 2026"]),
        ("retired", {"retirement_date": "2025-06-16"}, ["text model", "retired 16 Jun 2025"]),
        ("deprecated", {"deprecation_date": "2025-01-02", "retirement_date": "2026-12-12"},
         ["text model", "deprecated 2 Jan 2025", "retires 12 Dec 2026"]),
        ("retired", {}, ["text model", "retired"]),
        ("active", {"retirement_date": "2025-06-16"}, ["text model", "ended 16 Jun 2025"]),
        ("deprecated", {"retirement_date": "2025-06"}, ["text model", "deprecated", "ended Jun 2025"]),
    ],
)  # fmt: skip
def test_what_is_retired_does_not_retire(database_url: URL, status: str, dates: dict[str, str], said: list[str]) -> None:
    engine = create_engine(database_url, poolclass=NullPool)
    app = app_on(database_url)
    offer = OFFERS[0] | {"status": status, **dates}
    with engine.begin() as connection:
        publish(connection, [MODELS[0] | {"status": status, **dates}], [offer])
    client = app.test_client()
    page, seller = (Selector(client.get(address).text) for address in (MODEL, "/providers/alpha?retired=shown"))
    before = Selector(client.get(f"{MODEL}?as_of=2025-06-01").text)
    app.extensions["database"].close()
    assert page.css(".status-line span::text").getall() == said
    ends = [words for words in said if words.startswith(("retire", "ended")) and words[-1].isdigit()]
    assert page.css("table.offers .badge.soon::text").getall() == ends
    assert seller.css("tbody .name .badge.soon::text").getall() == ends
    assert "ended" not in " ".join(before.css(".status-line span::text").getall())


def test_a_price_that_is_not_the_developers_says_whose_it_is(pages: FlaskClient) -> None:
    own, median = (Selector(pages.get(place).text) for place in (MODEL, "/models/beta/vector-1"))
    assert own.css(".key small::text").get() == "a million tokens"
    assert median.css(".key small::text").get() == "a million tokens, the median of its offers"


def test_a_models_page_begins_with_the_ways_to_its_parts(pages: FlaskClient) -> None:
    page = Selector(pages.get(MODEL).text)
    ways = page.css(".jumps a::attr(href)").getall()
    assert {"#offers", "#facts", "#names"} <= set(ways)
    assert ways == [f"#{part}" for part in page.css("main section[id]::attr(id)").getall()]


def test_a_price_that_depends_on_the_hour_says_so_in_the_key_figures_and_beside_the_plans(database_url: URL) -> None:
    by_hour = [
        price(meter, usd, window=window)
        for window in ("0100-0400", "0600-1000")
        for meter, usd in (("input", "6"), ("output", "30"))
    ]
    offers = [
        {
            **OFFERS[0],
            "cost": OFFERS[0]["cost"] | {"windowed": True},
            "prices": [price("input", "3"), price("output", "15"), *by_hour],
        },
        *OFFERS[1:],
    ]
    with create_engine(database_url, poolclass=NullPool).begin() as connection:
        publish(connection, MODELS, offers)
    page = Selector(app_on(database_url).test_client().get(MODEL).text)
    assert page.css(".key small::text").getall()[:2] == [
        "a million tokens; $6 at 01:00–04:00, 06:00–10:00 UTC",
        "a million tokens; $30 at 01:00–04:00, 06:00–10:00 UTC",
    ]
    assert "01:00–04:00, 06:00–10:00 UTC" in page.css("#prices thead th::text").getall()
    assert "by the hour" in page.css("#offers .badge::text").getall()


def test_what_is_said_of_others_than_the_model_and_a_second_fact_of_a_columns_name_are_told_as_such(database_url: URL) -> None:
    evidence = small_evidence()
    said = evidence["alpha/ode-4.5"]
    said["retirement_date"] = [said["release_date"][0] | {"value": "2025-12-02", "won": False}]
    said["flags.context"] = [said["release_date"][0] | {"value": "198K"}]
    with create_engine(database_url, poolclass=NullPool).begin() as connection:
        publish(connection, MODELS, OFFERS, evidence=evidence)
    page = Selector(app_on(database_url).test_client().get(MODEL).text)
    assert page.css("#fact-retirement_date .none::attr(title)").get() == "No statement holds for the model as a whole"
    assert page.css("#fact-flags\\.context .label::text").get() == "Context (models.dev)"
