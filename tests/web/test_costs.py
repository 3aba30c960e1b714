"""`/costs`: the form in percent, the sentence, receipts that add up, what stands last or is left out, and every other state."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

from flask.testing import FlaskClient
from parsel import Selector
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from tests.catalogue.bodies import cost, model, offer, own, price
from tests.web.conftest import app_on
from tests.web.publishing import publish

WORK = "/costs?input_tokens=1000000&output_tokens=100000"


def read(client: FlaskClient, address: str) -> Selector:
    """The page at an address."""
    return Selector(client.get(address).text)


def said(page: Selector, css: str) -> list[str]:
    """The texts of what the selector finds, without their line breaks."""
    return [" ".join(" ".join(one.css("::text").getall()).split()) for one in page.css(css)]


def models(page: Selector) -> list[str]:
    """The names in the table, from above."""
    return page.css("table.costs > tbody > tr > th .name a::text").getall()


def test_the_sentence_and_the_receipt_say_what_the_api_says(pages: FlaskClient) -> None:
    page = read(pages, WORK + "&per=offer&q=ode-4.5")
    answer = pages.get("/api/v1/costs?input_tokens=1000000&output_tokens=100000&per=offer&q=ode-4.5").json
    assert answer is not None
    totals = [Decimal(str(row["total"])) for row in answer["data"]]
    assert [Decimal(one.split("$")[1]) for one in page.css("table.costs b::attr(title)").getall()] == totals
    sentence = "Ode 4.5 is the cheapest of 2: $2.90 at Hostly. Number 2, Ode 4.5 , costs $4.50 , 1.6 times as much."
    assert said(page, ".answer") == [sentence]
    receipt = page.css(".receipt")
    assert len(receipt) == 1
    amounts = [Decimal(one) for one in receipt.css("tbody tr > :nth-child(4)::text").getall()]
    assert sum(amounts) == Decimal(receipt.css("tfoot tr:first-child > :nth-child(4)::text").get("")) == totals[0]


def test_percent_and_thousands_are_the_shares_and_numbers_of_the_api(pages: FlaskClient) -> None:
    page = read(pages, "/costs?input_tokens=1,000,000&cached=70+%25&batch=25&output_tokens=100000")
    assert said(page, ".workload-line p") == [
        "1 request, 1,000,000 tokens in (70 % from cache) and 100,000 tokens out, 25 % of them in batches"
    ]
    assert page.css("#cached::attr(value), #batch::attr(value), #input_tokens::attr(value)").getall() == ["1,000,000", "70", "25"]
    asked = page.css(".under-table .end a::attr(href)").getall()[1]
    assert "cache_hit=0.7" in asked
    assert "batch_share=0.25" in asked
    assert "cached" not in asked


def test_csv_is_this_very_view(pages: FlaskClient) -> None:
    page = read(pages, WORK + "&free=first")
    rows = list(csv.DictReader(io.StringIO(pages.get(page.css(".under-table .end a::attr(href)").getall()[1]).text)))
    assert [row["model"] for row in rows] == [
        one.removeprefix("/models/") for one in page.css("table.costs > tbody > tr > th .name a::attr(href)").getall()
    ]


def test_what_is_free_or_retired_stands_behind_a_chip(database_url: URL) -> None:
    """And a price that sources dispute, or that was not read lately, is marked; by the other price the total is told too."""
    both = [price("input", "0"), price("output", "0")]
    dear = [price("input", "1", disputed=[{"source": "big_list", "usd": "2"}]), price("output", "1")]
    offers = [
        offer("alpha", "alpha/gift", cost=cost(input="0", output="0"), prices=both),
        offer("alpha", "alpha/gone", cost=cost(input="1", output="1"), prices=dear, status="retired"),
        offer("alpha", "alpha/paid", cost=cost(input="1", output="1"), prices=dear),
    ]
    bodies = [
        model(
            f"alpha/{name}", cost=sold["cost"], cost_basis=own(f"alpha/{name}"), offer_count=1, providers=["alpha"], status=status
        )
        for (name, status), sold in zip((("gift", "active"), ("gone", "retired"), ("paid", "active")), offers, strict=True)
    ]
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        publish(connection, bodies, offers, checked_at=datetime(2026, 1, 1, tzinfo=UTC))
    app = app_on(database_url)
    client = app.test_client()
    page = read(client, WORK)
    assert models(page) == ["Paid", "Gift"] == models(read(client, WORK + "&free=last"))
    asked = client.get(page.css(".under-table .end a::attr(href)").get("")).json
    assert asked is not None
    assert [row["model"] for row in asked["data"]] == ["alpha/paid", "alpha/gift"], "the file has the order of the page"
    assert "Sources differ:" in said(page, "table.costs > tbody > tr:first-child > td")[1]
    assert said(page, ".receipt tfoot .other")[0].startswith("By big_list input is $2 there 2.1")
    assert any("1 retired hidden" in chip for chip in said(page, ".chips a"))
    assert models(read(client, page.css(".chips a[href*='free=first']::attr(href)").get(""))) == ["Gift", "Paid"]
    assert models(read(client, page.css(".chips a[href*='retired=shown']::attr(href)").get(""))) == ["Gone", "Paid", "Gift"]
    app.extensions["database"].close()


def test_the_form_asks_for_what_is_written_to_the_cache_and_for_what_is_read(pages: FlaskClient) -> None:
    """Though the address names neither; a choice stands in the field, and what the field cannot show is kept beside it."""
    plain = read(pages, "/costs")
    assert [plain.css(f"#{name}").get() is not None for name in ("cached", "written", "cache_ttl", "modality_in")] == [True] * 4
    asked = read(pages, "/costs?input_tokens=1000&cached=60&written=30&cache_ttl=1h&modality_in=image")
    assert asked.css("#written::attr(value)").get() == "30"
    assert asked.css("#cache_ttl [selected]::text").get() == "1 hour"
    assert asked.css("#modality_in [selected]::attr(value)").get() == "image"
    assert not asked.css("input[type=hidden][name=cache_ttl], input[type=hidden][name=modality_in]")
    assert "cache_ttl=1h" in asked.css(".under-table .end a::attr(href)").get("")
    both = read(pages, "/costs?input_tokens=1000&modality_in=image&modality_in=audio")
    assert both.css("input[type=hidden][name=modality_in]::attr(value)").getall() == ["image", "audio"]
    assert not read(pages, "/costs?preset=image").css("#cache_ttl, #written")


def test_a_task_has_the_same_quantities_wherever_it_is_named(pages: FlaskClient) -> None:
    addresses = ("/costs", "/costs?requests=80000", "/costs?preset=support_chat&requests=80000", "/costs?preset=support_chat")
    said_of = [said(read(pages, address), ".workload-line p") for address in addresses]
    assert said_of[0] == said_of[1] == said_of[2] != said_of[3]
    assert [one[0].split(" ")[0] for one in (said_of[0], said_of[3])] == ["80,000", "8"]


def test_a_price_for_one_token_is_told_for_a_million(database_url: URL) -> None:
    prices = [price("input", "0.0025", stated={"unit": "token", "amount": "0.0000000025"}), price("output", "1")]
    sold = offer("alpha", "alpha/mini", cost=cost(input="0.0025", output="1"), prices=prices)
    named = model("alpha/mini", cost=sold["cost"], cost_basis=own("alpha/mini"), offer_count=1, providers=["alpha"])
    with create_engine(database_url, poolclass=NullPool).begin() as connection:
        publish(connection, [named], [sold])
    app = app_on(database_url)
    row = said(read(app.test_client(), "/costs?input_tokens=3000000000"), ".receipt tbody tr")[0]
    app.extensions["database"].close()
    assert "3,000 million tokens 0.0025 7.5" in row


def test_what_has_no_total_is_counted_by_reason(pages: FlaskClient) -> None:
    told = said(read(pages, WORK), ".chips .told")
    assert "1 with no price of the developer’s own" in told
    assert any("a price" in one for one in told)


def test_another_receipt_opens_as_a_fragment_and_without_scripts(pages: FlaskClient) -> None:
    page = read(pages, WORK + "&per=offer&q=ode-4.5")
    link = page.css("a.agree[aria-expanded=false]::attr(href)").get("").partition("#")[0]
    whole, part = read(pages, link), read(pages, link + "&fragment=receipt")
    assert said(whole, ".receipt tfoot tr:first-child td") == said(part, ".receipt tfoot tr:first-child td")
    assert len(whole.css(".receipt")) == len(part.css(".receipt")) == 1
    assert not part.css("h1")


def test_the_address_of_a_view_is_clean_and_its_pages_follow_each_other(pages: FlaskClient) -> None:
    answer = pages.get(WORK + "&cached=&per=offer&limit=1&fragment=results")
    assert answer.headers["HX-Push-Url"] == "/costs?limit=1&input_tokens=1000000&output_tokens=100000&per=offer"
    first = Selector(answer.text)
    second = read(pages, first.css("#next::attr(href)").get(""))
    assert said(second, ".rank")[1:] == ["2"]
    assert second.css("#previous::attr(href)").get() == answer.headers["HX-Push-Url"]
    assert pages.get(WORK + "&fragment=changed").text.count('hx-swap-oob="true"') == 1


def test_an_empty_table_names_the_filter_to_loosen(pages: FlaskClient) -> None:
    page = read(pages, WORK + "&developer=gamma")
    assert said(page, ".empty p")[0] == "Without Developer: Gamma there is 1 ."
    assert not page.css(".answer")


def test_a_workload_that_cannot_be_read_stands_as_it_was_typed(pages: FlaskClient) -> None:
    answer = pages.get("/costs?cached=120&input_tokens=lots&preset=nothing&free=never")
    page = Selector(answer.text)
    assert answer.status_code == 400
    assert answer.headers["Cache-Control"] == "no-store"
    assert page.css("[aria-invalid=true]::attr(value)").getall() == ["120"]
    assert "must be a percentage from 0 to 100" in said(page, ".notice[role=alert]")[0]
    both = Selector(pages.get("/costs?input_tokens=lots&cached=90&written=20").text)
    assert both.css("[aria-invalid=true]::attr(name)").getall() == ["input_tokens"]
    assert pages.get("/costs?input_tokens=1&cached=90&written=20").status_code == 400
    assert pages.get("/costs?page=0").status_code == 400
    assert pages.get("/costs?free=never").status_code == 400
