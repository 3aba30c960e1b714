"""Groq's page: what stands in a cell without a space between, columns in any order; and its dates of deprecation."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, ListingSeen
from scrapy_project.spiders.groq.groq import URL, GroqSpider
from tests.spiders.altered import altered, days_first, read, small_page
from tests.spiders.expected import PAGES
from tests.spiders.replayed import day, first, life, needs_mirror, real_text, rows_listings_events

PAGE = (PAGES / "groq" / "page.md").read_text(encoding="utf-8")


PRICE = "$0.15 input$0.60 output"


MODEL = "acme/roadrunner-9-120b"


def seen(text: str = PAGE) -> DocumentSeen:
    """What the spider says of a page."""
    return GroqSpider().parse_document(text.encode(), URL)


def listing(text: str, external_id: str = MODEL) -> ListingSeen:
    """One listing of a page."""
    return next(found for found in seen(text).listings if found.external_id == external_id)


def figures(found: ListingSeen) -> dict[str, Decimal | None]:
    """Its figures by meter."""
    return {stated.key.meter: stated.usd for stated in found.prices}


@pytest.mark.parametrize(
    ("cell", "stated"),
    [
        (PRICE, {"input": "0.15", "output": "0.60"}),
        ("$0.60 output$0.15 input", {"input": "0.15", "output": "0.60"}),
        ("$0.15 input $0.60 output", {"input": "0.15", "output": "0.60"}),
        ("$0.15 input<br>$0.60 output", {"input": "0.15", "output": "0.60"}),
        ("\\$1,000.50 input\\$.60 output", {"input": "1000.50", "output": "0.60"}),
        ("$0.15 input$0.075 cached input$0.60 output", {"input": "0.15", "cache_read": "0.075", "output": "0.60"}),
        ("$0.10 input", {"input": "0.10"}),
        ("ContactSales", {}),
        ("Contact Sales", {}),
        ("\\-", {}),
        ("", {}),
    ],
)
def test_a_price_cell_says_what_each_amount_is_for(cell: str, stated: dict[str, str]) -> None:
    found = listing(PAGE.replace(PRICE, cell))
    assert figures(found) == {meter: Decimal(amount) for meter, amount in stated.items()}
    assert not found.incomplete


@pytest.mark.parametrize(
    "cell",
    [
        "$0.15$0.60", "0.15 input0.60 output", "€0.15 input€0.60 output", "$0.15 input$0.60 wishes",
        "from $0.15 input$0.60 output",
        "$0.15 input$0.60 output per hour", "$0.15 input / $0.60 output", "$0.15-0.30 input$0.60 output",
        "free", "250K TPM1K RPM",
        "$0.15 input$0.60 output (promotion)", "~~$0.30 input~~$0.15 input", "$0.15.2 input", "510", "$-0.15 input",
    ],
)  # fmt: skip
def test_a_price_cell_that_is_not_wholly_understood_states_no_price(cell: str) -> None:
    text = PAGE.replace(PRICE, cell)
    found = listing(text)
    assert found.prices == ()
    assert found.incomplete
    assert sum(path.startswith("price: ") for path in seen(text).unknown) == 2, "beside the one of the page itself"


def columns(text: str, change: Callable[[list[str]], list[str]]) -> str:
    """The page with the cells of every row of models in another order."""

    def line(row: str) -> str:
        cells = row.strip().strip("|").split("|")
        return f"|{'|'.join(change(cells))}|" if row.startswith("|") and len(cells) == 7 else row

    return "\n".join(map(line, text.split("\n")))


def test_columns_count_by_their_names() -> None:
    assert seen(columns(PAGE, lambda cells: cells[::-1])).listings == seen().listings


def test_a_limit_that_went_is_unknown_and_a_new_column_is_counted() -> None:
    assert all("limit.output" not in found.facts for found in seen(columns(PAGE, lambda cells: cells[:5])).listings)
    assert seen(PAGE.replace("MAX FILE SIZE", "MAX FILE COST")).unknown["column max file cost"] == 2
    dear = PAGE.replace("MAX FILE SIZE", "FILE PRICE").replace("100 MB", "$1")
    assert listing(dear, "murmur-large-v9").incomplete


@pytest.mark.parametrize("other", ["Xroadrunner-9-121b", "acme/roadrunner-9-120b and more", ""])
def test_an_id_that_the_cell_does_not_end_with_is_none(other: str) -> None:
    text = PAGE.replace(f"({'/docs/model/' + MODEL}){MODEL}", f"(/docs/model/{MODEL}){other}")
    assert text != PAGE
    assert MODEL not in {found.external_id for found in seen(text).listings}
    assert seen(text).skipped["row whose model id cannot be told from its name"] == 2


def test_a_page_without_links_is_refused() -> None:
    bare = re.sub(r"\[!\[[^\]]*\]\([^ ]*\)([^\[\]]*)\]\(/docs/model/[^)]*\)", r"\1", PAGE)
    assert "/docs/model/" not in bare
    with pytest.raises(DocumentRefusedError, match="no model with an input and an output price"):
        seen(bare)


def test_an_hour_of_audio_is_3600_seconds() -> None:
    [price] = listing(PAGE, "murmur-large-v9").prices
    assert (price.amount, price.unit, price.key.base_unit) == (Decimal("0.111"), "audio hour", "second")
    assert price.usd == Decimal("0.0000308333333333")


def test_previews_say_so() -> None:
    status = {found.external_id: found.facts.get("status") for found in seen().listings}
    assert (status[MODEL], status["acme/orator-v1"]) == ("active", "preview")


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("groq", "page.md", "MODEL ID", "MODEL"),
        ("groq", "page.md", "PRICE PER 1M TOKENS", "PRICE PER 1K TOKENS"),
        ("groq", "page.md", "PRICE PER 1M TOKENS", "COST"),
        ("groq", "page.md", "CONTEXT WINDOW (TOKENS)", "WINDOW"),
        ("groq", "page.md", "/docs/model/", "/docs/thing/"),
        ("groq", "page.md", " input$", " in$"),
        ("groq", "page.md", "| \\- |\n", "| \\- | 9 |\n"),
        ("groq", "page.md", "## [Preview Models](#preview-models)\n\n|", "## [Preview Models](#preview-models)\n\n| NEW |"),
    ],
)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


@needs_mirror
def test_every_row_becomes_its_events() -> None:
    assert rows_listings_events("groq_deprecations") == (37, 36, 62)


@needs_mirror
def test_groq_dates_are_us_dates() -> None:
    llama = life("groq_deprecations", "llama-3.3-70b-versatile")
    assert (llama["deprecated"].at, llama["retired"].at) == (day("June 17, 2026"), day("August 16, 2026"))
    assert llama["retired"].replacements == ("openai/gpt-oss-120b", "qwen/qwen3.6-27b")
    rows = re.findall(r"(?m)^\| ([\w./-]+) +\| (\d+)/(\d+)/(\d\d) +\|", real_text(first("groq_deprecations")))
    for name, month, number, year in rows:
        at = life("groq_deprecations", name)["retired"].at
        assert at is not None
        assert at >= datetime(2000 + int(year), int(month), int(number), tzinfo=UTC)
    assert life("groq_deprecations", "gemma-7b-it")["retired"].at == day("December 18, 2024")


def test_days_before_months_refuse_the_page() -> None:
    with pytest.raises(DocumentRefusedError, match="is no US date"):
        read("groq_deprecations", days_first(small_page("groq_deprecations")))
