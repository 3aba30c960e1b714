"""OpenAI's pages: prices in Markdown, as rendered, and the shutdowns that it announces."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import pytest

from aimstats.domain.absence import Absence
from aimstats.domain.items import DocumentRefusedError
from scrapy_project.base.pages import Page
from scrapy_project.formats.tables import plain_markdown
from scrapy_project.spiders.openai.extras import read_uplifts
from tests.spiders.altered import altered, assert_counted_and_no_other, days_first, figures_of, read, small_page
from tests.spiders.replayed import (
    Figures,
    assert_figure,
    day,
    figure_of,
    first,
    life,
    listing_at,
    needs_mirror,
    real_text,
    rows_listings_events,
    seen,
    spots,
)
from tests.spiders.timed import in_time

PRICES: Final = "https://developers.openai.com/api/docs/pricing.md"
DEPRECATIONS_IN_HTML: Final = "https://platform.openai.com/docs/deprecations"
RENDERED: Final = "https://r.jina.ai/https://platform.openai.com/docs/pricing"


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("openai", "page.md", "rows", "lines"),
        ("openai", "page.md", '["gpt-8-mini", 0.75, 0.075, 4.5]', '["gpt-8-mini", 0.75, 0.075, 0.09, 4.5]'),
        ("openai", "page.md", '["gpt-8-mini", 0.75, 0.075, 4.5]', '["gpt-8-mini", 0.75, 0.075, 0.9, 4.5, 9]'),
        ("openai", "page.md", '["gpt-8-mini", 0.75, 0.075, 4.5]', '["gpt-8-mini", 0.075, 0.75, 4.5]'),
        ("openai", "page.md", "Prices per 1M tokens", "Prices per second"),
        ("openai", "page.md", 'tier="fast"', 'tier="warp"'),
        ("openai", "page-copy.md", "Prices per 1M tokens", "Prices"),
        ("openai", "page-copy.md", "URL Source: https://platform.openai.com/docs/pricing", "URL Source: https://openai.com/"),
    ],
)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("openai", "page.md", '["gpt-8-mini", 0.375, "-", 2.25],', '["gpt-8-mini", 0.375, "-", 2.25'),
        ("openai", "page-copy.md", "| Model | Input | Cached input | Output | Input | Cached input | Output |",
     "| Model | Input | Cached input | Output | Output | Cached input | Input |"),
        ("openai", "page-copy.md", "| Model | Input | Cached input | Output | Input | Cached input | Output |",
     "| Model | Input | Input | Output | Input | Input | Output |"),
    ],
)  # fmt: skip
def test_a_table_whose_cells_moved_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("openai", "page.md", "$", "€"),
        ("openai", "page-copy.md", "| Text | $4.00 | $0.40 | $24.00 |", "| gpt-voice-3 | Text | $0.40 | $24.00 |"),
    ],
)  # fmt: skip
def test_an_amount_that_is_not_understood_is_counted_and_gives_no_other_figure(
    source: str, page: str, old: str, new: str
) -> None:
    assert_counted_and_no_other(source, page, old, new)


FIGURES: Figures = {
    # (source, address): [(listing, price key without currency, search whose first group is the figure)]
    ("openai", "https://developers.openai.com/api/docs/pricing.md"): [
        ("gpt-5.5", "output|standard|0||", r'"gpt-5\.5 \(<272K context length\)", 5, 0\.5, (\d+)\]'),
        ("gpt-4o-2024-05-13", "input|standard|0||", r'"gpt-4o-2024-05-13", (\d+), null, 15\]'),
        ("gpt-4o", "cache_read|standard|0||", r'"gpt-4o", 2\.5, ([\d.]+), 10\]'),
        ("o4-mini", "cache_read|flex|0||", r'"o4-mini", 0\.55, ([\d.]+), 2\.2\]'),
        ("gpt-5.5", "input|priority|0||", r'"gpt-5\.5 \(<272K context length\)", (12\.5), 1\.25, 75\]'),
        ("text-embedding-3-large", "input|standard|0||", r'"text-embedding-3-large", ([\d.]+),'),
    ],
    ("openai", "https://r.jina.ai/https://platform.openai.com/docs/pricing"): [
        ("gpt-5.5", "input|standard|272000||", r"\| gpt-5\.5 (?:\|[^|]*){3}\| \$(\S+) \|"),
        ("gpt-5.5", "output|standard|272000||", r"\| gpt-5\.5 (?:\|[^|]*){5}\| \$(\S+) \|"),
        ("gpt-realtime-2", "output|standard|0||", r"gpt-realtime-2 .*\n\| Text .*\| \$(\S+) \|"),
        ("gpt-image-2", "output_image|standard|0||", r"\| gpt-image-2 \| Image .*\| \$(\S+) \|"),
        ("sora-2-pro", "output_video/second|standard|0||resolution=1080p", r"sora-2-pro .*\n.*\n\| 1080p .*\| \$(\S+) \|"),
        ("gpt-5.3-codex", "cache_read|priority|0||", r"\| gpt-5\.3-codex \| \$3\.50 \| \$(\S+) \|"),
    ],
}  # fmt: skip


@needs_mirror
@pytest.mark.parametrize(("source", "url", "name", "key", "search"), spots(FIGURES))
def test_a_figure_is_the_documents(source: str, url: str, name: str, key: str, search: str) -> None:
    assert_figure(source, url, name, key, search)


@needs_mirror
def test_gpt_long_context_is_a_tier() -> None:
    short = {price.key.min_context_tokens for price in listing_at("openai", PRICES, "gpt-5.4").prices}
    rendered = listing_at("openai", RENDERED, "gpt-5.4")
    assert short == {0}
    assert figure_of(rendered, "input|standard|0||") == Decimal("2.5")
    assert figure_of(rendered, "input|standard|272000||") == 5
    assert figure_of(rendered, "output|flex|272000||") == Decimal("11.25")
    mini = listing_at("openai", RENDERED, "gpt-5.4-mini").prices
    assert {price.absent for price in mini if price.key.min_context_tokens} == {Absence.NOT_OFFERED}  # dashes in its columns


def test_a_hosted_container_with_a_decimal_comma_is_not_free() -> None:
    stated = re.findall(r"\d+ GB \$\d+\.\d+", small_page("openai"))
    assert stated
    document = altered("openai", "page.md", stated[0], stated[0].replace(".", ","))
    assert 0 not in [figure for (_, _, key), figure in figures_of(document).items() if key.startswith("session")]
    assert any("session" in what for what in document.unknown)


def test_a_fee_whose_list_lost_its_beginning_is_counted() -> None:
    text = small_page("openai")
    start = text.index('      rows: [\n        ["Web search (all models)"')
    document = read("openai", text[:start] + text[start + 13 :])
    assert document.skipped["fee outside the lists of rows: its list has no beginning"] == 1


def test_a_sentence_on_uplifts_in_other_words_names_no_model_and_ends() -> None:
    names = "`gpt-5.4`, `gpt-5.4-mini`, `gpt-5.4-nano`, and `gpt-5.4-pro`"
    text = plain_markdown(f"are charged a 10% uplift for {names} models. See our docs")
    assert in_time(lambda: read_uplifts(Page("openai", "https://openai.example/"), text))


@needs_mirror
def test_every_row_becomes_its_events_in_markdown_and_in_html() -> None:
    assert rows_listings_events("openai_deprecations") == (119, 120, 240)
    older = seen("openai_deprecations", DEPRECATIONS_IN_HTML)
    assert (older.rows, len(older.listings), sum(len(row.lifecycle) for row in older.listings)) == (72, 60, 120)


@needs_mirror
def test_openai_dates_are_the_documents() -> None:
    compared = 0
    for stated, name in re.findall(r"(?m)^\| (202\d-\d\d-\d\d) +\| `([\w.-]+)` +\|", real_text(first("openai_deprecations"))):
        row = [row for row in seen("openai_deprecations").listings if row.external_id == name]
        assert len(row) == 1
        at = {event.event: event.at for event in row[0].lifecycle}["retired"]
        assert at is not None
        assert at >= datetime.fromisoformat(stated).replace(tzinfo=UTC)
        compared += at == datetime.fromisoformat(stated).replace(tzinfo=UTC)
    assert compared >= 80


@needs_mirror
def test_openai_alternatives_and_included_names_are_taken_apart() -> None:
    preview = life("openai_deprecations", "gpt-4-turbo-preview")
    assert preview["retired"].at == datetime(2026, 3, 26, tzinfo=UTC)
    assert preview["retired"].replacements == ("gpt-5", "gpt-4.1")
    assert preview["deprecated"].at == datetime(2025, 9, 26, tzinfo=UTC)
    assert life("openai_deprecations", "dall-e-3")["retired"].replacements == ("gpt-image-2", "gpt-image-1", "gpt-image-1-mini")
    assert life("openai_deprecations", "o3-mini") == life("openai_deprecations", "o3-mini-2025-01-31")
    assert life("openai_deprecations", "gpt-5.2-chat-latest")["retired"].at == day("Aug 10, 2026")
    assert life("openai_deprecations", "gpt-4o-2024-05-13")["retired"].at == datetime(2026, 10, 23, tzinfo=UTC)


@needs_mirror
def test_the_latest_announcement_of_openai_stands() -> None:
    assert life("openai_deprecations", "gpt-4-1106-preview")["retired"].at == datetime(2026, 10, 23, tzinfo=UTC)
    [older] = [
        row for row in seen("openai_deprecations", DEPRECATIONS_IN_HTML).listings if row.external_id == "gpt-4-1106-preview"
    ]
    assert [event.at for event in older.lifecycle if event.event == "retired"] == [datetime(2026, 3, 26, tzinfo=UTC)]
    assert life("openai_deprecations", "gpt-4-0314")["retired"].precision == "exact"


def test_days_before_months_refuse_the_page() -> None:
    with pytest.raises(DocumentRefusedError, match="is no US date"):
        read("openai_deprecations", days_first(small_page("openai_deprecations")))
