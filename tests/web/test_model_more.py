"""Below the offers of a model: what a workload costs at each of them, what came after it, and where its weights run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from parsel import Selector
from sqlalchemy.engine import URL

from tests.catalogue.bodies import cost, model, offer, own, price
from tests.web.conftest import client_on
from tests.web.reading import texts

BOTH = {"output": ["text"], "input": ["text"]}
MODELS = [
    model(
        "alpha/ode-1", name="Ode 1", family="ode", release_date="2025-01-01", open_weights=True, replacements=["alpha/lyra"],
        parameters={"total": 70_000_000_000, "active": 17_000_000_000}, modalities=BOTH, cost=cost(input="2", output="2"),
        cost_basis=own("alpha/ode-1"),
    ),
    model(
        "alpha/ode-2", name="Ode 2", family="ode", release_date="2025-09-01", modalities=BOTH, cost=cost(input="4", output="4"),
        cost_basis=own("alpha/ode-2"),
    ),
    model("alpha/ode-0", name="Ode 0", family="ode", release_date="2024-09-01", modalities=BOTH, cost_basis=own("alpha/ode-0")),
    model("alpha/lyra", name="Lyra", open_weights=True),
]  # fmt: skip


def sold(seller: str, name: str, usd: str, **rest: object) -> dict[str, object]:
    both = [price("input", usd), price("output", usd)]
    return offer(seller, f"alpha/{name}", cost=cost(input=usd, output=usd), prices=both, **rest)


OFFERS = [
    sold("alpha", "ode-1", "2"), sold("hostly", "ode-1", "1"), sold("cloudy", "ode-1", "3"),
    sold("hostly", "ode-1", "0.5", id="hostly/alpha/ode-1~fp8", variant="fp8"), sold("alpha", "ode-2", "4"),
]  # fmt: skip


@pytest.fixture
def client(database_url: URL) -> Iterator[FlaskClient]:
    with client_on(database_url, MODELS, OFFERS) as asked:
        yield asked


def test_a_workload_is_priced_at_every_offer_by_the_engine(client: FlaskClient) -> None:
    page = Selector(client.get("/models/alpha/ode-1?preset=summarise_1000_words").text)
    said = "1 of 4 offers is cheaper with the same weights than that of Alpha."
    assert texts(page, "#bills p")[0] == f"{said} 1 cheaper one is not counted: a variant, or a price that cannot be compared."
    rows = texts(page, "#bills tbody tr")
    assert [row.split()[0] for row in rows] == ["Hostly", "Hostly", "Alpha", "Cloudy"]
    assert rows[0].endswith("0.2×")
    assert ["not counted" in row for row in rows] == [True, False, False, False]
    assert rows[1].endswith("0.5×")
    assert "its developer" in rows[2]
    totals = {
        row["offer"]: row["total"]
        for row in (client.get("/api/v1/costs?preset=summarise_1000_words&id=alpha/ode-1&per=offer").json or {})["data"]
    }
    assert totals["hostly/alpha/ode-1"] == 0.0016
    assert "$0.0016" in rows[1]
    assert client.get(page.css("#bills p a::attr(href)").get("")).status_code == 200


def test_what_is_named_as_its_replacement_comes_before_the_newer_ones_of_its_family(client: FlaskClient) -> None:
    page = Selector(client.get("/models/alpha/ode-1").text)
    assert texts(page, "#successors tbody .name") == ["Lyra named as its replacement", "Ode 2"]
    assert Selector(client.get("/models/alpha/ode-2").text).css("#successors") == []


def test_open_weights_say_what_they_need_and_where_they_fit(client: FlaskClient) -> None:
    page = Selector(client.get("/models/alpha/ode-1").text)
    said = texts(page, "#hosting p")[0]
    assert "70 billion parameters × 16 bits ÷ 8 × 1.1 = 154 GB" in said
    assert "17B parameters of 70B are at work for each token" in said
    assert "context’s cache, which is not known" in said
    assert texts(page, "#hosting tbody tr") == [
        "16 bits 154 eight cards with 80 GB",
        "8 bits 77 eight cards with 80 GB",
        "4.5 bits 43.31 one card with 80 GB",
    ]
    assert "no source says how large they are" in client.get("/models/alpha/lyra").text
    assert Selector(client.get("/models/alpha/ode-2").text).css("#hosting") == []
