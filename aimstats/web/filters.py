"""The filters of a table as its form shows them: facets with counts, ranges, and the chosen ones as removable chips."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from markupsafe import Markup, escape

from aimstats.catalogue.columns.declarations import Collection, Column
from aimstats.catalogue.engine.parameters import parameters
from aimstats.catalogue.engine.query import Query
from aimstats.catalogue.engine.select import FacetValue
from aimstats.web import formats
from aimstats.web.kept import Names
from aimstats.web.links import address

FIRST_CHOICES: Final = 7
"""Values of a facet in sight; the others are behind "more"."""
FACET_ORDER: Final = (
    "model", "developer", "provider", "abilities", "type", "modality_in", "modality_out", "use_case", "status", "plan",
    "billing", "kind", "host", "region", "family", "license", "source",
)  # fmt: skip
OPEN_FACETS: Final = frozenset({"developer", "provider", "abilities", "plan"})
ABILITIES: Final = "abilities"
NONE_KNOWN: Final = "none known"
"""How the rows without a value are called among the choices."""
UNKNOWN: Final = "unknown"
"""The id of the developer whom nobody names: it stands last, however many models it has."""
RANGE_COLUMNS: Final = frozenset({"cost.input", "cost.output", "limit.context", "limit.output", "release_date", "model_count"})
"""Columns whose range stands in the form even where the table does not show them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One box of a facet: how many rows it would leave under the other filters."""

    name: str
    value: str
    label: str
    count: int
    chosen: bool

    @property
    def html(self) -> str:
        """The box with its label and count; 200 of them stand on a page, so they are no template."""
        start, end = _box(self.name, self.value, self.label)
        empty = "" if self.count or self.chosen else ' class="empty"'
        return f"<label{empty}>{start}{' checked' if self.chosen else ''}{end}{self.count:,}</span></label>"


@lru_cache(maxsize=4_096)
def _box(name: str, value: str, label: str) -> tuple[str, str]:
    """What stands before and after the tick of a box."""
    name, value, label = escape(name), escape(value), escape(label)
    start = f'<input type="checkbox" id="f-{name}-{value}" name="{name}" value="{value}"'
    return start, f'><span class="value">{label}</span><span class="count">'


@dataclass(frozen=True, slots=True)
class Facet:
    """The boxes of one filter; `rest` are those that do not stand in sight."""

    id: str
    label: str
    first: Sequence[Choice]
    rest: Sequence[Choice]
    open: bool

    @property
    def first_html(self) -> Markup:
        """The boxes in sight."""
        return Markup("".join(choice.html for choice in self.first))

    @property
    def rest_html(self) -> Markup:
        """The boxes out of sight."""
        return Markup("".join(choice.html for choice in self.rest))

    @property
    def rest_open(self) -> bool:
        """Whether one of those out of sight is chosen."""
        return any(choice.chosen for choice in self.rest)


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


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen filter, or one that is set unless the URL says otherwise, and the address without it."""

    label: str
    href: str
    is_default: bool = False


def facets(collection: Collection, found: Mapping[str, Sequence[FacetValue]], names: Names) -> list[Facet]:
    """These facets in the order of the form; yes-or-no columns share one, of which only the yes stands there."""
    groups: dict[str, tuple[str, list[Choice]]] = {}
    for name, values in found.items():
        column = collection.facets[name]
        if column.kind.name == "flag":
            _, boxes = groups.setdefault(ABILITIES, ("Abilities", []))
            boxes.extend(_choice(name, column.label, value) for value in values if value.text == "true")
        else:
            known_first = sorted(values, key=lambda value: value.text == UNKNOWN)
            choices = [
                _choice(name, NONE_KNOWN if value.text == column.kind.missing else names.of(column, value.text), value)
                for value in known_first
            ]
            groups[name] = (column.label, choices)
    ranks = {name: rank for rank, name in enumerate(FACET_ORDER)}
    ordered = sorted(groups.items(), key=lambda group: ranks.get(group[0], len(ranks)))
    return [_facet(name, label, choices) for name, (label, choices) in ordered]


def _choice(name: str, label: str, value: FacetValue) -> Choice:
    return Choice(name, value.text, label, value.count, value.chosen)


def _facet(name: str, label: str, choices: Sequence[Choice]) -> Facet:
    is_open = name in OPEN_FACETS or any(choice.chosen for choice in choices)
    cut = len(choices) if len(choices) <= FIRST_CHOICES + 1 else FIRST_CHOICES
    return Facet(name, label, choices[:cut], choices[cut:], is_open)


def ranges(query: Query, found: Mapping[str, tuple[Any, Any]], shown: frozenset[str]) -> list[Range]:
    """The range fields: of the columns in the table, of the usual ones, and of those that the query states."""
    by_column: dict[str, dict[str, str]] = {}
    for name, (column, lookup) in query.collection.filters.items():
        if lookup.how in ("least", "most", "before"):
            by_column.setdefault(column.key, {})["low" if lookup.how == "least" else "high"] = name
    made = []
    for key, fields in by_column.items():
        is_stated = any(query.has(name) for name in fields.values())
        if is_stated or key in RANGE_COLUMNS or (key in shown and key in found):
            made.append(_range(query.collection.by_key[key], fields, found.get(key)))
    return sorted(made, key=lambda one: (one.is_date, not one.unit))


def _range(column: Column, fields: Mapping[str, str], extremes: tuple[Any, Any] | None) -> Range:
    least, most = (_short(column, value) for value in extremes) if extremes else ("", "")
    unit = "" if column.unit == "tokens" else column.unit
    is_date = column.kind.name == "date"
    return Range(column.label, unit, column.help, fields.get("low", ""), fields.get("high", ""), least, most, is_date)


def _short(column: Column, value: Any) -> str:
    if column.kind.name in ("money", "number"):
        return formats.price(value).text
    return formats.tokens(value) if column.kind.name == "count" else str(value)


def chips(query: Query, action: str, names: Names) -> Iterator[Chip]:
    """One chip for each chosen value, in the canonical order of parameters."""
    known = parameters(query.collection)
    for name, values in query.stated.items():
        parameter = known.get(name)
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
    sign = {"least": "since" if kind == "date" else "≥", "most": "≤", "before": "before"}.get(how)
    if sign:
        figure = f"${value}" if kind == "money" else formats.tokens(int(value)) if kind == "count" else value
        return f"{column.label} {sign} {figure}"
    if kind == "flag":
        return column.label if value == "true" else f"{column.label}: no"
    return f"{column.label}: {names.of(column, value)}"
