"""The filters of a table as its form shows them: ranges, and the chosen ones as removable chips."""

from __future__ import annotations

from collections.abc import Collection as Collection_
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from markupsafe import escape

from aimstats.catalogue.columns.declarations import Collection, Column
from aimstats.catalogue.engine.parameters import parameters
from aimstats.catalogue.engine.query import Query
from aimstats.catalogue.engine.select import Selection
from aimstats.domain.texts import NN_
from aimstats.web import formats
from aimstats.web.kept import Names
from aimstats.web.language import language, plural, t
from aimstats.web.links import address, link

RANGE_COLUMNS: Final = frozenset({"cost.input", "cost.output", "limit.context", "limit.output", "release_date", "model_count"})
"""Columns whose range stands in the form even where the table does not show them."""

WITHOUT: Final = NN_("%(number)s left out: no such figure known", "%(number)s left out: no such figure known")
MIN_SCORE: Final = "min_score"
SCORE_FIELD: Final = "score_"
"""`score_gpqa-diamond=80` is how the form's field says `min_score=gpqa-diamond:80`: links and answers have the latter alone."""


class _Side(NamedTuple):
    """One field before its value, from the end of its placeholder, and what stands in it where that is no bound of the rows; all
    of it HTML."""

    name: str
    before: str
    after: str
    placeholder: str | None


class _Pair(NamedTuple):
    """The fields of a column, up to each value; half a dozen stand on every page with other bounds, so they are no template."""

    group: str
    sides: tuple[_Side | None, ...]

    def html(self, values: Mapping[str, str], refused: Collection_[str], bounds: Sequence[str]) -> str:
        """The fields with their `values`, and the `bounds` that the rows hold, which are HTML already."""
        parts = [self.group]
        for side, bound in zip(self.sides, bounds, strict=False):
            if side is None:
                parts.append("<span></span>")
                continue
            wrong = ' aria-invalid="true"' if side.name in refused else ""
            told = bound if side.placeholder is None else side.placeholder
            typed = values.get(side.name)
            parts.append(f'{side.before}{escape(typed) if typed else ""}" placeholder="{told}{side.after}{wrong}>')
        parts.append("</div>")
        return "".join(parts)


@lru_cache(maxsize=1_024)
def _pair(column: Column, low: str, high: str, code: str) -> _Pair:
    """The fields of a column in a language."""
    label, is_date = t(column.label), column.kind.name == "date"
    unit = "" if column.unit in ("", "tokens") else t(column.unit)
    counted = f' <span class="quiet small">{escape(unit)}</span>' if unit else ""
    named = f'<span title="{escape(t(column.help))}">{escape(label)}{counted}</span>'
    group = f'<div class="range{" dates" if is_date else ""}" role="group" aria-label="{escape(label)}">{named}'
    if is_date:
        sides: tuple[_Side | None, ...] = (_side(low, t("%(label)s on or after", label=label), is_date, "2025-06"),)
    else:
        sides = (
            _side(low, t("%(label)s at least", label=label), is_date),
            _side(high, t("%(label)s at most", label=label), is_date),
        )
    return _Pair(group, sides)


@lru_cache(maxsize=2_048)
def _empty(column: Column, low: str, high: str, code: str, bounds: tuple[Any, Any] | None) -> str:
    """The fields of a column in a language with nothing in them, where the rows hold these bounds."""
    return _pair(column, low, high, code).html({}, (), _told(column, bounds))


def _told(column: Column, bounds: tuple[Any, Any] | None) -> tuple[str, str]:
    """Bounds as the placeholders say them, as HTML; nothing where there are none."""
    if bounds is None:
        return "", ""
    least, most = (escape(_figure(column.kind.name, bound)) for bound in bounds)
    return least, most


def _figure(kind: str, value: Any) -> str:
    if kind in ("money", "number"):
        return formats.price(value).text
    return formats.tokens(value) if kind == "count" else str(value)


def _side(name: str, label: str, is_date: bool, since: str = "") -> _Side | None:
    if not name:
        return None
    how = "" if is_date else ' inputmode="decimal"'
    before = f'<input type="text"{how} id="{escape(name)}" name="{escape(name)}" value="'
    after = f'" aria-label="{escape(label)}" maxlength="{10 if is_date else 15}"'
    return _Side(name, before, after, escape(t("since %(day)s", day=since)) if since else None)


class Chip(NamedTuple):
    """A chosen filter, or one that is set unless the URL says otherwise, and the address without it (a note: what it means)."""

    label: str
    href: str
    is_default: bool = False
    is_note: bool = False

    def html(self, place: int) -> str:
        """The chip as one of a list; half a dozen stand on a page, with their address twice, so they are no template."""
        href, label = escape(self.href), escape(self.label)
        if self.is_note:
            return f'<li><a class="default" href="{href}" id="chip-{place}">{label}</a></li>'
        look = ' class="default"' if self.is_default else ""
        does = escape(t("show them") if self.is_default else t("remove this filter"))
        cross = f'<span aria-hidden="true">×</span><span class="vh">, {does}</span>'
        return f'<li><a{look} href="{href}" hx-get="{href}" id="chip-{place}">{label} {cross}</a></li>'


@lru_cache(maxsize=16)
def range_fields(collection: Collection) -> Mapping[str, Mapping[str, str]]:
    """The fields of each column that is asked for by number or date, in the order of the form: its parameters `low` and `high`,
    of which either may be missing."""
    by_column: dict[str, dict[str, str]] = {}
    for name, (column, lookup) in collection.filters.items():
        if lookup.how in ("least", "most", "before"):
            by_column.setdefault(column.key, {})["low" if lookup.how == "least" else "high"] = name
    return {key: by_column[key] for key in sorted(by_column, key=lambda key: _rank(collection.by_key[key]))}


def _rank(column: Column) -> tuple[bool, bool]:
    return column.kind.name == "date", column.unit in ("", "tokens")


def least_scores(query: Query) -> dict[str, str]:
    """The scores that the query asks for at least, by the name of their field."""
    asked = (text.rpartition(":") for text in query.stated.get(MIN_SCORE, ()))
    return {f"{SCORE_FIELD}{benchmark}": figure for benchmark, _, figure in asked}


def ranges(
    query: Query, selection: Selection, shown: Iterable[Column], values: Mapping[str, str], refused: frozenset[str]
) -> Iterator[str]:
    """The range fields as HTML: of the columns in the table, of the usual ones, and of those that the query states; then those of
    the scores in the table. `values` are the texts in the fields, `refused` the names of those that could not be read."""
    by_column, filters, code = range_fields(query.collection), query.collection.filters, language().code
    columns = {column.key: column for column in shown}
    stated = {filters[name][0].key for name in query.stated if name in filters}
    asked = [key for key in by_column if key in stated or key in RANGE_COLUMNS or key in columns]
    found = dict(selection.ranges(asked))
    fields = [
        (query.collection.by_key[key], by_column[key].get("low", ""), by_column[key].get("high", ""), found.get(key))
        for key in asked
        if key in found or key in stated or key in RANGE_COLUMNS
    ]
    fields += [(column, _score_field(key), "", None) for key, column in columns.items() if column.kind.name == "score"]
    for column, low, high, bounds in fields:
        if values.keys().isdisjoint((low, high)) and refused.isdisjoint((low, high)):
            yield _empty(column, low, high, code, bounds)
        else:
            yield _pair(column, low, high, code).html(values, refused, _told(column, bounds))


def _score_field(key: str) -> str:
    return f"{SCORE_FIELD}{key.partition('.')[2]}"


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


def unknown_chip(selection: Selection) -> Iterator[Chip]:
    """The chip that says how many rows a range left out because they have no such figure: they may fit for all that is known."""
    if count := selection.unknown().bit_count():
        yield Chip(plural(*WITHOUT, count), link("methodology", anchor="missing"), is_default=True, is_note=True)


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
