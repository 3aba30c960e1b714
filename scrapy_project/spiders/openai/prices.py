"""OpenAI's price tables: columns, modalities and plans mean the same in its Markdown, its JSX and its rendered page."""

from __future__ import annotations

import re
from typing import Final

from aimstats.domain.items import DocumentRefusedError
from aimstats.domain.money import decimal_of
from aimstats.domain.text import clean_text
from scrapy_project.base.pages import PLAN_OF_WORD, Draft, Page
from scrapy_project.base.price_cells import FREE, NOTHING
from scrapy_project.formats.tables import Table

METER_OF_COLUMN: Final = {
    "input": "input", "cached input": "cache_read", "cache read": "cache_read", "cache write": "cache_write",
    "cache writes": "cache_write", "output": "output", "output / cost": "output", "cost": "input",
    "price per second": "output_video", "training": "training",
}  # fmt: skip
METERS_OF_MODALITY: Final = {
    "text": {"input": "input", "cache_read": "cache_read", "output": "output"},
    "audio": {"input": "input_audio", "cache_read": "cache_read_audio", "output": "output_audio"},
    "image": {"input": "input_image", "cache_read": "cache_read_image", "output": "output_image"},
}
PASSED_OVER: Final = frozenset({"model", "category", "modality", "size", "portrait", "landscape", "use case", "estimated cost"})
"""Columns that name the row or repeat a price as an estimate."""
LONG_CONTEXT_TOKENS: Final = 272_000
"""What divides short from long context: pricing.md writes "(<272K context length)" behind the same models (2026-05)."""
TYPE_OF_GROUP: Final = {"embedding": "embedding", "embeddings": "embedding", "moderation": "moderation"}

_SHORT_ONLY = re.compile(r"\s{0,9}\(<\s{0,9}(\d{1,9})K context length\)", re.IGNORECASE)
_DATA_SHARING = re.compile(r"\s{1,9}with data sharing$", re.IGNORECASE)
_PER = re.compile(r"Prices per (1M tokens|second)", re.IGNORECASE)
_UPLIFT = re.compile(r"charged an? ([\d.]+)% uplift for ([\w.-]+(?:(?:, and |, | and )[\w.-]+)*)\. See")


def named(page: Page, cell: str, *, variant: str = "") -> Draft:
    """The listing of a model's cell; a remark on the context that its prices hold for is taken out of the id."""
    name = _SHORT_ONLY.sub("", cell).strip()
    if _DATA_SHARING.search(name):
        name, variant = _DATA_SHARING.sub("", name), "+".join(filter(None, (variant, "data-sharing")))
    return page.listing(name, variant=variant)


def unit_stated(text: str) -> str:
    """The unit that a section states for its prices; '' where it states none."""
    found = _PER.findall(text)
    return found[-1].replace("1m", "1M") if found else ""


def plan_stated(preamble: str) -> str:
    """The plan whose name is the last line of its own before a table; standard without one."""
    lines = [line.strip().lower() for line in preamble.split("\n")]
    return next((PLAN_OF_WORD[line] for line in reversed(lines) if line in PLAN_OF_WORD), "standard")


def read_tables(page: Page, tables: list[Table]) -> None:
    """Take all tables of a page. The unit of a section stands before its first table."""
    unit_of_section: dict[tuple[str, ...], str] = {}
    for table in tables:
        if unit := unit_stated(table.preamble):
            unit_of_section[table.headings] = unit
        if table.has("Tool", "Details", "Pricing"):
            for tool, detail, pricing in (row[:3] for row in table.rows):
                read_tools(page, tool, detail, pricing)
        elif unit_of_section.get(table.headings):
            read_table(page, table, unit_of_section[table.headings], plan_stated(table.preamble))
        else:
            page.tally.count_unknown(f"price table without a unit: {table.title}")


def read_table(page: Page, table: Table, unit: str, plan: str) -> bool:
    """Take the prices of a table of models; whether it is one. Two header rows (short and long context) are understood."""
    header, rows, tiers = table.header, table.rows, [0] * len(table.header)
    if rows and "Model" in rows[0] and "Model" not in header:
        header, tiers = rows[0], _tiers(table.header, rows[0])
        rows = rows[1:]
    names = [name.lower() for name in header]
    if "model" not in names or not set(names) & METER_OF_COLUMN.keys():
        return False
    variant = "fine-tuned" if "training" in names else ""
    for cells in rows:
        page.rows += 1
        row: dict[str, str] = {}
        for name, cell in zip(names, cells, strict=False):
            row.setdefault(name, cell)
        if moved := [cell for name, cell in zip(names, cells, strict=False) if name in METER_OF_COLUMN and not _is_price(cell)]:
            # A cell that is no price where one belongs says that the row's cells moved: none of them is taken.
            page.tally.count_unknown(
                f"price: row of {clean_text(row['model'], 40)} with {clean_text(moved[0], 40)!r} for a price"
            )
            continue
        draft = named(page, row["model"], variant=variant)
        if kind := TYPE_OF_GROUP.get(row.get("category", "").lower()):
            draft.state(type=kind)
        for name, cell, tier in zip(names, cells, tiers, strict=False):
            if name in METER_OF_COLUMN:
                _read_cell(draft, name, cell, row, unit=unit, plan=plan, tier=tier)
            elif name not in PASSED_OVER:
                draft.unknown_column(name, cell)
    return True


def _is_price(cell: str) -> bool:
    return "$" in cell or cell.strip().lower() in NOTHING | FREE


def _read_cell(draft: Draft, name: str, cell: str, row: dict[str, str], *, unit: str, plan: str, tier: int) -> None:
    if cell.strip().lower() in NOTHING:
        return
    meter = METER_OF_COLUMN[name]
    modality = row.get("modality", "").lower()
    if modality and modality not in METERS_OF_MODALITY:
        draft.unknown(f"modality {modality}")
        return
    meter = METERS_OF_MODALITY.get(modality, {}).get(meter, meter)
    conditions = {"resolution": row["size"]} if meter == "output_video" and row.get("size") else None
    draft.add(meter, cell, unit, plan=plan, min_context_tokens=tier, conditions=conditions)


def _tiers(above: tuple[str, ...], header: tuple[str, ...]) -> list[int]:
    """The lowest context of each column, from a header row whose cells span the groups of columns below."""
    groups = [name for name in above if name]
    first = header.index("Model") + 1
    width = (len(header) - first) // len(groups) if groups else 0
    if groups and any(header[first : first + width] != header[first + width * place :][:width] for place in range(len(groups))):
        raise DocumentRefusedError(f"OpenAI pricing: other columns below {', '.join(groups)}: {', '.join(header)}")
    if len(set(header[first : first + width])) < width or len(header) != first + width * len(groups):
        raise DocumentRefusedError(f"OpenAI pricing: columns that {', '.join(groups)} do not divide: {', '.join(header)}")
    tiers = [0] * first
    for group in groups:
        tiers += [LONG_CONTEXT_TOKENS if "long" in group.lower() else 0] * width
    return tiers + [0] * (len(header) - len(tiers))


def read_tools(page: Page, tool: str, detail: str, pricing: str) -> None:
    """Take one row of the table of tools; a tool is no model."""
    lowered = f"{tool} {detail}".lower()
    draft = page.listing(detail if detail.lower().startswith("web search") else tool, is_page_name=True, kind="other")
    if "web search" in lowered:
        draft.add("web_search", pricing.split("+")[0])
    elif "file search" in lowered and "call" in lowered:
        draft.add("file_search", pricing)
    elif "storage" in lowered:
        free = re.search(r"(?<!\d)(\d{1,9}) GB free", pricing)
        allowance = {"quantity": free[1], "unit": "GB"} if free else None
        draft.add("file_storage", re.sub(r"\(.{0,300}\)|after .*", "", pricing), allowance=allowance)
    elif "container" in lowered:
        minutes = re.search(r"per (\d{1,9})-minute session", pricing)
        for size, cost in re.findall(r"(?<!\d)(\d{1,9} GB) ([^\s$]{0,20}\$[^\s$]{0,40}[^\s$,;])", pricing):
            draft.add("session", cost, conditions={"unit_of": f"{minutes[1]} minutes, {size}" if minutes else size})
    else:
        draft.unknown(f"tool {tool} {detail}")


def read_uplifts(page: Page, text: str) -> None:
    """Regional processing: a stated uplift on every token price of the models that the page names."""
    flat = " ".join(text.split("\n"))
    for percent, models in {(percent, models) for percent, models in _UPLIFT.findall(flat)}:
        names = [name for name in re.split(r",\s{0,9}(?:and )?|\s{1,9}and ", models) if name]
        drafts = [draft for draft in page.drafts.values() if draft.external_id in names and not draft.variant]
        factor = 1 + decimal_of(percent) / 100
        page.derive(drafts, region="regional", factor=factor, because=f"{percent} % uplift for regional processing")
    if "uplift for models released" in flat:
        page.tally.skip("regional uplift for models that the page does not name")
