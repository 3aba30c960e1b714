"""What the spiders of deprecation pages share: dates as providers write them, lists of models, events by model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from aimstats.domain.items import DocumentRefusedError, Lifecycle, ListingSeen
from scrapy_project.base.record import Tally, is_usable_id
from scrapy_project.base.scores import NOTHING
from scrapy_project.base.tables import Table, without_struck

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
_HYPHENS: Final = str.maketrans("\u2010\u2011\u2012\u2013\u2212", "-----")
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
_DAY_FIRST = re.compile(r"(?<![\d/])(?:1[3-9]|[2-9]\d)/\d{1,2}/(?:\d{4}|\d{2})(?![\d/])")
_NAME = re.compile(r"[a-z0-9][a-z0-9._:@/-]*\Z", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:\||,|;|\n|\bor\b|\band\b)\s*")


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
    text = text.translate(_HYPHENS)
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


def rows_of(table: Table, tally: Tally, *columns: str, optional: Iterable[str] = ()) -> Iterator[dict[str, str]]:
    """The rows by those of these columns that the table has (case does not count).

    What it lacks of them is counted unless it is optional, and so are other columns, and rows that are not as long as the
    header: which of their cells is whose cannot be told. A date such as 23/9/2024 refuses the page: then 5/6/2024 is no US
    date either.
    """
    named = {name.lower(): name for name in (*columns, *optional)}
    for name in table.header:
        if name.lower() not in named:
            tally.count_unknown(f"column {name}")
    for name in columns:
        if not table.has(name):
            tally.count_unknown(f"no column {name}")
    for row, cells, whole in zip(table.records(), table.rows, table.whole, strict=True):
        if found := next(filter(None, map(_DAY_FIRST.search, cells)), None):
            raise DocumentRefusedError(f"{found[0]} under {table.title!r} is no US date; how are dates written now?")
        if whole:
            yield {named[name.lower()]: cell for name, cell in row.items() if name.lower() in named}
        else:
            tally.count_unknown("row not as long as its table's header")


def date_in(cell: str, column: str, tally: Tally) -> When:
    """The one date of a cell, struck-through text left out. What is neither one date nor says that there is none is counted."""
    text = without_struck(cell)
    if len(set(dates_in(text))) > 1:
        tally.count_unknown(f"{column}: several dates")
        return NEVER
    stated = when(text)
    if stated.at is None and not states_no_date(text):
        tally.count_unknown(f"{column}: not a date")
    return stated


def names_in(cell: str, tally: Tally) -> list[str]:
    """The models that a cell names; one that names none is counted."""
    names = model_ids(cell)
    if not names:
        tally.skip("row that names no model id")
    return names


def states_no_date(text: str) -> bool:
    """Whether a cell says in words that there is no date (as opposed to one that cannot be read)."""
    return (
        text.strip().lower() in NOTHING
        or text.strip().strip("-") == ""
        or (text.lower().startswith("no ") and not dates_in(text))
    )


def model_ids(text: str) -> list[str]:
    """The ids in a cell such as "A or B", "A | B, C", "A (including B and C, which ...)"; words and paths are none.

    >>> model_ids("gpt-4-0125-preview (including gpt-4-turbo-preview and gpt-4-x, which point to this snapshot)")
    ['gpt-4-0125-preview', 'gpt-4-turbo-preview', 'gpt-4-x']
    >>> model_ids("gpt-5 or gpt-4.1*"), model_ids("Videos API"), model_ids("/v1/edits")
    (['gpt-5', 'gpt-4.1'], [], [])
    """
    found = []
    for part in re.split(r"[()]", text.replace("\\", "").translate(_HYPHENS)):
        words = re.sub(r"^(?:including|and the alias|the alias)\s+", "", part.strip())
        words = re.split(r",?\s+which\s", words)[0]
        for name in _BETWEEN.split(words):
            name = name.strip().strip("`*").strip()
            if _is_id(name):
                found.append(name)
    return list(dict.fromkeys(found))


def _is_id(name: str) -> bool:
    """One word with a digit or a hyphen in it, or one plain word (`davinci`); no path, no header, no ordinary word."""
    if not _NAME.match(name) or name.startswith("/") or not name[-1].isalnum() or name.lower() in NOTHING:
        return False
    return name[0].islower() or name[0].isdigit() or any(mark.isdigit() for mark in name)


@dataclass(slots=True)
class _Life:
    events: list[Lifecycle] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    announced: str = ""
    kind: str = "model"


class Lives:
    """The events of a page's models.

    A page may announce one model's end twice: what was announced last stands (`announced` is the day, as text); equal days
    add up. What is older is counted. A fact that two rows state differently is no fact.
    """

    def __init__(self, provider: str, tally: Tally, *, page_names: bool = False) -> None:
        self.provider = provider
        self.tally = tally
        self.page_names = page_names
        self._lives: dict[tuple[str, str, bool], _Life] = {}

    def add(
        self,
        name: str,
        events: Iterable[Lifecycle],
        *,
        announced: str = "",
        region: str = "",
        facts: Mapping[str, Any] | None = None,
        kind: str = "model",
        is_page_name: bool | None = None,
    ) -> None:
        """Note the events of one model of one announcement."""
        if not is_usable_id(name):
            self.tally.skip("row without a usable name")
            return
        key = (name.translate(_HYPHENS), region, self.page_names if is_page_name is None else is_page_name)
        life = self._lives.setdefault(key, _Life(announced=announced, kind=kind))
        for fact, value in (facts or {}).items():
            if value not in (None, ""):
                same = life.facts.setdefault(fact, value) == value
                life.facts[fact] = life.facts[fact] if same else ""
        if announced < life.announced:
            self.tally.skip("older announcement")
            return
        if announced > life.announced:
            if life.events:
                self.tally.skip("older announcement")
            life.announced, life.events = announced, []
        for event in events:
            _merge(life.events, event)

    def listings(self) -> tuple[ListingSeen, ...]:
        """A listing a model and region, in the order of the page."""
        return tuple(
            ListingSeen(
                provider=self.provider,
                external_id=name,
                region=region,
                is_page_name=is_page_name,
                name=str(life.facts.get("name", "")),
                kind=life.kind,
                facts={fact: value for fact, value in life.facts.items() if value},
                lifecycle=tuple(life.events),
            )
            for (name, region, is_page_name), life in self._lives.items()
        )


def _merge(events: list[Lifecycle], event: Lifecycle) -> None:
    """Add an event; of the same event on the same day replacements add up. An end without day and replacement says nothing."""
    if event.event == "retired" and event.at is None and not event.replacements:
        return
    for place, known in enumerate(events):
        if (known.event, known.at, known.precision, known.effect) == (event.event, event.at, event.precision, event.effect):
            names = tuple(dict.fromkeys((*known.replacements, *event.replacements)))
            events[place] = Lifecycle(
                event=known.event, at=known.at, precision=known.precision, effect=known.effect, replacements=names, url=known.url
            )
            return
    events.append(event)


def ended(stated: When, replacements: Iterable[str] = (), effect: str = "error") -> Lifecycle:
    """The retirement on a stated date (precision `none` where only replacements are known)."""
    return Lifecycle(
        event="retired", at=stated.at, precision=stated.precision, effect=effect, replacements=distinct_names(replacements)
    )


def distinct_names(names: Iterable[str]) -> tuple[str, ...]:
    """Names as a page shows them, each once, with plain hyphens."""
    return tuple(dict.fromkeys(name.translate(_HYPHENS) for name in names))


def deprecated(stated: When) -> list[Lifecycle]:
    """The deprecation on a stated date; none without one."""
    return [Lifecycle(event="deprecated", at=stated.at, precision=stated.precision)] if stated.at else []


def pacific(day: datetime, hour: int) -> datetime:
    """An hour of a day in US Pacific time as aware UTC (daylight saving from the second Sunday of March to the first of
    November, at two o'clock; the rule since 2007).

    >>> pacific(datetime(2026, 5, 15), 12).isoformat()
    '2026-05-15T19:00:00+00:00'
    >>> pacific(datetime(2026, 12, 1), 12).isoformat()
    '2026-12-01T20:00:00+00:00'
    """
    local = datetime(day.year, day.month, day.day, hour)
    start = datetime(day.year, 3, 8, 2) + timedelta(days=(6 - datetime(day.year, 3, 8).weekday()) % 7)
    end = datetime(day.year, 11, 1, 2) + timedelta(days=(6 - datetime(day.year, 11, 1).weekday()) % 7)
    return (local + timedelta(hours=7 if start <= local < end else 8)).replace(tzinfo=UTC)
