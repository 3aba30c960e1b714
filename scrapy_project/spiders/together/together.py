"""Together's page of serverless models: prices by type. Written from the page's published shape, without a recorded document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, Source
from aimstats.domain.prices import price
from scrapy_project.base import SourceSpider, is_usable_id
from scrapy_project.base.pages import Draft, Page
from scrapy_project.base.price_cells import NOTHING, amount, amounts, count_of
from scrapy_project.formats.tables import Table, markdown_tables, text_of

URL: Final = "https://docs.together.ai/docs/serverless/models.md"

IDS: Final = ("api model string", "model string for api")
NAMES: Final = ("model name",)
METER_OF_COLUMN: Final = {
    "input pricing (per 1m tokens)": "input",
    "cached input pricing (per 1m tokens)": "cache_read",
    "output pricing (per 1m tokens)": "output",
}
ONE_PRICE: Final = frozenset(
    f"{word}{by}" for word in ("price", "pricing") for by in (" (per 1m tokens)", " per 1m tokens", " (1m tokens)")
)
"""The one price of all tokens, where what answers is no text."""
TYPE_OF_SECTION: Final = {
    "chat": "text", "vision": "text", "image": "image", "video": "video", "audio": None, "embedding": "embedding",
    "rerank": "rerank", "moderation": "moderation",
}  # fmt: skip
TYPE_OF_MODALITY: Final = {"text-to-speech": "speech", "speech-to-text": "transcription"}
PRICE_OF_MODALITY: Final = {
    # modality -> (how its cell states the unit, meter, unit)
    "text-to-speech": (re.compile(r"(\$[^\s$]{1,40}) per 1M char(?:acter)?s", re.IGNORECASE), "input_character", "1M characters"),
    "speech-to-text": (re.compile(r"(\$[^\s$]{1,40}) per (?:audio )?min(?:ute)?", re.IGNORECASE), "input_audio", "minute"),
}
PRICE_OF_UNIT: Final = {"megapixel": ("pixel", "1M pixels"), "mp": ("pixel", "1M pixels"), "image": ("image", "image")}
COUNTS: Final = {
    "context length": "limit.context", "context window": "limit.context", "max doc size (tokens)": "limit.context",
    "embedding dimension": "embedding_dimensions",
}  # fmt: skip
FLAGS: Final = {"function calling": "tool_call", "structured outputs": "structured_output"}
SAYS: Final = {"yes": True, "no": False}
USED: Final = frozenset({*IDS, *NAMES, "organization", "modality", "quantization"})
NOT_KEPT: Final = frozenset({"output per $1", "default steps", "model size", "max docs"})

_AT_STEPS = re.compile(r"(\$[\d.,]+) at (\d+) steps")
_FORMAT = re.compile(r"(?:(\d{3,4}p|\dK))?\s{0,9}/?\s{0,9}(?:(\d{1,9})\s?s)?", re.IGNORECASE)
_DEPRECATED = re.compile(r"^\\?\*\s*Deprecated", re.IGNORECASE | re.MULTILINE)


class TogetherSpider(SourceSpider):
    """One document with a section a type of model. Columns count by their headings, which change their spelling."""

    source = Source(
        id="together",
        name="Together AI",
        kind="page",
        url=URL.removesuffix(".md"),
        terms_url="https://www.together.ai/terms-of-service",
        attribution="Together AI",
        priority=10,
        provider="togetherai",
        hosts=("docs.together.ai",),
    )
    start_urls = (URL,)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses a page without a table of models with input and output prices, or with shifted rows."""
        text = text_of(body, "Together models")
        page = Page("togetherai", url, url.removesuffix(".md"))
        marks = _DEPRECATED.search(text) is not None
        for table in markdown_tables(text):
            if not _is_of_models(table):
                page.tally.skip(f"table that is no list of models: {table.title}")
                continue
            for row in table.records():
                _read_row(page, table, {name.lower(): cell for name, cell in row.items()}, marks=marks)
        if not any({"input", "output"} <= _paid(draft) for draft in page.drafts.values()):
            raise DocumentRefusedError("Together models: no model with an input and an output price per 1M tokens")
        return page.seen()


def _is_of_models(table: Table) -> bool:
    """Whether it lists models. Raises DocumentRefusedError where models with prices lost their API names, or cells moved."""
    columns = {name.lower() for name in table.header}
    if columns.isdisjoint(IDS):
        if not columns.isdisjoint(NAMES) and any("pric" in name for name in columns):
            raise DocumentRefusedError(f"Together models: {table.title!r} has prices and no column of API names")
        return False
    table.refuse_ragged("Together models")
    return True


def _paid(draft: Draft) -> set[str]:
    return {stated.key.meter for stated in draft.prices if stated.amount}


def _read_row(page: Page, table: Table, row: Mapping[str, str], *, marks: bool) -> None:
    page.rows += 1
    stated_id = next(row[name] for name in IDS if name in row)
    external_id = stated_id.rstrip("* ")
    if not is_usable_id(external_id) or " " in external_id:
        page.tally.skip("row without a usable API name")
        return
    name = next((row[name] for name in NAMES if name in row), "")
    section = table.title.lower().removesuffix("models").strip()
    modality = row.get("modality", "").lower()
    draft = Draft(external_id, page.tally, page.provider, url=page.evidence_url)
    draft.state(name=name.rstrip("* "), type=TYPE_OF_MODALITY.get(modality) or TYPE_OF_SECTION.get(section))
    if stated_id.endswith("*") or name.endswith("*"):
        if marks:
            draft.lifecycle.append(Lifecycle(event="deprecated", precision="none"))
        else:
            page.tally.count_unknown("mark behind a name: *")
    draft.evidence["organization"] = row.get("organization", "")
    quantization = row.get("quantization", "").strip().lower()
    draft.fact("flags.quantization", "" if quantization in NOTHING else quantization)
    for column, cell in row.items():
        _read_cell(draft, section, column, cell.strip(), row)
    _keep(page, draft)


def _read_cell(draft: Draft, section: str, column: str, cell: str, row: Mapping[str, str]) -> None:
    if column in USED or column in NOT_KEPT or cell.lower() in NOTHING:
        return
    plan = "free" if draft.external_id.lower().endswith("-free") else "standard"
    if column in METER_OF_COLUMN:
        _add(draft, METER_OF_COLUMN[column], cell, "1M tokens", plan=plan)
    elif column in ONE_PRICE and section in ("embedding", "rerank", "moderation"):
        _add(draft, "input", cell, "1M tokens", plan=plan)
        if section == "moderation":
            draft.unknown("one price of all tokens of a model that answers with text")
    elif column == "price per mp":
        _add(draft, "pixel", cell, "1M pixels")
    elif column == "price per video":
        _read_video(draft, cell, row.get("resolution / duration", ""))
    elif column == "price" and "unit" in row:
        _read_image(draft, cell, row["unit"].strip().lower())
    elif column == "pricing" and "modality" in row:
        _read_audio(draft, cell, row["modality"].strip().lower())
    elif column in COUNTS:
        draft.fact(COUNTS[column], count_of(cell))
    elif column in FLAGS and cell.lower() in SAYS:
        draft.fact(FLAGS[column], SAYS[cell.lower()])
    elif column not in ("unit", "resolution / duration"):
        _unknown_column(draft, column, cell)


def _add(draft: Draft, meter: str, cell: str, unit: str, **terms: Any) -> None:
    """Take a cell that is an amount and nothing more: `$0.30+` and `$0.30 (varies)` are where prices begin."""
    if _is_amount(cell):
        draft.add(meter, cell, unit, **terms)
    else:
        draft.unknown(f"{meter}: {cell}")


def _unknown_column(draft: Draft, column: str, cell: str) -> None:
    """A column that may state money makes the listing incomplete."""
    if "$" in cell or "pric" in column or "cost" in column:
        draft.unknown_column(column, cell)
    else:
        draft.tally.count_unknown(f"column {column}")


def _read_image(draft: Draft, cell: str, unit: str) -> None:
    """`$0.04`, `$0.07 at 50 steps`; `$0.03+ (varies)` is where prices begin, and no price."""
    steps = _AT_STEPS.fullmatch(cell)
    if unit not in PRICE_OF_UNIT or not (steps or _is_amount(cell)):
        draft.unknown(f"{unit}: {cell}")
        return
    meter, billed = PRICE_OF_UNIT[unit]
    draft.add(meter, steps[1] if steps else cell, billed, conditions={"steps": steps[2]} if steps else None)


def _read_video(draft: Draft, cell: str, made: str) -> None:
    stated = _FORMAT.fullmatch("" if made.strip().lower() in NOTHING else made.strip())
    if not stated or not _is_amount(cell):
        draft.unknown(f"video of {made}: {cell}")
        return
    conditions = {"resolution": stated[1] or "", "duration_s": stated[2] or ""}
    draft.add("output_video", cell, "video", conditions={name: value for name, value in conditions.items() if value})


def _read_audio(draft: Draft, cell: str, modality: str) -> None:
    form, meter, unit = PRICE_OF_MODALITY.get(modality, (None, "", ""))
    stated = form.fullmatch(cell) if form else None
    if not stated or not _is_amount(stated[1]):
        draft.unknown(f"{modality}: {cell}")
        return
    draft.prices.append(price(meter, amount(stated[1]), unit))


def _is_amount(cell: str) -> bool:
    """Whether the cell is one amount of dollars, or says free, and nothing more."""
    found = amounts(cell)
    return cell.lower() == "free" or (len(found) == 1 and not re.sub(r"\$[\d.,]{0,40}\d", "", cell).strip())


def _keep(page: Page, draft: Draft) -> None:
    """Join the draft with the earlier one of its name; with another figure for one price it stays a listing beside it."""
    number = 0
    while known := page.drafts.get((draft.external_id, "", str(number or ""))):
        if not _contradict(known, draft):
            for key, value in draft.facts.items():
                known.fact(key, value)
            known.prices += [stated for stated in draft.prices if stated.key not in _figures(known)]
            known.lifecycle = known.lifecycle or draft.lifecycle
            known.incomplete |= draft.incomplete
            return
        number += 1
    page.drafts[draft.external_id, "", str(number or "")] = draft


def _figures(draft: Draft) -> Mapping[object, Decimal | None]:
    return {stated.key: stated.normalised for stated in draft.prices}


def _contradict(one: Draft, other: Draft) -> bool:
    figures, others = _figures(one), _figures(other)
    return any(figures[key] != others[key] for key in figures.keys() & others.keys())
