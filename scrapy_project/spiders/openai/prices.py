"""OpenAI's price tables: columns, modalities and plans mean the same in its Markdown, its JSX, its HTML and its rendered page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from aimstats.domain.absence import Absence
from aimstats.domain.items import DocumentRefusedError
from aimstats.domain.prices import price
from aimstats.domain.text import clean_text
from scrapy_project.base.pages import Draft, Page
from scrapy_project.base.price_cells import FREE, NOTHING, unit_of
from scrapy_project.formats.tables import Table, html_tables, markdown_tables
from scrapy_project.spiders.openai.extras import read_tools
from scrapy_project.spiders.openai.sections import plan_of

METER_OF_COLUMN: Final = {
    "input": "input", "cached input": "cache_read", "cached inputs": "cache_read", "cache read": "cache_read",
    "cache reads": "cache_read", "cache write": "cache_write", "cache writes": "cache_write", "cached writes": "cache_write",
    "output": "output", "output / cost": "output", "cost": "input", "price per second": "output_video", "training": "training",
}  # fmt: skip
METERS_OF_MODALITY: Final = {
    "text": {"input": "input", "cache_read": "cache_read", "output": "output"},
    "audio": {"input": "input_audio", "cache_read": "cache_read_audio", "output": "output_audio"},
    "image": {"input": "input_image", "cache_read": "cache_read_image", "output": "output_image"},
}
PASSED_OVER: Final = frozenset({"model", "category", "modality", "portrait", "landscape", "use case", "quality"})
"""Columns that name the row."""
LONG_CONTEXT_TOKENS: Final = 272_000
"""What divides short from long context: pricing.md writes "(<272K context length)" behind the same models (2026-05)."""
TYPE_OF_GROUP: Final = {"embedding": "embedding", "embeddings": "embedding", "moderation": "moderation"}
ONLY_WHEN_ALONE: Final = frozenset({"estimated cost"})
"""A column that repeats the row's prices as an estimate, and is the price of a model that has no others."""

_REMARK = re.compile(r"\s{0,9}\(([^()]{1,80})\)")
_CONTEXT = re.compile(r"([<≤>≥]=?)\s{0,9}(\d{1,9})K(?: (?:context|tokens)\b.{0,40})?", re.IGNORECASE)
_DATA_SHARING = re.compile(r"\s{1,9}with data sharing$", re.IGNORECASE)
_SPAN = re.compile(r"(short|long) context(?: (?:window|length))? ", re.IGNORECASE)
_SIZE = re.compile(r"(\d{3,4})\s?[x×]\s?(\d{3,4})")
_MODALITY = re.compile(r"(text|audio|image)(?: tokens?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """A model's row: its listing, the tokens from which its prices hold, and those from which its long-context prices do."""

    draft: Draft
    begins: int = 0
    long_context: int = LONG_CONTEXT_TOKENS


def named(page: Page, cell: str, *, variant: str = "") -> Row:
    """The row of a model's cell; remarks in parentheses are taken out of the id and say what its prices are for."""
    begins, long_context, words = 0, LONG_CONTEXT_TOKENS, [variant]
    for remark in _REMARK.findall(cell):
        if context := _CONTEXT.fullmatch(remark.strip()):
            tokens = int(context[2]) * 1000
            begins, long_context = (tokens, tokens) if context[1][0] in ">≥" else (0, tokens)
        elif remark.strip().lower() not in ("legacy", "deprecated"):
            words.append("-".join(re.findall(r"[a-z0-9.]+", remark.lower())))
    name = _REMARK.sub("", cell).strip()
    if _DATA_SHARING.search(name):
        name = _DATA_SHARING.sub("", name)
        words.append("data-sharing")
    draft = page.listing(name, variant="+".join(filter(None, words)), is_page_name=name != name.lower() or " " in name)
    return Row(draft, begins, long_context)


def not_offered(row: Row, meter: str, plan: str, *, is_long: bool) -> None:
    """Note that the list of standard prices has nothing for a cached read or the long context of this model."""
    if plan == "standard" and (meter == "cache_read" or (is_long and meter in ("input", "output"))):
        tier = row.long_context if is_long else row.begins
        row.draft.prices.append(price(meter, None, absent=Absence.NOT_OFFERED, min_context_tokens=tier))


def read_tables(page: Page, text: str, unit: str, plan: str = "") -> None:
    """Take the tables of a section or pane. `unit` is its own; a plan that is not given stands in a line before its table.

    A heading that is neither a plan nor a modality begins something else, whose unit is not stated.
    """
    seen: dict[str, tuple[str, ...]] = {}
    for table in markdown_tables(text, spanned=True):
        lines = [*table.headings[-1:], *table.preamble.split("\n")]
        if table.has("Tool") and (table.has("Pricing") or table.has("Cost")):
            _read_tools(page, table)
            continue
        own = plan or next(filter(None, map(plan_of, reversed(lines))), "standard")
        modality = next((found[1].lower() for line in reversed(lines) if (found := _MODALITY.fullmatch(line.strip()))), "")
        is_other = bool(table.title) and not (plan_of(table.title) or modality)
        if seen.setdefault(f"{own} {modality}", table.header) != table.header and not modality:
            is_other = True  # a plan's second table, with other columns: another section, whose unit is not stated
        if is_other and not any(_own_unit(cell) for row in table.rows for cell in row if "$" in cell):
            page.tally.count_unknown(f"price table without a unit: {table.title}")
        elif not read_table(page, table, "" if is_other else unit, own, modality):
            page.tally.count_unknown(f"price table with other columns: {clean_text(', '.join(table.header), 80)}")
    for table in html_tables(text) if "<table" in text.lower() else ():
        for part in _by_header(table):
            if not read_table(page, part, unit, plan or "standard"):
                page.tally.count_unknown(f"price table with other columns: {clean_text(', '.join(part.header), 80)}")


def _by_header(table: Table) -> Iterator[Table]:
    """A table that repeats its header row with other columns, as one table for each."""
    header, rows = table.header, list[tuple[str, ...]]()
    for row in table.rows:
        if row and row[0].lower() == header[0].lower():
            yield replace(table, header=header, rows=tuple(rows), whole=(True,) * len(rows))
            header, rows = row, []
        elif any(row):
            rows.append(row)
    yield replace(table, header=header, rows=tuple(rows), whole=(True,) * len(rows))


def _read_tools(page: Page, table: Table) -> None:
    for record in table.records():
        row = {name.lower(): cell for name, cell in record.items()}
        tool, detail = row["tool"], row.get("details", "")
        read_tools(page, *(" ".join(cell.split("\n")) for cell in (tool, detail, row.get("pricing") or row.get("cost", ""))))


def read_table(page: Page, table: Table, unit: str, plan: str, modality: str = "") -> bool:
    """Take the prices of a table of models; whether it is one. Two header rows (short and long context) are understood.

    Without a `unit`, cells that state none of their own are counted and not taken.
    """
    header, rows, longs = table.header, table.rows, [False] * len(table.header)
    if rows and "Model" in rows[0] and "Model" not in header:
        header, longs = rows[0], _longs(table.header, rows[0])
        rows = rows[1:]
    spans = [_SPAN.match(name) for name in header]
    longs = [span[1].lower() == "long" if span else is_long for span, is_long in zip(spans, longs, strict=False)]
    names = [_SPAN.sub("", name).lower() for name in header]
    priced = [place for place, name in enumerate(names) if name in METER_OF_COLUMN or _SIZE.fullmatch(name)]
    if "model" not in names or not (priced or ONLY_WHEN_ALONE & set(names)):
        return False
    variant = "fine-tuned" if "training" in names else ""
    for cells in rows:
        row: dict[str, str] = {}
        for name, cell in zip(names, cells, strict=False):
            row.setdefault(name, cell)
        if not row["model"]:
            continue
        page.rows += 1
        if moved := [cells[place] for place in priced if not _is_price(cells[place])]:
            # A cell that is no price where one belongs says that the row's cells moved: none of them is taken.
            page.tally.count_unknown(
                f"price: row of {clean_text(row['model'], 40)} with {clean_text(moved[0], 40)!r} for a price"
            )
            continue
        target = named(page, row["model"], variant=variant)
        if kind := TYPE_OF_GROUP.get(row.get("category", "").lower()):
            target.draft.state(type=kind)
        terms = _Terms(unit, plan, row.get("modality", "").lower() or modality, _conditions(row))
        for name, cell, is_long in zip(names, cells, longs, strict=False):
            _read_cell(target, name, cell, terms, is_long=is_long)
        _read_alone(target, row, [cells[place] for place in priced], plan)
        if not any(stated.amount is not None for stated in target.draft.prices):
            target.draft.prices.clear()  # a row of dashes alone says nothing of caches and contexts
    return True


def _is_price(cell: str) -> bool:
    return "$" in cell or cell.strip().lower() in NOTHING | FREE


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a row's prices have in common."""

    unit: str
    plan: str
    modality: str
    conditions: dict[str, str]


def _conditions(row: dict[str, str]) -> dict[str, str]:
    """Resolution and quality of a row of pictures or videos: `720p` of a size, or the shorter side of its pixels."""
    size = next((cell for name, cell in row.items() if name.startswith("size") and cell), "")
    sides = _SIZE.search(size)
    resolution = f"{min(int(sides[1]), int(sides[2]))}p" if sides else size
    quality = row.get("quality", "").lower()
    return {name: cell for name, cell in (("resolution", resolution), ("quality", quality)) if cell}


def _read_cell(row: Row, name: str, cell: str, terms: _Terms, *, is_long: bool) -> None:
    draft = row.draft
    size = _SIZE.fullmatch(name)
    if name not in METER_OF_COLUMN and not size:
        if name not in PASSED_OVER | ONLY_WHEN_ALONE and not name.startswith("size"):
            draft.unknown_column(name, cell)
        return
    meter = "output_image" if size else METER_OF_COLUMN[name]
    if terms.modality and terms.modality not in METERS_OF_MODALITY:
        if cell.strip().lower() not in NOTHING:
            draft.unknown(f"modality {terms.modality}")
        return
    meter = METERS_OF_MODALITY.get(terms.modality, {}).get(meter, meter)
    if cell.strip().lower() in NOTHING:
        if cell.strip():
            not_offered(row, meter, terms.plan, is_long=is_long)
        return
    if not terms.unit and cell.strip().lower() not in FREE and _own_unit(cell) is None:
        draft.unknown(f"{name}: no unit")
        return
    conditions = terms.conditions if meter == "output_video" else {}
    if size:
        meter, conditions = "image", {**terms.conditions, "resolution": f"{size[1]}x{size[2]}"}
    elif name == "cost" and _own_unit(cell) in ("minute", "second"):
        meter = "input_audio"
    tier = row.long_context if is_long else row.begins
    draft.add(meter, cell, terms.unit or None, plan=terms.plan, min_context_tokens=tier, conditions=conditions or None)


def _own_unit(cell: str) -> str | None:
    try:
        return unit_of(cell)
    except ValueError:
        return None


def _read_alone(row: Row, cells: dict[str, str], stated: Sequence[str], plan: str) -> None:
    """What a model costs that has no other price than the estimate: minutes of what it hears."""
    cell = next((cells[name] for name in ONLY_WHEN_ALONE if cells.get(name, "").strip().lower() not in NOTHING), "")
    if not cell or any("$" in other for other in stated):
        return
    if _own_unit(cell) in ("minute", "second") and re.search(r"transcri|translat", cells.get("use case", ""), re.IGNORECASE):
        row.draft.add("input_audio", cell, plan=plan)
    else:
        row.draft.unknown(f"estimated cost: {cell}")


def _longs(above: tuple[str, ...], header: tuple[str, ...]) -> list[bool]:
    """Which columns are of the long context, from a header row whose cells span the groups of columns below."""
    groups = [name for name in above if name]
    first = header.index("Model") + 1
    width = (len(header) - first) // len(groups) if groups else 0
    if groups and any(header[first : first + width] != header[first + width * place :][:width] for place in range(len(groups))):
        raise DocumentRefusedError(f"OpenAI pricing: other columns below {', '.join(groups)}: {', '.join(header)}")
    if len(set(header[first : first + width])) < width or len(header) != first + width * len(groups):
        raise DocumentRefusedError(f"OpenAI pricing: columns that {', '.join(groups)} do not divide: {', '.join(header)}")
    longs = [False] * first
    for group in groups:
        longs += ["long" in group.lower()] * width
    return longs + [False] * (len(header) - len(longs))


def has_amounts(page: Page) -> bool:
    """Whether one of the page's models has a price: a page without any is another page."""
    return any(stated.amount is not None for draft in page.drafts.values() if draft.kind == "model" for stated in draft.prices)
