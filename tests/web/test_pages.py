"""The other pages, and what holds of every one: headers, weight, caching, words for what went wrong."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it ships no types
import pytest
from flask import Flask
from flask.testing import FlaskClient
from parsel import Selector
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool
from werkzeug.test import TestResponse

from aimstats.config import Config
from aimstats.extensions import current
from aimstats.factory import create_app
from aimstats.web import changes, rendering
from aimstats.web.assets import serve_assets
from aimstats.web.editions import unread_notice
from tests.catalogue.bodies import MODELS, OFFERS
from tests.web.addresses import ADDRESSES, MODEL
from tests.web.conftest import PUBLIC_URL, app_on
from tests.web.publishing import publish

MAX_BYTES = 40_000


@pytest.mark.parametrize(("path", "is_page"), [("/", True), ("/api/v1/models", False), ("/nowhere", True)])
def test_answers_carry_the_headers_that_keep_browsers_safe(pages: FlaskClient, path: str, is_page: bool) -> None:
    headers = pages.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert ("Strict-Transport-Security" in headers) == PUBLIC_URL.startswith("https://")
    assert all((name in headers) == is_page for name in rendering.ON_PAGES)


def test_only_a_site_over_https_asks_to_be_asked_for_so(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz").headers


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_holds_nothing_inline_and_asks_nobody_else(pages: FlaskClient, address: str) -> None:
    answer = pages.get(address)
    page = Selector(answer.text)
    assert answer.status_code == 200
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
    assert "style-src 'self'" in answer.headers["Content-Security-Policy"]
    assert not page.xpath(
        "//*[@style] | //style | //script[not(@src) and not(@type='application/ld+json')] | //@*[starts-with(name(), 'on')]"
    )
    loaded = page.css("script::attr(src), link[rel=stylesheet]::attr(href), img::attr(src), link[rel=icon]::attr(href)").getall()
    assert loaded
    assert all(re.fullmatch(r"/static/[a-z]+\.[0-9a-f]{10}\.(css|js|svg)", one) for one in loaded)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_says_what_it_is(pages: FlaskClient, address: str) -> None:
    page = Selector(pages.get(address).text)
    assert page.css("html::attr(lang)").get() == "en"
    assert page.css("title::text").get("").endswith("AI Models Stats")
    assert page.css("meta[name=description]::attr(content)").get()
    assert page.css("link[rel=canonical]::attr(href)").get() == PUBLIC_URL + address.partition("?")[0]
    assert len(page.css("h1")) == 1
    assert page.css("a.skip::attr(href)").get() == "#main"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_that_did_not_change_is_not_sent_again(pages: FlaskClient, address: str) -> None:
    first = pages.get(address, headers={"Accept-Encoding": "br"})
    again = pages.get(address, headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})
    other = pages.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "public" in first.headers["Cache-Control"]
    assert other.status_code == 200
    assert other.headers["ETag"] != first.headers["ETag"]
    assert "Accept-Encoding" in first.headers["Vary"]


def test_a_page_and_its_fragment_are_two_answers(pages: FlaskClient) -> None:
    assert pages.get("/").headers["ETag"] != pages.get("/?fragment=results").headers["ETag"]


@pytest.mark.parametrize("address", ["/", MODEL])
def test_a_page_with_all_that_it_loads_stays_light(pages: FlaskClient, address: str) -> None:
    answer = pages.get(address, headers={"Accept-Encoding": "br"})
    files = re.findall(r'"(/static/[^"]+)"', brotli.decompress(answer.data).decode())
    sizes = [len(pages.get(one, headers={"Accept-Encoding": "br"}).data) for one in set(files)]
    assert len(answer.data) + sum(sizes) < MAX_BYTES


def test_static_files_are_kept_for_ever_and_compressed(pages: FlaskClient) -> None:
    address = Selector(pages.get("/").text).css("link[rel=stylesheet]::attr(href)").get("")
    answer = pages.get(address, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert pages.get("/static/app.0000000000.css").status_code == 404


def test_a_merged_id_leads_to_what_it_is_now(pages: FlaskClient) -> None:
    answer = pages.get("/models/alpha/ode-4-5")
    assert (answer.status_code, answer.headers["Location"]) == (301, MODEL)


@pytest.mark.parametrize("address", ["/models/no/body", "/models/x", "/developers/nobody", "/providers/nobody", "/nothing/here"])
def test_what_is_not_there_is_a_page_that_leads_on(pages: FlaskClient, address: str) -> None:
    answer = pages.get(address)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert answer.headers["Cache-Control"] == "no-store"
    assert Selector(answer.text).css(".error a::attr(href)").get() == "/"


def test_a_page_cannot_be_posted_to(pages: FlaskClient) -> None:
    answer = pages.post("/")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert answer.mimetype == "text/html"


def test_errors_of_the_api_stay_problems(pages: FlaskClient) -> None:
    assert pages.get("/api/v1/nothing").mimetype == "application/problem+json"


def test_an_empty_catalogue_says_how_to_fill_it(app: Flask) -> None:
    answer = app.test_client().get("/")
    page = Selector(answer.text)
    assert answer.status_code == 503
    assert page.css("h1::text").get() == "The catalogue is empty"
    assert page.css("pre code::text").get() == "make scrape"
    assert int(answer.headers["Retry-After"]) > 0


def test_a_new_edition_shows_at_once_and_changes_the_validator(database_url: URL) -> None:
    engine = create_engine(database_url, poolclass=NullPool)
    app = app_on(database_url)
    with engine.begin() as connection:
        publish(connection, MODELS, OFFERS)
    before = app.test_client().get("/")
    with engine.begin() as connection:
        publish(connection, MODELS[:1], OFFERS[:1], dataset=2)
    app.extensions["catalogue"]._next_look = float("-inf")
    after = app.test_client().get("/", headers={"If-None-Match": before.headers["ETag"]})
    app.extensions["database"].close()
    assert after.status_code == 200
    assert "beta/lyra" in before.text
    assert "beta/lyra" not in after.text


def test_every_validator_knows_whether_the_database_is_away(database_url: URL) -> None:
    engine = create_engine(database_url, poolclass=NullPool)
    app = app_on(database_url)
    with engine.begin() as connection:
        publish(connection, MODELS, OFFERS)

    def asked(known: Mapping[str, str], *, rename: str = "") -> dict[str, TestResponse]:
        with engine.begin() as connection:
            connection.execute(text(rename or "select 1"))
        app.extensions["catalogue"]._next_look = float("-inf")
        client = app.test_client()
        return {one: client.get(one, headers={"If-None-Match": known.get(one, "")}) for one in (*ADDRESSES, "/api/v1/models")}

    def etags(answers: Mapping[str, TestResponse]) -> dict[str, str]:
        return {address: answer.headers["ETag"] for address, answer in answers.items() if "ETag" in answer.headers}

    present = asked({})
    assert set(etags(present)) == set(present)
    away = asked(etags(present), rename="alter table version rename to version_away")
    assert {address for address, answer in away.items() if "not answered" not in answer.text} == {"/api/v1/models"}
    assert set(etags(present).values()).isdisjoint(etags(away).values())
    lacking = set(away) - set(etags(away))  # what reads the ledger lacks that part of it, and is kept by nobody
    assert "/" not in lacking
    assert {away[one].headers["Cache-Control"] for one in lacking} <= {"no-store"}
    back = asked(etags(away), rename="alter table version_away rename to version")
    assert not [address for address, answer in back.items() if answer.status_code != 200 or "not answered" in answer.text]
    assert etags(back) == etags(present)
    again = asked(etags(away), rename="alter table version rename to version_away")
    app.extensions["database"].close()
    assert again["/api/v1/models"].status_code == 200, "it is away since another moment"


def test_a_new_release_is_a_new_validator_of_every_page(published: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    config = published.config["AIMSTATS"]
    moved = replace(config, public_url="https://other.example")
    seen = [_etags(config)]
    with monkeypatch.context() as patched:
        patched.setattr(rendering, "software_version", lambda: "another")
        patched.setattr(current, "software_version", lambda: "another")
        seen.append(_etags(config))
    with monkeypatch.context() as patched:
        patched.setattr(rendering, "look", lambda: "another")
        patched.setattr(changes, "look", lambda: "another")
        seen.append(_etags(config))
    seen.append(_etags(moved))
    assert len({etag for etags in seen for etag in etags}) == 4 * len(seen[0])
    assert _etags(config) == seen[0]


def _etags(config: Config) -> list[str]:
    app = create_app(config)
    client = app.test_client()
    found = [client.get(address).headers["ETag"] for address in (*ADDRESSES, "/changes.atom")]
    app.extensions["database"].close()
    return found


def test_the_mark_of_the_look_moves_with_every_template(published: Flask, tmp_path: Path) -> None:
    assert published.template_folder
    folder = shutil.copytree(Path(published.root_path, published.template_folder), tmp_path / "templates")
    templates = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.suffix for path in templates} >= {".html", ".xml"}
    marks = []
    for path in templates:
        path.write_text(path.read_text() + " ")
        marks.append(serve_assets(Flask("aimstats", template_folder=str(folder))))
    assert len(set(marks)) == len(templates)


def test_without_its_database_a_page_goes_on_and_says_so(database_url: URL) -> None:
    engine = create_engine(database_url, poolclass=NullPool)
    app = app_on(database_url)
    with engine.begin() as connection:
        publish(connection, MODELS, OFFERS)
    assert app.test_client().get("/").status_code == 200
    with engine.begin() as connection:
        connection.execute(text("alter table version rename to version_away"))
        connection.execute(text("alter table resolved_model rename to resolved_model_away"))
    app.extensions["catalogue"]._next_look = float("-inf")
    table, model = app.test_client().get("/"), app.test_client().get(MODEL)
    app.extensions["database"].close()
    assert "The database has not answered since" in Selector(table.text).css(".notice").get("")
    assert "beta/lyra" in table.text
    assert model.status_code == 200
    assert "cannot be read just now" in model.text
    assert model.headers["Cache-Control"] == "no-store"


def test_old_figures_are_said_to_be_old(database_url: URL) -> None:
    engine = create_engine(database_url, poolclass=NullPool)
    app = app_on(database_url)
    with engine.begin() as connection:
        publish(connection, MODELS, OFFERS, checked_at=datetime.now(UTC) - timedelta(days=9))
    notice = Selector(app.test_client().get("/").text).css(".notice::text").get("")
    app.extensions["database"].close()
    assert notice.startswith("No source has been read for 9 days")
    assert "make scrape" not in notice, "it is nobody's own copy"
    with app.test_request_context("/"):
        assert unread_notice(9, is_own_copy=True).endswith(" <code>make scrape</code> reads them again.")


def test_the_reference_names_every_parameter_of_the_contract(pages: FlaskClient) -> None:
    document = pages.get("/api/v1/openapi.json").get_json()
    page = Selector(pages.get("/docs/api").text)
    shown = {heading.css("code::text").get() for heading in page.css(".endpoint h2")}
    twins = set(page.css(".endpoint p code::text").getall())
    assert shown | twins >= set(document["paths"])
    models = document["paths"]["/api/v1/models"]["get"]["parameters"]
    section = page.xpath('//section[h2/code="/api/v1/models"]')
    table = section.xpath('.//details[starts-with(@id, "parameters")]//th[@scope="row"]//text()').getall()
    assert {one.strip() for one in table if one.strip()} == {one["name"] for one in models}
    fields = section.xpath('.//details[starts-with(@id, "fields")]//th[@scope="row"]//text()').getall()
    assert {"id", "cost.input", "cost.absent", "developer.id"} <= set(fields)
    headings = section.xpath('.//th[@scope="rowgroup"]/text()').getall()
    assert (headings[0], headings[-1], "Price" in headings) == ("The address", "Workload", True)


def test_the_reference_stands_where_only_the_api_is_served(published: Flask) -> None:
    config = replace(published.config["AIMSTATS"], serve=frozenset({"api"}))
    app = create_app(config)
    answers = [app.test_client().get(address).status_code for address in ("/docs/api", "/", "/api/v1/models")]
    app.extensions["database"].close()
    assert answers == [200, 404, 200]


def test_crawlers_are_told_the_pages_and_not_the_filters(pages: FlaskClient) -> None:
    robots, sitemap = pages.get("/robots.txt").text, pages.get("/sitemap.xml")
    assert "Disallow: /*?" in robots
    assert f"Sitemap: {PUBLIC_URL}/sitemap.xml" in robots
    assert sitemap.mimetype == "application/xml"
    found = Selector(sitemap.text, type="xml").xpath("//*[local-name()='loc']/text()").getall()
    assert f"{PUBLIC_URL}{MODEL}" in found
    assert f"{PUBLIC_URL}/providers/hostly" in found


def test_there_is_no_sitemap_without_a_public_address(app: Flask) -> None:
    assert app.test_client().get("/sitemap.xml").status_code == 404


def test_names_from_documents_are_written_as_text(database_url: URL) -> None:
    engine = create_engine(database_url, poolclass=NullPool)
    app = app_on(database_url)
    hostile = {**MODELS[0], "name": "<script>alert(1)</script>", "aliases": ['"><img src=x>']}
    with engine.begin() as connection:
        publish(connection, [hostile], [])
    texts = [app.test_client().get(address).text for address in ("/", MODEL)]
    app.extensions["database"].close()
    assert all("<script>alert" not in one and "<img" not in one for one in texts)
