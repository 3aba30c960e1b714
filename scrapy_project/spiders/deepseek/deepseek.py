"""DeepSeek's pricing page: one table with a column a model, list prices struck through beside promotions, hours of the day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from parsel import Selector

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider
from scrapy_project.base.pages import Draft, Page
from scrapy_project.base.price_cells import NOTHING, count_of
from scrapy_project.formats.tables import (
    Table,
    html_tables,
    html_text,
    markdown_tables,
    plain_markdown,
    struck,
    text_of,
    without_struck,
)

URL: Final = "https://api-docs.deepseek.com/quick_start/pricing"

METER_OF_LABEL: Final = {
    "INPUT (CACHE HIT)": "cache_read", "INPUT (CACHE MISS)": "input", "INPUT": "input", "OUTPUT": "output",
}  # fmt: skip
"""By the label without its unit, which every one of them begins with: `1M INPUT TOKENS`, once `1M TOKENS INPUT`."""
FLAG_OF_FEATURE: Final = {"JSON OUTPUT": "flags.json_output", "TOOL CALLS": "tool_call", "FUNCTION CALLING": "tool_call"}
PASSED_OVER: Final = ("BASE URL", "CHAT PREFIX", "FIM COMPLETION", "CONCURRENCY LIMIT")
"""Rows that state nothing we keep; so do the features that are no flag."""

_UNIT = re.compile(r"1M (?:TOKENS (?=INPUT|OUTPUT)|(?=(?:INPUT|OUTPUT) TOKENS))", re.IGNORECASE)
_TIME = r"(\d{1,2}):(\d{2})"
_SPAN = re.compile(rf"{_TIME}\s{{0,9}}[-–~]\s{{0,9}}{_TIME}")
_WINDOW = re.compile(rf"UTC\s{{0,9}}{_SPAN.pattern}")
_SENTENCE = re.compile(r"(?<=[.;])\s")
_PEAK_HOURS = re.compile(r"\b(off-peak|peak)\s(?:hours?|periods?|times?)\b", re.IGNORECASE)
_HOURS = re.compile(r"\bOFF[- ]PEAK\b|\bPEAK\b|\bDISCOUNT\b", re.IGNORECASE)
_REMARK = re.compile(r"\s{0,9}\([^)]{0,300}\)")
_FOOTNOTE = re.compile(r"\s{0,9}[(\[]\d{1,2}[)\]]")
"""What is left of a raised footnote mark in a page that was turned into plain text."""
_PROMOTION = re.compile(
    r"(?<![\w.-])([\w.-]{1,100}) model is currently offered at an? (\d{1,3})% discount[^.]{0,300}?"
    r"until (\d{4})/(\d{1,2})/(\d{1,2}) (\d{1,2}):(\d{2}) UTC"
)
_ALIASES = re.compile(
    r"model names ([\w.-]{1,100}) and ([\w.-]{1,100}) [^.]{0,300}\.[^.]{0,300}?"
    r"correspond to the [^.]{0,100}? modes? of ([\w.-]{1,100}?),? respectively"
)


class DeepSeekSpider(SourceSpider):
    """One document. A price with another struck through is a promotion; its end stands in a footnote."""

    source = Source(
        id="deepseek",
        name="DeepSeek",
        kind="page",
        url=URL,
        terms_url="https://cdn.deepseek.com/policies/en-US/deepseek-open-platform-terms-of-service.html",
        attribution="DeepSeek",
        priority=10,
        provider="deepseek",
        hosts=("api-docs.deepseek.com",),
        complete=("text",),
    )
    start_urls = (URL,)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses a page whose table has no models or no input and output prices.

        The page is HTML, or Markdown that an archive made of it: merged cells are then empty or missing.
        """
        text = text_of(body, "DeepSeek pricing")
        is_html = "<table" in text.lower()
        tables = html_tables(text) if is_html else markdown_tables(text, spanned=True)
        table = next(filter(None, map(_model_table, tables)), None)
        if table is None:
            raise DocumentRefusedError("DeepSeek pricing: no table whose header or first row begins with MODEL")
        page = Page("deepseek", url)
        page.rows = len(table.rows)
        parts = map(html_text, Selector(text, type="html").xpath("//p|//li")) if is_html else [plain_markdown(text)]
        notes = " ".join(" ".join(parts).split("\n"))
        _read_columns(page, table, _Notes(_promotions(notes), _windows(notes)))
        if not page.has_prices_of("input", "output"):
            raise DocumentRefusedError("DeepSeek pricing: no model with an input and an output price")
        if equated := _ALIASES.search(notes):
            page.listing(equated[3]).aliases += [equated[1], equated[2]]
        return page.seen()


@dataclass(frozen=True, slots=True)
class _Notes:
    """What the text beside the table says: when a model's promotion ends, and the hours (UTC) of `peak` and `off-peak`."""

    ends: dict[str, datetime]
    windows: dict[str, tuple[str, ...]]


def _model_table(table: Table) -> Table | None:
    """The table with its row of models as the header, which a page without header rows has first; None for another table."""
    if table.header and _FOOTNOTE.sub("", table.header[0]).upper() == "MODEL":
        return table
    if not any(table.header) and table.rows and _FOOTNOTE.sub("", table.rows[0][0]).upper() == "MODEL":
        return replace(table, header=table.rows[0], rows=table.rows[1:], whole=table.whole[1:])
    return None


def _promotions(notes: str) -> dict[str, datetime]:
    """When the promotion of a model ends, as the footnotes say."""
    ends: dict[str, datetime] = {}
    for model, _, *instant in _PROMOTION.findall(notes):
        year, month, day, hour, minute = map(int, instant)
        ends[model] = datetime(year, month, day, hour, minute, tzinfo=UTC)
    return ends


def _windows(notes: str) -> dict[str, tuple[str, ...]]:
    """The hours of day that a sentence such as "Peak hours are 01:00 - 04:00 and 06:00 - 10:00 UTC" names."""
    windows: dict[str, tuple[str, ...]] = {}
    for sentence in _SENTENCE.split(notes):
        if "UTC" in sentence and (kind := _PEAK_HOURS.search(sentence)):
            windows.setdefault(kind[1].lower(), tuple(map(_window, _SPAN.findall(sentence))))
    return windows


def _window(parts: Sequence[str]) -> str:
    return "{:0>2}{}-{:0>2}{}".format(*parts)


def _read_columns(page: Page, table: Table, notes: _Notes) -> None:
    labels = next(
        (place for place, name in enumerate(table.header) if _FOOTNOTE.sub("", name).upper() not in ("MODEL", "")),
        len(table.header),
    )
    for column in range(labels, len(table.header)):
        draft = page.listing(_FOOTNOTE.sub("", table.header[column]))
        for row in table.rows:
            stated = [cell for cell in row[labels:] if cell]
            shared = len(stated) == 1 and not set("$✓✗") & set(stated[0])  # one cell across all models
            names = dict.fromkeys(_FOOTNOTE.sub("", name) for name in row[:labels] if name)
            if names:
                _read_cell(draft, tuple(names), stated[0] if shared else row[column], notes)


def _read_cell(draft: Draft, labels: tuple[str, ...], cell: str, notes: _Notes) -> None:
    label = labels[-1].upper()
    if meter := next(filter(None, map(_meter, labels)), ""):
        _read_price(draft, meter, " ".join(labels), _FOOTNOTE.sub("", cell), notes)
    elif label.startswith("MODEL VERSION"):
        draft.evidence["version"] = cell
    elif label.startswith("CONTEXT LENGTH"):
        draft.state(limit_context=count_of(cell))
    elif label.startswith("MAX OUTPUT"):
        draft.state(limit_output=count_of(cell.upper().rpartition("MAXIMUM")[2]))
    elif label.startswith("THINKING MODE"):
        draft.state(reasoning=True if "thinking" in cell.lower() and not cell.lower().startswith("non-thinking") else None)
    elif _REMARK.sub("", label) in FLAG_OF_FEATURE and cell in ("✓", "✗"):
        draft.fact(FLAG_OF_FEATURE[_REMARK.sub("", label)], cell == "✓")
    elif cell.strip().lower() in NOTHING:
        return
    elif "$" in cell:
        draft.unknown(f"row {' '.join(labels)}")
    elif not label.startswith(PASSED_OVER) and labels[0].upper() != "FEATURES":
        draft.tally.count_unknown(f"row {label}")


def _meter(label: str) -> str:
    """The meter of a label that begins with its unit, a million tokens; '' for another one."""
    words = _UNIT.sub("", label.upper(), count=1)
    return METER_OF_LABEL.get(words.replace(" TOKENS", ""), "") if words != label.upper() else ""


def _read_price(draft: Draft, meter: str, labels: str, cell: str, notes: _Notes) -> None:
    windows = _hours(labels, notes)
    if windows is None:
        draft.unknown(f"{labels}: no hours in UTC")
        return
    if cell.strip().lower() in NOTHING:
        draft.unknown(f"{labels}: no price in the model's own cell")
        return
    listed = struck(cell)
    current = _REMARK.sub("", without_struck(cell))
    for window in windows:
        if listed:
            draft.add(meter, current, window=window, promotional=True, valid_to=notes.ends.get(draft.external_id))
            draft.add(meter, listed, window=window)
        else:
            draft.add(meter, current, window=window)


def _hours(labels: str, notes: _Notes) -> tuple[str, ...] | None:
    """The hours for which a row's prices hold: those that it names itself, else those that the notes give for its kind.

    Where they give the other kind's alone, this one is all the rest of the day. None where its hours are not told.
    """
    if stated := _WINDOW.search(labels):
        return (_window(stated.groups()),)
    found = _HOURS.search(labels)
    if not found:
        return ("",)
    kind = found[0].lower().replace(" ", "-")
    other = {"peak": "off-peak", "off-peak": "peak"}.get(kind, "")
    return notes.windows.get(kind) or (("",) if notes.windows.get(other) else None)
