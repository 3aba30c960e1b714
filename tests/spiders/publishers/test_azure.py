"""Azure's meters and rows: every word is understood or the row states no price; steps in time, cut pages, floors."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, ListingSeen
from scrapy_project.spiders.azure.azure import AzureSpider, address
from scrapy_project.spiders.azure.meters import read_meter
from tests.spiders.altered import events, read, small_page
from tests.spiders.expected import PAGES

Change = Callable[[dict[str, Any]], object]


URL = address("eastus2")


GPT = "Azure OpenAI GPT5"


@pytest.mark.parametrize(
    ("name", "product", "model", "meter", "plan", "deployment"),
    [
        ("GPT 5 Mini Inpt Glbl 1M Tokens", GPT, "gpt 5 mini", "input", "standard", "global"),
        ("5.4 mini Opt Gl 1M Tokens", GPT, "gpt 5.4 mini", "output", "standard", "global"),
        ("5.4 mini cd Inp Dz 1M Tokens", GPT, "gpt 5.4 mini", "cache_read", "standard", "data zone"),
        ("5.4 Cd Wr Gl 1M Tokens", GPT, "gpt 5.4", "cache_write", "standard", "global"),
        ("GPT 5.1 chat inp Dz 1M Tokens", GPT, "gpt 5.1 chat", "input", "standard", "data zone"),
        ("5.6 luna ShortCo Inp Std DZ 1M Tokens", GPT, "gpt 5.6 luna", "input", "standard", "data zone"),
        ("5.6 luna ShCo Inp PP DZ 1M Tokens", GPT, "gpt 5.6 luna", "input", "priority", "data zone"),
        ("gpt-4o-mini-0718-Inp-glbl Tokens", "Azure OpenAI", "gpt 4o mini 0718", "input", "standard", "global"),
        ("gpt-4o-mini-0718-BatchOutp-Data Zone Tokens", "Azure OpenAI", "gpt 4o mini 0718", "output", "batch", "data zone"),
        ("o3 mini 0131 input Data Zone Tokens", "Azure OpenAI Reasoning", "o3 mini 0131", "input", "standard", "data zone"),
        ("gpt 4.1 nano cached Inp regnl Tokens", "Azure OpenAI", "gpt 4.1 nano", "cache_read", "standard", "regional"),
        ("gpt 4.1 nano Outp Tokens", "Azure OpenAI", "gpt 4.1 nano", "output", "standard", "regional"),
        ("4.3 Inp Glbl Tokens", "Azure Grok Models", "grok 4.3", "input", "standard", "global"),
        ("Grok 4 fast reasoning Inp Glbl Tokens", "Azure Grok Models", "grok 4 fast reasoning", "input", "standard", "global"),
        ("R1 Inp Glbl Tokens", "Azure Deepseek Models", "deepseek r1", "input", "standard", "global"),
        ("DeepSeek-V3.2 Inp Glbl Tokens", "Azure Deepseek Models", "deepseek v3.2", "input", "standard", "global"),
        ("o3 0416 Fl Inp glbl Tokens", "Azure OpenAI Reasoning", "o3 0416", "input", "flex", "global"),
        (
            "text embedding 3 large DZ Tokens",
            "Azure OpenAI Embedding",
            "text embedding 3 large",
            "input",
            "standard",
            "data zone",
        ),
        ("gpt 5 voice aud cd Inp Gl 1M Tokens", GPT, "gpt 5 voice", "cache_read_audio", "standard", "global"),
    ],
)
def test_a_meter_says_the_model_and_what_is_billed(
    name: str, product: str, model: str, meter: str, plan: str, deployment: str
) -> None:
    found = read_meter(name, product, "1M" if "1M" in name else "1K")
    assert (found.model, found.meter, found.plan, found.deployment) == (model, meter, plan, deployment)
    assert not found.is_long_context


@pytest.mark.parametrize(
    "name",
    [
        "GPT 5 Mini Inpt Zork Glbl 1M Tokens", "GPT 5 Mini Inpt Glbl DZone 1M Tokens", "GPT 5 Mini Inp Outp Glbl 1M Tokens",
        "GPT 5 Mini Inpt Glbl", "GPT 5 Mini Inpt Glbl 1K Tokens", "GPT 5 Mini Inpt Glbl 1M Characters",
        "GPT 5 Mini Glbl 1M Tokens",
        "Inpt Glbl 1M Tokens", "Mini Inpt Glbl 1M Tokens", "gpt 5 audio Inp Glbl 1M Tokens", "gpt 5 prvw Inp Glbl 1M Tokens",
        "gpt 5 aud 1217 Inp Glbl 1M Tokens", "GPT 5 Mini cchd Outpt Glbl 1M Tokens", "GPT 5 Mini Wr Inp Glbl 1M Tokens",
        "GPT 5 Mini Batch PP Inpt Glbl 1M Tokens", "1M Tokens", "Tokens", "", "GPT 5 Mini Inpt Inpt Glbl 1M Tokens",
    ],
)  # fmt: skip
def test_a_meter_that_is_not_wholly_understood_bills_nothing(name: str) -> None:
    assert read_meter(name, GPT, "1M").meter == ""


def test_a_family_is_only_added_where_the_product_says_which() -> None:
    assert read_meter("5.4 Inp Gl 1M Tokens", "Azure Wonder Models", "1M").model == ""
    assert read_meter("K2 Inp Gl 1M Tokens", "Azure Kimi", "1M").model == "kimi k2"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gpt 4o FT Inp regnl Tokens", "fine-tuning, training and hosting"),
        ("gpt 4o 0806 hstng Unit", "fine-tuning, training and hosting"),
        ("Provisioned Managed Data Zone Unit", "provisioned throughput"),
    ],
)
def test_what_does_not_answer_requests_says_why_it_is_left_out(name: str, reason: str) -> None:
    found = read_meter(name, "Azure OpenAI", "1K")
    assert (found.meter, found.reason) == ("", reason)


def feed() -> list[dict[str, Any]]:
    """The small pages."""
    pages: list[dict[str, Any]] = json.loads((PAGES / "azure" / "page.json").read_text(encoding="utf-8"))
    return pages


def seen(pages: Any) -> DocumentSeen:
    """What the spider says of pages."""
    return AzureSpider().parse_document(json.dumps(pages).encode(), URL)


def mini(document: DocumentSeen) -> ListingSeen:
    """A listing of which every meter is understood."""
    return next(found for found in document.listings if (found.external_id, found.region) == ("gpt 9.4 mini", "global"))


def figures(found: ListingSeen) -> dict[str, Decimal | None]:
    """Its figures by price key."""
    return {str(stated.key): stated.usd for stated in found.prices}


def changed(change: Change, meter: str = "9.4 mini Inp Gl 1M Tokens") -> ListingSeen:
    """The listing after a change of one of its rows."""
    pages = feed()
    change(next(row for row in pages[0]["Items"] if row["meterName"] == meter))
    return mini(seen(pages))


INPUT = "input|standard|0|||USD|"


@pytest.mark.parametrize(
    "change",
    [
        {"retailPrice": "free"}, {"retailPrice": None}, {"retailPrice": -1}, {"retailPrice": True}, {"retailPrice": 0},
        {"unitPrice": 0.00075}, {"tierMinimumUnits": 5.0}, {"currencyCode": "EUR"}, {"armRegionName": "westus"},
        {"unitOfMeasure": "1K"}, {"unitOfMeasure": "1/Hour"}, {"unitOfMeasure": "100"}, {"type": "Reservation"},
        {"effectiveStartDate": "soon"}, {"effectiveStartDate": None}, {"serviceName": "Virtual Machines"},
    ],
    ids=str,
)  # fmt: skip
def test_a_row_of_other_terms_states_no_price_and_moves_no_other(change: dict[str, Any]) -> None:
    found = changed(lambda row: row.update(change))
    expected = figures(mini(seen(feed())))
    assert expected.pop(INPUT) == Decimal("0.75")
    assert figures(found) == expected


def test_a_price_as_text_is_the_same_price() -> None:
    assert figures(changed(lambda row: row.update(retailPrice="0.75", unitPrice="0.75"))) == figures(mini(seen(feed())))


def test_an_unknown_price_key_makes_the_listing_incomplete() -> None:
    assert changed(lambda row: row.update(surchargeRate=1)).incomplete
    assert not mini(seen(feed())).incomplete


def test_the_order_of_rows_does_not_count() -> None:
    pages = feed()
    for page in pages:
        page["Items"].reverse()

    def told(document: DocumentSeen) -> dict[object, object]:
        return {found.key: (figures(found), found.incomplete, len(found.prices)) for found in document.listings}

    assert told(seen(pages)) == told(seen(feed()))


def test_a_long_context_is_never_the_short_ones_price() -> None:
    found = next(one for one in seen(feed()).listings if one.external_id == "gpt 9.6 luna")
    assert figures(found)[INPUT] == Decimal("1.1")
    assert Decimal("2.2") not in figures(found).values()
    assert found.incomplete


@pytest.mark.parametrize("amount", [0, 0.5, 0.75])
def test_a_later_row_ends_the_one_before_it(amount: float) -> None:
    pages = feed()
    row = next(row for row in pages[0]["Items"] if row["meterName"] == "9.4 mini Inp Gl 1M Tokens")
    later = "2026-02-01T00:00:00Z"
    pages[1]["Items"].append(row | {"retailPrice": amount, "unitPrice": amount, "effectiveStartDate": later})
    pages[1]["Count"] += 1
    steps = [
        (stated.usd, str(stated.valid_from)[:10], str(stated.valid_to)[:10])
        for stated in mini(seen(pages)).prices
        if str(stated.key) == INPUT
    ]
    first = (Decimal("0.75"), "2025-08-01", "2026-02-01")
    assert (
        steps
        == {
            0: [first],
            0.5: [first, (Decimal("0.5"), "2026-02-01", "None")],
            0.75: [(Decimal("0.75"), "2025-08-01", "None")],
        }[amount]
    )


def test_two_figures_of_one_day_are_none() -> None:
    pages = feed()
    row = next(row for row in pages[0]["Items"] if row["meterName"] == "9.4 mini Inp Gl 1M Tokens")
    pages[1]["Items"].append(row | {"retailPrice": 0.8, "unitPrice": 0.8})
    pages[1]["Count"] += 1
    found = mini(seen(pages))
    assert INPUT not in figures(found)
    assert found.incomplete


@pytest.mark.parametrize(
    "change",
    [
        lambda pages: pages[0].pop("NextPageLink"),
        lambda pages: pages[1].update(NextPageLink="https://prices.azure.com/api/retail/prices?$skip=2000"),
        lambda pages: pages[0].update(NextPageLink=None),
        lambda pages: pages.pop(),
        lambda pages: pages[0]["Items"].pop(),
        lambda pages: pages[0].pop("Count"),
        lambda pages: pages[0].update(BillingCurrency="EUR"),
        lambda pages: pages[0].pop("BillingCurrency"),
        lambda pages: pages[0].update(Rows=pages[0].pop("Items")),
        lambda pages: pages.append("<html>"),
        lambda pages: [row.pop("retailPrice") for page in pages for row in page["Items"]],
        lambda pages: [row.pop("unitOfMeasure", 0) for page in pages for row in page["Items"]],
        lambda pages: [row.update(meterName="x" + row.get("meterName", "")[::-1]) for page in pages for row in page["Items"]],
        lambda pages: [row.update(currencyCode="EUR") for page in pages for row in page["Items"]],
        lambda pages: [row.update(armRegionName="westus") for page in pages for row in page["Items"]],
    ],
)
def test_pages_without_their_meaning_are_refused(change: Callable[[Any], object]) -> None:
    pages = feed()
    change(pages)
    with pytest.raises(DocumentRefusedError, match="Azure prices"):
        seen(pages)


def test_half_a_document_is_refused() -> None:
    body = (PAGES / "azure" / "page.json").read_bytes()
    for part in range(1, 20):
        with pytest.raises(DocumentRefusedError):
            AzureSpider().parse_document(body[: len(body) * part // 20], URL)


def following(link: object, address: str = URL, **page: Any) -> str | None:
    """Where a page with that link leads on to."""
    body = {"Items": [{}], "NextPageLink": link} | page
    return AzureSpider().next_page(json.dumps(body).encode(), address)


def test_the_next_page_is_asked_for_under_the_documents_own_address() -> None:
    link = "https://prices.azure.com:443/api/retail/prices?api-version=2023-01-01-preview&$filter=other&$skip=1000"
    assert following(link) == f"{URL}&$skip=1000"
    assert following(link.replace("$skip", "%24skip").replace("1000", "2000"), f"{URL}&$skip=1000") == f"{URL}&$skip=2000"
    assert following(None) is None


@pytest.mark.parametrize(
    "link",
    [
        "https://prices.azure.com/api/retail/prices?$skip=1000", "https://prices.azure.com/api/retail/prices?$skip=900",
        "https://prices.azure.com/api/retail/prices", "https://evil.example/api/retail/prices?$skip=2000", "", 7, {}, "https://[",
        "https://prices.azure.com/api/retail/prices?$skip=-1", "https://prices.azure.com/api/retail/prices?$skip=99999999",
        "https://prices.azure.com/other?$skip=2000", "https://prices.azure.com/api/retail/prices?$skip=2000&$skip=3000",
    ],
)  # fmt: skip
def test_a_link_that_does_not_lead_on_is_refused(link: object) -> None:
    with pytest.raises(DocumentRefusedError, match="NextPageLink"):
        following(link, f"{URL}&$skip=1000")


def test_a_page_that_does_not_say_what_follows_is_refused() -> None:
    for body in (b"{}", b'{"Items": []}', b'{"NextPageLink": null}', b"[]", b"<html>", b'{"Items": {}, "NextPageLink": null}'):
        with pytest.raises(DocumentRefusedError):
            AzureSpider().next_page(body, URL)
    with pytest.raises(DocumentRefusedError):
        following("https://prices.azure.com/api/retail/prices?$skip=1000", Items=[])


@pytest.mark.parametrize(
    ("column", "event"), [("Retirement Date", "retired"), ("Deprecation Date (No New Customers)", "deprecated")]
)
def test_a_floor_in_azures_header_is_one_in_each_of_its_cells(column: str, event: str) -> None:
    text = small_page("azure_retirements", "page-tabs.html")
    assert f">{column}<" in text
    document = read("azure_retirements", text.replace(f">{column}<", f">{column} (no earlier than)<"))
    found: dict[str, set[str]] = {}
    for row in (row for life in events(document).values() for row in life):
        found.setdefault(row.event, set()).add(row.precision)
    assert found == {"retired": {"exact", "floor"}, "deprecated": {"exact", "floor"}} | {event: {"floor"}}
    assert document.unknown == read("azure_retirements", text).unknown
