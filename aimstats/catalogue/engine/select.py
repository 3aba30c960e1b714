"""Answering a query from memory: which rows, in which order, with facets and ranges."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.declarations import Column, Lookup
from aimstats.catalogue.engine.bits import Order, rows_of
from aimstats.catalogue.engine.cursor import Cursor
from aimstats.catalogue.engine.parameters import SCORE_PREFIX, parameters
from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.catalogue.engine.table import SCORES, Table

RELEVANCE: Final = "relevance"

FacetSet = tuple[str, int]
"""A value of a facet, as the parameter's text, and the set of its rows."""


@dataclass(slots=True)
class FacetValue:
    """One value of a facet, as the parameter's text, how many rows have it under the *other* filters, and whether it
    is chosen."""

    text: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of an answer. `next` is the cursor of the one after it; `facets` are by parameter, most rows first, and
    `ranges` (least and greatest value) by column key, each made without its own filter."""

    rows: Sequence[Row]
    total: int
    next: str | None
    facets: Mapping[str, Sequence[FacetValue]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


class Selection:
    """The rows that a query matches: each filter's set, and their intersection."""

    def __init__(self, catalogue: Catalogue, query: Query) -> None:
        self.catalogue = catalogue
        self.query = query
        self.table: Table = catalogue.tables[query.collection.name]
        self.found = self.table.search(query.q) if query.q else None
        self.searched = self.table.everything if self.found is None else self.found.bits
        known = parameters(query.collection)
        self.by_column: dict[str, int] = {}
        for name, values in query.filters.items():
            column, lookup = known[name].column, known[name].lookup
            assert column is not None
            assert lookup is not None
            bits = self._bits(column, lookup, values)
            self.by_column[column.key] = self.by_column.get(column.key, self.table.everything) & bits
        self.bits = self.without(None)

    @property
    def exact(self) -> int:
        """The rows of which the text that is searched is exactly a name or id; none where nothing is searched."""
        return 0 if self.found is None else self.found.exact

    @cached_property
    def ranks(self) -> Mapping[int, int]:
        """The rank of each row that is found."""
        return {} if self.found is None else self.found.ranks

    def without(self, key: str | None) -> int:
        """The rows that match everything but the filters of one column."""
        bits = self.searched
        for column, own in self.by_column.items():
            if column != key:
                bits &= own
        return bits

    def unknown(self) -> int:
        """The rows that may match: all that is known of them does, and they have no value for a number or date that is asked
        for."""
        ranges = self.query.collection.ranges
        bits = self.searched
        for key, own in self.by_column.items():
            bits &= own | ~self._order(key).stated if key in ranges else own
        return bits & ~self.bits

    def ordered(self) -> list[int]:
        """The matching rows in the order asked for."""
        return list(self.in_order(self.bits))

    def in_order(self, bits: int) -> Iterable[int]:
        """The rows of a set in the order asked for; by one column they are put in order as far as they are taken."""
        order = self.query.order
        if not order and self.found is not None:
            return self.found.chosen(bits, len(self.table))
        if len(order) == 1:
            key, descending = order[0]
            if key == "id":
                rows = rows_of(bits)
                return rows[::-1] if descending else rows
            return self._order(key).chosen(bits, descending=descending)
        rows = rows_of(bits)
        for key, descending in reversed(order):
            keys = self._keys(key)
            blanks = [row for row in rows if keys[row] is None]
            rows = sorted((row for row in rows if keys[row] is not None), key=keys.__getitem__, reverse=descending) + blanks
        return rows

    def at_most(self, key: str, value: Any) -> int:
        """The matching rows whose value in a column is at most this."""
        return self.bits & self._order(key).at_most(value)

    def stated(self, key: str) -> int:
        """The matching rows that have a value in a column."""
        return self.bits & self._order(key).stated

    def after(self, rows: list[int], cursor: Cursor) -> int:
        """Where in the ordered rows the page after the cursor begins.

        Raises QueryError when the cursor's values are none of the columns' kind.
        """
        if any(self._column(key).relative for key, _ in self.query.order) and cursor.id in self.table.positions:
            last = self.table.positions[cursor.id]
            if last in rows:
                return rows.index(last) + 1
        wanted: list[tuple[Callable[[int], Any], Any, bool]] = []
        try:
            for (key, descending), text in zip(self.query.order or ((RELEVANCE, False),), cursor.values, strict=True):
                wanted.append((self._key_reader(key), self._key_of_text(key, text), descending))
        except ValueError as error:
            raise QueryError([{"parameter": "cursor", "message": "must be a cursor that meta.next gave"}]) from error

        def follows(row: int) -> bool:
            for key_of, sought, descending in wanted:
                key = key_of(row)
                if key == sought:
                    continue
                if key is None or sought is None:
                    return key is None
                return bool(key < sought) if descending else bool(key > sought)
            return self.table.ids[row] > cursor.id

        return bisect_left(rows, True, key=follows)

    def cursor_at(self, row: int) -> str:
        """The cursor of a page that ends with this row."""
        texts: list[str | None] = []
        for key, _ in self.query.order or ((RELEVANCE, False),):
            if key == RELEVANCE:
                texts.append(str(self.ranks[row]))
                continue
            column = self._column(key)
            value = self.table.values_of(self._values_key(key))[row]
            texts.append(None if value is None else column.kind.text(value))
        return str(Cursor(self.catalogue.version.dataset, self.query.order_text, tuple(texts), self.table.ids[row]))

    def facets(self) -> Iterator[tuple[str, list[FacetValue]]]:
        """Each facet with the counts of its values under the other filters."""
        for name in self.query.collection.facets:
            yield name, self.facet(name)

    def facet(self, name: str, values: Iterable[FacetSet] | None = None, most: int | None = None) -> list[FacetValue]:
        """One facet's values with rows under the other filters, and those that are chosen; most rows first, or in the order of
        `values`, of which the first `most` that have rows are counted."""
        column = self.query.collection.facets[name]
        bits = self.without(column.key) if column.key in self.by_column else self.bits
        chosen = set(self.query.stated.get(name, ()))
        counted = []
        left = -1 if most is None else most
        for label, own in facet_sets(self.table, column) if values is None else values:
            count = (own & bits).bit_count()
            if (count and left) or label in chosen:
                counted.append(FacetValue(label, count, label in chosen))
                left -= bool(count)
            if not left and not chosen:
                break
        if chosen:
            missing = chosen - {found.text for found in counted}
            counted.extend(FacetValue(label, 0, True) for label in missing)
        if values is None:
            counted.sort(key=lambda found: (-found.count, found.text))
        return counted

    def ranges(self, keys: Iterable[str] | None = None) -> Iterator[tuple[str, tuple[Any, Any]]]:
        """The least and greatest value of each numeric or dated column (or only of these) under the other filters; none where all
        are blank."""
        of_collection = self.query.collection.ranges
        for key in of_collection if keys is None else keys:
            column = of_collection[key]
            values_key = self.table.key_of(column, self.query.basis)
            found = self.table.order(values_key, column).extremes(self.without(key) if key in self.by_column else self.bits)
            if found is not None:
                values = self.table.values_of(values_key)
                yield key, (values[found[0]], values[found[1]])

    def _bits(self, column: Column, lookup: Lookup, values: tuple[Any, ...]) -> int:
        key = self.table.key_of(column, self.query.basis)
        bits = 0
        for value in values:
            match lookup.how:
                case "is":
                    index = self.table.index(key, many=column.kind.many)
                    bits |= index.without() if value == column.kind.missing else index.bits(value)
                case "least":
                    bits |= self.table.order(key, column).at_least(value)
                case "most":
                    bits |= self.table.order(key, column).at_most(value)
                case "before":
                    bits |= self.table.order(key, column).below(value)
                case "score":
                    benchmark, least = value
                    bits |= self.table.order(f"{SCORES}.{benchmark}", column).at_least(least)
        return bits

    def _column(self, key: str) -> Column:
        by_key = self.query.collection.by_key
        return by_key[SCORES] if key.startswith(SCORE_PREFIX) else by_key[key]

    def _values_key(self, key: str) -> str:
        return key if key.startswith(SCORE_PREFIX) else self.table.key_of(self._column(key), self.query.basis)

    def _order(self, key: str) -> Order:
        return self.table.order(self._values_key(key), self._column(key))

    def _keys(self, key: str) -> Sequence[Any]:
        return self._order(key).keys

    def _key_reader(self, key: str) -> Callable[[int], Any]:
        return self.ranks.__getitem__ if key == RELEVANCE else self._keys(key).__getitem__

    def _key_of_text(self, key: str, text: str | None) -> Any:
        if text is None:
            return None
        if key == RELEVANCE:
            return int(text)
        kind = self._column(key).kind
        return kind.order(kind.of_text(text))


def facet_sets(table: Table, column: Column) -> list[FacetSet]:
    """The values of a facet, each with its rows; where rows without a value can be asked for, these too."""
    text = str if column.kind.many else column.kind.text
    index = table.index(column.key, many=column.kind.many)
    sets = [(text(value), own) for value, own in index.all_bits().items()]
    return sets if column.kind.missing is None else [*sets, (column.kind.missing, index.without())]


def select(catalogue: Catalogue, query: Query, *, facets: bool = False) -> Page:
    """The page of rows that a query asks for; with `facets`, also their counts and ranges.

    Raises QueryError for a cursor whose values cannot be compared.
    """
    selection = Selection(catalogue, query)
    rows = selection.ordered()
    start = selection.after(rows, query.cursor) if query.cursor else 0
    shown = rows[start : start + query.limit]
    more = start + query.limit < len(rows)
    return Page(
        rows=[Row(catalogue, selection.table, row, query.basis) for row in shown],
        total=len(rows),
        next=selection.cursor_at(shown[-1]) if more else None,
        facets=dict(selection.facets()) if facets else {},
        ranges=dict(selection.ranges()) if facets else {},
    )


def matching(catalogue: Catalogue, query: Query) -> Iterator[Row]:
    """Every row that a query matches, in its order: what a CSV or NDJSON file holds."""
    selection = Selection(catalogue, query)
    rows = selection.ordered()
    for row in rows[selection.after(rows, query.cursor) if query.cursor else 0 :]:
        yield Row(catalogue, selection.table, row, query.basis)
