"""Groq's page of models: prices, limits, previews. Written from the page's published shape, without a recorded document."""

from __future__ import annotations

import re
from typing import Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from aimstats.domain.money import decimal_of
from aimstats.domain.prices import price
from scrapy_project.base import SourceSpider, is_usable_id
from scrapy_project.base.pages import Draft, Page
from scrapy_project.base.price_cells import NOTHING, count_of
from scrapy_project.formats.tables import Table, markdown_tables, text_of

URL: Final = "https://console.groq.com/docs/models.md"

MODEL: Final = "model id"
PRICE: Final = "price per 1m tokens"
CONTEXT: Final = "context window (tokens)"
OUTPUT: Final = "max completion tokens"
FILE_SIZE: Final = "max file size"
NOT_KEPT: Final = frozenset({"speed (t/sec)", "rate limits (developer plan)"})
"""The seller's own rounded speed is no measurement; limits of one plan change without notice."""
BY_CONTRACT: Final = frozenset({"contactsales", "contact sales"})
METER_OF_WORDS: Final = {
    # what follows an amount -> (meter, unit)
    "input": ("input", "1M tokens"),
    "output": ("output", "1M tokens"),
    "cached input": ("cache_read", "1M tokens"),
    "per hour": ("input_audio", "audio hour"),
    "per 1m characters": ("input_character", "1M characters"),
}
TYPE_OF_METER: Final = {"input_audio": "transcription", "input_character": "speech"}

_IMAGE: Final = r"!\[[^\[\]]{0,200}\]\((?:[^()\s]|\([^()]{0,100}\)){0,500}\)"
_LINK = re.compile(rf"\[(?:{_IMAGE})?([^\[\]]{{0,200}})\]\((?:https://console\.groq\.com)?/docs/model/([^()\s]{{1,200}})\)")
_NAMED = re.compile(r"(.*?) ?/docs/model/(\S{1,200}) (.*)", re.DOTALL)
_PRICE = re.compile(r"\$(\d[\d,]{0,20}(?:\.\d{1,20})?|\.\d{1,20})\s{0,9}([A-Za-z][A-Za-z0-9 ]{0,60})(?=\$|\Z)")
_FILE_SIZE = re.compile(r"(\d+) MB")


class GroqSpider(SourceSpider):
    """One document: a section a group of models, each with a table. The id of a model is in its link alone."""

    source = Source(
        id="groq",
        name="Groq",
        kind="page",
        url=URL.removesuffix(".md"),
        terms_url="https://groq.com/terms-of-use",
        attribution="Groq",
        priority=10,
        provider="groq",
        hosts=("console.groq.com",),
    )
    start_urls = (URL,)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses a page without tables of models with prices, or with shifted rows."""
        text = _LINK.sub(r"\1 /docs/model/\2 ", text_of(body, "Groq models"))
        page = Page("groq", url, url.removesuffix(".md"))
        for table in markdown_tables(text):
            if not _is_of_models(table):
                page.tally.skip(f"table that is no list of models: {table.title}")
                continue
            table.refuse_ragged("Groq models")
            for row in table.records():
                _read_row(page, table.title, {name.lower(): cell for name, cell in row.items()})
        if not page.has_prices_of("input", "output"):
            raise DocumentRefusedError("Groq models: no model with an input and an output price per 1M tokens")
        if not any("limit.context" in draft.facts for draft in page.drafts.values()):
            raise DocumentRefusedError("Groq models: no model with a context window; was the column renamed?")
        return page.seen()


def _is_of_models(table: Table) -> bool:
    """Whether it lists models. Raises DocumentRefusedError where models stand without the column of their prices."""
    if not table.has(MODEL):
        return False
    if not table.has(PRICE):
        raise DocumentRefusedError(f"Groq models: {table.title!r} has no column of prices per 1M tokens")
    return True


def _read_row(page: Page, title: str, row: dict[str, str]) -> None:
    page.rows += 1
    named = _NAMED.fullmatch(row[MODEL])
    # Name, badge and id stand without a space between them: only the link tells the id, which the cell must end with.
    if not named or not is_usable_id(named[2]) or not named[3].endswith(named[2]):
        page.tally.skip("row whose model id cannot be told from its name")
        return
    draft = page.listing(named[2])
    draft.state(
        name=named[1],
        status="preview" if "preview" in title.lower() else "active" if "production" in title.lower() else None,
        limit_context=count_of(row.get(CONTEXT, "")),
        limit_output=count_of(row.get(OUTPUT, "")),
    )
    if size := _FILE_SIZE.fullmatch(row.get(FILE_SIZE, "")):
        draft.fact("limits.max_file_size_mb", int(size[1]))
    _read_prices(draft, row[PRICE])
    for name, cell in row.items():
        if name not in (MODEL, PRICE, CONTEXT, OUTPUT, FILE_SIZE) and name not in NOT_KEPT:
            if "$" in cell or "price" in name:
                draft.unknown_column(name, cell)
            elif cell.strip().lower() not in NOTHING:
                page.tally.count_unknown(f"column {name}")


def _read_prices(draft: Draft, cell: str) -> None:
    """All prices of a cell, or none where any part of it is not understood."""
    words = cell.replace("\n", " ").strip()
    if words.lower() in NOTHING | BY_CONTRACT:
        return
    found = _PRICE.findall(words)
    meters = [" ".join(label.lower().split()) for _, label in found]
    if not found or _PRICE.sub("", words).strip() or any(meter not in METER_OF_WORDS for meter in meters):
        draft.unknown(f"cell: {words}")
        return
    for (amount, _), words_of_meter in zip(found, meters, strict=True):
        meter, unit = METER_OF_WORDS[words_of_meter]
        draft.prices.append(price(meter, decimal_of(amount.replace(",", "")), unit))
        draft.state(type=TYPE_OF_METER.get(meter))
