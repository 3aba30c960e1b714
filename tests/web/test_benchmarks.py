"""`/benchmarks`, `/benchmarks/{id}` and `/frontier`: ranks that are shared, weights of one's own, and cost against score."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from parsel import Selector
from playwright.sync_api import Browser
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

import scrapy_project
from aimstats.domain.items import Benchmark
from aimstats.web.measures import MEASURES
from scrapy_project.spiders.arena.boards import BOARDS, arena_benchmark
from scrapy_project.spiders.epoch.files import FILES
from tests.catalogue.bodies import cost, model, offer, own, price
from tests.catalogue.scored import BENCHMARKS, STATED, USD, score
from tests.web.conftest import app_on, serving
from tests.web.publishing import publish
from tests.web.reading import texts

OFFERS = [
    offer(
        "a", name, cost=cost(input=usd, output=usd, cache_read="0.01"),
        prices=[price("input", usd), price("output", usd), *([price("cache_read", "0.01")] if name == "a/mid" else [])],
    )
    for name, usd in USD.items()
    if usd
]  # fmt: skip


@pytest.fixture
def client(database_url: URL) -> Iterator[FlaskClient]:
    models = [
        model(
            name, name=name.partition("/")[2].title(), cost=cost(input=usd, output=usd), cost_basis=own(name),
            status="retired" if name == "a/gone" else "active", scores={"exam": STATED[name][0]["value"]},
        )
        for name, usd in USD.items()
    ]  # fmt: skip
    older = score("exam", "12", edition="1", measured_on="2020")
    evidence: dict[str, Any] = {name: {"scores": [*rows, older] if name == "a/low" else rows} for name, rows in STATED.items()}
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        publish(connection, models, OFFERS, evidence=evidence)
        for name, declared in BENCHMARKS.items():
            body = orjson.dumps({"id": name, **declared}).decode()
            values = {"id": name, "body": body, "edition": declared["edition"]}
            connection.execute(text("insert into benchmark (id, body, edition) values (:id, :body, :edition)"), values)
    app = app_on(database_url)
    yield app.test_client()
    app.extensions["database"].close()
    engine.dispose()


def test_a_board_shares_ranks_keeps_self_reports_apart_and_says_how_old_it_is(client: FlaskClient) -> None:
    page = Selector(client.get("/benchmarks/exam").text)
    ranks = dict(
        zip(texts(page, "table.ranks:not(details *) .lead .name"), texts(page, "table.ranks:not(details *) td.rank"), strict=True)
    )
    assert (ranks["Gone retired"], ranks["Mid"], ranks["Near"], ranks["Low"]) == ("1", "3–5", "4–5", "7–8")
    assert "Own" not in ranks
    assert "Gone leads with 95" in texts(page, ".answer")[0]
    assert texts(page, "#self-reported summary") == ["1 score that a developer reports of its own model"]
    assert page.css("#self-reported[open]") == []
    assert "last measured Mar 2026" in texts(page, ".status-line")[0]
    assert page.css("table.ranks svg.interval path") != []
    assert page.css("[style]") == []
    older = Selector(client.get(page.css(".chips a::attr(href)").get("")).text)
    assert texts(older, "table.ranks .lead .name") == ["Low"]
    assert older.css(".status-line .warm::text").get("") == "last measured 2020"
    assert client.get("/benchmarks/nothing").status_code == 404


def test_benchmarks_are_listed_and_weighed_by_links_alone(client: FlaskClient) -> None:
    page = Selector(client.get("/benchmarks").text)
    assert texts(page, "table.benches th .name") == ["Exam 2"]
    place = page.css("a.weigh::attr(href)").get("")
    weighed = Selector(client.get(place).text)
    assert "use=exam%3A1" in place
    assert texts(weighed, "#composite .lead .name")[0] == "Gone"
    assert texts(weighed, ".chips a") == ["Exam 1 × , take it out"]
    assert client.get(weighed.css(".chips a::attr(href)").get("")).text == client.get("/benchmarks").text
    assert client.get("/benchmarks?use=exam:0").status_code == 400
    assert "nope: there is no such parameter." in client.get("/benchmarks?nope=1").text


def test_the_frontier_is_a_sentence_a_picture_of_links_and_a_table(client: FlaskClient) -> None:
    page = Selector(client.get("/frontier?score=exam").text)
    assert texts(page, ".answer")[0].startswith("3 models stand on the frontier, from Low at $1.00 to Top at $12.00")
    rows = texts(page, "table.steps-of tbody tr")
    assert "+6.3 points for 3.0 times the price" in rows[2]
    assert "Near" in rows[1]
    assert "3 models lack the score or a price" in " ".join(texts(page, "#table p"))
    assert len(page.css("svg.points")) == 2
    dots = page.css("svg.wide-chart a::attr(href)").getall()
    assert dots == ["/models/a/low", "/models/a/mid", "/models/a/top", "/models/a/near"]
    assert page.css("[style]") == []
    assert client.get("/frontier?score=nothing").status_code == 400
    tasks = Selector(client.get("/frontier?score=slips&cost=task").text)
    assert "alone stands on the frontier" in texts(tasks, ".answer")[0]
    assert "No interval is stated" in " ".join(texts(tasks, "p.small"))


@pytest.mark.browser
def test_a_picker_changes_the_picture_without_leaving_the_page(client: FlaskClient, browser: Browser) -> None:
    with serving(client.application) as site:
        page = browser.new_page(viewport={"width": 900, "height": 800})
        page.goto(f"{site}/frontier?score=exam")
        page.select_option("#cost", "summarise_1000_words")
        page.wait_for_url("**/frontier?*preset=summarise_1000_words*")
        assert page.locator("#against h2").first.text_content() == "The frontier, cheapest first"
        assert "fragment" not in page.url
        page.locator("svg.wide-chart a").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/models/a/*")
        page.close()


def test_a_score_may_stand_beside_the_costs(client: FlaskClient) -> None:
    page = Selector(client.get("/costs?input_tokens=1000000&score=exam").text)
    rows = {
        row.css("th .name a::text").get(): row.css("td.n.k")[-1].css("::text").getall()
        for row in page.css("table.costs > tbody > tr:not(.under)")
    }
    assert (rows["Top"], rows["Mid"]) == (["86.3"], ["80.0"])
    assert "Exam" in texts(page, "table.costs > thead th.k")[-1]
    assert page.css("#score option[selected]::attr(value)").get() == "exam"
    assert "score=exam" in page.css("a.agree::attr(href)").get("")
    assert client.get("/costs?score=nothing").status_code == 400


def test_the_costs_are_drawn_along_the_cached_share_when_that_is_asked_for(client: FlaskClient) -> None:
    place = "/costs?input_tokens=1000000&output_tokens=1000&cached=50"
    page = Selector(client.get(place).text)
    assert page.css("figure.shares") == []
    shown = Selector(client.get(page.css("#turns p.small a::attr(href)").get("").partition("#")[0]).text)
    lines = shown.css("figure.shares svg.wide-chart path.step")
    assert len(lines) == len(set(shown.css("figure.shares svg.wide-chart text.name::text").getall())) > 1
    assert all(line.attrib["d"].count("L") == 10 for line in lines)
    assert client.get(f"{place}&lines=drawn").status_code == 400


def test_what_every_declared_benchmark_measures_is_among_the_texts_that_are_translated() -> None:
    """The spiders' own words are English: pages in another language have theirs."""
    declared = {arena_benchmark(board).measures for board in BOARDS} | {file.measures for file in FILES.values()}
    for found in pkgutil.walk_packages(scrapy_project.__path__, "scrapy_project."):
        for value in vars(importlib.import_module(found.name)).values():
            some = value.values() if isinstance(value, dict) else [value]
            declared |= {one.measures for one in some if isinstance(one, Benchmark)}
    assert len(declared) > 60
    assert declared <= set(MEASURES)


def test_what_a_benchmark_measures_is_said_in_the_readers_language_or_marked_as_english(client: FlaskClient) -> None:
    page = Selector(client.get("/es/benchmarks").text)
    cells = {cell.css("::text").get(""): cell.attrib.get("lang") for cell in page.css("tbody td.wide.small")}
    assert cells["Preguntas de cultura general"] is None
    other = Selector(client.get("/es/benchmarks/slips").text).css(".standfirst p")[0]
    assert (other.css("::text").get(), other.attrib["lang"]) == ("Errors", "en")
    board = Selector(client.get("/es/benchmarks/exam").text)
    assert board.css(".standfirst p::text").get() == "Preguntas de cultura general"
    assert "lang" not in board.css(".standfirst p")[0].attrib
    assert board.css("meta[name=description]::attr(content)").get() == "Preguntas de cultura general"
