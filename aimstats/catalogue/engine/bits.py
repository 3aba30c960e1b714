"""Sets of rows as integers, one bit a row; indexes that answer a filter with such a set."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, compress
from operator import itemgetter
from typing import Any, Final, TypeVar

STEP: Final = 64
"""A range's sets are kept at every 64th row and mended in between: 36 sets for 2,269 rows."""
CHUNK: Final = 8 * STEP
"""So many rows of an order are looked at together: a page mostly ends within the first."""
KEPT_SETS: Final = 64
"""Of an order, so many first rows and extremes of sets stay found: what one asks for next has other columns or another page, and
mostly the same rows."""

_T = TypeVar("_T")
_FLAGS = bytes.maketrans(b"01", b"\x00\x01")


def bits_of(rows: Iterable[int], size: int) -> int:
    """The set of these rows, out of `size`.

    >>> bits_of([0, 3], 4)
    9
    """
    digits = bytearray(b"0" * (size or 1))
    for row in rows:
        digits[-1 - row] = 49
    return int(digits, 2)


def flags_of(bits: int, size: int) -> bytes:
    """One byte a row, 1 for those in the set: quick to look up while walking an order."""
    return bin(bits)[:1:-1].encode().translate(_FLAGS).ljust(size, b"\x00")


def rows_of(bits: int) -> list[int]:
    """The rows of a set, ascending.

    >>> rows_of(9)
    [0, 3]
    """
    flags = bin(bits)[:1:-1].encode().translate(_FLAGS)
    return list(compress(range(len(flags)), flags))


def _found(kept: dict[int, _T], asked: int, find: Callable[[int], _T]) -> _T:
    """What was found for this before, or is found now; of so many all are forgotten together."""
    found = kept.get(asked)
    if found is None:
        if len(kept) >= KEPT_SETS:
            kept.clear()
        found = kept[asked] = find(asked)
    return found


class Values:
    """Which rows hold which value: the index behind equality filters and facets."""

    __slots__ = ("_bits", "_rows", "_size")

    def __init__(self, values: Sequence[Any], *, many: bool) -> None:
        rows: dict[Any, list[int]] = {}
        for row, value in enumerate(values):
            if value is None:
                continue
            for entry in dict.fromkeys(value) if many else (value,):
                rows.setdefault(entry, []).append(row)
        self._size = len(values)
        self._rows = {value: array("i", found) for value, found in rows.items()}
        self._bits: dict[Any, int] = {}

    def bits(self, value: Any) -> int:
        """The rows that hold the value. Of what many rows hold the set is kept."""
        found = self._bits.get(value)
        if found is None:
            rows = self._rows.get(value, ())
            found = bits_of(rows, self._size)
            if len(rows) > STEP:
                self._bits[value] = found
        return found

    def without(self) -> int:
        """The rows that hold no value."""
        held = 0
        for bits in self.all_bits().values():
            held |= bits
        return ((1 << self._size) - 1) & ~held

    def rows(self, value: Any) -> Sequence[int]:
        """The rows that hold the value, ascending."""
        return self._rows.get(value, ())

    def all_bits(self) -> dict[Any, int]:
        """Every value with its rows, made once: the facet."""
        if len(self._bits) < len(self._rows):
            self._bits = {value: bits_of(rows, self._size) for value, rows in self._rows.items()}
        return self._bits


class Order:
    """The rows sorted by one column, blanks last in both directions; and the index behind its ranges."""

    __slots__ = (
        "_extremes", "_firsts", "_marks", "_readers", "ascending", "blanks", "descending", "keys", "rows", "size", "sorted_keys",
    )  # fmt: skip

    def __init__(self, values: Sequence[Any], order: Callable[[Any], Any]) -> None:
        self.size = len(values)
        self.keys: list[Any] = [None if value is None else order(value) for value in values]
        stated = [row for row in range(self.size) if self.keys[row] is not None]
        self.blanks = array("i", (row for row in range(self.size) if self.keys[row] is None))
        self.rows = array("i", sorted(stated, key=self._key))
        self.sorted_keys = [self.keys[row] for row in self.rows]
        self.ascending = self.rows + self.blanks
        self.descending = array("i", sorted(stated, key=self._key, reverse=True)) + self.blanks
        self._marks: list[int] = []
        self._firsts: dict[int, int] = {}
        self._extremes: dict[int, tuple[int, int]] = {}
        self._readers: dict[bool, list[tuple[array[int], Callable[[bytes], tuple[int, ...]]]]] = {}

    def _key(self, row: int) -> Any:
        return self.keys[row]

    def at_least(self, key: Any) -> int:
        """The rows whose key is at least this."""
        return self._first(len(self.rows)) & ~self._first(bisect_left(self.sorted_keys, key))

    def at_most(self, key: Any) -> int:
        """The rows whose key is at most this."""
        return self._first(bisect_right(self.sorted_keys, key))

    def below(self, key: Any) -> int:
        """The rows whose key is less than this."""
        return self._first(bisect_left(self.sorted_keys, key))

    def extremes(self, bits: int) -> tuple[int, int] | None:
        """The rows with the least and the greatest key in the set; None where all of it is blank."""
        bits &= self.stated
        if not bits:
            return None
        return _found(self._extremes, bits, self._extremes_of)

    def _extremes_of(self, bits: int) -> tuple[int, int]:
        marks = self._steps()
        least = bisect_left(range(len(marks)), True, key=lambda step: bool(bits & marks[step]))
        most = bisect_left(range(len(marks)), True, key=lambda step: bits & marks[step] == bits)
        first, last = (self.rows[(step - 1) * STEP : step * STEP] for step in (least, most))
        octets = bits.to_bytes(self.size // 8 + 1, "little")  # a bit of a long integer costs the whole of it
        return (
            next(row for row in first if octets[row >> 3] >> (row & 7) & 1),
            next(row for row in reversed(last) if octets[row >> 3] >> (row & 7) & 1),
        )

    @property
    def stated(self) -> int:
        """The rows that are not blank."""
        return self._steps()[-1]

    def chosen(self, bits: int, *, descending: bool) -> Iterable[int]:
        """The rows of the set in this order, as they are taken."""
        flags = flags_of(bits, self.size)
        return chain.from_iterable(compress(rows, read(flags)) for rows, read in self._chunks(descending))

    def _chunks(self, descending: bool) -> list[tuple[array[int], Callable[[bytes], tuple[int, ...]]]]:
        """The rows of the order, some at a time, each with what looks up their flags."""
        found = self._readers.get(descending)
        if found is None:
            order = self.descending if descending else self.ascending
            chunks = [order[start : start + CHUNK] for start in range(0, self.size, CHUNK)]
            # Of one place alone `itemgetter` would read no tuple.
            found = self._readers[descending] = [(rows, itemgetter(*rows, 0, 0)) for rows in chunks]
        return found

    def _first(self, count: int) -> int:
        """The first `count` rows of the order, as a set."""
        return self.stated if count == len(self.rows) else _found(self._firsts, count, self._first_of)

    def _first_of(self, count: int) -> int:
        marks = self._steps()
        mark = count // STEP
        bits = marks[mark] if mark < len(marks) else marks[-1]
        for row in self.rows[mark * STEP : count]:
            bits |= 1 << row
        return bits

    def _steps(self) -> list[int]:
        """The first rows of the order as sets, each of 64 more than the one before; the last has all."""
        if not self._marks:
            marks = [0]
            for start in range(0, len(self.rows), STEP):
                marks.append(marks[-1] | bits_of(self.rows[start : start + STEP], self.size))
            self._marks = marks
        return self._marks
