"""Figures are written as people say them, and nothing unknown is written as a figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from aimstats.domain.absence import Absence
from aimstats.web import formats


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("3", "3"),
        ("15.00", "15"),
        ("0.15", "0.15"),
        ("0.075", "0.075"),
        ("2.2249", "2.2249"),
        ("0.00001", "0.00001"),
        ("0.0000375", "0.000038"),
        ("1234.5", "1,234.5"),
        ("600000", "600,000"),
    ],
)
def test_prices_have_the_figures_that_matter_and_no_more(figure: str, said: str) -> None:
    assert formats.price(figure).text == said


def test_the_exact_price_is_kept_beside_a_rounded_one() -> None:
    assert formats.price("0.0000375").exact == "0.0000375"


@pytest.mark.parametrize(("figure", "said"), [(None, "–"), ("0", "free"), (Decimal(0), "free"), ("3", "$3")])
def test_free_is_not_unknown(figure: str | Decimal | None, said: str) -> None:
    assert formats.dollars(figure) == said


def test_a_dearer_price_never_has_a_shorter_bar() -> None:
    bars = [formats.price(str(figure)).bar for figure in (0, "0.0001", "0.01", "0.2", 1, 3, 15, 75, 600, 90000)]
    assert bars == sorted(bars)
    assert (bars[0], bars[-1]) == (0, formats.BARS)


@pytest.mark.parametrize(
    ("number", "said"),
    [(512, "512"), (999, "999"), (8_192, "8.19K"), (131_072, "131K"), (200_000, "200K"), (1_000_000, "1M"), (1_048_576, "1.05M")],
)
def test_tokens_have_three_significant_digits(number: int, said: str) -> None:
    assert formats.tokens(number) == said


@pytest.mark.parametrize("number", [999_500, 999_999, 999_999_999])
def test_rounding_up_to_a_thousand_takes_the_next_letter(number: int) -> None:
    assert "e" not in formats.tokens(number)
    assert not formats.tokens(number).startswith("1000")


@pytest.mark.parametrize(("text", "said"), [("2025-09-29", "29 Sep 2025"), ("2025-07", "Jul 2025"), ("2025", "2025")])
def test_a_date_stays_as_precise_as_its_source(text: str, said: str) -> None:
    assert formats.day(text) == said


def test_every_reason_of_an_absence_has_words() -> None:
    assert set(formats.ABSENCES) == {str(reason) for reason in Absence}


@pytest.mark.parametrize(("text", "soon"), [("2026-12-01", True), ("2027-12-01", False), ("2026-01-01", False), ("2026", False)])
def test_soon_is_within_ninety_days_and_only_of_a_stated_day(text: str, soon: bool) -> None:
    assert formats.is_soon(text, date(2026, 11, 23)) is soon
