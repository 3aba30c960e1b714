"""The declarations that filters, facets, sorts, tables, forms, OpenAPI and CSV are made from: one row a column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from aimstats.catalogue.columns.kinds import INSTANT, Kind, as_stated
from aimstats.domain.texts import N_

Body = Mapping[str, Any]
Comparison = Literal["is", "least", "most", "before", "score"]


@dataclass(frozen=True, slots=True)
class Lookup:
    """One way to ask for a column: `pattern` names its parameter after the column's stem, `how` compares."""

    pattern: str
    how: Comparison
    repeatable: bool
    phrase: str


IS: Final = Lookup("{}", "is", True, "Only these; repeat it for OR.")
MIN: Final = Lookup("min_{}", "least", False, "At least this.")
MAX: Final = Lookup("max_{}", "most", False, "At most this.")
AFTER: Final = Lookup("{}_after", "least", False, "On or after this date.")
BEFORE: Final = Lookup("{}_before", "before", False, "Before this date.")
MIN_SCORE: Final = Lookup("min_{}", "score", True, "At least this score, as <benchmark>:<value>; repeat it for OR.")

BASES: Final = ("first_party", "cheapest", "median")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """One column of a list.

    `key` is its dotted place in the row's JSON, its sort key and its CSV header: never renamed. `stem` names its
    parameters. `value`, if given, computes the column from the resolved row, and the result is served at `key`; else
    it is read there. `priced`: the price basis chooses it. `facet`: shown with counts. `shown`: in the table unless
    the visitor chooses otherwise. `unit` stands in the head, never in a cell. `joined`: comes from another table when
    it is served. `served=False`: only asked for, never shown. `relative`: a place among the other rows, so that it moves
    where others come: a page then goes on behind the row that ended the one before, not behind its value.
    """

    key: str
    label: str
    help: str
    kind: Kind
    value: Callable[[Body], Any] | None = None
    stem: str = ""
    lookups: tuple[Lookup, ...] = ()
    facet: bool = False
    priced: bool = False
    shown: bool = False
    joined: bool = False
    served: bool = True
    csv: bool = True
    sort: bool = True
    relative: bool = False
    group: str = ""
    unit: str = ""

    @property
    def sortable(self) -> bool:
        """Whether rows can be sorted by it."""
        return self.sort and self.served and self.kind.sortable and not self.joined

    def parameters(self) -> Iterable[tuple[str, Lookup]]:
        """Its URL parameters and how each compares."""
        stem = self.stem or self.key.replace(".", "_")
        return ((lookup.pattern.format(stem), lookup) for lookup in self.lookups)

    def reader(self) -> Callable[[Body], Any]:
        """A function from a resolved row to the value in the form that is compared; None where the row has none."""
        find, stored = self.value or finder(self.key), self.kind.stored
        if stored is as_stated:
            return find

        def read(body: Body) -> Any:
            found = find(body)
            return None if found is None else stored(found)

        return read


FRESHNESS: Final = (
    Column(
        key="changed_at",
        label=N_("Changed"),
        help=N_("When a figure of it last changed here."),
        kind=INSTANT,
        group="Evidence",
    ),
    Column(
        key="checked_at",
        label=N_("Checked"),
        help=N_("When its documents were last confirmed."),
        kind=INSTANT,
        joined=True,
        group="Evidence",
    ),
    Column(
        key="stale_after",
        label=N_("Fresh until"),
        help=N_("When the first of its documents has not been read for one and a half times its usual interval."),
        kind=INSTANT,
        joined=True,
        group="Evidence",
    ),
)
"""How old the figures of a model or an offer are."""


def at(body: Any, key: str) -> Any:
    """What stands at a dotted key, or None.

    >>> at({"limit": {"context": 200000}}, "limit.context")
    200000
    """
    for part in key.split("."):
        if not isinstance(body, Mapping):
            return None
        body = body.get(part)
    return body


def finder(key: str) -> Callable[[Body], Any]:
    """A function that looks up a dotted key, quick for the one or two parts that keys have."""
    head, _, rest = key.partition(".")
    if not rest:
        return lambda body: body.get(head)
    if "." not in rest:
        return lambda body: (body.get(head) or {}).get(rest)
    return lambda body: at(body, key)


@dataclass(frozen=True, kw_only=True, eq=False)
class Collection:
    """A list of rows of one shape: its columns, and which texts of a row `q` searches.

    `exact` are a row's names that a whole query may equal (found first), `words` the further texts that are searched.
    `default_sort` is used where a query names none and searches nothing. `has_basis`: the price basis applies;
    `has_days`: it can be asked for as of another day.
    """

    name: str
    singular: str
    columns: tuple[Column, ...]
    exact: Callable[[Body], Iterable[str]]
    words: Callable[[Body], Iterable[str]]
    default_sort: str = "id"
    has_basis: bool = False
    has_days: bool = True

    @cached_property
    def by_key(self) -> Mapping[str, Column]:
        """The columns by key."""
        return {column.key: column for column in self.columns}

    @cached_property
    def filters(self) -> Mapping[str, tuple[Column, Lookup]]:
        """Every filter parameter, in declared order."""
        return {name: (column, lookup) for column in self.columns for name, lookup in column.parameters()}

    @cached_property
    def facets(self) -> Mapping[str, Column]:
        """The columns shown with counts, by their parameter."""
        return {name: column for name, (column, lookup) in self.filters.items() if column.facet and lookup.how == "is"}

    @cached_property
    def ranges(self) -> Mapping[str, Column]:
        """The columns that are asked for by number or date, by key."""
        how = ("least", "most", "before")
        return {column.key: column for column, lookup in self.filters.values() if lookup.how in how}

    @cached_property
    def sort_keys(self) -> tuple[str, ...]:
        """What `sort` may name, beside `scores.<benchmark>` where the rows have scores."""
        return tuple(column.key for column in self.columns if column.sortable)

    @cached_property
    def csv_columns(self) -> tuple[Column, ...]:
        """The columns of the CSV twin."""
        return tuple(column for column in self.columns if column.csv and column.served)

    def has_field(self, name: str) -> bool:
        """Whether `fields` may name it: a column, a group of columns, or a key inside an open structure."""
        prefix = name + "."
        return any(
            column.key == name or column.key.startswith(prefix) or (column.kind.is_open and name.startswith(column.key + "."))
            for column in self.columns
            if column.served
        )
