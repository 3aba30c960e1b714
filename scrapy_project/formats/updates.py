"""Changelogs of `<Update label="...">` blocks (Mintlify's component): one entry after another, the newest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aimstats.domain.items import DocumentRefusedError

MAX_ATTRIBUTES_CHARACTERS = 1_000

_BLOCK = re.compile(rf"<Update\b([^>]{{0,{MAX_ATTRIBUTES_CHARACTERS}}})>(.*?)</Update>", re.DOTALL)
_ATTRIBUTE = re.compile(r'\b(\w{1,30})="([^"]{0,300})"')
_TEXTS = re.compile(r'"([^"]{1,100})"')
_TAGS = re.compile(r"\btags=\{\[([^\]]{0,500})\]\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One entry: its label (a date, as it is written), its description, its tags and its Markdown."""

    label: str
    description: str
    tags: tuple[str, ...]
    text: str


def updates(text: str, what: str) -> list[Update]:
    """All entries of a changelog. Raises DocumentRefusedError, naming `what` it is, where none is there or one is cut off."""
    if text.count("<Update") != text.count("</Update>"):
        raise DocumentRefusedError(f"{what}: an entry without its end")
    found = list(_updates(text))
    if not found:
        raise DocumentRefusedError(f"{what}: no entries (`<Update label=...>`)")
    return found


def _updates(text: str) -> Iterator[Update]:
    for attributes, body in _BLOCK.findall(text):
        named = dict(_ATTRIBUTE.findall(attributes))
        tags = _TAGS.search(attributes)
        yield Update(
            label=named.get("label", "").strip(),
            description=named.get("description", "").strip(),
            tags=tuple(_TEXTS.findall(tags[1])) if tags else (),
            text="\n".join(line.strip() for line in body.strip().split("\n")),
        )
