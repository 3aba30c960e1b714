"""Anthropic's model deprecations: each model's state, and the history of announcements."""

from __future__ import annotations

import re
from dataclasses import replace

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycle_dates import NEVER, when
from scrapy_project.base.lifecycles import Lives, date_in, deprecated, ended, model_ids, names_in, rows_of
from scrapy_project.formats.tables import Table, markdown_tables, plain_markdown, text_of

STATES = {"active": "active", "legacy": "active", "deprecated": "deprecated", "retired": "retired"}
NAMES = ("API model name", "API model", "Model name", "Model ID", "Model")
STATE_COLUMNS = ("Current state", "State", "Status")
END_COLUMNS = ("Tentative retirement date", "Retirement date", "Tentative retirement")
DEPRECATED_COLUMNS = ("Deprecated", "Deprecation date")
_STATED = re.compile(
    r"\(([\w.-]{3,80})\) is (deprecated|retired)\b\.?(?:[^\n]{0,30}?\bmigrate to [^\n(]{0,60}\(([\w.-]{3,80})\))?", re.IGNORECASE
)
"""A note beside the table: "Claude X (claude-x) is deprecated. To migrate to Claude Y (claude-y), ..."."""
_ANNOUNCED = re.compile(r"(\d{4}-\d{2}-\d{2}):")


class AnthropicDeprecationsSpider(SourceSpider):
    """Reads the table of states and the tables under dated announcements. "Not sooner than" is a floor, never a date."""

    source = Source(
        id="anthropic_deprecations",
        name="Anthropic model deprecations",
        kind="lifecycle",
        provider="anthropic",
        url="https://platform.claude.com/docs/en/about-claude/model-deprecations",
        license=None,
        terms_url="https://www.anthropic.com/legal/commercial-terms",
        attribution="Anthropic",
        hosts=("platform.claude.com",),
        priority=10,
    )
    start_urls = ("https://platform.claude.com/docs/en/about-claude/model-deprecations.md",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a page without the table of states."""
        text = text_of(body, "Anthropic's deprecations")
        tables = markdown_tables(text)
        states = [table for table in tables if all(any(map(table.has, names)) for names in (NAMES, STATE_COLUMNS, END_COLUMNS))]
        history = [table for table in tables if table.has("Retirement date", "Deprecated model", "Recommended replacement")]
        if not states:
            raise DocumentRefusedError(
                "Anthropic's deprecations: no table with one each of "
                f"{', '.join(NAMES)}; of {', '.join(STATE_COLUMNS)}; of {', '.join(END_COLUMNS)}"
            )
        tally = Tally()
        lives = Lives("anthropic", tally)
        for table in tables:
            if table.has("Parameter"):
                tally.skipped["row of an API parameter"] += len(table.rows)
            elif table not in states and table not in history:
                tally.count_unknown(f"columns {', '.join(table.header)}")
        for table in states:
            _read_states(table, lives, tally)
        for table in history:
            _read_history(table, lives, tally)
        for name, state, replacement in _STATED.findall(plain_markdown(text)):
            events = [Lifecycle(event="deprecated", precision="none")]
            if state.lower() == "retired" or replacement:
                events.append(ended(NEVER, [replacement] if replacement else ()))
            lives.add(name, events, facts={"status": state.lower()})
        rows = sum(len(table.rows) for table in (*states, *history))
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=rows)


def _read_states(table: Table, lives: Lives, tally: Tally) -> None:
    name_column, state_column, end_column = (next(filter(table.has, names)) for names in (NAMES, STATE_COLUMNS, END_COLUMNS))
    deprecated_column = next(filter(table.has, DEPRECATED_COLUMNS), DEPRECATED_COLUMNS[0])
    for row in rows_of(table, tally, name_column, state_column, deprecated_column, end_column):
        state = row[state_column].lower()
        stated = date_in(row[end_column], end_column, tally)
        if state not in STATES:
            tally.count_unknown(f"state {state[:30]!r}")
        events = deprecated(date_in(row.get(deprecated_column, ""), deprecated_column, tally))
        if STATES.get(state) == "active" and stated.at:
            stated = replace(stated, precision="floor")  # only what is deprecated has a retirement date
        if state == "legacy":
            events.append(Lifecycle(event="legacy", precision="none"))
        if stated.at:
            events.append(ended(stated))
        for name in names_in(row[name_column], tally):
            lives.add(name, events, facts={"status": STATES.get(state)})


def _read_history(table: Table, lives: Lives, tally: Tally) -> None:
    match = _ANNOUNCED.match(table.title)
    for row in rows_of(table, tally, "Retirement date", "Deprecated model", "Recommended replacement"):
        stated = date_in(row["Retirement date"], "Retirement date", tally)
        events = [*deprecated(when(match[1] if match else "")), ended(stated, model_ids(row["Recommended replacement"]))]
        for name in names_in(row["Deprecated model"], tally):
            lives.add(name, events)
