"""xAI's models page as a reader service renders it: chat, image, video and voice prices and the fees for tools."""

from __future__ import annotations

import re
from typing import Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen
from scrapy_project.base.pages import Page
from scrapy_project.base.price_cells import count_of
from scrapy_project.formats.rendered import rendered_page
from scrapy_project.formats.tables import Table, markdown_tables
from scrapy_project.spiders.xai.fees import read_fees

ORIGINAL: Final = "https://docs.x.ai/docs/models"

METER_OF_MODE: Final = {"text to speech": "input_character", "speech to text": "input_audio", "realtime": "input_audio"}
MODEL_OF_MODE: Final = {"text to speech": ("grok-tts", "speech"), "speech to text": ("grok-stt", "transcription")}
"""The voice API takes no model's name; these are what others call the models behind it. Realtime is a service."""
PASSED_OVER: Final = frozenset({"", "model", "context"})

_REPEATED = re.compile(r"\s{0,9}\(\$[^)]{0,100}\)")
_COMMA = re.compile(r",\s{1,9}(?![^()]{0,200}\))")
_REMARK = re.compile(r"\(([^()$]{1,200})\)\Z")


def read_copy(body: bytes, url: str) -> DocumentSeen:
    """One listing a model of the copy at this address; refuses a page without a table of models or without the unit of its
    prices."""
    text, date = rendered_page(body, ORIGINAL)
    page = Page("xai", url, ORIGINAL)
    chats = 0
    for table in markdown_tables(text):
        table.refuse_ragged("xAI models")
        if table.has("Model", "Input", "Output"):
            chats += 1
            _chat_models(page, table)
        elif table.has("Model", "Cost"):
            for row in table.records():
                meter = "output_video" if "video" in row["Model"] else "image"
                page.listing(row["Model"]).add(meter, row["Cost"])
        elif table.has("Mode", "Cost"):
            _voice_modes(page, table)
        elif not read_fees(page, table):
            stated = " ".join(map(" ".join, table.rows))
            if "$" in stated:
                page.tally.count_unknown(f"price table: {table.title}")
            elif "off" in stated:
                page.tally.skip("batch discount stated as a range")
    if not chats or "Prices shown per million tokens" not in text:
        raise DocumentRefusedError("xAI models: no table of chat models with prices per million tokens")
    return page.seen(date)


def _chat_models(page: Page, table: Table) -> None:
    columns = {"Input": "input", "Cached input": "cache_read", "Cached Input": "cache_read", "Output": "output"}
    for row in table.records():
        page.rows += 1
        draft = page.listing(row["Model"])
        draft.state(limit_context=count_of(row.get("Context", "")))
        for name, cell in row.items():
            if name in columns:
                draft.add(columns[name], cell, "1M tokens")
            elif name.lower() not in PASSED_OVER:
                draft.unknown_column(name, cell)


def _voice_modes(page: Page, table: Table) -> None:
    """A price that is repeated by the hour counts once; of two ways to call a mode, the first is the plain one."""
    for row in table.records():
        if model := MODEL_OF_MODE.get(row["Mode"].lower()):
            draft = page.listing(model[0])
            draft.state(name=row["Mode"], type=model[1])
        else:
            draft = page.listing(row["Mode"], is_page_name=True, kind="other")
        meter = METER_OF_MODE.get(row["Mode"].lower())
        for number, part in enumerate(filter(None, map(str.strip, _COMMA.split(_REPEATED.sub("", row["Cost"]))))):
            remark = _REMARK.search(part)
            cost = part[: remark.start()] if remark else part
            if meter is None:
                draft.unknown(f"mode {row['Mode']}")
            else:
                draft.add(meter, cost, conditions={"unit_of": remark[1]} if remark and number else None)
