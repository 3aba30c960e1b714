"""A provider's page that lost its meaning is refused; a cell that is not understood is counted, never guessed."""

import re
from decimal import Decimal

import pytest

from aimstats.domain.items import DocumentRefusedError
from aimstats.domain.money import NumberRefusedError
from scrapy_project.base.pages import Page
from scrapy_project.base.price_cells import amount, amounts, count_of, unit_of
from scrapy_project.formats.js_literals import LiteralError, literal
from scrapy_project.formats.next_data import flight_text, lists_of
from scrapy_project.formats.rendered import rendered_page
from scrapy_project.sources import spider_classes
from tests.spiders.expected import PAGES, page_url

CHANGED = [
    # source, page, what is replaced (all of it), by what
    ("anthropic", "page.md", "Base Input Tokens", "Entry"),
    ("anthropic", "page.md", "Output Tokens", "Exit"),
    ("anthropic", "page-overview.md", "Claude API ID", "Identifier"),
    ("anthropic", "page-cards.html", "tokens_main_label", "label"),
    ("anthropic", "page-cards.html", "tokens_main_val", "value"),
    ("openai", "page.md", "rows", "lines"),
    ("openai", "page.md", '["gpt-8-mini", 0.75, 0.075, 4.5]', '["gpt-8-mini", 0.75, 0.075, 0.9, 4.5]'),
    ("openai", "page.md", '["gpt-8-mini", 0.75, 0.075, 4.5]', '["gpt-8-mini", 0.075, 0.75, 4.5]'),
    ("openai", "page.md", "Prices per 1M tokens", "Prices per second"),
    ("openai", "page.md", 'tier="fast"', 'tier="warp"'),
    ("openai_rendered", "page.md", "Prices per 1M tokens", "Prices"),
    ("openai_rendered", "page.md", "URL Source: https://platform.openai.com/docs/pricing", "URL Source: https://openai.com/"),
    ("gemini_rendered", "page.md", "Paid Tier", "Dear Tier"),
    ("gemini_rendered", "page.md", "Markdown Content:", "Warning: Target URL returned error 403\n\nMarkdown Content:"),
    ("mistral", "page.html", "self.__next_f.push", "self.__other"),
    ("mistral", "page.html", "apis", "things"),
    ("mistral", "page-models.md", "|", ""),
    ("deepseek", "page.html", ">MODEL<", ">NAME<"),
    ("deepseek", "page.html", "1M OUTPUT TOKENS", "1K OUTPUT TOKENS"),
    ("xai", "page.html", "clusterConfigs", "clusters"),
    ("xai", "page.html", "Price", "Fee"),
    ("xai_rendered", "page.md", "Prices shown per million tokens", "Prices shown per thousand tokens"),
    ("xai_rendered", "page.md", "| Model | Context | Input | Output |", "| Model | Context | In | Out |"),
    ("moonshot", "page.md", "Output Price", "Exit"),
    ("moonshot", "page.md", "DocTable", "OtherTable"),
    ("moonshot", "page.md", '{ title: "Model"', "{ title: Model()"),
    ("zai_rendered", "page.md", "All prices are in USD", "All prices are in CNY"),
    ("zai_rendered", "page.md", "Prices per 1M tokens.", "Prices."),
    ("cohere", "page.md", "Description", "About"),
    ("minimax", "page.md", "Context Window", "Size"),
    ("groq", "page.md", "MODEL ID", "MODEL"),
    ("groq", "page.md", "PRICE PER 1M TOKENS", "PRICE PER 1K TOKENS"),
    ("groq", "page.md", "PRICE PER 1M TOKENS", "COST"),
    ("groq", "page.md", "CONTEXT WINDOW (TOKENS)", "WINDOW"),
    ("groq", "page.md", "/docs/model/", "/docs/thing/"),
    ("groq", "page.md", " input$", " in$"),
    ("groq", "page.md", "| \\- |\n", "| \\- | 9 |\n"),
    ("groq", "page.md", "## [Preview Models](#preview-models)\n\n|", "## [Preview Models](#preview-models)\n\n| NEW |"),
    ("together", "page.md", "API model string", "Handle"),
    ("together", "page.md", "Output pricing (per 1M tokens)", "Output pricing (per 1K tokens)"),
    ("together", "page.md", "(per 1M tokens)", ""),
    ("together", "page.md", "\\$", "€"),
    ("together", "page.md", "| FP4 | Yes | Yes |", "| FP4 | Yes | Yes | 7 |"),
    ("novita_rendered", "page.md", "Model Name", "Thing"),
    ("siliconflow_rendered", "page.md", "per 1 million tokens", "per 1 thousand tokens"),
    ("siliconflow_rendered", "page.md", "Details", "More"),
    ("venice_rendered", "page.md", "All prices in USD", "All prices in DIEM"),
    ("venice_rendered", "page.md", "Output Price", "Output Cost Price Of A Very Long Label Indeed"),
]


@pytest.mark.parametrize(("source", "page", "old", "new"), CHANGED)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    path = PAGES / source / page
    url = page_url(source, path.with_name(re.sub(r"page(.*)\.\w+$", r"expected\1.json", page)))
    text = path.read_text(encoding="utf-8")
    assert old in text
    if (source, page) == ("mistral", "page-models.md"):
        text = text.replace(" icon]", "]")
    with pytest.raises(DocumentRefusedError):
        spider_classes()[source]().parse_document(text.replace(old, new).encode(), url)


SOURCES = sorted({source for source, *_ in CHANGED})


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Checking your browser before accessing</body></html>",
        b"\xff\xfe\x00",
        b"{}",
        b"# Page\n\n|\n|-|\n|$1|\n",
        b"# 404 - Page Not Found\n\nThe page that you were looking for does not exist. | Home |\n",
    ],
    ids=["empty", "anti-bot", "not-utf8", "json", "no-table", "not-found"],
)
def test_a_page_that_is_none_is_refused(source: str, body: bytes) -> None:
    spider = spider_classes()[source]()
    for url in spider.start_urls:
        with pytest.raises(DocumentRefusedError):
            spider.parse_document(body, url)


@pytest.mark.parametrize("source", SOURCES)
def test_half_a_page_never_fails_otherwise(source: str) -> None:
    spider = spider_classes()[source]()
    for path in sorted((PAGES / source).glob("page*")):
        url = page_url(source, path.with_name(re.sub(r"page(.*)\.\w+$", r"expected\1.json", path.name)))
        body = path.read_bytes()
        for part in range(1, 20):
            try:
                spider.parse_document(body[: len(body) * part // 20].decode(errors="ignore").encode(), url)
            except DocumentRefusedError:
                continue


@pytest.mark.parametrize("source", SOURCES)
def test_what_a_source_declares_is_enough_to_use_it(source: str) -> None:
    declared = spider_classes()[source].source
    assert declared.terms_url
    assert declared.hosts
    assert declared.provider
    assert not declared.bundle
    assert declared.bulk
    assert (declared.kind == "rendered") == (not declared.default) == source.endswith("_rendered")


@pytest.mark.parametrize(
    ("cell", "unit"),
    [
        ("$5 / MTok", "1M tokens"), ("$10 per 1,000 searches", "1K requests"), ("$0.30 /video", "video"), ("$5", None),
        ("$14 / 1,000 search queries for text", "1K requests"), ("$0.025 / GiB / day", "GB day"),
        ("$0.10 / GB per day", "GB day"),
        ("$0.08 per session-hour", "hour"), ("$15 /1M characters", "1M characters"), ("$1/per M tokens", "1M tokens"),
        ("$2 / 1000 pages", "1K pages"), ("$0.05 / sec", "second"), ("$0.0024/minute", "minute"),
        ("$100 / 1000 images", "1K images"),
    ],
)  # fmt: skip
def test_a_cell_names_its_unit(cell: str, unit: str | None) -> None:
    assert unit_of(cell) == unit


@pytest.mark.parametrize("cell", ["$5 / furlong", "$1 per wish", "$3 / 7K tokens", "$2 / GB"])
def test_an_unknown_unit_is_never_taken_for_the_columns(cell: str) -> None:
    with pytest.raises(NumberRefusedError):
        unit_of(cell)
    draft = Page("acme", "https://a.example/").listing("acme-1")
    assert not draft.add("input", cell, "1M tokens")
    assert draft.incomplete
    assert draft.prices == []


def test_amounts_are_exact_and_one_cell_has_one() -> None:
    assert amounts("$2.50 or US$1,000 or 3$") == [Decimal("2.50"), Decimal(1000), Decimal(3)]
    assert amount("$.075") == Decimal("0.075")
    assert amount("Free of charge") == 0
    assert amount("soon") is None
    with pytest.raises(NumberRefusedError):
        amount("$3 / $15")


def test_counts_are_decimal() -> None:
    assert [count_of(text) for text in ("262,144 tokens", "200k", "1M", "1.05M", "none", "0")] == [
        262_144, 200_000, 1_000_000, 1_050_000, None, None,
    ]  # fmt: skip


def test_contradictory_figures_for_one_key_are_none_and_counted() -> None:
    page = Page("acme", "https://a.example/")
    draft = page.listing("acme-1")
    draft.add("input", "$1", "1M tokens")
    draft.add("input", "$1.00", "1M tokens")
    assert not draft.seen().incomplete
    draft.add("input", "$2", "1M tokens")
    seen = draft.seen()
    assert seen.incomplete
    assert seen.prices == ()
    assert page.tally.unknown == {"price: contradictory figures for input|standard|0|||USD|": 1}


def test_a_third_figure_settles_no_contradiction_and_other_keys_stand() -> None:
    draft = Page("acme", "https://a.example/").listing("acme-1")
    for cell in ("$1", "$2", "$1"):
        draft.add("input", cell, "1M tokens")
    draft.add("output", "$3", "1M tokens")
    assert [(price.key.meter, price.usd) for price in draft.seen().prices] == [("output", Decimal(3))]


def test_contradictory_facts_are_none_and_counted_but_a_name_may_have_two_spellings() -> None:
    page = Page("acme", "https://a.example/")
    draft = page.listing("acme-1")
    draft.state(limit_context=1_000, limit_output=10, name="Acme One", status="retired")
    draft.state(limit_context=2_000, limit_output=10, name="Acme 1", status="deprecated")
    draft.state(limit_context=1_000)
    assert draft.seen().facts == {"limit.output": 10, "name": "Acme One", "status": "retired"}
    assert page.tally.unknown == {"limit.context: contradictory": 1}


@pytest.mark.parametrize(
    "text", ["", "[", "[1,,2]", "[a b]", "{a 1}", "[f(1]", "[" * 50, "[1e999]", "[99999999999999999999]", "<>x"]
)
def test_what_is_no_literal_is_refused(text: str) -> None:
    with pytest.raises(LiteralError):
        literal(text)


def test_literals_keep_numbers_exact() -> None:
    value, end = literal(r"""[/* c */ ["a\"b", -0.1, null,], {"k": 'v', n: html(`t`)}, <>{"$"}4.00</> ] tail""")
    assert value == [['a"b', Decimal("-0.1"), None], {"k": "v", "n": "t"}, "$4.00"]
    assert end > 40


def test_data_of_scripts_survives_what_is_broken_beside_it() -> None:
    html = (
        '<script>self.__next_f.push([1,"x:{\\"apis\\":[{\\"a\\":0.1}],"])</script>'
        "<script>self.__next_f.push([broken)</script>"
        '<script>self.__next_f.push([1,"\\"apis\\":[{\\"b\\":[]},"])</script>'
    )
    text = flight_text(html, "Acme")
    assert list(lists_of(text, "apis")) == [[{"a": Decimal("0.1")}]]
    assert list(lists_of('"apis":[' + "[" * 100_000, "apis")) == []
    with pytest.raises(DocumentRefusedError, match="Acme: no data"):
        flight_text("<html></html>", "Acme")


def test_a_rendered_page_gives_its_own_date() -> None:
    body = b"Title: T\n\nURL Source: https://a.example/x\n\nPublished Time: %s\n\nMarkdown Content:\n# T\n"
    text, date = rendered_page(body % b"Fri, 08 May 2026 17:40:05 GMT", "https://a.example/x")
    assert text == "# T\n"
    assert date is not None
    assert date.isoformat() == "2026-05-08T17:40:05+00:00"
    assert rendered_page(body % b"yesterday", "https://a.example/x")[1] is None
    with pytest.raises(DocumentRefusedError, match="cut off"):
        rendered_page(body % b"yesterday" + b"Input $26", "https://a.example/x")
