"""Cohere's overview of models: status, context, limits, modalities and dimensions. It has no prices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider
from scrapy_project.base.pages import Draft, Page
from scrapy_project.base.price_cells import NOTHING, count_of
from scrapy_project.formats.tables import Table, markdown_tables, text_of

URL: Final = "https://docs.cohere.com/docs/models.md"

TYPE_OF_SECTION: Final = {
    "command": "text", "embed": "embedding", "rerank": "rerank", "audio": "transcription", "aya": "text",
}  # fmt: skip
MODALITIES: Final = {"text": "text", "images": "image", "image": "image"}
STATUSES: Final = {"live": "active", "deprecated": "deprecated", "retired": "retired"}

_ALIAS = re.compile(r"Alias for ([\w.-]+)")
_EXACT_CONTEXT = re.compile(r"context length of (\d{3,}) tokens")
_DEFAULT_DIMENSIONS = re.compile(r"(?<!\d)(\d{1,9}) \(default\)")
_OPEN = re.compile(r"\bopen[- ](?:weights?|source)\b", re.IGNORECASE)
_SUBJECT = re.compile(r"((?:[A-Z][\w.+-]{0,30}\s){1,4})is\b")
_BEDROCK = re.compile(r"cohere\.[\w.:-]+")


class CohereSpider(SourceSpider):
    """One document: a section a family of models, with a table of the models and one of their ids on other platforms."""

    source = Source(
        id="cohere",
        name="Cohere",
        kind="page",
        url=URL.removesuffix(".md"),
        terms_url="https://cohere.com/terms-of-use",
        attribution="Cohere",
        cadence_hours=48,
        priority=10,
        provider="cohere",
        hosts=("docs.cohere.com",),
    )
    start_urls = (URL,)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model, aliases on the model that they stand for; refuses a document without tables of models."""
        tables = [table for table in markdown_tables(text_of(body, "Cohere models")) if table.has("Model Name")]
        if not any(table.has("Description") for table in tables):
            raise DocumentRefusedError("Cohere models: no table of models with descriptions")
        page = Page("cohere", url, url.removesuffix(".md"))
        for table in tables:
            if table.has("Description"):
                _models(page, table)
        for table in tables:
            if table.has("Amazon Bedrock Model ID"):
                _platforms(page, table)
        return page.seen()


def _models(page: Page, table: Table) -> None:
    kind = next((TYPE_OF_SECTION[title.lower()] for title in reversed(table.headings) if title.lower() in TYPE_OF_SECTION), None)
    series = tuple(_open_series(table.preamble))
    for row in table.records():
        page.rows += 1
        if alias := _ALIAS.match(row["Description"]):
            page.listing(alias[1]).aliases.append(row["Model Name"])
            continue
        draft = page.listing(row["Model Name"])
        is_open = _OPEN.search(row["Description"]) is not None or row["Model Name"].startswith(series)
        draft.state(
            type=kind, status=STATUSES.get(row.get("Status", "").split(" ")[0].lower()), open_weights=True if is_open else None
        )
        _limits(draft, row)
        _modalities(draft, row.get("Modality") or row.get("Modalities") or "", kind)


def _open_series(text: str) -> Iterator[str]:
    """How the names begin of which a paragraph says that they are open: "Tiny Aya is ... available ... as open-weight models"."""
    for paragraph in text.split("\n"):
        subject = _SUBJECT.match(paragraph)
        if subject and _OPEN.search(paragraph):
            yield subject[1].strip().lower().replace(" ", "-")


def _limits(draft: Draft, row: dict[str, str]) -> None:
    """Limits; a description that states the context to the token counts before the rounded column."""
    exact = _EXACT_CONTEXT.search(row["Description"])
    dimensions = row.get("Dimensions", "")
    default = _DEFAULT_DIMENSIONS.search(dimensions)
    draft.state(
        limit_context=int(exact[1]) if exact else count_of(row.get("Context Length", "")),
        limit_output=count_of(row.get("Maximum Output Tokens", "")),
        embedding_dimensions=int(default[1]) if default else int(dimensions) if dimensions.isdigit() else None,
    )


def _modalities(draft: Draft, cell: str, kind: str | None) -> None:
    words = [word.strip().lower() for word in re.split(r",|\band\b", cell)]
    known = [MODALITIES[word] for word in words if word in MODALITIES]
    if "pdf" in cell.lower():
        known.append("pdf")
    if cell.strip().lower() not in NOTHING and not known:
        draft.tally.count_unknown(f"modality: {cell}")
    outputs = {"text": ["text"], "embedding": ["embedding"], "rerank": ["score"]}
    if known:
        draft.state(modalities_input=known, modalities_output=outputs.get(kind or "", []))


def _platforms(page: Page, table: Table) -> None:
    """Ids on other platforms: help in telling what these platforms list; a model that only they have is none here."""
    by_id = {name: draft for draft in page.drafts.values() for name in (draft.external_id, *draft.aliases)}
    for row in table.records():
        bedrock = _BEDROCK.search(row["Amazon Bedrock Model ID"])
        if bedrock and row["Model Name"] in by_id:
            by_id[row["Model Name"]].evidence.setdefault("bedrock_id", bedrock[0])
        elif row["Model Name"] not in by_id:
            page.tally.skip("model of other platforms only")
