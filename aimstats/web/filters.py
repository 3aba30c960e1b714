"""The filters of a table as its form shows them: ranges, and the chosen ones as removable chips."""

from __future__ import annotations

from collections.abc import Collection as Collection_
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from markupsafe import escape

from aimstats.catalogue.columns.declarations import Collection, Column
from aimstats.catalogue.engine.parameters import parameters
from aimstats.catalogue.engine.query import Query
from aimstats.catalogue.engine.select import Selection
from aimstats.web import formats
from aimstats.web.kept import Names
from aimstats.web.language import t
from aimstats.web.links import address

RANGE_COLUMNS: Final = frozenset({"cost.input", "cost.output", "limit.context", "limit.output", "release_date", "model_count"})
"""Columns whose range stands in the form even where the table does not show them."""

MIN_SCORE: Final = "min_score"
SCORE_FIELD: Final = "score_"
"""`score_gpqa=80` is how the form's field says `min_score=gpqa:80`: links and answers have the latter alone."""


@dataclass(frozen=True, slots=True)
class Range:
    """A pair of fields, of which either may be missing; `least` and `most` are what the rows hold."""

    label: str
    unit: str
    help: str
    low: str
    high: str
    least: str
    most: str
    is_date: bool

    def html(self, values: Mapping[str, str], refused: Collection_[str]) -> str:
        """The fields with their `values`; half a dozen stand on every page with other bounds, so they are no template."""
        parts = [_group(self.label, self.unit, self.help, self.is_date)]
        sides = [
            (self.low, t("%(label)s at least", label=self.label), self.least),
            (self.high, t("%(label)s at most", label=self.label), self.most),
        ]
        if self.is_date:
            sides = [(self.low, t("%(label)s on or after", label=self.label), t("since %(day)s", day="2025-06"))]
        for name, label, bound in sides:
            before, after = _field(name, label, self.is_date)
            wrong = ' aria-invalid="true"' if name in refused else ""
            field = f'{before}{escape(values[name])}" placeholder="{escape(bound)}{after}{wrong}>'
            parts.append(field if name else "<span></span>")
        return "".join((*parts, "</div>"))


@lru_cache(maxsize=512)
def _group(label: str, unit: str, help_text: str, is_date: bool) -> str:
    """A pair of fields up to the first."""
    counted = f' <span class="quiet small">{escape(unit)}</span>' if unit else ""
    named = f'<span title="{escape(help_text)}">{escape(label)}{counted}</span>'
    return f'<div class="range{" dates" if is_date else ""}" role="group" aria-label="{escape(label)}">{named}'


@lru_cache(maxsize=512)
def _field(name: str, label: str, is_date: bool) -> tuple[str, str]:
    """One field before its value, and from the end of its placeholder."""
    how = "" if is_date else ' inputmode="decimal"'
    return (
        f'<input type="text"{how} id="{escape(name)}" name="{escape(name)}" value="',
        f'" aria-label="{escape(label)}" maxlength="{10 if is_date else 15}"',
    )


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen filter, or one that is set unless the URL says otherwise, and the address without it (a note: what it means)."""

    label: str
    href: str
    is_default: bool = False
    is_note: bool = False


@lru_cache(maxsize=16)
def range_fields(collection: Collection) -> Mapping[str, Mapping[str, str]]:
    """The fields of each column that is asked for by number or date: its parameters `low` and `high`, of which either may be
    missing."""
    by_column: dict[str, dict[str, str]] = {}
    for name, (column, lookup) in collection.filters.items():
        if lookup.how in ("least", "most", "before"):
            by_column.setdefault(column.key, {})["low" if lookup.how == "least" else "high"] = name
    return by_column


def least_scores(query: Query) -> dict[str, str]:
    """The scores that the query asks for at least, by the name of their field."""
    asked = (text.rpartition(":") for text in query.stated.get(MIN_SCORE, ()))
    return {f"{SCORE_FIELD}{benchmark}": figure for benchmark, _, figure in asked}


def score_ranges(shown: Iterable[Column]) -> list[Range]:
    """A field for each score in the table."""
    named = ((f"{SCORE_FIELD}{column.key.partition('.')[2]}", column) for column in shown if column.kind.name == "score")
    return [Range(column.label, column.unit, column.help, name, "", "", "", False) for name, column in named]


def ranges(query: Query, selection: Selection, shown: frozenset[str]) -> list[Range]:
    """The range fields: of the columns in the table, of the usual ones, and of those that the query states."""
    by_column = range_fields(query.collection)
    stated = {key for key, fields in by_column.items() if any(map(query.has, fields.values()))}
    asked = [key for key in by_column if key in stated or key in RANGE_COLUMNS or key in shown]
    found = dict(selection.ranges(asked))
    made = [
        _range(query.collection.by_key[key], by_column[key], found.get(key))
        for key in asked
        if key in found or key in stated or key in RANGE_COLUMNS
    ]
    return sorted(made, key=lambda one: (one.is_date, not one.unit))


def _range(column: Column, fields: Mapping[str, str], extremes: tuple[Any, Any] | None) -> Range:
    least, most = (_short(column, value) for value in extremes) if extremes else ("", "")
    unit = "" if column.unit in ("", "tokens") else t(column.unit)
    is_date = column.kind.name == "date"
    return Range(t(column.label), unit, t(column.help), fields.get("low", ""), fields.get("high", ""), least, most, is_date)


def _short(column: Column, value: Any) -> str:
    if column.kind.name in ("money", "number"):
        return formats.price(value).text
    return formats.tokens(value) if column.kind.name == "count" else str(value)


def chips(query: Query, action: str, names: Names, switched: Collection_[str] = ()) -> Iterator[Chip]:
    """One chip for each chosen value, in the canonical order of parameters; what a switch says (`switched`) has none."""
    known = parameters(query.collection)
    for name, values in query.stated.items():
        parameter = known.get(name)
        if name in switched:
            continue
        if name == "q":
            yield Chip(f"“{query.q}”", address(action, query.without("q")))
        elif name in ("as_of", "known_at"):
            yield Chip(f"{formats.words(name)} {values[0]}", address(action, query.without(name), keeps_day=False))
        elif parameter is not None and parameter.column is not None and parameter.lookup is not None:
            for value in values:
                label = _chip_label(parameter.column, parameter.lookup.how, value, names)
                yield Chip(label, address(action, query.without(name, value)))


def _chip_label(column: Column, how: str, value: str, names: Names) -> str:
    kind = column.kind.name
    if how == "score":
        benchmark, _, figure = value.rpartition(":")
        return f"{names.benchmarks.get(benchmark, benchmark)} ≥ {figure}"
    label = t(column.label)
    sign = {"least": t("since") if kind == "date" else "≥", "most": "≤", "before": t("before")}.get(how)
    if sign:
        figure = f"${value}" if kind == "money" else formats.tokens(int(value)) if kind == "count" else value
        return f"{label} {sign} {figure}"
    if kind == "flag":
        return label if value == "true" else f"{label}: {formats.words('no')}"
    return f"{label}: {names.of(column, value)}"
