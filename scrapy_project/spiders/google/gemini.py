"""Google's Gemini API pricing page, or a reader service's copy of it: free and paid tier, plans, modalities, allowances."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from parsel import Selector

from aimstats.domain.absence import Absence
from aimstats.domain.copies import copy_of, is_copy
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from aimstats.domain.prices import price
from scrapy_project.base import SourceSpider
from scrapy_project.base.lifecycle_dates import when
from scrapy_project.base.lifecycles import ended
from scrapy_project.base.pages import PLAN_OF_WORD, Draft, Page
from scrapy_project.base.price_cells import NOTHING
from scrapy_project.formats.rendered import rendered_page
from scrapy_project.formats.tables import Table, html_tables, html_text, markdown_tables, text_of
from scrapy_project.spiders.google.gemini_cells import UNIT_OF_HEADER, CellError, amounts_of, equivalents_of, grounding_of

URL: Final = "https://ai.google.dev/gemini-api/docs/pricing"

METER_OF_ROW: Final = {
    "input price": "input", "output price": "output", "context caching price": "cache_read",
    "context caching": "cache_storage", "text input price": "input", "image input price": "input_image",
    "audio input price": "input_audio", "video input price": "input_video",
}  # fmt: skip
NO_PRICE_ROWS: Final = ("used to improve our products",)
SECTIONS_WITHOUT_MODELS: Final = frozenset({"pricing for tools", "pricing for agents"})

_TABS = re.compile(r"(?:Standard|Batch|Flex|Priority|Fast)+(?:More)?")
_TAB = re.compile(r"Standard|Batch|Flex|Priority|Fast")
_PLANS: Final = frozenset(_TAB.pattern.split("|"))
_IDS_LINE = re.compile(r"_(.+)_")
_ID = re.compile(r"(?<![a-z0-9.-])(?=[a-z][a-z-]{0,60}-)(?=[a-z0-9.-]{2,100}\d)[a-z0-9.-]{3,100}")
_SHAPE = re.compile(r"Paid Tier, (per [\w ]{1,60}?) in USD")
_SHUT_DOWN = re.compile(r"\b(has|have|was|were|will) (?:been |be )?shut down(?: on)? ([A-Z][a-z]{2,9} \d{1,2}, \d{4})")
_INTRO = "//h1|//h2|//h3|//h4|//p[not(ancestor::table)]|//aside|//em[not(ancestor::table)]"


class GeminiSpider(SourceSpider):
    """A section a model, a table a plan (under its heading, or in the order of the section's tabs), a row a meter."""

    source = Source(
        id="gemini",
        name="Gemini API pricing",
        kind="page",
        url=URL,
        license="CC-BY-4.0",
        terms_url="https://developers.google.com/site-policies",
        attribution="Google AI for Developers",
        priority=10,
        provider="google",
        hosts=("ai.google.dev", "r.jina.ai"),
        complete=("text",),
    )
    start_urls = (URL,)
    stand_ins = {URL: (copy_of(URL),)}  # noqa: RUF012  # the base class says ClassVar

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model id; refuses a page without a table of a free and a paid tier."""
        tables, intros, date = _tables(body, url)
        sections: dict[str, list[Table]] = {}
        for table in tables:
            if len(table.header) == 3 and _SHAPE.search(table.header[2]):
                table.refuse_ragged("Gemini pricing")
                titles = [title for title in table.headings if title not in _PLANS]
                sections.setdefault(titles[-1] if titles else "", []).append(table)
        if not sections:
            raise DocumentRefusedError("Gemini pricing: no table with a free and a paid tier")
        page = Page("google", url, URL)
        for title, tables in sections.items():
            if title.lower() in SECTIONS_WITHOUT_MODELS:
                page.tally.skip(f"section without models: {title}")
            else:
                _read_section(page, title, tables, intros)
        return page.seen(date)


def _tables(body: bytes, url: str) -> tuple[list[Table], Mapping[str, str], datetime | None]:
    """The tables of the page (HTML, or Markdown) or of its copy; of HTML what each section says before them; the copy's date."""
    if is_copy(url):
        text, date = rendered_page(body, URL)
        return markdown_tables(text), {}, date
    text = text_of(body, "Gemini pricing")
    if "<table" not in text.lower():
        return markdown_tables(text), {}, None
    intros: dict[str, str] = defaultdict(str)
    title = ""
    for node in Selector(text, type="html").xpath(_INTRO):
        said = html_text(node)
        if node.root.tag[0] != "h":
            intros[title] += f"_{said}_\n" if node.root.tag == "em" else f"{said}\n"
        elif said not in _PLANS:
            title = said
    return html_tables(text), intros, None


def _read_section(page: Page, title: str, tables: list[Table], intros: Mapping[str, str]) -> None:
    intro = intros.get(title) or tables[0].preamble
    lines = intro.split("\n")
    tabs = [table.title for table in tables if table.title in _PLANS]
    tabs = tabs or next((_TAB.findall(line) for line in lines if _TABS.fullmatch(line)), ["Standard"])
    stated = " ".join(found[1] for line in lines if (found := _IDS_LINE.fullmatch(line)))
    ids = list(dict.fromkeys(_ID.findall(stated)))
    name = re.sub(r"[^\w)]{1,50}$", "", title)
    drafts = [page.listing(external_id) for external_id in ids] or [page.listing(name, is_page_name=True)]
    if len(drafts) == 1:
        drafts[0].state(name=name)
    _read_end(drafts, intro)
    if len(tabs) != len(tables):
        for draft in drafts:
            draft.unknown(f"{title}: tables {len(tables)}, plans {len(tabs)}")
        return
    for tab, table in zip(tabs, tables, strict=True):
        page.rows += len(table.rows)
        for label, free, paid in (map(_one_line, row[:3]) for row in table.rows):
            _read_row(drafts, label.strip(" *"), free, paid, table, PLAN_OF_WORD[tab.lower()])


def _read_end(drafts: list[Draft], preamble: str) -> None:
    """The end that a section's warning states: "is deprecated and has been (or: will be) shut down June 1, 2026"."""
    for tense, stated in _SHUT_DOWN.findall(preamble):
        end = when(stated)
        if end.at is None:
            continue
        for draft in drafts:
            draft.state(status="retired" if tense in ("has", "have", "was", "were") else "deprecated")
            draft.lifecycle.append(ended(end))


def _one_line(cell: str) -> str:
    return " ".join(cell.split("\n"))


def _read_row(drafts: list[Draft], label: str, free: str, paid: str, table: Table, plan: str) -> None:
    shape = _SHAPE.search(table.header[2])
    unit, meter_of_model = UNIT_OF_HEADER.get(shape[1].lower() if shape else "", ("", ""))
    row = re.sub(r"\s{0,9}\(.*", "", label.lower()).strip()
    if row in NO_PRICE_ROWS:
        return
    if row.startswith("grounding with"):
        meter = "maps_grounding" if "maps" in row else "web_search"
        for draft in drafts:
            _grounding(draft, meter, paid, plan)
    elif row in METER_OF_ROW and unit:
        meter = "cache_storage" if "(storage)" in label.lower() else METER_OF_ROW[row]
        for draft in drafts:
            _price(draft, meter, free, paid, unit, plan)
    elif meter_of_model and (named := _model_of_row(label, drafts)):
        _price(named, meter_of_model, free, paid, unit, plan)
    elif "$" in paid or not unit:
        for draft in drafts:
            draft.unknown(f"row {label}")


def _model_of_row(label: str, drafts: list[Draft]) -> Draft | None:
    """The model that a row names by a word that tells the ids of a section apart; without one, the id that has none."""
    words = set(re.findall(r"[a-z]+", label.lower()))
    parts = {draft.external_id: set(draft.external_id.split("-")) for draft in drafts}
    common = set.intersection(*parts.values())
    named = [draft for draft in drafts if words & (parts[draft.external_id] - common)]
    plain = [draft for draft in drafts if not any(part.isalpha() for part in parts[draft.external_id] - common)]
    found = named or plain
    return found[0] if len(found) == 1 else None


def _price(draft: Draft, meter: str, free: str, paid: str, unit: str, plan: str) -> None:
    if free.lower().startswith("free of charge") and plan == "standard":
        draft.add(meter, "free", plan="free")
    if paid.lower().startswith("not available"):
        if plan == "standard":
            draft.prices.append(price(meter, None, absent=Absence.NOT_OFFERED))
        return
    if paid.strip().lower() in NOTHING:
        return
    try:
        for found in amounts_of(paid, meter, unit):
            conditions = {"resolution": found.resolution} if found.resolution else None
            stated = price(
                found.meter, found.value, "1M tokens hour" if found.meter == "cache_storage" else found.unit,
                plan=plan, min_context_tokens=found.min_context_tokens, conditions=conditions,
            )  # fmt: skip
            draft.prices.append(stated)
        for resolution, value in equivalents_of(paid) if meter == "output" else ():
            size = {"resolution": resolution}
            draft.prices.append(price("image", value, "image", plan=plan, conditions=size, alternative_of="output_image"))
    except (CellError, ValueError) as error:
        draft.unknown(f"{meter}: {error}")


def _grounding(draft: Draft, meter: str, paid: str, plan: str) -> None:
    if paid.lower().startswith("not available"):
        if plan == "standard":
            draft.prices.append(price(meter, None, absent=Absence.NOT_OFFERED))
    elif found := grounding_of(paid):
        draft.add(meter, found[0], plan=plan, allowance=found[1])
    elif paid.strip().lower() not in NOTHING:
        draft.unknown(f"{meter}: {paid}")
