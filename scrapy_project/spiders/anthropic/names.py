"""Names in Anthropic's tables: beside a model's name stand its state, the time that a price is for, and further models."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.money import decimal_of
from aimstats.domain.text import clean_text
from scrapy_project.base.lifecycle_dates import dates_in
from scrapy_project.base.pages import Draft, Page

_REMARK = re.compile(r"\s{0,9}\(([^()]{0,200})\)")
_STATE = re.compile(r"(deprecated|retired)\b", re.IGNORECASE)
_PERIOD = re.compile(
    r"(?:^|\s)\(?(through|until|up to|starting|from|beginning|effective|as of)\s(?:on\s)?([^()]{4,40}?\b\d{4})\)?", re.IGNORECASE
)
_ENDS: Final = frozenset({"through", "until", "up to"})
_BETWEEN = re.compile(r"\s{0,9}/\s{0,9}|,\s{0,9}(?:(?:and|or)\s)?|\s(?:and|or)\s")
_VERSION = re.compile(r"(\d+(?:\.\d+)?)")
_LATER = re.compile(r"\b(?:later|newer|subsequent)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A name as a table's cell states it: the model, its state, and from when to when (aware UTC, half open) its figures hold."""

    name: str
    status: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    @property
    def validity(self) -> dict[str, Any]:
        """The times of the cell's prices, those that it states."""
        stated = {"valid_from": self.valid_from, "valid_to": self.valid_to}
        return {name: at for name, at in stated.items() if at is not None}


def read_name(cell: str) -> Named:
    """The cell's name without its remarks. Raises ValueError for a time that is no full date.

    >>> read_name("Claude Opus 4 (retired, except on Bedrock)")
    Named(name='Claude Opus 4', status='retired', valid_from=None, valid_to=None)
    >>> read_name("Claude Sonnet 5 through August 31, 2026").validity
    {'valid_to': datetime.datetime(2026, 9, 1, 0, 0, tzinfo=datetime.timezone.utc)}
    """
    begins = ends = None
    for word, stated in _PERIOD.findall(cell):
        dates = dates_in(stated)
        if len(dates) != 1 or not dates[0][2]:
            raise ValueError(f"a name with a time that is no date: {clean_text(cell, 80)!r}")
        day = datetime(*dates[0], tzinfo=UTC)
        if word.lower() in _ENDS:
            ends = day + timedelta(days=1)
        else:
            begins = day
    text = _PERIOD.sub("", cell)
    state = next((found[1].lower() for remark in _REMARK.findall(text) if (found := _STATE.match(remark))), "")
    return Named(clean_text(_REMARK.sub("", text)), state, begins, ends)


def named(page: Page, cell: str) -> tuple[Draft, dict[str, Any]]:
    """The listing of a cell's name, and the times of the prices beside it. A time in a name makes no other listing."""
    stated = read_name(cell)
    draft = page.listing(stated.name, is_page_name=True)
    draft.state(status=stated.status)
    return draft, stated.validity


def split_names(text: str) -> list[str]:
    """The names in a cell of several; a bare version belongs to the family before it.

    >>> split_names("Claude Sonnet 4.6 / 4.5 / 4"), split_names("Opus 4.6, Sonnet 4.6, and Sonnet 4")
    (['Claude Sonnet 4.6', 'Claude Sonnet 4.5', 'Claude Sonnet 4'], ['Opus 4.6', 'Sonnet 4.6', 'Sonnet 4'])
    """
    names: list[str] = []
    for part in filter(None, map(str.strip, _BETWEEN.split(text))):
        family = names[-1].rpartition(" ")[0] if names and part[0].isdigit() else ""
        names.append(f"{family} {part}".strip())
    return names


def by_name(page: Page, name: str) -> Draft | None:
    """The listing of a name that may lack the word Claude."""
    wanted = {name.strip(), f"Claude {name.strip()}"}
    return next((draft for draft in page.drafts.values() if draft.external_id in wanted), None)


def meant(page: Page, text: str) -> list[Draft]:
    """The models that a text means: those that it names, and with "and later models" all from the lowest version it names on."""
    versions = [decimal_of(version) for version in _VERSION.findall(text)] if _LATER.search(text) else []
    return [
        draft
        for draft in page.drafts.values()
        if draft.kind == "model" and (_names(text, draft.external_id) or (versions and version_of(draft) >= min(versions)))
    ]


def _names(text: str, name: str) -> bool:
    """Whether a text names a model: `Sonnet 4` is not named by `Sonnet 4.5`."""
    return re.search(rf"(?<![\w.]){re.escape(name.removeprefix('Claude '))}(?![\w-]|\.\d)", text) is not None


def version_of(draft: Draft) -> Decimal:
    """The version in a model's name; 0 without one."""
    found = _VERSION.search(draft.external_id)
    return decimal_of(found[1]) if found else Decimal(0)
