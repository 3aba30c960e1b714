"""Searching names: words that match however they are spaced, dotted or dashed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

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


def needles(query: str) -> list[tuple[str, str]]:
    """What to look for: for each word of the query its parted form, and its squeezed form (or '' where that is too
    short or has no letter, and would match by chance).

    >>> needles("gpt4o 4.5")
    [(' gpt4o', 'gpt4o'), (' 4 5', '')]
    """
    found = []
    for word in query.split()[:MAX_WORDS]:
        parted = words_of(word)
        squeezed = parted.replace(" ", "")
        usable = len(squeezed) >= MIN_SQUEEZED and not squeezed.isdigit()
        if parted:
            found.append((f" {parted}", squeezed if usable else ""))
    return found
