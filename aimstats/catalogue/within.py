"""What a name that no model has is made of: parts that may name one, and models whose ids have all of its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

MAX_WORDS: Final = 12
MAX_DROPPED: Final = 3
"""So many words are left out before or behind a part: a deployment's name puts a place, a number or a team there."""

_SEPARATOR = re.compile(r"[^a-z0-9.]+")


def words_of(text: str) -> list[str]:
    """The words of a name or id, lower case.

    >>> words_of("azure/gpt-4o-2024-08-06-eu"), words_of("deepseek-r1:14b")
    (['azure', 'gpt', '4o', '2024', '08', '06', 'eu'], ['deepseek', 'r1', '14b'])
    """
    return [word for word in _SEPARATOR.split(text.lower()) if word]


def parts_of(text: str) -> Iterator[str]:
    """Parts of a name that leave out a few words at its ends, the longest first; a part has a number in it.

    >>> list(parts_of("my-gpt-4o"))
    ['gpt-4o']
    """
    words = words_of(text)
    if len(words) > MAX_WORDS:
        return
    for dropped in range(1, 2 * MAX_DROPPED + 1):
        for before in range(min(dropped, MAX_DROPPED) + 1):
            behind = dropped - before
            part = words[before : len(words) - behind]
            if behind <= MAX_DROPPED and len(part) > 1 and any(character.isdigit() for word in part for character in word):
                yield "-".join(part)


class WordIndex:
    """Models by the words of their ids, in the order in which they are given."""

    def __init__(self, models: Iterable[str]) -> None:
        self._by_word: dict[str, list[str]] = {}
        self._words: dict[str, frozenset[str]] = {}
        for model in models:
            self._words[model] = frozenset(words_of(model.partition("/")[2]))
            for word in self._words[model]:
                self._by_word.setdefault(word, []).append(model)

    def having_all(self, text: str, limit: int) -> list[str]:
        """The first models whose ids have every word of the text."""
        words = set(words_of(text))
        if not words or not words <= self._by_word.keys():
            return []
        rarest = min(words, key=lambda word: len(self._by_word[word]))
        return [model for model in self._by_word[rarest] if words <= self._words[model]][:limit]
