"""A provider's page whose rows, columns or amounts changed gives right figures, counts them or is refused: never a wrong one."""

import re

import pytest

from aimstats.domain.items import DocumentRefusedError
from scrapy_project.sources import spider_classes
from tests.spiders.expected import PAGES, page_url

OPENAI = "https://developers.openai.com/api/docs/pricing.md"

MOVED = [
    # source, page, a row, the same row with a cell more or less
    ("zai_rendered", "page.md", r"| ZLM-9 | \$1.4 | \$0.26 | Limited-time Free | \$4.4 |",
     r"| ZLM-9 | \$0.26 | Limited-time Free | \$4.4 |"),
    ("xai_rendered", "page.md", "| grix-9 | 1M | $1.25 | $2.50 |  |", "| grix-9 | $1.25 | $2.50 |  |"),
    ("xai_rendered", "page.md", "| grix-9 | 1M | $1.25 | $2.50 |  |", "| grix-9 | 1M | $88 | $1.25 | $2.50 |  |"),
    ("novita_rendered", "page.md", "| acme/acme-embedding | 32768 | $0.07 /Mt |", "| 32768 | $0.07 /Mt |"),
    ("novita_rendered", "page.md", "| API Name | Mode | Pricing |", "| API Name | Pricing | Mode |"),
    ("gemini_rendered", "page.md", "| Output price | Not available | $6.00", "| Not available | $6.00"),
    ("openai", "page.md", '["gpt-8-mini", 0.375, "-", 2.25],', '["gpt-8-mini", 0.375, "-", 2.25'),
    ("openai_rendered", "page.md", "| Model | Input | Cached input | Output | Input | Cached input | Output |",
     "| Model | Input | Cached input | Output | Output | Cached input | Input |"),
    ("openai_rendered", "page.md", "| Model | Input | Cached input | Output | Input | Cached input | Output |",
     "| Model | Input | Input | Output | Input | Input | Output |"),
]  # fmt: skip

MISREAD = [
    # source, page, what is replaced, by what: the figures that the change touches must not be there in another value
    ("gemini_rendered", "page.md", "| $12.00, prompts", "| $12,00, prompts"),
    ("gemini_rendered", "page.md", "| $12.00, prompts", "| CA$12.00, prompts"),
    ("gemini_rendered", "page.md", "| $12.00, prompts", "| from $12.00, prompts"),
    ("gemini_rendered", "page.md", "$1.00 / 1,000,000 tokens per hour", "$1.00 / 1,000 tokens per hour"),
    ("mistral", "page.html", "<p>$2</p>", "<p>from $2</p>"),
    ("novita_rendered", "page.md", "$0.2800 /10K characters", "$0,2800 /10K characters"),
    ("openai", "page.md", "$", "€"),
    ("xai_rendered", "page.md", "$0.05 / min", "$0,05 / min"),
    ("xai_rendered", "page.md", "$4.20 / 1M characters", "$4,20 / 1M characters"),
    ("venice_rendered", "page.md", "$0.70/$0.80 cache", "$0.70 [2]/$0.80 cache"),
    ("venice_rendered", "page.md", "Input Price$1.75", "Input Price $1.75 [2]"),
    ("openai_rendered", "page.md", "| Text | $4.00 | $0.40 | $24.00 |", "| gpt-voice-3 | Text | $0.40 | $24.00 |"),
    ("novita_rendered", "page.md", "| API Name | Mode | Pricing |", "| API Name | Mode | Fee |"),
    ("novita_rendered", "page.md", "| Acme Listening | - |", "| Acme Listening | $77 |"),
    ("xai_rendered", "page.md", "| Mode | Cost |  |", "| Mode | Fee |  |"),
    ("novita_rendered", "page.md", "| Context | Input |\n| --- | --- | --- |\n| acme/acme-embedding | 32768 | $0.07 /Mt |",
     "| Context | Input | Extra |\n| --- | --- | --- | --- |\n| acme/acme-embedding | 32768 | $0.07 /Mt | $9 |"),
]  # fmt: skip


def document(source: str, page: str, old: str = "", new: str = "") -> tuple[dict[tuple[str, str, str], object], dict[str, int]]:
    """The figures by listing and key, and what is unknown, of a page in which `old` is replaced."""
    path = PAGES / source / page
    url = page_url(source, path.with_name(re.sub(r"page(.*)\.\w+$", r"expected\1.json", page)))
    text = path.read_text(encoding="utf-8")
    assert old in text
    seen = spider_classes()[source]().parse_document((text.replace(old, new) if old else text).encode(), url)
    figures: dict[tuple[str, str, str], object] = {
        (listing.external_id, listing.region + listing.variant, str(stated.key)): stated.normalised
        for listing in seen.listings
        for stated in listing.prices
    }
    return figures, dict(seen.unknown)


@pytest.mark.parametrize(("source", "page", "old", "new"), MOVED)
def test_a_table_whose_cells_moved_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        document(source, page, old, new)


@pytest.mark.parametrize(("source", "page", "old", "new"), MISREAD)
def test_an_amount_that_is_not_understood_is_counted_and_gives_no_other_figure(
    source: str, page: str, old: str, new: str
) -> None:
    before, known = document(source, page)
    after, unknown = document(source, page, old, new)
    assert {key: figure for key, figure in after.items() if before.get(key) != figure} == {}
    assert unknown.keys() - known.keys()


def test_a_hosted_container_with_a_decimal_comma_is_not_free() -> None:
    path = PAGES / "openai" / "page.md"
    stated = re.findall(r"\d+ GB \$\d+\.\d+", path.read_text(encoding="utf-8"))
    assert stated
    figures, unknown = document("openai", "page.md", stated[0], stated[0].replace(".", ","))
    assert 0 not in [figure for (_, _, key), figure in figures.items() if key.startswith("session")]
    assert any("session" in what for what in unknown)


def test_a_fee_whose_list_lost_its_beginning_is_counted() -> None:
    path = PAGES / "openai" / "page.md"
    text = path.read_text(encoding="utf-8")
    start = text.index('      rows: [\n        ["Web search (all models)"')
    seen = spider_classes()["openai"]().parse_document((text[:start] + text[start + 13 :]).encode(), OPENAI)
    assert seen.skipped["fee outside the lists of rows: its list has no beginning"] == 1


def test_fees_beside_the_cards_are_counted() -> None:
    page = (PAGES / "anthropic" / "page-cards.html").read_text(encoding="utf-8")
    fees = "<p>$0.08 per session-hour</p><p>$10 / 1K searches<br/></p></body>"
    seen = spider_classes()["anthropic"]().parse_document(page.replace("</body>", fees).encode(), "https://claude.com/pricing")
    assert seen.skipped["fee for a tool, read in pricing.md"] == 2
