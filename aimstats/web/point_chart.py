"""Points of cost and score as a picture: a logarithmic axis of dollars, the frontier as steps, labels that never collide."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from aimstats.catalogue.columns.frontier import BEATEN, FRONTIER_STATE, NEAR
from aimstats.web.step_chart import Size, Text, ticks

CHARACTER: Final = 6.6
"""How wide a character of a label is at most, on average, at twelve pixels."""
LINE: Final = 14
RADII: Final = {FRONTIER_STATE: 4.5, NEAR: 4.0, BEATEN: 2.5}
MOST_TICKS: Final = 6

WIDE: Final = Size(960, 430, 44, 20, 20, 30)
NARROW: Final = Size(340, 340, 34, 10, 18, 30)


@dataclass(frozen=True, slots=True)
class Mark:
    """A point: where it stands, what it is called, and where it leads."""

    cost: float
    score: float
    low: float | None
    high: float | None
    state: str
    label: str
    href: str
    said: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point as it is drawn: a link but for those that are beaten."""

    x: float
    y: float
    r: float
    css: str
    href: str
    said: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that a template draws: paths by class, dots in the order of the keyboard, texts."""

    width: int
    height: int
    paths: Sequence[tuple[str, str]]
    beaten: Sequence[Dot]
    dots: Sequence[Dot]
    texts: Sequence[Text]
    said: str


Box = tuple[float, float, float, float]


def draw(marks: Sequence[Mark], size: Size, *, unit: str, higher_is_better: bool, said: str) -> Drawing:
    """The picture of points whose costs are all above zero."""
    return _Picture(marks, size, unit, higher_is_better).drawing(said)


class _Picture:
    def __init__(self, marks: Sequence[Mark], size: Size, unit: str, higher_is_better: bool) -> None:
        self.marks, self.size, self.unit, self.is_higher = marks, size, unit, higher_is_better
        self.cheap = min(mark.cost for mark in marks) / 1.4
        self.dear = max(mark.cost for mark in marks) * 1.4
        figures = [figure for mark in marks for figure in (mark.score, mark.low, mark.high) if figure is not None]
        room = (max(figures) - min(figures) or 1) * 0.05
        self.low, self.high = min(figures) - room, max(figures) + room
        self.left, self.right = size.left, size.width - size.right
        self.bottom = size.height - size.bottom
        self.is_wide = size.width > 700

    def drawing(self, said: str) -> Drawing:
        frontier = [mark for mark in self.marks if mark.state == FRONTIER_STATE]
        near = [mark for mark in self.marks if mark.state == NEAR]
        labelled = [*frontier, *near] if self.is_wide else frontier
        paths = [*self._frame(), *self._intervals(frontier, near), *self._steps(frontier)]
        return Drawing(
            self.size.width,
            self.size.height,
            paths,
            [self._dot(mark) for mark in self.marks if mark.state == BEATEN],
            [self._dot(mark) for mark in (*frontier, *near)],
            [*self._scale(), *self._labels(labelled)],
            said,
        )

    def x(self, cost: float) -> float:
        """Where a cost stands."""
        share = math.log(cost / self.cheap) / math.log(self.dear / self.cheap)
        return round(self.left + share * (self.right - self.left), 1)

    def y(self, score: float) -> float:
        """Where a score stands: the better above."""
        share = (score - self.low) / (self.high - self.low)
        share = share if self.is_higher else 1 - share
        return round(self.bottom - share * (self.bottom - self.size.top), 1)

    def _frame(self) -> Iterator[tuple[str, str]]:
        for score in self._score_ticks():
            yield "grid", f"M{self.left} {self.y(score)}H{self.right}"
        yield "axis", f"M{self.left} {self.bottom}H{self.right}"
        for usd in self._cost_ticks():
            yield "axis", f"M{self.x(usd)} {self.bottom}v4"

    def _intervals(self, *groups: Sequence[Mark]) -> Iterator[tuple[str, str]]:
        for mark in (mark for group in groups for mark in group):
            if mark.low is not None and mark.high is not None:
                yield "whisker", f"M{self.x(mark.cost)} {self.y(mark.low)}V{self.y(mark.high)}"

    def _steps(self, frontier: Sequence[Mark]) -> Iterator[tuple[str, str]]:
        if not frontier:
            return
        path = f"M{self.x(frontier[0].cost)} {self.y(frontier[0].score)}"
        for _, mark in pairwise(frontier):
            path += f"H{self.x(mark.cost)}V{self.y(mark.score)}"
        yield "step", f"{path}H{self.right}"

    def _boxes_of_steps(self, frontier: Sequence[Mark]) -> Iterator[Box]:
        """Where the line of the frontier runs."""
        for place, mark in enumerate(frontier, start=1):
            y, end = self.y(mark.score), float(self.right)
            if place < len(frontier):
                end, above = self.x(frontier[place].cost), self.y(frontier[place].score)
                yield (end - 1, min(y, above), end + 1, max(y, above))
            yield (self.x(mark.cost), y - 1, end, y + 1)

    def _dot(self, mark: Mark) -> Dot:
        return Dot(self.x(mark.cost), self.y(mark.score), RADII[mark.state], mark.state, mark.href, mark.said)

    def _score_ticks(self) -> list[float]:
        span = self.high - self.low
        steps = (factor * 10.0**power for power in range(-3, 6) for factor in (1, 2, 5))
        step = next((step for step in steps if span / step <= MOST_TICKS), span)
        first = math.ceil(self.low / step)
        found = [round(number * step, 6) for number in range(first, math.floor(self.high / step) + 1)]
        return [score for score in found if self.unit != "%" or 0 <= score <= 100]

    def _cost_ticks(self) -> list[float]:
        found = ticks(self.cheap, self.dear)
        return found if self.is_wide else [usd for usd in found if f"{usd:e}".startswith("1.0")] or found[:: len(found) // 4 + 1]

    def _scale(self) -> Iterator[Text]:
        for score in self._score_ticks():
            yield Text(self.left - 8, self.y(score) + 4, "end", f"{score:g}")
        if self.unit:
            yield Text(self.left - 8, self.size.top - 6, "end", self.unit)
        for usd in self._cost_ticks():
            yield Text(self.x(usd), self.size.height - 10, "mid", f"${usd:,g}")

    def _labels(self, marks: Sequence[Mark]) -> Iterator[Text]:
        """A label beside each point where one has room, the frontier first; none over a point, the line or another label."""
        taken: list[Box] = []
        for mark in self.marks:
            x, y, r = self.x(mark.cost), self.y(mark.score), RADII[mark.state] + 1
            taken.append((x - r, y - r, x + r, y + r))
        taken += list(self._boxes_of_steps([mark for mark in self.marks if mark.state == FRONTIER_STATE]))
        for mark in marks:
            x, y, wide = self.x(mark.cost), self.y(mark.score), len(mark.label) * CHARACTER
            about = min(max(self.left + 2, x - wide / 2), self.right - wide)
            for css, left, base in (
                ("end", x - 8 - wide, y - 7), ("start", x + 8, y + 15), ("start", x + 9, y + 4), ("start", x + 8, y - 7),
                ("end", x - 8 - wide, y + 15), ("end", x - 9 - wide, y + 4),
                ("start", x + 8, y + 29), ("end", x - 8 - wide, y - 21), ("start", about, y - 24), ("start", about, y + 34),
            ):  # fmt: skip
                box = (left, base - LINE + 3, left + wide, base + 3)
                is_inside = box[0] >= self.left and box[2] <= self.right and box[1] >= 0 and box[3] <= self.bottom
                if is_inside and not any(_touch(box, other) for other in taken):
                    taken.append(box)
                    anchor = left + wide if css == "end" else left
                    yield Text(
                        round(anchor, 1), round(base, 1), f"{css} name" + (" quiet" if mark.state == NEAR else ""), mark.label
                    )
                    break


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
