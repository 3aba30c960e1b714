"""DeepSeek's change log as dated entries, which is HTML or the Markdown that an archive made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from parsel import Selector

from aimstats.domain.items import DocumentRefusedError
from scrapy_project.base.lifecycle_dates import When, when
from scrapy_project.formats.tables import html_text, plain_markdown, text_of

PAGE: Final = "https://api-docs.deepseek.com/updates/"

_DATE = re.compile(r"Date:?\s{1,9}(\d{4}-\d{2}-\d{2})")
_HEADING = re.compile(r"#{2,6}\s{1,9}(.{1,300})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What stands below one heading of a day; its paragraphs are plain text."""

    day: When
    title: str
    paragraphs: tuple[str, ...]


def entries(body: bytes) -> list[Entry]:
    """The entries, as the page has them. Raises DocumentRefusedError for a page without a dated one."""
    text = text_of(body, "DeepSeek's change log")
    lines = _html_lines(text) if "<h2" in text.lower() else _markdown_lines(text)
    found = list(_entries(lines))
    if not found:
        raise DocumentRefusedError("DeepSeek's change log: no entry below a heading `Date: ...`")
    return found


def _entries(lines: Iterator[tuple[bool, str]]) -> Iterator[Entry]:
    day: When | None = None
    title, paragraphs = "", list[str]()
    for is_heading, line in lines:
        if not is_heading:
            paragraphs.append(line)
            continue
        if day and (title or paragraphs):
            yield Entry(day=day, title=title, paragraphs=tuple(paragraphs))
        dated = _DATE.search(line)
        day, title, paragraphs = (when(dated[1]), "", []) if dated else (day, line, [])
    if day and (title or paragraphs):
        yield Entry(day=day, title=title, paragraphs=tuple(paragraphs))


def _html_lines(text: str) -> Iterator[tuple[bool, str]]:
    for node in Selector(text, type="html").xpath("//h2|//h3|//h4|//p|//li"):
        for line in html_text(node).split("\n"):
            yield node.root.tag.startswith("h"), line.replace("\u200b", "").strip()


def _markdown_lines(text: str) -> Iterator[tuple[bool, str]]:
    for line in text.split("\n"):
        heading = _HEADING.match(line)
        item = re.sub(r"\A\s{0,40}[-*]\s", "", line)
        if stated := plain_markdown(heading[1] if heading else item):
            yield heading is not None, stated
