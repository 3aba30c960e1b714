"""Mistral's pricing page (prices in dollars and in euros, in the data of the page's scripts) and its list of models."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from parsel import Selector

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from aimstats.domain.money import decimal_of
from aimstats.domain.prices import price
from aimstats.domain.text import clean_text
from scrapy_project.base import Record, SourceSpider
from scrapy_project.base.modality_words import modalities_in
from scrapy_project.base.pages import Draft, Page
from scrapy_project.base.price_cells import FREE, amount, amounts, unit_of
from scrapy_project.formats.next_data import flight_text, lists_of
from scrapy_project.formats.tables import clean_lines, html_tables, markdown_tables, text_of

PRICING: Final = "https://mistral.ai/pricing"
MODELS: Final = "https://docs.mistral.ai/models"

METER_OF_LABEL: Final = {
    # label -> (meter, unit, conditions)
    "input (/m tokens)": ("input", "1M tokens", None),
    "output (/m tokens)": ("output", "1M tokens", None),
    "ocr": ("ocr_page", "page", None),
    "annotations": ("page", "page", {"unit_of": "annotation"}),
    "audio generation": ("input_character", "1M characters", None),
    "audio input/min": ("input_audio", "minute", None),
    "training cost (/m tokens)": ("training", "1M tokens", None),
    "storage cost": ("file_storage", "month", {"unit_of": "model"}),
    "indexing": ("input", "1M tokens", None),
    "call": ("request", "request", None),
}
BY_MODALITY: Final = "input (per min / per m tok)"
METER_OF_TOOL: Final = {"web search": "web_search", "images": "image", "data capture": "input"}
"""What the one price of a tool is for; `request` for the others."""
PASSED_OVER: Final = frozenset({"available on"})
TYPE_OF_SECTION: Final = {
    "Embedding models": "embedding", "Moderation and safety models": "moderation",
}  # fmt: skip

UNUSED_KEYS: Final = (
    "id", "name", "sort", "icon", "description", "api", "api_model_id", "usage", "fine_tunable", "background", "speed",
    "performance", "context", "content", "status", "capabilities", "locale", "grid_id",
)  # fmt: skip

_TAG = re.compile(r"<[^<>]*>")
_PER_MONTH = re.compile(r"/?\s{0,9}(?:per )?month(?: per model)?")
_BATCH = re.compile(r"\+\s{0,9}(\d{1,3})% off with batch(?:[ -]APIs?)?")
_CARD = re.compile(r"!\[([^\[\]]{1,100}) icon\]\([^()]{0,500}\)(.{0,1000}?)\]\((/models/[\w.-]{1,100})\)")
_OPEN = re.compile(r"\bopen[- ](?:weights?|source)\b", re.IGNORECASE)
_CARD_VERSION = re.compile(r"v(\d[\d.]{0,20})\s{0,9}$")


class MistralSpider(SourceSpider):
    """Reads two documents. API names stand for several generations at once, so listings go by the name that the page shows."""

    source = Source(
        id="mistral",
        name="Mistral AI",
        kind="page",
        url=PRICING,
        terms_url="https://mistral.ai/terms",
        attribution="Mistral AI",
        priority=10,
        provider="mistral",
        hosts=("mistral.ai", "docs.mistral.ai"),
    )
    start_urls = (PRICING, MODELS)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses pages without the lists of APIs or of models."""
        text = text_of(body, f"Mistral {url}")
        return _pricing(text, url) if url == PRICING else _models(text, url)


def _pricing(text: str, url: str) -> DocumentSeen:
    page = Page("mistral", url)
    data = flight_text(text, "Mistral pricing")
    apis = [entry for entries in lists_of(data, "apis") for entry in entries]
    if not any(entry.get("price") for entry in apis):
        raise DocumentRefusedError("Mistral pricing: no list of APIs with prices; did the page's layout change?")
    grid = [entry for entries in lists_of(data, "models") for entry in entries if "price" in entry]
    for entry in apis + grid:
        name = clean_text(str(entry.get("name") or ""))
        if not name:
            page.tally.skip("record without a name")
            continue
        _read_api(page, name, Record(entry, "api", page.tally))
    page.rows = len(apis) + len(grid)
    return page.seen()


def _read_api(page: Page, name: str, record: Record) -> None:
    is_tool = record.text("type") == "Tools"
    draft = page.listing(name, is_page_name=True, kind="other" if is_tool else "model")
    draft.evidence["api_endpoint"] = record.text("api_endpoint") or record.text("api")
    if record.text("licence") == "Open model":
        draft.state(open_weights=True)
    for line in record.records("price", priced=True):
        _read_line(draft, line, is_tool=is_tool)
    for line in record.records("fine_tuning", priced=True):
        _read_line(page.listing(name, variant="fine-tuned", is_page_name=True), line, is_tool=False)
    record.ignore(*UNUSED_KEYS)
    record.close()
    draft.incomplete |= record.incomplete


def _read_line(draft: Draft, line: Record, *, is_tool: bool) -> None:
    """One line of a card: a label, an amount in dollars and the same in euros."""
    label, dollars, euros = line.text("value"), _plain(line.take("price_dollar")), _plain(line.take("price_euro"))
    known, detail = label.strip().lower(), _plain(line.take("detail"))
    line.ignore("locale")
    line.close()
    if known in PASSED_OVER:
        return
    for text, currency in ((dollars, "USD"), (euros, "EUR")):
        if text.strip() == label:
            draft.tally.skip("price that repeats its label")
        elif text:
            _read_price(draft, known, text, currency, is_tool=is_tool, promotional="limited period" in detail)


def _read_price(draft: Draft, label: str, text: str, currency: str, *, is_tool: bool, promotional: bool) -> None:
    try:
        figures = amounts(_as_dollars(text, currency))
        if len(figures) == 1:
            amount(_BATCH.sub("", _as_dollars(text, currency)))
    except ValueError:
        draft.unknown(f"{label}: {text}")
        return
    if label == "api endpoint" and text.lower() in FREE:
        _add(draft, "input", Decimal(0), "1M tokens", currency, promotional=promotional)
        _add(draft, "output", Decimal(0), "1M tokens", currency, promotional=promotional)
    elif label == BY_MODALITY and len(figures) == 2 and "(audio)" in text.split("/")[0]:
        _add(draft, "input_audio", figures[0], "minute", currency)
        _add(draft, "input", figures[1], "1M tokens", currency)
    elif is_tool and label == "price" and not figures:
        draft.tally.skip("tool without a price of its own")
    elif len(figures) != 1 or (label not in METER_OF_LABEL and not (is_tool and label == "price")):
        draft.unknown(f"{label}: {text}")
    else:
        meter, unit, conditions = METER_OF_LABEL.get(label) or (METER_OF_TOOL.get(draft.external_id.lower(), "request"), "", None)
        _add_stated(draft, meter, figures[0], text, currency, unit=unit, conditions=conditions)


def _add_stated(
    draft: Draft, meter: str, value: Decimal, text: str, currency: str, *, unit: str, conditions: dict[str, str] | None
) -> None:
    """Take an amount whose cell may name its own unit, and the batch price that a discount behind it states."""
    try:
        per_month = unit == "month" and _PER_MONTH.search(text)
        stated = "month" if per_month else unit_of(_BATCH.sub("", _as_dollars(text, currency))) or unit
        _add(draft, meter, value, stated, currency, conditions=conditions)
        if discount := _BATCH.search(text):
            off = 1 - decimal_of(discount[1]) / 100
            _add(draft, meter, value * off, stated, currency, plan="batch", derived_from=f"{discount[1]} % off with batch APIs")
    except ValueError:
        draft.unknown(f"{meter}: {text}")


def _add(draft: Draft, meter: str, value: Decimal, unit: str, currency: str, **terms: Any) -> None:
    draft.prices.append(price(meter, value, unit or None, currency=currency, **terms))


def _as_dollars(text: str, currency: str) -> str:
    """The text with its own currency's mark as the one that cells are read by, another's left out."""
    return text if currency == "USD" else text.replace("$", " ").replace("€", "$")


def _plain(value: object) -> str:
    """The text of a price, which stands as text (a dollar sign doubled by the page's own escaping) or as HTML."""
    return clean_lines(html.unescape(_TAG.sub(" ", str(value or "")))).replace("\n", " ").replace("$$", "$")


def _models(text: str, url: str) -> DocumentSeen:
    """Cards of current models and the table of old ones, from the page's HTML or from its Markdown."""
    is_html = text.lstrip()[:1] == "<"
    page = Page("mistral", url)
    for section, name, words in _html_cards(text) if is_html else _markdown_cards(text):
        version, said = _CARD_VERSION.search(words), modalities_in(words)
        draft = page.listing(name, is_page_name=True)
        draft.evidence["version"] = version[1] if version else ""
        draft.state(
            type=TYPE_OF_SECTION.get(section),
            open_weights=True if _OPEN.search(words) else None,
            modalities_input=said.inputs,
            modalities_output=said.outputs,
        )
    for table in html_tables(text) if is_html else markdown_tables(text):
        if not table.has("Model", "API", "Retirement"):
            continue
        for row in table.records():
            if row["API"]:
                draft = page.listing(row["API"])
                draft.state(name=clean_text(row["Model"].replace("↗", "")))
                draft.evidence["version"] = row.get("Version", "")
            else:
                page.tally.skip("old model without an API name")
    return page.seen(what="Mistral models")


def _markdown_cards(text: str) -> Iterator[tuple[str, str, str]]:
    """(section, name, words) of every card; a card names its model in the icon's text."""
    section = ""
    for line in text.split("\n"):
        if line.startswith("#"):
            section = line.lstrip("# ").strip()
        for name, words, _ in _CARD.findall(line):
            yield section, clean_text(name), words.removeprefix(name)


def _html_cards(text: str) -> Iterator[tuple[str, str, str]]:
    for card in Selector(text, type="html").xpath("//a[starts-with(@href,'/models/')][.//img[contains(@alt,' icon')]]"):
        name = (card.xpath(".//img/@alt").get() or "").removesuffix(" icon")
        section = clean_text(card.xpath("string(preceding::*[self::h2 or self::h3][1])").get() or "")
        if name:
            yield section, clean_text(name), clean_text(card.xpath("string()").get() or "").removeprefix(name)
