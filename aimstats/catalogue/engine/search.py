"""Searching names: words that match however they are spaced, dotted or dashed."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Final

from aimstats.catalogue.engine.bits import bits_of, flags_of

MAX_WORDS: Final = 16
MIN_SQUEEZED: Final = 3

_GAP = re.compile(r"[\W_]+")


def words_of(text: str) -> str:
    """The text in lower case without accents, its letters and digits parted by single spaces.

    >>> words_of("Claude-Sonnet-4.5")
    'claude sonnet 4 5'
    """
    if not text.isascii():
        text = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return _GAP.sub(" ", text.casefold()).strip()


def haystack(texts: Iterable[str]) -> str:
    """What a row is searched in: its texts one a line, each both parted and squeezed, every word with a space before
    it."""
    lines: dict[str, None] = {}
    for text in texts:
        parted = words_of(text)
        if parted:
            lines[f" {parted}"] = None
            if " " in parted:
                lines[parted.replace(" ", "")] = None
    return "\n".join(lines)


def is_usable(words: str) -> bool:
    """Whether parted words may be looked for without their spaces: else they would match by chance.

    >>> is_usable("gpt 4o"), is_usable("4 5")
    (True, False)
    """
    squeezed = words.replace(" ", "")
    return len(squeezed) >= MIN_SQUEEZED and not squeezed.isdigit()


class Found:
    """What a search finds: its rows, the best match first and else by place, each with its rank; of the `exact` ones the text is
    exactly a name or id."""

    __slots__ = ("_ranks", "bits", "exact", "rows")

    def __init__(self, ranks: Mapping[int, int], exact: Iterable[int], size: int) -> None:
        self.rows = array("i", sorted(ranks, key=lambda row: (ranks[row], row)))
        self.bits = bits_of(ranks, size)
        self.exact = bits_of(exact, size)
        self._ranks = array("i", (ranks[row] for row in self.rows))

    @property
    def ranks(self) -> dict[int, int]:
        """The rank of each row: of many kept searches few are asked for it."""
        return dict(zip(self.rows, self._ranks, strict=True))

    def chosen(self, bits: int, size: int) -> Iterable[int]:
        """The found rows that are in a set too, as they are taken."""
        return filter(flags_of(bits, size).__getitem__, self.rows)


class Texts:
    """The searchable texts of all rows, one behind the other: one walk finds a word in any number of them.

    >>> Texts(["\\n gpt 4o", "\\n o3", "\\n gpt 5"]).having_any(" gpt", "")
    [0, 2]
    """

    __slots__ = ("_ends", "_whole")

    def __init__(self, texts: Iterable[str]) -> None:
        """Each text begins with a line's end, so that no word is found across two."""
        kept = list(texts)
        self._whole = "".join(kept)
        self._ends = array("l", accumulate(map(len, kept)))

    def having_any(self, first: str, second: str) -> list[int]:
        """The rows that have the first text or the second one (where that is not empty), ascending."""
        if second and second in first:
            return self._having(second)
        found = self._having(first)
        return sorted({*found, *self._having(second)}) if second else found

    def _having(self, text: str) -> list[int]:
        whole, ends, found = self._whole, self._ends, []
        at = whole.find(text)
        row = 0
        while at >= 0:
            row = bisect_right(ends, at, row)
            found.append(row)
            at = whole.find(text, ends[row])
        return found


def needles(query: str) -> list[tuple[str, str]]:
    """What to look for: for each word of the query its parted form, and its squeezed form (or '' where that is too
    short or has no letter, and would match by chance).

    >>> needles("gpt4o 4.5")
    [(' gpt4o', 'gpt4o'), (' 4 5', '')]
    """
    found = []
    for word in query.split()[:MAX_WORDS]:
        parted = words_of(word)
        if parted:
            found.append((f" {parted}", parted.replace(" ", "") if is_usable(parted) else ""))
    return found
