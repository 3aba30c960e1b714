"""The readers of dates, models and tables that every spider of deprecations is made of."""

from __future__ import annotations

import pytest

from scrapy_project.base.lifecycle_dates import when
from scrapy_project.base.lifecycles import date_in, model_ids, rows_of
from scrapy_project.base.record import Tally
from scrapy_project.formats.tables import markdown_tables


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


def test_words_for_nothing_are_no_models() -> None:
    assert model_ids("none") == model_ids("n/a") == model_ids("tbd") == []
    assert model_ids("gpt\u20114\u20110314 or gpt‑5") == ["gpt-4-0314", "gpt-5"]


def test_what_a_table_lacks_is_counted() -> None:
    tally = Tally()
    [table] = markdown_tables("| model | Odd |\n|---|---|\n| a-1 | x |\n| b-2 |\n")
    assert list(rows_of(table, tally, "Model", "End", optional=("Price",))) == [{"Model": "a-1"}]
    assert dict(tally.unknown) == {"column Odd": 1, "no column End": 1, "row not as long as its table's header": 1}
