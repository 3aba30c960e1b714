"""Sets of rows as integers, one bit a row; indexes that answer a filter with such a set."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from typing import Any, Final

STEP: Final = 64
"""A range's sets are kept at every 64th row and mended in between: 36 sets for 2,269 rows."""

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
        """The rows that hold the value."""
        return bits_of(self._rows.get(value, ()), self._size)

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
        if not self._bits:
            self._bits = {value: bits_of(rows, self._size) for value, rows in self._rows.items()}
        return self._bits


class Order:
    """The rows sorted by one column, blanks last in both directions; and the index behind its ranges."""

    __slots__ = ("_marks", "ascending", "blanks", "descending", "keys", "rows", "size", "sorted_keys")

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

    def extremes(self, flags: bytes) -> tuple[int, int] | None:
        """The rows with the least and the greatest key among those flagged; None where all are blank."""
        least = next((row for row in self.rows if flags[row]), None)
        if least is None:
            return None
        return least, next(row for row in reversed(self.rows) if flags[row])

    def _first(self, count: int) -> int:
        """The first `count` rows of the order, as a set."""
        if not self._marks:
            marks = [0]
            for start in range(0, len(self.rows), STEP):
                marks.append(marks[-1] | bits_of(self.rows[start : start + STEP], self.size))
            self._marks = marks
        mark = count // STEP
        bits = self._marks[mark] if mark < len(self._marks) else self._marks[-1]
        for row in self.rows[mark * STEP : count]:
            bits |= 1 << row
        return bits
