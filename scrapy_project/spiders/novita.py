"""Novita's pricing page as a reader service renders it: language models by developer, then image, video and audio APIs."""

from __future__ import annotations

import re
from typing import Final

from aimstats.domain.copies import copy_of
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from aimstats.domain.money import decimal_of
from aimstats.domain.prices import price
from scrapy_project.base import SourceSpider
from scrapy_project.base.pages import Draft, Page
from scrapy_project.base.price_cells import NOTHING, amount, count_of
from scrapy_project.formats.rendered import rendered_page
from scrapy_project.formats.tables import Table, markdown_tables

ORIGINAL: Final = "https://novita.ai/pricing"

NOT_ON_PAGE: Final = frozenset({"tiered pricing", "omnimodal"})
"""What stands where a price would: the figures are on the model's own page."""
METER_OF_SECTION: Final = {"image": "image", "video": "output_video", "audio": "input_character"}
LANGUAGE_COLUMNS: Final = frozenset({"Model Name", "Context", "Input", "Output", "Actions"})
MEDIA_COLUMNS: Final = frozenset(
    {"api name", "pricing", "mode", "model", "steps", "steps/scale", "duration", "resolution", "width&height", "total frames"}
)

PLAN_OF_MODE: Final = {"batch": "batch", "online": "standard"}
"""Parts of a mode that say when an answer comes, not what it is."""

_BATCH = re.compile(r"\s{0,9}[(\[]\s{0,9}batch(?: api)?\s{0,9}[)\]]\Z|\s{1,9}(?:[-–—·/]\s{0,9})?batch\Z", re.IGNORECASE)
_CHARACTERS = re.compile(r"(\$[\d.,]{1,40}) /10K characters")
_SIZE = re.compile(r"(?<!\d)(\d{1,9})\s{0,9}\*\s{0,9}(\d{1,9})")


class NovitaSpider(SourceSpider):
    """One document. Ids of language models are the API's own; image, video and audio APIs have page names only."""

    source = Source(
        id="novita",
        name="Novita AI pricing",
        kind="page",
        url=ORIGINAL,
        terms_url="https://novita.ai/legal/terms-of-service",
        attribution="Novita AI, read through r.jina.ai",
        cadence_hours=72,
        priority=10,
        provider="novita-ai",
        hosts=("r.jina.ai",),
    )
    start_urls = (copy_of(ORIGINAL),)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model and API; refuses a page without a table of models with input and output prices."""
        text, date = rendered_page(body, ORIGINAL)
        page = Page("novita-ai", url, ORIGINAL)
        models = 0
        for stated, table in zip(markdown_tables(text), markdown_tables(text, spanned=True), strict=True):
            if table.has("Model Name", "Context", "Input"):
                stated.refuse_ragged("Novita pricing")
                models += table.has("Output")
                _language_models(page, table)
            elif table.has("API Name", "Pricing"):
                _media_apis(page, table)
            elif "$" in "".join(map("".join, table.rows)):
                page.tally.count_unknown(f"price table: {table.title}")
        if not models:
            raise DocumentRefusedError("Novita pricing: no table of models with input and output prices")
        if "50% discount" in text:
            page.tally.skip("batch discount for models that the page does not name")
        return page.seen(date)


def _language_models(page: Page, table: Table) -> None:
    for row in table.records():
        page.rows += 1
        name, plan = _of_plan(row["Model Name"])
        draft = page.listing(name)
        draft.state(limit_context=count_of(row["Context"]), type="embedding" if table.title == "Embeddings" else None)
        if {cell.strip().lower() for cell in (row["Input"], row.get("Output", ""))} & NOT_ON_PAGE:
            page.tally.skip("prices that stand on the model's own page")
            draft.incomplete = True
            continue
        for column in row.keys() - LANGUAGE_COLUMNS:
            draft.unknown_column(column, row[column])
        stated, *others = row["Input"].split("·")
        draft.add("input", stated, plan=plan)
        draft.add("output", row.get("Output", ""), plan=plan)
        for other in others:
            if other.strip().lower().startswith("cache read"):
                draft.add("cache_read", other, plan=plan)
            else:
                draft.unknown(f"input: {other}")


def _of_plan(name: str) -> tuple[str, str]:
    """A name without the plan that it ends with, and the plan.

    >>> _of_plan("acme/acme-v9 (Batch)"), _of_plan("acme/acme-batch")
    (('acme/acme-v9', 'batch'), ('acme/acme-batch', 'standard'))
    """
    bare = _BATCH.sub("", name)
    return (bare, "batch") if bare and bare != name else (name, "standard")


def _media_apis(page: Page, table: Table) -> None:
    if table.header[-1] != "Pricing":
        # Sizes that a pipe splits are put together by what follows them.
        raise DocumentRefusedError(f"Novita pricing: the price is not the last column of {', '.join(table.header)}")
    meter = METER_OF_SECTION.get(table.title.lower())
    for row in table.rows:
        page.rows += 1
        # A pipe between two sizes splits their cell: what is too much belongs before the price.
        cells = [*row[: len(table.header) - 2], " ".join(row[len(table.header) - 2 : -1]), row[-1]]
        fields = {name.lower(): cell.strip() for name, cell in zip(table.header, cells, strict=True)}
        if meter is None:
            page.tally.count_unknown(f"price section: {table.title}")
        else:
            _media_price(page, fields, meter)


def _media_price(page: Page, fields: dict[str, str], meter: str) -> None:
    cell = fields["pricing"]
    if "/voice" in cell:
        page.tally.skip("fee for a voice")
        return
    name, plan = _of_plan(fields["api name"])
    parts = [part.strip() for part in (fields.get("mode") or fields.get("model") or "").split("/")]
    for part in parts:
        plan = PLAN_OF_MODE.get(part.lower(), plan)
    # Without a mode a table lists tasks ("Remove Background"), not models.
    draft = page.listing(name, is_page_name=True, kind="model" if "mode" in fields else "other")
    for column in fields.keys() - MEDIA_COLUMNS:
        draft.unknown_column(column, fields[column])
    sizes = _sizes(fields.get("resolution") or fields.get("width&height") or "")
    conditions = {
        "quality": _plain(" ".join(part for part in parts if part.lower() not in PLAN_OF_MODE)),
        "steps": _plain(fields.get("steps") or fields.get("steps/scale") or ""),
        "duration_s": fields.get("duration", "").removesuffix("s"),
    }
    stated = {name: value for name, value in conditions.items() if value.lower() not in NOTHING}
    if "$" in "".join((*stated.values(), *sizes)):
        draft.unknown(f"row whose cells moved: {cell}")
        return
    for size in sizes or [""]:
        _add(draft, cell, meter, plan, stated | ({"resolution": size} if size else {}))


def _add(draft: Draft, cell: str, meter: str, plan: str, conditions: dict[str, str]) -> None:
    if by_tens := _CHARACTERS.search(cell):
        try:
            stated = amount(by_tens[1])
        except ValueError:
            stated = None
        if stated is None:
            draft.unknown(f"{meter}: {cell}")
        else:
            draft.prices.append(price(meter, stated / decimal_of("10"), "1K characters", plan=plan, conditions=conditions))
    elif "/Mt" in cell:
        draft.add("input_audio" if meter == "input_character" else meter, cell, plan=plan, conditions=conditions)
    else:
        draft.add("request" if "/Song" in cell else meter, cell, plan=plan, conditions=conditions)


def _sizes(cell: str) -> list[str]:
    """The resolutions of a cell, `1280*720` as `1280x720`."""
    sizes = [f"{width}x{height}" for width, height in _SIZE.findall(cell)]
    rest = _plain(_SIZE.sub("", cell))
    return sizes or ([rest] if rest.lower() not in NOTHING else [])


def _plain(text: str) -> str:
    """Text that a condition may hold."""
    return " ".join(re.sub(r"[|&=/]", " ", text).split())
