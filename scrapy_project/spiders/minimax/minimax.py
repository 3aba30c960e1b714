"""MiniMax's API overview: which models its APIs take, with the context of the language models. It has no prices."""

from __future__ import annotations

from typing import Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider
from scrapy_project.base.modality_words import modalities_in
from scrapy_project.base.pages import Page
from scrapy_project.base.price_cells import count_of
from scrapy_project.formats.tables import Table, markdown_tables, text_of

URL: Final = "https://platform.minimax.io/docs/api-reference/api-overview.md"

TYPE_OF_SECTION: Final = {
    "llm": "text", "text to speech": "speech", "asynchronous long-text speech generation": "speech", "voice cloning": "speech",
    "voice design": "speech", "image generation": "image", "video generation": "video", "music generation": "other",
    "minimax-h3": "video",
}  # fmt: skip


class MiniMaxSpider(SourceSpider):
    """One document: a section an API, each with a table of the models that it takes."""

    source = Source(
        id="minimax",
        name="MiniMax",
        kind="page",
        url=URL.removesuffix(".md"),
        terms_url="https://platform.minimax.io/protocol/terms-of-service",
        attribution="MiniMax",
        cadence_hours=48,
        priority=10,
        provider="minimax",
        hosts=("platform.minimax.io",),
    )
    start_urls = (URL,)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses a document without a table of language models and their context windows."""
        page = Page("minimax", url, url.removesuffix(".md"))
        tables = markdown_tables(text_of(body, "MiniMax models"))
        if not any(_name_column(table) and table.has("Context Window") for table in tables):
            raise DocumentRefusedError("MiniMax models: no table of models with context windows")
        for table in tables:
            if name := _name_column(table):
                _read_table(page, table, name)
        return page.seen()


def _name_column(table: Table) -> str:
    return next((name for name in table.header if name.lower() in ("model", "model name")), "")


def _read_table(page: Page, table: Table, name: str) -> None:
    titles = [title.lower() for title in reversed(table.headings)]
    kind = next((kind for title in titles for known, kind in TYPE_OF_SECTION.items() if title.startswith(known)), None)
    if kind is None:
        page.tally.count_unknown(f"section: {table.title}")
    for row in table.records():
        page.rows += 1
        draft = page.listing(row[name])
        said = modalities_in(row.get("Description", ""))
        draft.state(
            type=kind,
            limit_context=count_of(row.get("Context Window", "")),
            modalities_input=said.inputs,
            modalities_output=said.outputs,
        )
