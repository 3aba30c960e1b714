"""The scores of one model as its page lists them: one line a benchmark, with who says so and on which terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from aimstats.catalogue.catalogue import Catalogue
from aimstats.domain.money import canonical, plain
from aimstats.resolution.scores import version_of
from aimstats.web import formats
from aimstats.web.language import t

Claim = Mapping[str, Any]
UNITS: Final = {"percent": "%", "minutes": "min"}
"""Units that a reader needs beside the figure; ratings, points and indexes have none."""
ELSEWHERE: Final = ("reported_in", "run", "listed_as")
"""Settings that say where a figure comes from rather than how the model was run."""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """The score that stands for the model on a benchmark; `figure` is None where none of the stated rows may. `badge` is the
    version that its name does not say, `more` counts the rows that are not shown."""

    id: str
    benchmark: str
    url: str
    measures: str
    badge: str
    figure: str | None
    exact: str
    unit: str
    interval: str
    terms: str
    measured_by: str
    measured_on: str
    is_self_reported: bool
    source: str
    source_url: str
    more: int


def score_lines(catalogue: Catalogue, claims: Sequence[Claim]) -> list[ScoreLine]:
    """A line a benchmark, by name; those without a shown score last."""
    by_benchmark: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_benchmark[claim["benchmark"]].append(claim)
    lines = [_line(catalogue, name, rows) for name, rows in by_benchmark.items()]
    return sorted(lines, key=lambda line: (line.figure is None, line.benchmark.lower()))


def _line(catalogue: Catalogue, name: str, rows: Sequence[Claim]) -> ScoreLine:
    benchmark = catalogue.benchmarks.get(name, {})
    title = benchmark.get("name") or name
    version = version_of({"edition": benchmark.get("edition"), "benchmark": name}, catalogue.benchmarks) or ""
    shown = next((row for row in rows if row["chosen"]), None)
    row = shown or {}
    settings: Mapping[str, str] = row.get("settings") or {}
    figure = shown["value"] if shown else None
    low, high = row.get("ci_low"), row.get("ci_high")
    return ScoreLine(
        id=name if benchmark else "",
        benchmark=title,
        url=benchmark.get("url") or "",
        measures=benchmark.get("measures") or "",
        badge="" if version in title else version,
        figure=None if figure is None else figure_text(figure),
        exact="" if figure is None else plain(Decimal(figure)),
        unit=UNITS.get(row.get("unit") or "", ""),
        interval="" if low is None or high is None else t("%(low)s to %(high)s", low=figure_text(low), high=figure_text(high)),
        terms=", ".join(f"{formats.words(key)} {value}" for key, value in settings.items() if key not in ELSEWHERE),
        measured_by=settings.get("reported_in") or row.get("measured_by") or "",
        measured_on=row.get("measured_on") or "",
        is_self_reported=row.get("self_reported") is True,
        source=row.get("source") or "",
        source_url=row.get("url") or "",
        more=len(rows) - (shown is not None),
    )


def figure_text(figure: str) -> str:
    """A score in text: one decimal, two below ten, none in ratings.

    >>> [figure_text(text) for text in ("157.943531882", "1.578216", "83.40", "1501.3", "0.78")]
    ['157.9', '1.58', '83.4', '1501', '0.78']
    """
    return plain(canonical(_rounded(Decimal(figure), Decimal(figure))))


def figures_in_column(figures: Sequence[Decimal]) -> list[str]:
    """Scores as a column has them: all with the decimals of the largest, so that their points stand under each other.

    >>> figures_in_column([Decimal("86"), Decimal("9.451")])
    ['86.0', '9.5']
    """
    largest = max(map(abs, figures), default=Decimal(0))
    return [f"{_rounded(figure, largest):f}" for figure in figures]


def _rounded(value: Decimal, like: Decimal) -> Decimal:
    places = Decimal("0.01") if abs(like) < 10 else Decimal("0.1") if abs(like) < 1_000 else Decimal(1)
    return value.quantize(places, rounding=ROUND_HALF_EVEN)
