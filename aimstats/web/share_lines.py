"""What a few models would cost if more or less of the input came from the cache: lines, priced by the engine at every tenth."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.comparison import receipts_of
from aimstats.catalogue.costs import CostQuestion
from aimstats.web.receipts import amount
from aimstats.web.step_chart import LABEL_GAP, NARROW, ROOM, WIDE, Drawing, Size, Text, ticks

TENTHS: Final = 10


@dataclass(frozen=True, slots=True)
class Line:
    """The totals of a model in US dollars, from none of the input cached to all that is not written."""

    label: str
    totals: Sequence[float]


@dataclass(frozen=True, slots=True)
class ShareLines:
    """The pictures (wide, narrow), and the same in words."""

    pictures: Sequence[Drawing]
    said: str


def share_lines(catalogue: Catalogue, question: CostQuestion, models: Sequence[str]) -> ShareLines | None:
    """The lines of these models; None where none has a total above zero at every share, or no input is priced."""
    most = 1 - question.workload.cache_write
    if not question.workload.input_tokens or most <= 0:
        return None
    shares = [most * step / TENTHS for step in range(TENTHS + 1)]
    totals: dict[str, list[float]] = {name: [] for name in models}
    for share in shares:
        receipts, _ = receipts_of(catalogue, question.query, models, replace(question.workload, cache_hit=share))
        for name, receipt in receipts.items():
            totals[name].append(float(receipt.total))
    whole = {name: found for name, found in totals.items() if len(found) == len(shares) and min(found) > 0}
    if not whole:
        return None
    names: Mapping[str, str] = {name: str((row["name"] if (row := catalogue.model(name)) else None) or name) for name in whole}
    lines = [Line(names[name], found) for name, found in whole.items()]
    here = float(question.workload.cache_hit / most)
    said = "; ".join(f"{line.label} {_usd(line.totals[0])} – {_usd(line.totals[-1])}" for line in lines)
    return ShareLines([_Picture(lines, here, float(most), size).drawing() for size in (WIDE, NARROW)], said)


def _usd(value: float) -> str:
    return amount(Decimal(repr(value))).text


class _Picture:
    def __init__(self, lines: Sequence[Line], here: float, most: float, size: Size) -> None:
        self.lines, self.here, self.most, self.size = lines, here, most, size
        self.low = min(min(line.totals) for line in lines) / ROOM
        self.high = max(max(line.totals) for line in lines) * ROOM
        self.right, self.bottom = size.width - size.right, size.height - size.bottom

    def drawing(self) -> Drawing:
        """All that a template draws."""
        return Drawing(self.size.width, self.size.height, list(self._paths()), [], [*self._scale(), *self._ends()])

    def x(self, share: float) -> float:
        """Where a share of the most that can be cached stands."""
        return round(self.size.left + share * (self.right - self.size.left), 1)

    def y(self, usd: float) -> float:
        """Where a total stands."""
        share = math.log(usd / self.low) / math.log(self.high / self.low)
        return round(self.bottom - share * (self.bottom - self.size.top), 1)

    def _paths(self) -> Iterator[tuple[str, str]]:
        for usd in ticks(self.low, self.high):
            yield "grid", f"M{self.size.left} {self.y(usd)}H{self.right}"
        yield "axis", f"M{self.size.left} {self.bottom}H{self.right}"
        yield "mark", f"M{self.x(self.here)} {self.size.top}V{self.bottom}"
        for line in self.lines:
            points = (f"{self.x(step / TENTHS)} {self.y(usd)}" for step, usd in enumerate(line.totals))
            yield "step", "M" + "L".join(points)

    def _scale(self) -> Iterator[Text]:
        for usd in ticks(self.low, self.high):
            yield Text(self.size.left - 8, self.y(usd) + 4, "end", f"${usd:,g}")
        for share in (0.0, 0.5, 1.0):
            yield Text(self.x(share), self.size.height - 8, "mid", f"{share * self.most:.0%}")

    def _ends(self) -> Iterator[Text]:
        """What each line is, behind its end; none over another."""
        lowest = -1_000.0
        room = max(8, int((self.size.right - 10) / 6.2))
        for y, line in sorted(((self.y(line.totals[-1]), line) for line in self.lines), key=lambda end: end[0]):
            lowest = max(y + 4, lowest + LABEL_GAP)
            label = line.label if len(line.label) <= room else f"{line.label[: room - 1]}…"
            yield Text(self.right + 7, round(lowest, 1), "name", label)
