"""`/compare`: columns to add and to take away, rows that differ, and what is folded beneath."""

from __future__ import annotations

from flask.testing import FlaskClient
from parsel import Selector

from tests.web.reading import texts

TWO = "/compare?models=alpha/ode-4.5,beta/lyra"


def read(client: FlaskClient, address: str) -> Selector:
    return Selector(client.get(address).text)


def heads(page: Selector) -> list[str]:
    return page.css(".compare thead .name a::text").getall()


def test_models_stand_side_by_side_with_the_best_marked(pages: FlaskClient) -> None:
    page = read(pages, TWO)
    assert heads(page) == ["Ode 4.5", "Lyra"]
    rows = {texts(row, "th")[0]: row for row in page.css(".compare tbody tr:not(.group)")}
    assert texts(rows["Context tokens"], ".best") == ["best: 200K"]
    assert "Sources differ:" in texts(rows["Output $/M"], "td")[0]
    assert not rows["Output $/M"].css(".best")
    assert "Type" in texts(page, "#alike th")
    assert texts(page, "#single th") == ["gpqa"]


def test_a_column_is_taken_away_and_added_by_its_address(pages: FlaskClient) -> None:
    page = read(pages, "/compare?models=alpha/ode-4.5,beta/lyra,alpha/ode-mini&input_tokens=5")
    assert heads(page)[2] == "Ode mini"
    assert page.css(".compare thead .warm::text").get() == "Ode mini"
    without = page.css("#drop-1::attr(href)").get("")
    assert without == "/compare?models=beta/lyra,alpha/ode-mini&input_tokens=5#drop-1"
    assert heads(read(pages, without)) == ["Lyra", "Ode mini"]
    added = read(pages, TWO + "&add=alpha/ode-mini")
    assert heads(added) == ["Ode 4.5", "Lyra", "Ode mini"]
    asked = read(pages, TWO + "&add=mini")
    assert asked.css(".which a::attr(href)").get() == "/compare?models=alpha/ode-4.5,beta/lyra,alpha/ode-mini"
    assert heads(asked) == ["Ode 4.5", "Lyra"]
    boxes = read(pages, "/compare?models=alpha/ode-4.5&models=beta/lyra")
    assert heads(boxes) == ["Ode 4.5", "Lyra"]


def test_without_two_models_there_is_a_search_and_something_to_begin_with(pages: FlaskClient) -> None:
    empty = read(pages, "/compare")
    assert empty.css("input[name=add]")
    assert texts(empty, ".empty h2") == ["Two to ten models, side by side"]
    one = read(pages, "/compare?models=alpha/ode-4.5")
    assert texts(one, ".empty h2") == ["One more, and there is something to compare"]
    assert heads(read(pages, "/compare?models=alpha/ode-4.5&add=beta/lyra")) == ["Ode 4.5", "Lyra"]
    assert "No model is called" in read(pages, "/compare?add=zzz").css("main").get("")


def test_what_cannot_be_compared_is_refused(pages: FlaskClient) -> None:
    assert pages.get(TWO + ",alpha/nothing").status_code == 400
    assert pages.get("/compare?models=alpha/nothing").status_code == 404
    assert pages.get("/compare?models=" + ",".join(f"a/{number}" for number in range(11))).status_code == 400
    assert pages.get(TWO + "&cached=200").status_code == 400


def test_the_workload_is_that_of_the_address(pages: FlaskClient) -> None:
    page = read(pages, TWO + "&input_tokens=1000000&output_tokens=100000")
    pay = page.css(".compare tbody tr:nth-child(2)")[0]
    assert texts(pay, "th") == ["Your workload $ a request"]
    assert texts(pay, "td")[0].endswith("4.50")
    asked = page.css(".under-table .end a::attr(href)").get("")
    rows = pages.get(asked).json
    assert rows is not None
    assert rows["data"][0]["values"]["alpha/ode-4.5"] == 4.5


def test_a_model_without_a_total_says_why_and_a_median_stands_in_italics(pages: FlaskClient) -> None:
    page = read(pages, "/compare?models=alpha/ode-4.5,beta/lyra,beta/vector-1&input_tokens=5")
    told = page.xpath("//p[contains(., 'has no total')]")
    assert texts(page, "p:contains('has no total')")[0].endswith(
        "Vector 1 has no total: its developer states no price. Compare the cheapest offers"
    )
    assert "basis=cheapest" in told.css("a::attr(href)").get("")
    assert texts(page, "td.estimate") == ["$ 0.02"]
    assert "has no total" not in read(pages, "/compare?models=alpha/ode-4.5,alpha/ode-mini&input_tokens=5").css("main").get("")
