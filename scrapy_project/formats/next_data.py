"""The data that a Next.js page carries in its `self.__next_f.push(...)` scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.items import DocumentRefusedError

MAX_LISTS: Final = 10_000

_PUSH: Final = "self.__next_f.push("
_DECODER: Final = json.JSONDecoder(parse_float=Decimal)


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
    """Every JSON list of objects that stands under this key anywhere in the text, numbers as int or Decimal.

    >>> list(lists_of('x:{"apis":[{"name":"a"}],"apis":3}', "apis"))
    [[{'name': 'a'}]]
    """
    for place in re.finditer(re.escape(f'"{key}":['), text):
        try:
            value, _ = _DECODER.raw_decode(text, place.end() - 1)
        except (ValueError, RecursionError):
            continue
        if value and all(isinstance(entry, dict) for entry in value):
            yield value
