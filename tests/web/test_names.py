"""The page that says which model a name means."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from parsel import Selector

from tests.web.conftest import PUBLIC_URL


def test_the_form_works_without_a_script(pages: FlaskClient) -> None:
    page = Selector(pages.get("/resolve").text)
    form = page.css("form.names")
    assert (form.attrib["action"], form.attrib["method"]) == ("/resolve", "get")
    assert form.css("textarea[name=name]")
    assert not page.css("table")
    assert page.css("link[rel=canonical]::attr(href)").get() == f"{PUBLIC_URL}/resolve"


def test_each_line_and_each_parameter_is_a_name_in_the_order_asked(pages: FlaskClient) -> None:
    page = Selector(pages.get("/resolve?name=alpha/ode-4.5%0D%0A%0D%0Abeta/lyra&name=nothing-alike").text)
    assert page.css("table.named tbody th .id::text").getall() == ["alpha/ode-4.5", "beta/lyra", "nothing-alike"]
    assert page.css("textarea::text").get() == "alpha/ode-4.5\nbeta/lyra\nnothing-alike"


def test_a_known_name_leads_to_its_model_and_says_how_it_was_read(pages: FlaskClient) -> None:
    row = Selector(pages.get("/resolve?name=alpha/ode-4.5").text).css("table.named tbody tr")
    assert row.css("td .name a::attr(href)").get() == "/models/alpha/ode-4.5"
    assert row.css("td .id::text").get() == "alpha/ode-4.5"
    assert row.css("details ol.steps li")


def test_a_known_name_has_the_price_seller_and_status_that_the_api_gives(pages: FlaskClient) -> None:
    for provider, seller, price in (("", "Alpha", "$3 / $15"), ("hostly", "Hostly", None)):
        asked = f"name=alpha/ode-4.5&provider={provider}"
        told = (pages.get(f"/api/v1/resolve?{asked}").json or {})["data"][0]
        page = Selector(pages.get(f"/resolve?{asked}").text)
        cells = [" ".join(" ".join(cell.css("::text").getall()).split()) for cell in page.css("table.named tbody td")]
        cost = price or f"${told['cost']['input']} / ${told['cost']['output']}"
        assert cells[1] == f"{cost} at {seller}"
        assert page.css("table.named td .state::text").get() == told["status"] == "active"
        assert page.css("#provider::attr(value)").get() == provider


def test_an_unknown_name_says_so_and_offers_what_is_alike(pages: FlaskClient) -> None:
    row = Selector(pages.get("/resolve?name=vectr-1").text).css("table.named tbody tr")
    assert row.css(".warm::text").get() == "No model here has this name"
    assert row.css(".near a::attr(href)").getall()[0] == "/models/beta/vector-1"


@pytest.mark.parametrize(
    ("name", "english", "spanish"),
    [
        ("vectr-1", "its name is much like it", "su nombre es muy parecido"),
        ("1-vector", "its id has every word of the name", "su id contiene todas las palabras del nombre"),
    ],
)
def test_why_a_model_may_be_meant_is_said_in_the_readers_language(
    pages: FlaskClient, name: str, english: str, spanish: str
) -> None:
    for code, said in (("", english), ("/es", spanish)):
        for answer in (pages.get(f"{code}/resolve?name={name}"), pages.get(f"{code}/models/{name}")):
            page = Selector(answer.text)
            assert said in page.css("a[title]::attr(title)").getall(), answer.request.path
            assert not page.css("a[title][lang]")
    assert (pages.get(f"/api/v1/resolve?name={name}").json or {})["data"][0]["candidates"][0]["reason"] == english


def test_names_are_text_and_nothing_else(pages: FlaskClient) -> None:
    answer = pages.get("/resolve?name=%3C/textarea%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in answer.text


def test_the_fragment_is_the_table_alone_under_its_own_address(pages: FlaskClient) -> None:
    answer = pages.get("/resolve?name=alpha/ode-4.5&fragment=results")
    assert "<html" not in answer.text
    assert Selector(answer.text).css("section#results table.named")
    assert answer.headers["HX-Push-Url"] == "/resolve?name=alpha%2Fode-4.5"


@pytest.mark.parametrize("query", ["x=1", f"name={'a' * 501}", "&".join(["name=a"] * 51), "name=a&fragment=nothing"])
def test_what_cannot_be_read_is_a_400(pages: FlaskClient, query: str) -> None:
    answer = pages.get(f"/resolve?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "text/html")


def test_every_page_leads_to_it(pages: FlaskClient) -> None:
    assert "/resolve" in Selector(pages.get("/").text).css("footer a::attr(href)").getall()
