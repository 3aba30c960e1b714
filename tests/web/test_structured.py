"""What pages say to other programs: a picture of their kind, the whole as a Dataset, a model as a Product with its offers."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from flask.testing import FlaskClient
from parsel import Selector
from playwright.sync_api import Browser

from aimstats.web.assets import STATIC
from aimstats.web.cards import CARDS, HEIGHT, WIDTH
from aimstats.web.routes import ROUTES
from aimstats.web.structured import script_of

SITE = "https://models.example"


def said(client: FlaskClient, path: str) -> dict[str, Any]:
    """The structured data of a page."""
    found: dict[str, Any] = json.loads(Selector(client.get(path).text).css('script[type="application/ld+json"]::text').get("{}"))
    return found


def test_the_whole_is_a_dataset_whose_files_are_there(pages: FlaskClient) -> None:
    whole = said(pages, "/")
    assert (whole["@context"], whole["@type"], whole["url"]) == ("https://schema.org", "Dataset", f"{SITE}/")
    assert {"name", "description", "license", "creator", "dateModified"} <= whole.keys()
    for file in whole["distribution"]:
        answer = pages.get(file["contentUrl"].removeprefix(SITE))
        assert answer.mimetype == file["encodingFormat"]
    assert said(pages, "/?q=ode") == {}


def test_a_model_is_a_product_with_what_its_offers_ask(pages: FlaskClient) -> None:
    model = said(pages, "/models/alpha/ode-4.5")
    offers = model["offers"]
    assert (model["@type"], model["sku"], model["brand"]["name"]) == ("Product", "alpha/ode-4.5", "Alpha")
    assert (offers["@type"], offers["lowPrice"], offers["highPrice"], offers["offerCount"]) == ("AggregateOffer", "2", "3", 2)
    first = offers["offers"][0]
    assert (first["seller"]["name"], first["price"], first["priceCurrency"]) == ("Hostly", "2", "USD")
    assert [one["price"] for one in first["priceSpecification"]] == ["2", "9"]
    assert said(pages, "/models/gamma/quiet") == {}


def test_nothing_that_a_source_writes_ends_the_element() -> None:
    assert json.loads(script_of({"name": "</script><b>&"})) == {"name": "</script><b>&"}
    assert "<" not in script_of({"name": "</script>"})


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_small_and_of_the_size_that_it_is_said_to_have(name: str) -> None:
    body = (STATIC / f"card-{name}.png").read_bytes()
    assert struct.unpack(">II", body[16:24]) == (WIDTH, HEIGHT)
    assert len(body) < 60_000
    assert set(CARDS[name].routes) <= ROUTES.keys()


def test_a_page_shows_the_picture_of_its_kind(pages: FlaskClient) -> None:
    for path, name in (("/", "models"), ("/costs", "costs"), ("/frontier", "scores"), ("/sources", "models")):
        place = Selector(pages.get(path).text).css('meta[property="og:image"]::attr(content)').get("")
        assert place.startswith(f"{SITE}/static/card-{name}.")
        assert pages.get(place.removeprefix(SITE)).mimetype == "image/png"


@pytest.mark.browser
def test_the_policy_of_scripts_says_nothing_against_the_data(site: str, browser: Browser) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{site}/models/alpha/ode-4.5")
    assert page.locator('script[type="application/ld+json"]').count() == 1
    assert complaints == []
    page.close()
