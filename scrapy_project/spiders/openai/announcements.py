"""OpenAI's deprecations page, the same in Markdown and in HTML: a table or more under each dated announcement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen
from scrapy_project.base.lifecycle_dates import NEVER, When, states_no_date, when
from scrapy_project.base.lifecycles import Lives, date_in, deprecated, ended, model_ids, rows_of
from scrapy_project.base.record import Tally
from scrapy_project.formats.tables import Table

NO_MODELS: Final = ("Training price", "Update")
"""A table with one of these columns is about the training of fine-tunes, or about a product."""

_NAMES = re.compile(r"\b(?:models?|snapshots?|systems?|famil(?:y|ies)|endpoints?)\b", re.IGNORECASE)
_ENDS = re.compile(r"(?:shut ?-?down|shut ?-?off|sunset|removal|retirement|end[- ]of[- ]life|eol)(?: date| day)?", re.IGNORECASE)
_REPLACEMENTS = re.compile(r"\b(?:replacements?|substitutes?|alternatives?|successors?|migrate to)\b", re.IGNORECASE)
_PRICES = re.compile(r"\bprices?\b", re.IGNORECASE)
"""What was paid; the shutdown does not change it."""
_ANNOUNCED = re.compile(r"(\d{4}-\d{2}-\d{2})\b")


def openai_document(url: str, tables: Sequence[Table]) -> DocumentSeen:
    """A listing a model. Announcing deprecates at once (the page's own words); on the shutdown date it is gone.

    Columns are found by their words: the page has had ten headers in three years. Refuses a page on which no table has a
    column of shutdown dates and one of models. Systems (APIs, endpoints) are counted.
    """
    tally = Tally()
    lives = Lives("openai", tally)
    rows = 0
    for table in tables:
        if any(map(table.has, NO_MODELS)):
            tally.skipped["row of a table of no models"] += len(table.rows)
            continue
        columns = _columns(table)
        if columns is None:
            tally.count_unknown(f"columns {', '.join(table.header)}")
            continue
        end_column, name_column, replacement_column = columns
        if not replacement_column:
            tally.count_unknown(f"columns {', '.join(table.header)}")
        announced = _announced(table)
        rows += len(table.rows)
        prices = tuple(name for name in table.header if _PRICES.search(name))
        for row in rows_of(table, tally, end_column, name_column, optional=(replacement_column, *prices)):
            names = model_ids(row[name_column])
            if not names:
                tally.skip("row of an API, an endpoint or training")
                continue
            stated = date_in(row[end_column], end_column, tally)
            if stated.at or states_no_date(row[end_column]):
                _take(lives, names, stated, announced, model_ids(row.get(replacement_column, "")))
    if not any(listing.lifecycle for listing in lives.listings()):
        raise DocumentRefusedError("OpenAI's deprecations: no table has a column of shutdown dates and one of models")
    return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=rows)


def _columns(table: Table) -> tuple[str, str, str] | None:
    """The columns of ends, of names and of replacements ('' without one); None where the table says no model's end."""
    end = next((name for name in table.header if _ENDS.fullmatch(name.strip())), "")
    replacement = next((name for name in table.header if _REPLACEMENTS.search(name)), "")
    others = [name for name in table.header if name not in (end, replacement) and not _PRICES.search(name)]
    names = [name for name in others if _NAMES.search(name)]
    return (end, names[0], replacement) if end and len(names) == 1 else None


def _announced(table: Table) -> When:
    for heading in reversed(table.headings):
        if match := _ANNOUNCED.match(heading.replace("\u2011", "-")):
            return when(match[1])
    return NEVER


def _take(lives: Lives, names: list[str], stated: When, announced: When, replacements: list[str]) -> None:
    for name in names:
        lives.add(
            name,
            [*deprecated(announced), ended(stated, replacements)],
            announced=announced.date,
            kind="other" if name.startswith("ft-") or name.endswith("-completions") else "model",
        )
