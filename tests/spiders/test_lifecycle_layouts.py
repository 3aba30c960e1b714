"""Deprecation pages whose layout moves on: the same events, or a count that tells a person, never another date or model."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import pytest

from aimstats.domain.items import DocumentRefusedError
from scrapy_project.sources import spider_classes
from tests.spiders.altered import events, read, small_page
from tests.spiders.expected import PAGES

SOURCES: Final = tuple(
    name for name, found in spider_classes().items() if found.source.kind == "lifecycle" and (PAGES / name / "page.md").exists()
)


TABULAR: Final = tuple(name for name in SOURCES if re.search(r"(?m)^\|", small_page(name)))
"""The others state their ends in running text."""


Cells = list[list[str]]


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
    text = small_page(source_id)
    assert events(read(source_id, with_tables(text, HARMLESS[change]))) == events(read(source_id, text))


@pytest.mark.parametrize("source_id", TABULAR)
def test_a_further_column_is_counted(source_id: str) -> None:
    assert any("New" in key for key in read(source_id, with_tables(small_page(source_id), HARMLESS["a further column"])).unknown)


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
    text = small_page(source_id)
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
    text = small_page(source_id)
    renamed = with_tables(text, lambda rows: [[*rows[0][:column], "Foo", *rows[0][column + 1 :]], *rows[1:]])
    try:
        document = read(source_id, renamed)
    except DocumentRefusedError:
        return
    assert sum(document.unknown.values()) > sum(read(source_id, text).unknown.values())
