"""What the spiders of deprecation pages share: rows of their tables, lists of models, events by model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aimstats.domain.items import DocumentRefusedError, Lifecycle, ListingSeen
from scrapy_project.base.lifecycle_dates import DAY_FIRST, HYPHENS, NEVER, When, dates_in, states_no_date, when
from scrapy_project.base.record import Tally, is_usable_id
from scrapy_project.base.scores import NOTHING
from scrapy_project.formats.tables import Table, without_struck

_NAME = re.compile(r"[a-z0-9][a-z0-9._:@/-]*\Z", re.IGNORECASE)
_BETWEEN = re.compile(r"[|,;\n]|\bor\b|\band\b")


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
        if found := next(filter(None, map(DAY_FIRST.search, cells)), None):
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


def model_ids(text: str) -> list[str]:
    """The ids in a cell such as "A or B", "A | B, C", "A (including B and C, which ...)"; words and paths are none.

    >>> model_ids("gpt-4-0125-preview (including gpt-4-turbo-preview and gpt-4-x, which point to this snapshot)")
    ['gpt-4-0125-preview', 'gpt-4-turbo-preview', 'gpt-4-x']
    >>> model_ids("gpt-5 or gpt-4.1*"), model_ids("Videos API"), model_ids("/v1/edits")
    (['gpt-5', 'gpt-4.1'], [], [])
    """
    found = []
    for part in re.split(r"[()]", text.replace("\\", "").translate(HYPHENS)):
        words = re.sub(r"^(?:including|and the alias|the alias)\s{1,9}", "", part.strip())
        words = re.split(r",?\s{1,9}which\s", words)[0]
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
        key = (name.translate(HYPHENS), region, self.page_names if is_page_name is None else is_page_name)
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
    return tuple(dict.fromkeys(name.translate(HYPHENS) for name in names))


def deprecated(stated: When) -> list[Lifecycle]:
    """The deprecation on a stated date; none without one."""
    return [Lifecycle(event="deprecated", at=stated.at, precision=stated.precision)] if stated.at else []
