"""Google's pages: Gemini's prices as rendered, and when Gemini's and Vertex' models end."""

from __future__ import annotations

import re

import pytest

from aimstats.domain.items import DocumentRefusedError
from tests.spiders.altered import altered, assert_counted_and_no_other, events, read, small_page
from tests.spiders.replayed import (
    Figures,
    assert_figure,
    day,
    first,
    life,
    needs_mirror,
    real_text,
    rows_listings_events,
    seen,
    spots,
)


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("gemini", "page-copy.md", "Paid Tier", "Dear Tier"),
        ("gemini", "page-copy.md", "Markdown Content:", "Warning: Target URL returned error 403\n\nMarkdown Content:"),
    ],
)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("gemini", "page-copy.md", "| Output price | Not available | $6.00", "| Not available | $6.00"),
    ],
)  # fmt: skip
def test_a_table_whose_cells_moved_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("gemini", "page-copy.md", "| $12.00, prompts", "| $12,00, prompts"),
        ("gemini", "page-copy.md", "| $12.00, prompts", "| CA$12.00, prompts"),
        ("gemini", "page-copy.md", "| $12.00, prompts", "| from $12.00, prompts"),
        ("gemini", "page-copy.md", "$1.00 / 1,000,000 tokens per hour", "$1.00 / 1,000 tokens per hour"),
    ],
)  # fmt: skip
def test_an_amount_that_is_not_understood_is_counted_and_gives_no_other_figure(
    source: str, page: str, old: str, new: str
) -> None:
    assert_counted_and_no_other(source, page, old, new)


FIGURES: Figures = {
    # (source, address): [(listing, price key without currency, search whose first group is the figure)]
    ("gemini", "https://r.jina.ai/https://ai.google.dev/gemini-api/docs/pricing"): [
        ("gemini-3.5-flash", "output|standard|0||", r"_`gemini-3\.5-flash`_[^$]*\$1\.50[^$]*\$(\S+) \|"),
        ("gemini-3.1-pro-preview", "input|standard|200000||",
         r"gemini-3\.1-pro-preview-customtools`_[^$]*\$2\.00, prompts <= 200k tokens \$(\S+), prompts > 200k"),
        ("gemini-2.5-flash", "input_audio|standard|0||",
         r"_`gemini-2\.5-flash`_[^$]*\$0\.30 \(text / image / video\) \$(\S+) \(audio\)"),
        ("gemini-2.5-pro", "cache_storage|standard|0||", r"_`gemini-2\.5-pro`_.*?\$(\S+) / 1,000,000 tokens per"),
        ("imagen-4.0-ultra-generate-001", "image|standard|0||", r"Imagen 4 Ultra image price \|[^|]*\| \$(\S+)"),
        ("veo-3.1-fast-generate-preview", "output_video/second|standard|0||resolution=1080p",
         r"Veo 3\.1 Fast .*\(720p\) \$(\S+) \(1080p\)"),
    ],
}  # fmt: skip


@needs_mirror
@pytest.mark.parametrize(("source", "url", "name", "key", "search"), spots(FIGURES))
def test_a_figure_is_the_documents(source: str, url: str, name: str, key: str, search: str) -> None:
    assert_figure(source, url, name, key, search)


@needs_mirror
@pytest.mark.parametrize(
    ("source", "counts"),
    [
        ("gemini_deprecations", (75, 65, 46)),
        ("vertex_lifecycle", (41, 41, 37)),
    ],
)
def test_every_row_becomes_its_events(source: str, counts: tuple[int, int, int]) -> None:
    assert rows_listings_events(source) == counts


@needs_mirror
def test_gemini_dates_are_floors_while_its_note_says_so() -> None:
    stated = re.findall(r"(?m)^\| ([a-z][\w.-]+) +\| [^|]*\| (\w+ \d+, \d{4}) +\|", real_text(first("gemini_deprecations")))
    assert len(stated) == 42
    for name, text in stated:
        event = life("gemini_deprecations", name)["retired"]
        assert (event.at, event.precision) == (day(text), "floor")
    assert life("gemini_deprecations", "gemini-3.7-flash") == {}
    assert life("gemini_deprecations", "veo-3.0-generate-001")["retired"].replacements == ("veo-3.1-generate-preview",)


@needs_mirror
def test_vertex_tells_planned_days_from_floors() -> None:
    text = real_text(first("vertex_lifecycle"))
    for name, stated, later in re.findall(r"(?m)^\| ([\w.@-]+) +\| [^|]+\| (\w+ \d+, \d{4})( or later)? +\|", text):
        event = life("vertex_lifecycle", name)["retired"]
        assert (event.at, event.precision) == (day(stated), "floor" if later else "exact")
    assert life("vertex_lifecycle", "gemini-embedding-001")["retired"].precision == "floor"
    assert life("vertex_lifecycle", "gemini-2.5-flash")["retired"].replacements == (
        "Gemini 3.5 Flash-Lite",
        "Gemini 3.1 Flash-Lite",
    )
    facts = {row.external_id: row.facts for row in seen("vertex_lifecycle").listings}
    assert facts["text-bison"]["release_date"] == "2023-05"


@pytest.mark.parametrize(
    "note",
    [
        "The shutdown dates listed indicate the _earliest possible dates_ on which a model might be retired.",
        "Listed are the earliest dates on which a model might be shut down.",
        "These are the earliest\nshutdown dates.",
    ],
)
def test_geminis_note_makes_floors_however_it_is_worded(note: str) -> None:
    text = "# Gemini deprecations\n\n{}\n\n| Model | Shutdown date |\n|---|---|\n| gemini-9 | May 7, 2027 |\n"
    [event] = events(read("gemini_deprecations", text.format(note)))["gemini-9", ""]
    assert event.precision == "floor"
    [event] = events(read("gemini_deprecations", text.format("Dates are final.")))["gemini-9", ""]
    assert event.precision == "exact"


def test_a_row_that_names_no_model_is_counted() -> None:
    text = small_page("vertex_lifecycle")
    row = next(line for line in text.split("\n") if line.startswith("| example") or line.startswith("| gemini"))
    divider = "|".join(["", " Preview models ", *[" "] * (row.count("|") - 2), ""])
    document = read("vertex_lifecycle", text.replace(row, f"{divider}\n{row}", 1))
    assert events(document) == events(read("vertex_lifecycle", text))
    assert document.skipped["row that names no model id"] == 1
