"""Deprecation pages whose layout moves on: the same events, or a count that tells a person, never another date or model."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import pytest

from aimstats.config.values import PROJECT_ROOT
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle
from scrapy_project.base.lifecycle_dates import when
from scrapy_project.base.lifecycles import date_in, model_ids, rows_of
from scrapy_project.base.record import Tally
from scrapy_project.formats.tables import markdown_tables
from scrapy_project.sources import spider_classes
from tests.spiders.expected import PAGES, page_url

SOURCES: Final = tuple(
    sorted(
        name
        for name, found in spider_classes().items()
        if found.source.kind == "lifecycle" and (PROJECT_ROOT / "tests" / "pages" / name / "page.md").exists()
    )
)
TABULAR: Final = tuple(name for name in SOURCES if name != "cerebras_deprecations")
Cells = list[list[str]]
Events = dict[tuple[str, str], tuple[Lifecycle, ...]]


def page(source_id: str) -> str:
    return (PROJECT_ROOT / "tests" / "pages" / source_id / "page.md").read_text(encoding="utf-8")


def read(source_id: str, text: str) -> DocumentSeen:
    url = page_url(source_id, PAGES / source_id / "expected.json")
    return spider_classes()[source_id]().parse_document(text.encode(), url)


def events(document: DocumentSeen) -> Events:
    return {(row.external_id, row.region): row.lifecycle for row in document.listings}


def with_tables(text: str, change: Callable[[Cells], Cells]) -> str:
    """The page with each of its tables, as rows of cells with the header and the line below it first, changed."""

    def changed(found: re.Match[str]) -> str:
        rows = [re.split(r"(?<!\\)\|", line.strip())[1:-1] for line in found[0].strip().split("\n")]
        return "".join(f"|{'|'.join(row)}|\n" for row in change(rows))

    return re.sub(r"(?m)(?:^\|.*\|[ \t]*(?:\n|\Z))+", changed, text)


def body_cells(change: Callable[[str], str]) -> Callable[[Cells], Cells]:
    return lambda rows: rows[:2] + [[change(cell) for cell in row] for row in rows[2:]]


HARMLESS: Final[dict[str, Callable[[Cells], Cells]]] = {
    "columns in another order": lambda rows: [row[::-1] for row in rows],
    "headers in capitals": lambda rows: [[cell.upper() for cell in rows[0]], *rows[1:]],
    "a further column": lambda rows: [[("New", "---", "x")[min(n, 2)], *row] for n, row in enumerate(rows)],
    "non-breaking spaces": body_cells(lambda cell: cell.strip().replace(" ", "\u00a0")),
    "non-breaking hyphens": body_cells(lambda cell: cell.replace("-", "\u2011")),
}


@pytest.mark.parametrize("change", HARMLESS)
@pytest.mark.parametrize("source_id", TABULAR)
def test_the_events_are_the_same(source_id: str, change: str) -> None:
    text = page(source_id)
    assert events(read(source_id, with_tables(text, HARMLESS[change]))) == events(read(source_id, text))


@pytest.mark.parametrize("source_id", TABULAR)
def test_a_further_column_is_counted(source_id: str) -> None:
    assert any("New" in key for key in read(source_id, with_tables(page(source_id), HARMLESS["a further column"])).unknown)


def of_width(rows: Cells, column: int, change: Callable[[list[str]], list[str]]) -> Cells:
    return rows[:2] + [change(row) if len(row) > column else row for row in rows[2:]]


RAGGED: Final[dict[str, Callable[[Cells, int], Cells]]] = {
    "a cell less": lambda rows, n: of_width(rows, n, lambda row: row[:n] + row[n + 1 :]),
    "a cell more": lambda rows, n: of_width(rows, n, lambda row: row[: n + 1] + row[n:]),
}


@pytest.mark.parametrize("column", range(5))
@pytest.mark.parametrize("change", RAGGED)
@pytest.mark.parametrize("source_id", TABULAR)
def test_a_row_of_another_length_states_nothing(source_id: str, change: str, column: int) -> None:
    text = page(source_id)
    ragged = with_tables(text, lambda rows: RAGGED[change](rows, column))
    if ragged == text:
        return
    try:
        document = read(source_id, ragged)
    except DocumentRefusedError:
        return
    before = events(read(source_id, text))
    for key, stated in events(document).items():
        assert {(event.event, event.at, event.precision) for event in stated} <= {
            (event.event, event.at, event.precision) for event in before[key]
        }
    counted = sum(document.unknown.values()) > sum(read(source_id, text).unknown.values())
    assert counted or events(document) == before  # a table of no models may be ragged


@pytest.mark.parametrize("column", range(5))
@pytest.mark.parametrize("source_id", TABULAR)
def test_a_renamed_column_is_counted_or_refused(source_id: str, column: int) -> None:
    text = page(source_id)
    renamed = with_tables(text, lambda rows: [[*rows[0][:column], "Foo", *rows[0][column + 1 :]], *rows[1:]])
    try:
        document = read(source_id, renamed)
    except DocumentRefusedError:
        return
    assert sum(document.unknown.values()) > sum(read(source_id, text).unknown.values())


@pytest.mark.parametrize("source_id", ["groq_deprecations", "mistral_retirement", "openai_deprecations"])
def test_days_before_months_refuse_the_page(source_id: str) -> None:
    text = re.sub(r"\b(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)\b", r"\2/\1/\3", page(source_id))
    text = re.sub(r"\b(20\d\d)-(\d\d)-(\d\d)(?= *\|)", r"\3/\2/\1", text)
    with pytest.raises(DocumentRefusedError, match="is no US date"):
        read(source_id, text)


@pytest.mark.parametrize(
    ("cell", "date", "counted"),
    [
        ("~~2026-07-23~~ 2026-10-23", "2026-10-23", {}),
        ("2026-07-23 or 2026-10-23", "", {"End: several dates": 1}),
        ("2026-07-23 (July 23, 2026)", "2026-07-23", {}),
        ("23.07.2026", "", {"End: not a date": 1}),
        ("N/A", "", {}),
        ("by July 23, 2026", "", {"End: not a date": 1}),
        ("No later than July 23, 2026", "", {"End: not a date": 1}),
        ("early July 2026", "", {"End: not a date": 1}),
        ("July 23, 2026 (estimated)", "", {"End: not a date": 1}),
        ("July 23, 2026?", "", {"End: not a date": 1}),
        ("Retired on July 23, 2026", "2026-07-23", {}),
        ("<b>[July 23, 2026](https://acme.example/?to=new)</b><sup>1</sup>", "2026-07-23", {}),
    ],
)
def test_a_cell_states_one_date(cell: str, date: str, counted: dict[str, int]) -> None:
    tally = Tally()
    assert date_in(cell, "End", tally).date == date
    assert dict(tally.unknown) == counted


@pytest.mark.parametrize(
    "words",
    [
        "Not sooner than {}",
        "No earlier than {}",
        "At least until {}",
        "Until at least {}",
        "After {}",
        "Any time after\n{}",
        "No retirement before {}",
        "Will not be retired before {}",
        "Won't retire prior to {}",
        "Not prior to {}",
        "as early as {}",
        "≥ {}",
        ">= {}",
        "from {} onwards",
        "{} or later",
        "{} at the earliest",
    ],
)
@pytest.mark.parametrize(
    ("day", "date"), [("March 1, 2027", "2027-03-01"), ("2027-03-01", "2027-03-01"), ("May 2027", "2027-05-01")]
)
def test_the_earliest_possible_day_is_a_floor(words: str, day: str, date: str) -> None:
    stated = when(words.format(day))
    assert (stated.date, stated.precision) == (date, "floor")


@pytest.mark.parametrize(
    "text", ["March 1, 2027", "Starting on March 1, 2027; after that day calls fail", "No upgrades\n1 March 2027"]
)
def test_a_plain_day_is_no_floor(text: str) -> None:
    assert when(text).precision == "exact"


@pytest.mark.parametrize(
    ("column", "event"), [("Retirement Date", "retired"), ("Deprecation Date (No New Customers)", "deprecated")]
)
def test_a_floor_in_azures_header_is_one_in_each_of_its_cells(column: str, event: str) -> None:
    text = (PROJECT_ROOT / "tests" / "pages" / "azure_retirements" / "page-tabs.html").read_text(encoding="utf-8")
    assert f">{column}<" in text
    document = read("azure_retirements", text.replace(f">{column}<", f">{column} (no earlier than)<"))
    found: dict[str, set[str]] = {}
    for row in (row for life in events(document).values() for row in life):
        found.setdefault(row.event, set()).add(row.precision)
    assert found == {"retired": {"exact", "floor"}, "deprecated": {"exact", "floor"}} | {event: {"floor"}}
    assert document.unknown == read("azure_retirements", text).unknown


def test_a_plain_date_of_an_active_model_of_anthropic_is_a_floor() -> None:
    text = page("anthropic_deprecations").replace("Not sooner than April 16, 2027", "April 16, 2027")
    [event] = events(read("anthropic_deprecations", text))["example-opus-9", ""]
    assert (event.at, event.precision) == (datetime(2027, 4, 16, tzinfo=UTC), "floor")
    assert events(read("anthropic_deprecations", text)) == events(read("anthropic_deprecations", page("anthropic_deprecations")))


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


def test_words_for_nothing_are_no_models() -> None:
    assert model_ids("none") == model_ids("n/a") == model_ids("tbd") == []
    assert model_ids("gpt\u20114\u20110314 or gpt‑5") == ["gpt-4-0314", "gpt-5"]


def test_what_a_table_lacks_is_counted() -> None:
    tally = Tally()
    [table] = markdown_tables("| model | Odd |\n|---|---|\n| a-1 | x |\n| b-2 |\n")
    assert list(rows_of(table, tally, "Model", "End", optional=("Price",))) == [{"Model": "a-1"}]
    assert dict(tally.unknown) == {"column Odd": 1, "no column End": 1, "row not as long as its table's header": 1}


def test_a_row_that_names_no_model_is_counted() -> None:
    text = page("vertex_lifecycle")
    row = next(line for line in text.split("\n") if line.startswith("| example") or line.startswith("| gemini"))
    divider = "|".join(["", " Preview models ", *[" "] * (row.count("|") - 2), ""])
    document = read("vertex_lifecycle", text.replace(row, f"{divider}\n{row}", 1))
    assert events(document) == events(read("vertex_lifecycle", text))
    assert document.skipped["row that names no model id"] == 1


COHERE: Final = """# Deprecations

### 2026-03-01: Old models

{lead} the following models will be retired:

* `embed-old-v2.0`

For command model replacements, we recommend you use `command-new`.

### 2025-09-15: Various

Effective September 15, 2025, the following deprecations will roll out.

Deprecated Models:

* `command-old`
* `summarize`

{more}

For command model replacements, we recommend you use `command-new`.
"""


@pytest.mark.parametrize(
    ("lead", "date"),
    [
        ("Effective April 4th, 2026,", "2026-04-04"),
        ("Effective 4 April 2026,", "2026-04-04"),
        ("Effective on 2026-04-04,", "2026-04-04"),
    ],
)
def test_cohere_ends_on_the_effective_day_not_on_that_of_the_announcement(lead: str, date: str) -> None:
    document = read("cohere_deprecations", COHERE.format(lead=lead, more=""))
    [event] = events(document)["embed-old-v2.0", ""]
    assert event.at == datetime.fromisoformat(date).replace(tzinfo=UTC)
    assert dict(document.unknown) == {}


def test_cohere_without_an_effective_day_has_no_date_and_says_so() -> None:
    document = read("cohere_deprecations", COHERE.format(lead="Soon", more="Sunset Models:\n\n* `other-old`\n"))
    assert [event.at for event in events(document).get(("embed-old-v2.0", ""), ())] == []
    assert dict(document.unknown) == {"list of models: no effective day": 1, "list Sunset Models:": 1}


def test_cohere_recommends_for_the_family_that_it_names() -> None:
    found = events(read("cohere_deprecations", COHERE.format(lead="Effective April 4th, 2026,", more="")))
    assert found["command-old", ""][0].replacements == ("command-new",)
    assert found["summarize", ""][0].replacements == found["embed-old-v2.0", ""][0].replacements == ()


def test_bedrock_counts_an_active_version_with_two_plain_dates() -> None:
    text = (PROJECT_ROOT / "tests" / "pages" / "bedrock_lifecycle" / "page.html").read_text(encoding="utf-8")
    document = read("bedrock_lifecycle", text.replace("No sooner than ", ""))
    assert document.unknown["active version: not one date with `No sooner than` beside the launch"] > 0
    assert not [event for row in document.listings for event in row.lifecycle if event.precision == "floor"]
