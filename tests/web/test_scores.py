"""The scores of a model, on its page and in its answer: one a benchmark, a developer's own word marked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from flask.testing import FlaskClient
from parsel import Selector
from playwright.sync_api import Browser
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.domain.items import Benchmark
from tests.catalogue.bodies import MODELS, OFFERS
from tests.web.conftest import app_on, serving, small_evidence
from tests.web.publishing import publish

MODEL = "alpha/ode-4.5"
PLANS = ("batch", "flex", "free", "priority")
BENCHMARKS = (
    Benchmark(
        id="gpqa", name="GPQA Diamond", measures="Hard questions", unit="percent", version="Diamond", url="https://gpqa.example"
    ),
    Benchmark(id="horizon", name="Horizon", measures="Long tasks", unit="minutes"),
    Benchmark(id="arena", name="Arena", measures="Votes", unit="rating"),
)


def row(benchmark: str, value: str, **rest: Any) -> dict[str, Any]:
    """A score as resolved models keep it."""
    blank = dict.fromkeys(("edition", "unit", "ci_low", "ci_high", "measured_on", "measured_by", "self_reported"))
    return {
        **blank, "benchmark": benchmark, "value": value, "metric": None, "subset": None, "settings": {}, "complete": True,
        "multi_model": False, "source": "epoch", "name": "ode", "url": "https://epoch.example/1", "document": 1, "chosen": True,
        **rest,
    }  # fmt: skip


SCORES = [
    row(
        "gpqa", "83.4123", unit="percent", self_reported=True, measured_by="", settings={"effort": "high", "reported_in": "Card"}
    ),
    row("gpqa", "70", unit="percent", complete=False, chosen=False),
    row(
        "horizon", "718.8", unit="minutes", edition="1.1", self_reported=False, measured_by="metr", ci_low="319", ci_high="3949.7"
    ),
    row("arena", "1500", unit="rating", chosen=False, complete=False),
]


@pytest.fixture
def scored(database_url: URL) -> Iterator[FlaskClient]:
    """Pages and API on the small catalogue, one of whose models has scores."""
    evidence = small_evidence()
    evidence[MODEL] = {**evidence[MODEL], "scores": SCORES}
    plans = {plan: {"input": "0.625", "output": "10.125"} for plan in PLANS}
    models = [{**body, "cost": {**body["cost"], "plans": plans}} if body["id"] == MODEL else body for body in MODELS]
    with create_engine(database_url, poolclass=NullPool).begin() as connection:
        publish(connection, models, OFFERS, evidence=evidence)
        for benchmark in BENCHMARKS:
            body = json.dumps({name: getattr(benchmark, name) for name in benchmark.__slots__})
            edition = "1.1" if benchmark.id == "horizon" else ""
            connection.execute(
                text("insert into benchmark (id, body, edition) values (:id, :body, :edition)"),
                {"id": benchmark.id, "body": body, "edition": edition},
            )
    app = app_on(database_url)
    yield app.test_client()
    app.extensions["database"].close()


def lines(client: FlaskClient) -> dict[str, list[str]]:
    """The cells of each benchmark's line."""
    found = Selector(client.get(f"/models/{MODEL}").text).css("#scores tbody tr")
    return {one.css("th").xpath("string()").get(""): one.css("td").xpath("normalize-space()").getall() for one in found}


def test_a_score_that_the_developer_reported_itself_is_marked(scored: FlaskClient) -> None:
    assert lines(scored)["GPQA DiamondCard, via epoch"] == ["self-reported 83.4 %", "", "effort high", "", "1"]


def test_a_score_that_others_measured_is_not_marked_and_says_its_edition_and_interval(scored: FlaskClient) -> None:
    assert lines(scored)["Horizon1.1metr, via epoch"] == ["718.8 min", "319 to 3950", "", "", ""]


def test_a_benchmark_none_of_whose_rows_may_stand_is_a_dash_with_the_count_of_them(scored: FlaskClient) -> None:
    assert lines(scored)["Arena"] == ["–none of its rows may stand for the model", "", "", "", "1"]
    assert [name[:5] for name in lines(scored)] == ["GPQA ", "Horiz", "Arena"]


def test_a_model_without_scores_has_no_table_of_them(scored: FlaskClient) -> None:
    assert not Selector(scored.get("/models/beta/lyra").text).css("#scores")


@pytest.mark.browser
def test_scores_and_many_plans_are_no_wider_than_a_phone(scored: FlaskClient, browser: Browser) -> None:
    with serving(scored.application) as address:
        page = browser.new_page(viewport={"width": 360, "height": 740})
        page.goto(f"{address}/models/{MODEL}")
        assert page.locator("#prices thead th").count() >= 1 + len(PLANS)
        assert page.locator("#scores tbody tr").count() == len(BENCHMARKS)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.locator("#scores thead th:visible").all_inner_texts() == ["Benchmark", "Score"]
        assert Axe().run(page).response["violations"] == []
        page.close()


def test_the_api_lists_benchmarks_with_unit_direction_version_page_and_licence(scored: FlaskClient) -> None:
    rows = {one["id"]: one for one in scored.get("/api/v1/benchmarks").get_json()["data"]}
    assert list(rows) == ["arena", "gpqa", "horizon"]
    assert rows["gpqa"] == {
        "id": "gpqa", "name": "GPQA Diamond", "measures": "Hard questions", "unit": "percent", "higher_is_better": True,
        "version": "Diamond", "url": "https://gpqa.example", "license": None, "default_harness": None, "model_count": 2,
        "newest": None, "self_reported": 1,
    }  # fmt: skip
    assert (rows["horizon"]["version"], rows["arena"]["version"], rows["arena"]["url"]) == ("1.1", None, None)
    assert scored.get("/api/v1/benchmarks?q=votes").get_json()["data"] == [rows["arena"]]


def test_the_api_says_who_reported_each_score_and_of_which_version_its_benchmark_is(scored: FlaskClient) -> None:
    rows = scored.get(f"/api/v1/models/{MODEL}?include=scores").get_json()["scores"]
    told = [(one["benchmark"], one["value"], one["version"], one["self_reported"], one["complete"]) for one in rows]
    assert told == [
        ("gpqa", 83.4123, "Diamond", True, True),
        ("gpqa", 70, "Diamond", None, False),
        ("horizon", 718.8, "1.1", False, True),
        ("arena", 1500, None, None, False),
    ]
    schema = scored.get("/api/v1/openapi.json").get_json()
    assert '"self_reported":{"type":["boolean","null"]' in json.dumps(schema, separators=(",", ":"))


def test_a_score_is_a_column_a_filter_and_a_sort_by_its_name(scored: FlaskClient) -> None:
    page = Selector(scored.get("/?column=scores.gpqa&score_gpqa=80&sort=-scores.gpqa").text)
    assert page.css("tbody .id::text").getall() == [MODEL]
    assert page.css("tbody td.s").xpath("normalize-space()").get() == "83.4"
    assert page.css("thead th.s a::text").get() == "GPQA Diamond"
    assert page.css("thead th.s").attrib["aria-sort"] == "descending"
    assert page.css("#sort option[selected]::text").get() == "GPQA Diamond"
    assert page.css("#score_gpqa::attr(value)").get() == "80"
    chip = page.css(".chips a")[0]
    assert chip.xpath("normalize-space()").get("").startswith("GPQA Diamond ≥ 80")
    csv = scored.get(page.css(".under-table .end a::attr(href)").getall()[1]).text.splitlines()
    assert csv[0].endswith(",scores.gpqa")
    assert csv[1].endswith(",83.4")
    answer = scored.get("/?fragment=found&score_gpqa=80")
    assert answer.headers["HX-Push-Url"] == "/?min_score=gpqa%3A80"
    assert scored.get("/?score_gpqa=high").status_code == 400


@pytest.mark.parametrize(
    "address",
    ["/?sort=scores.gpqaa", "/?min_score=gpqaa:1", "/?score_gpqaa=1", "/?column=scores.gpqaa", "/costs?min_score=gpqaa:1",
     "/costs?score=gpqaa"],
)  # fmt: skip
def test_a_benchmark_that_is_not_there_is_refused_with_the_one_that_may_be_meant(scored: FlaskClient, address: str) -> None:
    answer = scored.get(address)
    assert answer.status_code == 400
    assert "there is no benchmark" in answer.text
    assert "gpqa&#39;?" in answer.text
