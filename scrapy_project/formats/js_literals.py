"""JavaScript literals of MDX pages: arrays, objects, strings, numbers, JSX fragments and calls that wrap one text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.money import decimal_of

MAX_DEPTH: Final = 20

_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.{0,2000}?\*/)*", re.DOTALL)
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"|\'((?:[^\'\\]|\\.)*)\'|`((?:[^`\\]|\\.)*)`', re.DOTALL)
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_FRAGMENT = re.compile(r"<>(.{0,2000}?)</>", re.DOTALL)
_IN_FRAGMENT = re.compile(r"\{\s{0,9}[\"'`]([^{}\n]{0,500}?)[\"'`]\s{0,9}\}")
_WORDS: Final[dict[str, Any]] = {"null": None, "undefined": None, "true": True, "false": False}


class LiteralError(ValueError):
    """The text is not a literal of the kinds that are read here."""


def literal(text: str, start: int = 0) -> tuple[Any, int]:
    """The literal that begins at `start`, and where it ends. Raises LiteralError.

    A JSX fragment is its text, a call of one argument is that argument.

    >>> literal('[["a-1", 0.25, null, <>{"$"}0.16</>, html("x")], {title: "T"}]')[0]
    [['a-1', Decimal('0.25'), None, '$0.16', 'x'], {'title': 'T'}]
    """
    value, end = _value(text, start, 0)
    return value, end


def _skip(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return space.end() if space else position


def _value(text: str, position: int, depth: int) -> tuple[Any, int]:
    if depth > MAX_DEPTH:
        raise LiteralError("nested too deeply")
    position = _skip(text, position)
    if text.startswith("[", position):
        return _array(text, position + 1, depth)
    if text.startswith("{", position):
        return _object(text, position + 1, depth)
    if fragment := _FRAGMENT.match(text, position):
        return _IN_FRAGMENT.sub(r"\1", fragment[1]).strip(), fragment.end()
    if string := _STRING.match(text, position):
        return re.sub(r"\\(.)", r"\1", next(part for part in string.groups() if part is not None)), string.end()
    if number := _NUMBER.match(text, position):
        return _number(number[0]), number.end()
    word = _WORD.match(text, position)
    if word and word[0] in _WORDS:
        return _WORDS[word[0]], word.end()
    if word and text.startswith("(", word.end()):
        value, end = _value(text, word.end() + 1, depth + 1)
        return value, _closed(text, end, ")")
    raise LiteralError(f"not a literal: {text[position : position + 30]!r}")


def _number(text: str) -> Decimal:
    try:
        return decimal_of(text)
    except ValueError as error:
        raise LiteralError(str(error)) from error


def _closed(text: str, position: int, mark: str) -> int:
    position = _skip(text, position)
    if text.startswith(",", position):
        position = _skip(text, position + 1)
    if not text.startswith(mark, position):
        raise LiteralError(f"{mark!r} is missing at {text[position : position + 30]!r}")
    return position + 1


def _array(text: str, position: int, depth: int) -> tuple[list[Any], int]:
    values: list[Any] = []
    while not text.startswith("]", position := _skip(text, position)):
        value, position = _value(text, position, depth + 1)
        values.append(value)
        position = _next(text, position, "]")
    return values, position + 1


def _object(text: str, position: int, depth: int) -> tuple[dict[str, Any], int]:
    values: dict[str, Any] = {}
    while not text.startswith("}", position := _skip(text, position)):
        name = _WORD.match(text, position) or _STRING.match(text, position)
        if not name:
            raise LiteralError(f"a name is missing at {text[position : position + 30]!r}")
        position = _skip(text, name.end())
        if not text.startswith(":", position):
            raise LiteralError(f"':' is missing at {text[position : position + 30]!r}")
        values[name[0].strip("\"'`")], position = _value(text, position + 1, depth + 1)
        position = _next(text, position, "}")
    return values, position + 1


def _next(text: str, position: int, mark: str) -> int:
    position = _skip(text, position)
    if text.startswith(",", position):
        return position + 1
    if not text.startswith(mark, position):
        raise LiteralError(f"{mark!r} is missing at {text[position : position + 30]!r}")
    return position
