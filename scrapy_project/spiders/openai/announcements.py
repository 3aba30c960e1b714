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

NAMES: Final = ("Model / system", "Model snapshot", "Deprecated model", "Legacy model", "System")
REPLACEMENTS: Final = ("Recommended replacement", "Substitute model", "Recommended replacement base model")
NO_MODELS: Final = ("Training price", "Update")
"""A table with one of these columns is about the training of fine-tunes."""
PRICES: Final = ("Deprecated model price", "Legacy model price")
"""What was paid; the shutdown does not change it."""
_ANNOUNCED = re.compile(r"(\d{4}-\d{2}-\d{2})\b")


def openai_document(url: str, tables: Sequence[Table]) -> DocumentSeen:
    """A listing a model. Announcing deprecates at once (the page's own words); on the shutdown date it is gone.

    Refuses a page on which no table has `Shutdown date` and a column of models. Systems (APIs, endpoints) are counted.
    """
    tally = Tally()
    lives = Lives("openai", tally)
    rows = 0
    for table in tables:
        name_column = next((name for name in NAMES if table.has(name)), None)
        if any(map(table.has, NO_MODELS)):
            tally.skipped["row of a table of no models"] += len(table.rows)
            continue
        if not table.has("Shutdown date") or name_column is None:
            tally.count_unknown(f"columns {', '.join(table.header)}")
            continue
        replacement_column = next((name for name in REPLACEMENTS if table.has(name)), "")
        if not replacement_column:
            tally.count_unknown(f"columns {', '.join(table.header)}")
        announced = _announced(table)
        rows += len(table.rows)
        for row in rows_of(table, tally, "Shutdown date", name_column, optional=(replacement_column, *PRICES)):
            names = model_ids(row[name_column])
            if not names:
                tally.skip("row of an API, an endpoint or training")
                continue
            stated = date_in(row["Shutdown date"], "Shutdown date", tally)
            if stated.at or states_no_date(row["Shutdown date"]):
                _take(lives, names, stated, announced, model_ids(row.get(replacement_column, "")))
    if not any(listing.lifecycle for listing in lives.listings()):
        raise DocumentRefusedError("OpenAI's deprecations: no table has `Shutdown date` and models; was the layout changed?")
    return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=rows)


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
