"""The data that a Next.js page carries in its `self.__next_f.push(...)` scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.items import DocumentRefusedError

MAX_DIGITS: Final = 400

MAX_BROKEN: Final = 1_000
"""Each broken one costs a look at all of the text before it, for the line that its error names."""

_PUSH: Final = "self.__next_f.push("


def flight_text(html: str, what: str) -> str:
    """The joined text of all pushes; raises DocumentRefusedError, naming `what` the page is, where there is none."""
    parts = []
    for script in html.split(_PUSH)[1:]:
        payload = script.partition("</script>")[0].rstrip()
        try:
            pushed = json.loads(payload.removesuffix(")"))
        except (ValueError, RecursionError):
            continue
        if isinstance(pushed, list) and len(pushed) > 1 and isinstance(pushed[1], str):
            parts.append(pushed[1])
    if not parts:
        raise DocumentRefusedError(f"{what}: no data in the page's scripts")
    return "".join(parts)


def lists_of(text: str, key: str) -> Iterator[list[dict[str, Any]]]:
    """Every JSON list of objects that stands under this key anywhere in the text, numbers as int or Decimal; one inside another
    comes after it. Raises DocumentRefusedError where lists nest more deeply than any page's do, or very many are broken.

    Each part of the text is decoded once, twice where it is in a list that is broken further on: a list that is whole has those
    inside it, and of one that is broken those are whole that end before it breaks.

    >>> list(lists_of('x:{"apis":[{"name":"a"}],"apis":3}', "apis"))
    [[{'name': 'a'}]]
    """
    begin = re.compile(re.escape(f'"{key}":['))
    end, broken = 0, 0
    for place in begin.finditer(text):
        if place.end() <= end:
            continue
        start = place.end() - 1
        value, end = _decoded(text, start)
        if value is not None:
            yield from _lists_in(value, key)
            continue
        broken += 1
        if broken > MAX_BROKEN:
            raise DocumentRefusedError(f"more than {MAX_BROKEN:,} lists of the page's data are broken")
        for inner in _whole_in(text, start + 1, end, begin):
            yield from _lists_in(_decoded(text, inner)[0], key)


def _decoded(text: str, start: int) -> tuple[list[Any] | None, int]:
    """The list that begins here and where it ends; None for a broken one, and where it breaks."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        return None, max(error.pos, start + 1)
    except RecursionError:
        raise DocumentRefusedError("the data of the page's scripts is nested too deeply") from None
    return value, end


def _whole_in(text: str, start: int, end: int, begin: re.Pattern[str]) -> list[int]:
    """Where the outermost of the lists begin that are whole in a part of the text, which is JSON up to its end."""
    opened: list[int] = []
    whole: list[int] = []
    tokens = re.compile(rf'({begin.pattern})|"(?:[^"\\]|\\.)*"|([\[{{])|[\]}}]', re.DOTALL)
    for token in tokens.finditer(text, start, end):
        if token[1] or token[2]:
            opened.append(token.end() - 1 if token[1] else -1)
        elif not token[0].startswith('"') and opened and (at := opened.pop()) >= 0:
            while whole and whole[-1] > at:
                whole.pop()
            whole.append(at)
    return whole


def _lists_in(value: Any, key: str) -> Iterator[list[dict[str, Any]]]:
    """The value, which stands under the key, and what stands under it inside, in the order of the text."""
    todo: list[tuple[str, Any]] = [(key, value)]
    while todo:
        name, node = todo.pop()
        if name == key and isinstance(node, list) and node and all(isinstance(entry, dict) for entry in node):
            yield node
        inner = node.items() if isinstance(node, dict) else (("", entry) for entry in node) if isinstance(node, list) else ()
        todo.extend(reversed([pair for pair in inner if isinstance(pair[1], dict | list)]))


def _whole_number(digits: str) -> int | Decimal:
    """An int, unless it is so long that Python refuses to read it as one."""
    return int(digits) if len(digits) < MAX_DIGITS else Decimal(digits)


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_int=_whole_number)
