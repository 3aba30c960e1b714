"""Together's tables: their columns in any order and spelling, prices that are none, models that stand twice."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, ListingSeen
from scrapy_project.spiders.together.together import URL, TogetherSpider
from tests.spiders.altered import altered
from tests.spiders.expected import PAGES

PAGE = (PAGES / "together" / "page.md").read_text(encoding="utf-8")


LITE = "acme-ai/Roadrunner-8B-Lite"


SEE = "acme-ai/See-9"


def seen(text: str = PAGE) -> DocumentSeen:
    """What the spider says of a page."""
    return TogetherSpider().parse_document(text.encode(), URL)


def listings(external_id: str, text: str = PAGE) -> list[ListingSeen]:
    """The listings of one name."""
    return [found for found in seen(text).listings if found.external_id == external_id]


def figures(found: ListingSeen) -> dict[str, Decimal | None]:
    """Its figures by price key."""
    return {str(stated.key): stated.usd for stated in found.prices}


def replaced(old: str, new: str) -> str:
    """The page with a text that it holds replaced."""
    assert old in PAGE
    return PAGE.replace(old, new)


def columns(change: Callable[[list[str]], list[str]]) -> str:
    """The page with the cells of every row in another order."""
    lines = PAGE.split("\n")
    return "\n".join(f"|{'|'.join(change(line.strip('|').split('|')))}|" if line.startswith("|") else line for line in lines)


def test_columns_count_by_their_headings() -> None:
    def told(document: DocumentSeen) -> list[tuple[str, dict[str, Decimal | None], object]]:
        return [(found.external_id, figures(found), found.facts) for found in document.listings]

    assert told(seen(columns(lambda cells: cells[::-1]))) == told(seen())
    assert seen(PAGE.replace("Model name", "MODEL NAME").replace("API model string", "Model string for API")) == seen()


def test_without_the_output_column_no_output_is_stated_and_no_input_moves() -> None:
    text = replaced("Output pricing (per 1M tokens)", "Exit pricing (per 1M tokens)")
    text = text.replace(
        "Guarded 8B | acme/guarded-8b | 8192 | \\$0.20 | \\$0.20", "Guarded 8B | acme/guarded-8b | 8192 | \\$0.20 | -"
    )
    with pytest.raises(ValueError, match="no model with an input and an output price"):
        seen(text)
    one = PAGE.replace("Output pricing (per 1M tokens) | Quant", "Exit pricing (per 1M tokens) | Quant")
    [found] = listings(LITE, one)
    assert figures(found) == {"input|standard|0|||USD|": Decimal("0.10")}
    assert found.incomplete


@pytest.mark.parametrize(
    "cell",
    [
        "\\$0.10+", "\\$0.10 ([varies](https://a.example))", "from \\$0.10", "\\$0.10 / \\$0.20", "0.10", "€0.10", "\\$0.10-0.20",
        "\\$0.10 per 1K tokens", "~~\\$0.20~~ \\$0.10", "ask us", "\\$-0.10", "¥0.10",
    ],
)  # fmt: skip
def test_a_cell_that_is_no_single_price_is_counted(cell: str) -> None:
    [found] = listings(LITE, replaced("- | \\$0.10 | - | \\$0.10 | FP16", f"- | {cell} | - | \\$0.10 | FP16"))
    assert figures(found) == {"output|standard|0|||USD|": Decimal("0.10")}
    assert found.incomplete


def test_a_dash_states_nothing_and_is_never_no() -> None:
    [found] = listings(LITE)
    assert "limit.context" not in found.facts
    assert "tool_call" not in found.facts
    assert found.facts["structured_output"] is False
    assert not found.incomplete


def test_free_is_0_on_the_plan_that_the_id_names() -> None:
    [found] = listings("acme-ai/Roadrunner-70B-Free")
    assert figures(found) == {"input|free|0|||USD|": 0, "output|free|0|||USD|": 0}
    [lite] = listings(LITE, replaced("- | \\$0.10 | - | \\$0.10 | FP16", "- | Free | - | Free | FP16"))
    assert figures(lite) == {"input|standard|0|||USD|": 0, "output|standard|0|||USD|": 0}


def test_a_star_is_deprecated_only_where_the_page_says_what_it_means() -> None:
    [found] = listings(LITE)
    assert [(event.event, event.at, event.precision) for event in found.lifecycle] == [("deprecated", None, "none")]
    assert found.name == "Roadrunner 8B Lite"
    unsaid = replaced("\\*Deprecated model", "\\*New model")
    assert listings(LITE, unsaid)[0].lifecycle == ()
    assert seen(unsaid).unknown["mark behind a name: *"] == 1


def test_a_model_that_stands_twice_is_one_listing_unless_its_figures_differ() -> None:
    [see] = listings(SEE)
    assert see.facts["flags.quantization"] == "fp8"
    both = listings("AcmeAI/Roadrunner-M9")
    assert [figures(found)["input|standard|0|||USD|"] for found in both] == [Decimal("0.30"), Decimal("0.35")]


def test_pictures_and_films_are_billed_by_what_is_said_of_them() -> None:
    assert [figures(found) for found in listings("blue-wood/FLUX.9-schnell")] == [{"pixel|standard|0|||USD|": Decimal("0.0027")}]
    old = replaced("| Unit | Price | Output per \\$1 |", "| Price per MP | Default steps | Note |")
    for was, now in (("`megapixel` | \\$0.0027 | 370", "\\$0.0027 | 4 | -"), ("`image` | \\$0.04 | 25", "\\$0.04 | 28 | -")):
        assert was in old
        old = old.replace(was, now)
    assert [figures(found) for found in listings("blue-wood/FLUX.9-schnell", old)] == [
        {"pixel|standard|0|||USD|": Decimal("0.0027")}
    ]
    assert listings("blue-wood/FLUX.9-max")[0].prices == ()
    assert listings("blue-wood/FLUX.9-max")[0].incomplete
    [reel] = listings("acme/reel-3")
    assert list(figures(reel)) == ["output_video/video|standard|0||duration_s=5&resolution=1080p|USD|"]
    assert listings("acme/reel-1")[0].prices == (), "how long or large is not understood"


def test_sound_is_billed_by_its_modality() -> None:
    swapped = replaced("Text-to-Speech", "X").replace("Speech-to-Text", "Text-to-Speech").replace("X", "Speech-to-Text")
    assert listings("acme/sono-9", swapped)[0].prices == ()
    assert listings("acme/sono-9", swapped)[0].incomplete
    [murmur] = listings("acme/murmur-large-v9")
    assert figures(murmur) == {"input_audio/second|standard|0|||USD|": Decimal("0.000025")}


def test_one_price_of_all_tokens_is_only_taken_where_nothing_is_written() -> None:
    embed = replaced("## Embedding models", "## Chat models")
    assert listings("acme/e9-large", embed)[0].prices == ()
    assert listings("acme/e9-large", embed)[0].incomplete
    per_thousand = replaced("Price per 1M tokens", "Price per 1K tokens")
    assert listings("acme/sorter-v1", per_thousand)[0].prices == ()
    assert listings("acme/sorter-v1", per_thousand)[0].incomplete


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("together", "page.md", "API model string", "Handle"),
        ("together", "page.md", "Output pricing (per 1M tokens)", "Output pricing (per 1K tokens)"),
        ("together", "page.md", "(per 1M tokens)", ""),
        ("together", "page.md", "\\$", "€"),
        ("together", "page.md", "| FP4 | Yes | Yes |", "| FP4 | Yes | Yes | 7 |"),
    ],
)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)
