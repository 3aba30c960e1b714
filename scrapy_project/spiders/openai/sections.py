"""The sections of OpenAI's pricing page, and their panes: each states its unit once, and its plans as panes or lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aimstats.domain.text import clean_text
from scrapy_project.formats.tables import plain_markdown

UNITS: Final = {
    "1m tokens": "1M tokens",
    "second": "second",
    "image": "image",
    "minute": "minute",
    "1m characters": "1M characters",
}
_STATED = re.compile(r"Prices (?:are )?per (1M tokens|second|image|minute|1M characters)\b", re.IGNORECASE)
_PANE = re.compile(r"<div\s(?=[^<>]{0,200}content-switcher-pane)[^<>]{0,200}?data-value=\"(\w{1,30})\"[^<>]{0,200}>")
_DATA_HEADING = re.compile(
    r"^#{1,6}\s{1,9}(?:(\w{1,20}) )??(?:grouped )?pricing(?: table)? data\s*$", re.IGNORECASE | re.MULTILINE
)
_PLAN = re.compile(
    r"(standard|batch|flex|priority|fast)(?: (?:mode|processing|api|tier|pricing|prices))?(?: data)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Section:
    """What lies between one statement of a unit and the next. `unit` is '' before the first."""

    title: str
    unit: str
    text: str

    def panes(self) -> Iterator[tuple[str, str]]:
        """The section's parts with the plan that their pane names; '' for what stands in no pane."""
        marks = list(_PANE.finditer(self.text))
        yield "", self.text[: marks[0].start() if marks else len(self.text)]
        for place, mark in enumerate(marks):
            end = marks[place + 1].start() if place + 1 < len(marks) else len(self.text)
            yield mark[1].lower(), self.text[mark.end() : end]


def sections(text: str) -> Iterator[Section]:
    """The page's sections. A heading that repeats what is below it as data ("Batch pricing data") becomes a line of its plan."""
    text = _DATA_HEADING.sub(lambda heading: (heading[1] or "") if plan_of(heading[1] or "") else "", text)
    marks = list(_STATED.finditer(text))
    yield Section("", "", text[: marks[0].start() if marks else len(text)])
    for place, mark in enumerate(marks):
        begin = marks[place - 1].end() if place else 0
        end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        yield Section(_title(text[begin : mark.start()]), UNITS[mark[1].lower()], text[mark.start() : end])


def _title(before: str) -> str:
    """The last line before a statement that can be a section's title."""
    for line in reversed(before[-2_000:].split("\n")):
        stated = plain_markdown(line.lstrip(" #"))
        if stated[:1].isalpha() and not stated.startswith("Our ") and len(stated) <= 60 and stated[-1] not in ".;>":
            return clean_text(stated, 60)
    return ""


def plan_of(words: str) -> str:
    """The plan that a line, a pane or a tier names; '' where it names none.

    >>> plan_of("Fast mode"), plan_of("Batch API"), plan_of("All models")
    ('fast', 'batch', '')
    """
    found = _PLAN.fullmatch(words.strip())
    return found[1].lower() if found else ""
