"""What the table of models hides until it is asked for: retired models, by a chip that says how many."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.web.reading import chips, get, ids


def test_retired_models_are_hidden_and_a_chip_says_how_many_and_shows_them(pages: FlaskClient) -> None:
    page = get(pages, "/?developer=alpha")
    assert ids(page.get()) == ["alpha/ode-4.5"]
    assert chips(page)["1 retired hidden"] == "/?developer=alpha&retired=shown"
    shown = get(pages, "/?developer=alpha&retired=shown")
    assert set(ids(shown.get())) == {"alpha/ode-4.5", "alpha/ode-mini"}
    assert chips(shown)["Retired shown"] == "/?developer=alpha"
    asked = shown.css(".under-table .end a::attr(href)").get("")
    assert asked.startswith("/api/v1/models?sort=-notability&")
    assert "status=" not in asked


def test_where_a_status_is_chosen_nothing_is_hidden_beside_it(pages: FlaskClient) -> None:
    page = get(pages, "/?status=retired")
    assert ids(page.get()) == ["alpha/ode-mini"]
    assert list(chips(page)) == ["Status: retired"]


def test_without_a_retired_model_there_is_no_chip(pages: FlaskClient) -> None:
    assert not chips(get(pages, "/developers/beta"))


def test_a_search_that_only_retired_models_answer_says_so(pages: FlaskClient) -> None:
    page = get(pages, "/?q=mini")
    assert page.css(".empty p a::attr(href)").get() == "/?q=mini&retired=shown"
    assert chips(page)["1 retired hidden"] == "/?q=mini&retired=shown"


@pytest.mark.parametrize("words", ["ode+mini", "alpha/ode-mini"])
def test_a_search_for_a_models_very_name_shows_it_though_it_is_retired_and_says_so(pages: FlaskClient, words: str) -> None:
    page = get(pages, f"/?q={words}")
    assert ids(page.get()) == ["alpha/ode-mini"]
    assert "retired" in page.css("tbody tr").get("").lower()
    assert not [chip for chip in chips(page) if "hidden" in chip]


def test_a_model_without_a_status_is_not_taken_for_retired(pages: FlaskClient) -> None:
    assert "gamma/quiet" in ids(pages.get("/?types=all").text)


@pytest.mark.parametrize(
    "address",
    ["/", "/?types=all", "/?q=ode", "/?q=ode+mini", "/?q=alpha/ode-mini", "/?q=mini&retired=shown", "/providers/hostly"],
)
def test_json_and_csv_of_a_view_have_the_rows_that_it_shows(pages: FlaskClient, address: str) -> None:
    page = get(pages, address)
    as_json, as_csv = page.css(".under-table .end a::attr(href)").getall()[:2]
    rows = [row["id"] for row in pages.get(as_json).get_json()["data"]]
    assert rows, "the view shows something"
    assert [line.split(",")[0] for line in pages.get(as_csv).text.splitlines()[1:]] == rows
    assert len(rows) == len(page.css("tbody th.lead"))
    if not address.startswith("/providers"):
        assert rows == ids(page.get())


@pytest.mark.parametrize("address", ["/?retired=hidden", "/?retired=shown&retired=x", "/providers?retired=shown"])
def test_the_parameter_of_retired_models_takes_one_word_on_one_table(pages: FlaskClient, address: str) -> None:
    assert pages.get(address).status_code == 400


def test_the_api_hides_nothing(pages: FlaskClient) -> None:
    assert "alpha/ode-mini" in {row["id"] for row in pages.get("/api/v1/models").get_json()["data"]}
