"""What somebody may have meant who wrote a word that is none of those known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

LEAST: Final = 0.6
"""What is less like a text, from 0 to 1, is not what was meant."""
_GAP = re.compile(r"[\W_]+")


def nearest(text: str, known: Iterable[str]) -> str | None:
    """The known word that is most like the text: the same but for case and punctuation before any other, then the shortest of
    which it is the first part; None where none is.

    >>> nearest("OpenAI", ["openrouter", "openai"]), nearest("offer", ["offers", "scores"]), nearest("x", ["offers"])
    ('openai', 'offers', None)
    >>> nearest("gpqa", ["gpqa-diamond", "piqa"])
    'gpqa-diamond'
    """
    by_letters: dict[str, str] = {}
    for word in sorted(known):
        by_letters.setdefault(_letters(word), word)
    letters = _letters(text)
    if letters in by_letters:
        return by_letters[letters]
    begun = [word for word in by_letters.values() if letters and _letters(_GAP.split(word)[0]) == letters]
    if begun:
        return min(begun, key=lambda word: (len(word), word))
    found = get_close_matches(letters, by_letters, 1, LEAST)
    return by_letters[found[0]] if found else None


def suggestion(text: str, known: Iterable[str]) -> str:
    """`: did you mean 'openai'?`, or nothing where no known word is like the text.

    >>> suggestion("Openai", ["openai"]), suggestion("x", ["openai"])
    (": did you mean 'openai'?", '')
    """
    found = nearest(text, known)
    return f": did you mean {found!r}?" if found else ""


def _letters(text: str) -> str:
    return _GAP.sub("", text.casefold())
