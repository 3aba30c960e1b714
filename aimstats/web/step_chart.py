"""Steps in time as a picture: a logarithmic axis of dollars, lines joined only where one price became another, direct labels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final, Literal

from aimstats.web import formats

LABEL_GAP: Final = 15
MARK_ROOM: Final = 96
"""So far apart are the labels of two dotted verticals; of nearer ones the later is not labelled."""
MOST_TICKS: Final = 6
MONTHS_APART: Final = (1, 2, 3, 6, 12, 24, 36, 60)
ROOM: Final = 1.25
"""The axis goes so many times beyond the least and the greatest figure."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One price over a time; `joined`: the one before it became it, so that the line goes up or down between them."""

    starts: datetime
    ends: datetime
    usd: float
    text: str
    joined: bool = False
    foreseen: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """The prices of one meter in time."""

    label: str
    css: str
    segments: Sequence[Segment]


@dataclass(frozen=True, slots=True)
class Vertical:
    """An instant that is told by a dotted line."""

    at: datetime
    text: str
    is_warm: bool = False


@dataclass(frozen=True, slots=True)
class Size:
    """How large a picture is, in its own units: those of a screen at its natural width."""

    width: int
    height: int
    left: int
    right: int
    top: int = 24
    bottom: int = 26


WIDE: Final = Size(1216, 260, 48, 130)
NARROW: Final = Size(340, 240, 44, 82)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the picture; `css` is how it is anchored and coloured."""

    x: float
    y: float
    css: str
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that a template draws: paths by class, dots, texts."""

    width: int
    height: int
    paths: Sequence[tuple[str, str]]
    dots: Sequence[tuple[float, float]]
    texts: Sequence[Text]


def draw(series: Sequence[Series], verticals: Sequence[Vertical], size: Size) -> Drawing:
    """The picture of series whose prices are all above zero, from the first step to the last end."""
    return _Picture(series, verticals, size).drawing()


class _Picture:
    def __init__(self, series: Sequence[Series], verticals: Sequence[Vertical], size: Size) -> None:
        self.series, self.size = series, size
        segments = [segment for one in series for segment in one.segments]
        self.first = min(segment.starts for segment in segments)
        self.last = max(segment.ends for segment in segments)
        self.low = min(segment.usd for segment in segments) / ROOM
        self.high = max(segment.usd for segment in segments) * ROOM
        self.verticals = sorted((one for one in verticals if self.first <= one.at <= self.last), key=lambda one: one.at)

    def drawing(self) -> Drawing:
        paths = [*self._frame(), *((css, d) for one in self.series for css, d in self._lines(one))]
        dots = [(self.x(one.starts), self.y(one.usd)) for series in self.series for one in series.segments]
        texts = [*self._scale(), *self._days(), *self._told(), *self._names(), *self._ends()]
        return Drawing(self.size.width, self.size.height, paths, dots, texts)

    def x(self, at: datetime) -> float:
        span = (self.last - self.first).total_seconds() or 1
        room = self.size.width - self.size.left - self.size.right
        return round(self.size.left + room * (at - self.first).total_seconds() / span, 1)

    def y(self, usd: float) -> float:
        share = math.log(usd / self.low) / math.log(self.high / self.low)
        bottom = self.size.height - self.size.bottom
        return round(bottom - share * (bottom - self.size.top), 1)

    def _frame(self) -> Iterator[tuple[str, str]]:
        left, right, bottom = self.size.left, self.size.width - self.size.right, self.size.height - self.size.bottom
        for usd in ticks(self.low, self.high):
            yield "grid", f"M{left} {self.y(usd)}H{right}"
        yield "axis", f"M{left} {bottom}H{right}"
        for at in self._months():
            yield "axis", f"M{self.x(at)} {bottom}v4"
        for one in self.verticals:
            yield "mark", f"M{self.x(one.at)} {self.size.top - 4}V{bottom}"

    def _lines(self, series: Series) -> Iterator[tuple[str, str]]:
        for one in series.segments:
            css = f"step {series.css}{' unsure' if one.foreseen else ''}"
            yield css, f"M{self.x(one.starts)} {self.y(one.usd)}H{self.x(one.ends)}"
        for before, after in pairwise(series.segments):
            if after.joined:
                yield f"step {series.css}", f"M{self.x(after.starts)} {self.y(before.usd)}V{self.y(after.usd)}"

    def _scale(self) -> Iterator[Text]:
        for usd in ticks(self.low, self.high):
            yield Text(self.size.left - 8, self.y(usd) + 4, "end", f"${usd:g}")

    def _days(self) -> Iterator[Text]:
        for at in self._months():
            month = formats.month(at.month)
            text = f"{month} {at.year}" if self.size.width > 700 else f"{month} ’{at:%y}"
            yield Text(self.x(at), self.size.height - 8, "mid", text)

    def _months(self) -> list[datetime]:
        """The first days of months on the axis, as many as have room."""
        most = MOST_TICKS if self.size.width > 700 else MOST_TICKS // 2
        months = [(year, month) for year in range(self.first.year, self.last.year + 1) for month in range(1, 13)]
        for apart in MONTHS_APART:
            found = [datetime(year, month, 1, tzinfo=UTC) for year, month in months if (year * 12 + month - 1) % apart == 0]
            found = [at for at in found if self.first <= at <= self.last]
            if len(found) <= most:
                return found
        return found[:: len(found) // most + 1]

    def _told(self) -> Iterator[Text]:
        """What the verticals are, above them; anchored so that it stays on the picture."""
        right_most = -1_000.0
        middle = self.size.width / 2
        for one in self.verticals:
            x = self.x(one.at)
            if x - right_most >= MARK_ROOM:
                right_most = x
                css = ("end" if x > middle else "start") + (" warm" if one.is_warm else "")
                yield Text(x - 5 if x > middle else x + 5, self.size.top - 10, css, one.text)

    def _names(self) -> Iterator[Text]:
        """The figure that each line begins with."""
        for series in self.series:
            first = series.segments[0]
            if len(series.segments) > 1:
                yield Text(self.x(first.starts) + 4, self.y(first.usd) - 7, "name", first.text)

    def _ends(self) -> Iterator[Text]:
        """What each line is, behind its end; none over another."""
        lowest = -1_000.0
        ends = [(self.y(one.segments[-1].usd), one) for one in self.series]
        for y, series in sorted(ends, key=lambda end: end[0]):
            lowest = max(y + 4, lowest + LABEL_GAP)
            text = f"{series.segments[-1].text} {series.label}"
            yield Text(self.size.width - self.size.right + 7, lowest, "name", text)


def ticks(low: float, high: float) -> list[float]:
    """Round figures between two, at most seven.

    >>> ticks(0.9, 21), ticks(0.001, 900)
    ([1, 2, 5, 10, 20], [0.001, 0.01, 0.1, 1, 10, 100])
    """
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    steps: tuple[tuple[Literal[1, 2, 5], ...], ...] = ((1, 2, 5), (1,))
    found: list[float] = []
    for digits in steps:
        found = [digit * 10**power if power >= 0 else float(f"{digit}e{power}") for power in powers for digit in digits]
        found = [one for one in found if low <= one <= high]
        if len(found) <= 7:
            break
    return found
