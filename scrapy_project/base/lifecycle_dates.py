"""Dates as providers write them on deprecation pages: which day, how exact, and what is a floor or no date at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

from scrapy_project.base.scores import NOTHING

FIRST_PLACEHOLDER_YEAR: Final = 2090
"""From here on a year (2098, 2099) says that no date was set."""
BEIJING: Final = timezone(timedelta(hours=8))

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH: Final = rf"(?P<month>{'|'.join(_MONTHS)})\.?"
HYPHENS: Final = str.maketrans("\u2010\u2011\u2012\u2013\u2212", "-----")
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?<!\d)(?P<year>\d{4})[-./](?P<number>\d{1,2})[-./](?P<day>\d{1,2})(?!\d)",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b",
        rf"\b(?P<day>\d{{1,2}})\s+{_MONTH}\s+(?P<year>\d{{4}})\b",
        r"(?<!\d)(?P<number>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}|\d{2})(?!\d)",
        rf"\b{_MONTH}\s+(?P<year>\d{{4}})\b",
        r"(?<!\d)(?P<year>\d{4})-(?P<number>\d{2})\Z",
    )
)
_FLOOR = re.compile(
    r"(?:\bnot?|n['’]t|\bnever)\b[^.;\n]{0,40}\b(?:(?:sooner|earlier) than|before|prior to)\b|\b(?:at (?:the )?)?earliest\b"
    r"|\b(?:or|and) later\b|\bon or after\b|\bat least until\b|\buntil at least\b|\bas early as\b|\bonwards?\b|≥|>=",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\bafter\s*\Z", re.IGNORECASE)
"""Directly before a date it makes a floor; elsewhere ("2026-03-01; after that, calls fail") it says nothing of it."""
_PLAIN = re.compile(
    r"(?:\W|\b(?:a|as|at|be|beijing|date|deprecate[ds]?|deprecation|effective|from|in|is|of|on|retire[ds]?|retirement|retiring"
    r"|shut|shutdown|down|since|starting|starts|the|time|utc|will|(?:mon|tues?|wednes|wed|thurs?|thu|fri|satur|sat|sun)(?:day)?)\b)*",
    re.IGNORECASE,
)
"""What may stand before a date on its line without saying that it is another day."""
_VAGUE = re.compile(
    r"\b(?:at (?:the )?latest|or (?:earlier|sooner|before)|estimated?|expected|tentative(?:ly)?|approx\w*)\b"
    r"|\b(?:provisional\w*|tb[acd])\b|[~≈≤]|\?(?=[)\s]*\Z)",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
DAY_FIRST = re.compile(r"(?<![\d/])(?:1[3-9]|[2-9]\d)/\d{1,2}/(?:\d{4}|\d{2})(?![\d/])")


@dataclass(frozen=True, slots=True)
class When:
    """A date that a page states: the first instant of the day or month, aware UTC, and how exact it is."""

    at: datetime | None
    precision: str

    @property
    def date(self) -> str:
        """`YYYY-MM-DD`, `YYYY-MM`, or '' where there is none."""
        if self.at is None:
            return ""
        return self.at.strftime("%Y-%m" if self.precision == "month" else "%Y-%m-%d")


NEVER: Final = When(None, "none")


def dates_in(text: str) -> list[tuple[int, int, int]]:
    """Every (year, month, day) that a text states, month dates with day 0, placeholders left out, in their order."""
    return [date for _, _, date in _found(text)]


def _found(text: str) -> list[tuple[int, int, tuple[int, int, int]]]:
    """The dates with where they begin and end."""
    text = text.translate(HYPHENS)
    found: list[tuple[int, int, tuple[int, int, int]]] = []
    taken: list[tuple[int, int]] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            part = match.groupdict()
            year = int(part["year"]) + (2000 if len(part["year"]) == 2 else 0)
            month = int(part["number"]) if part.get("number") else _MONTHS[str(part["month"]).lower()]
            day = int(part["day"]) if part.get("day") else 0
            taken.append(match.span())
            if 2015 <= year < FIRST_PLACEHOLDER_YEAR and 1 <= month <= 12 and day <= 31:
                found.append((*match.span(), (year, month, day)))
    return sorted(found)


def when(text: str) -> When:
    """The first date of a text; words such as "not sooner than" or "or later" make it a floor. US order in 9/23/2024.

    Beside words that may mean another day ("by", "end of", "estimated") a date is none.

    >>> when("Not sooner than April 16, 2027").date, when("Not sooner than April 16, 2027").precision
    ('2027-04-16', 'floor')
    >>> when("2026\u201103\u201126").date, when("08/16/26").date, when("May 2023").precision
    ('2026-03-26', '2026-08-16', 'month')
    >>> when("After June 1, 2027").precision, when("by June 1, 2027").date
    ('floor', '')
    >>> when("No shutdown date announced"), when("2099-12-31")
    (When(at=None, precision='none'), When(at=None, precision='none'))
    """
    dates = _found(text)
    if not dates:
        return NEVER
    start, end, (year, month, day) = dates[0]
    try:
        at = datetime(year, month, day or 1, tzinfo=UTC)
    except ValueError:
        return NEVER
    if is_floor(text) or _AFTER.search(text[:start]):
        return When(at, "floor")
    before, after = _TAG.sub("", re.split(r"[\n;]", text[:start])[-1]), re.split(r"[\n;]", text[end:])[0]
    if not _PLAIN.fullmatch(before) or _VAGUE.search(before + after):
        return NEVER
    return When(at, "exact" if day else "month")


def is_floor(text: str) -> bool:
    """Whether words say that the date beside them, or below them in a column, is the earliest possible one.

    >>> is_floor("Retirement date (no earlier than)"), is_floor("Retirement date")
    (True, False)
    """
    return _FLOOR.search(text) is not None


def states_no_date(text: str) -> bool:
    """Whether a cell says in words that there is no date (as opposed to one that cannot be read)."""
    return (
        text.strip().lower() in NOTHING
        or text.strip().strip("-") == ""
        or (text.lower().startswith("no ") and not dates_in(text))
    )


def pacific(day: datetime, hour: int) -> datetime:
    """An hour of a day in US Pacific time as aware UTC.

    >>> pacific(datetime(2026, 5, 15), 12).isoformat()
    '2026-05-15T19:00:00+00:00'
    >>> pacific(datetime(2026, 12, 1), 12).isoformat()
    '2026-12-01T20:00:00+00:00'
    """
    return day.replace(hour=hour, tzinfo=ZoneInfo("America/Los_Angeles")).astimezone(UTC)
