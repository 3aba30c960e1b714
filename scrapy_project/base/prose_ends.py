"""Ends of models that pages state in running text: which, when, and what to use instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from scrapy_project.base.lifecycle_dates import NEVER, When, dates_in, when
from scrapy_project.formats.tables import plain_markdown

END: Final = re.compile(
    r"\b(?:discontinu|retir|sunset|decommission|terminat)\w*|\bshut(?:ting)?[ -]?down\b|\btaken offline\b|\bend[- ]of[- ]life\b"
    r"|\bno longer (?:be )?(?:available|offered|accessible)\b(?! (?:to|for) new)"
    r"|\bremoved from (?:the )?(?:API|available models)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])[*_]{0,3}\s{1,9}(?=[A-Z`])")
_COMING = re.compile(r"\bwill\b|\bscheduled\b|\bplanned\b|\bto be\b", re.IGNORECASE)
_ADVICE = re.compile(
    r"\b(?:use|switch|upgrad\w+|migrat\w+|recommend\w*|replac\w+|in favou?r of|instead|mov\w+ to)\b", re.IGNORECASE
)
_CODE = re.compile(r"`([\w./-]{1,100})`( series)?")
_REPLACEMENT = re.compile(r"\[`?([\w./-]{1,100})`?\]\(|`([\w./-]{1,100})`")
_NOTE = re.compile(r"^\W{0,9}(?:please )?note that\s", re.IGNORECASE)
_PARENTHESIS = re.compile(r"\(([^()]{4,60})\)")
_DAY_OF_YEAR = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s(\d{1,2})(?:st|nd|rd|th)?\b(?!,?\s{0,3}\d{4}|\d|:)",
    re.IGNORECASE,
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class ProseEnd:
    """An end that a sentence states. `names` are (name, whether it is a series); `when` is NEVER where no one full date is told.

    `is_coming`: the sentence speaks of what is still to come. `said` is the sentence as text.
    """

    names: tuple[tuple[str, bool], ...]
    when: When
    is_coming: bool
    replacements: tuple[str, ...]
    said: str


def prose_ends(line: str, *, after: datetime | None = None) -> Iterator[ProseEnd]:
    """The ends that a line of Markdown states of models in code marks; the model that it advises replaces them.

    A sentence without such a name has none (`names` is empty): what follows may list them. A day without a year is the first of
    that name after the day `after` (aware UTC), and is still to come.
    """
    advice = _ADVICE.search(line)
    replacement = _REPLACEMENT.search(line, advice.end()) if advice else None
    replacements = (replacement[1] or replacement[2],) if replacement else ()
    for sentence in _SENTENCE.split(line):
        advice = _ADVICE.search(sentence)
        names = _CODE.findall(sentence[: advice.start()] if advice else sentence)
        if not END.search(sentence):
            continue
        said = plain_markdown(sentence)
        stated, is_coming = _date(said), _COMING.search(said) is not None
        if stated is NEVER and after is not None and not dates_in(said):
            stated, is_coming = _next_day(said, after), True
        yield ProseEnd(tuple((name, bool(series)) for name, series in names), stated, is_coming, replacements, said)


def latest_past(lines: Iterable[str]) -> datetime | None:
    """The latest full date of the sentences that speak of no future: on it or later the page was written."""
    days = [
        datetime(year, month, day, tzinfo=UTC)
        for line in lines
        for sentence in _SENTENCE.split(line)
        if not _COMING.search(sentence)
        for year, month, day in dates_in(sentence)
        if day
    ]
    return max(days, default=None)


def _date(said: str) -> When:
    """The one full date of a sentence: behind the word of the end, in parentheses of its own, or anywhere."""
    said = _NOTE.sub("", said)
    if len(set(dates_in(said))) != 1:
        return NEVER
    places = [said[place.end() :] for place in END.finditer(said)]
    return next((found for found in map(when, [*places, *_PARENTHESIS.findall(said), said]) if found.at), NEVER)


def _next_day(said: str, after: datetime) -> When:
    found = set(_DAY_OF_YEAR.findall(said))
    if len(found) != 1:
        return NEVER
    month, day = found.pop()
    for year in (after.year, after.year + 1):
        try:
            at = datetime(year, _MONTHS.index(month.lower()) + 1, int(day), tzinfo=UTC)
        except ValueError:
            return NEVER
        if at > after:
            return When(at, "exact")
    return NEVER
