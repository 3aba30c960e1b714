"""Intervals as bars on one scale: a line from end to end and a dot at the figure, a dot alone where no interval is stated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

WIDTH: Final = 150
EDGE: Final = 5
"""So far from both ends of the bar a dot stays, so that the whole of it is seen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where its line begins and ends, and where the dot stands; None where there is no such thing."""

    start: float
    end: float
    dot: float | None
    has_line: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale that all bars of a table share."""

    low: Decimal
    high: Decimal

    def x(self, figure: Decimal) -> float:
        """Where a figure stands."""
        span = self.high - self.low or Decimal(1)
        return round(EDGE + (WIDTH - 2 * EDGE) * float((figure - self.low) / span), 1)

    def bar(self, low: Decimal | None, high: Decimal | None, figure: Decimal | None) -> Bar:
        """The bar of an interval, of a figure, or of a figure in its interval."""
        dot = None if figure is None else self.x(figure)
        if low is None or high is None:
            return Bar(dot or 0, dot or 0, dot, False)
        return Bar(self.x(low), self.x(high), dot, True)


def scale_of(figures: Iterable[Decimal | None]) -> Scale:
    """The scale on which all of these stand.

    >>> scale_of([Decimal(70), None, Decimal(94)]).bar(Decimal(70), Decimal(94), Decimal(82))
    Bar(start=5.0, end=145.0, dot=75.0, has_line=True)
    """
    known = [figure for figure in figures if figure is not None]
    return Scale(min(known, default=Decimal(0)), max(known, default=Decimal(1)))
