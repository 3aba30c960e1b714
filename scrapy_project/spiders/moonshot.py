"""Moonshot's Kimi platform: the pricing pages that its index of documents names; its list of models, some discontinued."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scrapy.http import Request

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, Source
from scrapy_project.base import SourceSpider
from scrapy_project.base.pages import Draft, Page
from scrapy_project.base.price_cells import count_of
from scrapy_project.base.prose_ends import END, ProseEnd, latest_past, prose_ends
from scrapy_project.formats.js_literals import LiteralError, literal
from scrapy_project.formats.tables import markdown_tables, text_of

DOCS: Final = "https://platform.kimi.ai/docs/"
INDEX: Final = f"{DOCS}llms.txt"
MODELS: Final = f"{DOCS}models.md"
OVERVIEW: Final = f"{DOCS}pricing/chat.md"

METER_OF_COLUMN: Final = {
    "input price": "input", "input price (cache miss)": "input", "input price (cache hit)": "cache_read",
    "output price": "output",
}  # fmt: skip
PRICED: Final = frozenset({"model", "unit", "output price"})

_PAGE = re.compile(
    r"(?<![\w./-])(?:https://platform\.kimi\.ai)?(?:/docs/|/|\./|\.\./)?pricing/(chat(?:-[\w.-]{1,60})?)(?![\w/-])"
)
_TABLE = re.compile(r"<DocTable\s{1,50}columns=\{(?=\[)")
_ROWS = re.compile(r"\s{0,50}\}\s{0,50}rows=\{(?=\[)")


class MoonshotSpider(SourceSpider):
    """Reads the index, then the pricing pages and the list of models that it names; a page that is missing is no failure.

    Where the index is not there, the list of models stands in: the pages that it links to, and the one that each model would
    have by its name (`kimi-k2.6`: `chat-k26`), whichever of them are there. Context lengths come from the pricing pages, which
    state them to the token.
    """

    source = Source(
        id="moonshot",
        name="Moonshot AI",
        kind="page",
        url="https://platform.kimi.ai/docs/pricing/chat",
        terms_url="https://platform.kimi.ai/docs/agreement/modeluse",
        attribution="Moonshot AI",
        priority=10,
        provider="moonshotai",
        hosts=("platform.kimi.ai",),
        complete=("text",),
    )
    start_urls = (INDEX,)
    indexes = (INDEX, MODELS)
    stand_ins = {INDEX: (MODELS,)}  # noqa: RUF012  # the base class says ClassVar

    def request(self, url: str, *, is_index: bool = False) -> Request | None:
        """As every spider's, but the overview of prices is an index too."""
        return super().request(url, is_index=is_index or url == OVERVIEW)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses an index without pricing pages, and pages without models, prices or their unit."""
        text = text_of(body, f"Kimi {url}")
        if url == INDEX:
            pages = [page for page in _named_pages(text) if page != OVERVIEW] or _named_pages(text)
            if not pages:
                raise DocumentRefusedError("Kimi's index of documents names no pricing page; where are the prices now?")
            return DocumentSeen(url=url, links=(MODELS, *pages), rows=len(pages))
        return _models(text, url) if url == MODELS else _pricing(text, url)


def _named_pages(text: str) -> list[str]:
    """The pricing pages that a text links to, each once, as their Markdown form."""
    names = (name.removesuffix(".md").rstrip(".") for name in _PAGE.findall(text))
    return list(dict.fromkeys(f"{DOCS}pricing/{name}.md" for name in names))


def _pages_by_name(models: list[str]) -> list[str]:
    """The pricing pages that these models would have: of `kimi-k2.7-code` and of its generation, `k2.7`.

    >>> [page.rpartition("/")[2] for page in _pages_by_name(["kimi-k3", "moonshot-v1-8k"])]
    ['chat-k3.md', 'chat-v1-8k.md', 'chat-v1.md']
    """
    words = [name.replace(".", "").split("-")[1:] for name in models]
    names = ["-".join(part) for parts in words if parts for part in (parts, parts[:1])]
    return list(dict.fromkeys(f"{DOCS}pricing/chat-{name}.md" for name in names))


def _pricing(text: str, url: str) -> DocumentSeen:
    page = Page("moonshotai", url, url.removesuffix(".md"))
    tables = [*_literal_tables(text), *_plain_tables(text)]
    links = [link for link in _named_pages(text) if link != url] if url == OVERVIEW else []
    if links and not tables:
        return DocumentSeen(url=url, links=tuple(links), rows=len(links))
    for header, rows in tables:
        for row in rows:
            if len(row) != len(header):
                raise DocumentRefusedError(f"Kimi pricing: a row that is not as long as its header: {str(row)[:80]}")
            page.rows += 1
            _read_row(page, dict(zip(header, row, strict=True)))
    seen = page.seen(what="Kimi pricing")
    return DocumentSeen(
        url=url, listings=seen.listings, unknown=seen.unknown, skipped=seen.skipped, rows=seen.rows, links=tuple(links) or None
    )


def _literal_tables(text: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Header and rows of each table that is written as an MDX component."""
    end = 0
    for start in _TABLE.finditer(text):
        if start.start() < end:
            continue
        try:
            columns, end = literal(text, start.end())
            rows_start = _ROWS.match(text, end)
            rows, end = literal(text, rows_start.end()) if rows_start else ([], end)
        except LiteralError as error:
            raise DocumentRefusedError(f"Kimi pricing: a table that is no literal: {error}") from error
        header = [str(column.get("title", "")).lower() for column in columns if isinstance(column, dict)]
        if not set(header) >= PRICED:
            raise DocumentRefusedError(f"Kimi pricing: a table without model, unit and output price: {header}")
        yield header, [list(map(str, row)) if isinstance(row, list) else [] for row in rows]


def _plain_tables(text: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Header and rows of each price table that is plain Markdown."""
    for table in markdown_tables(text):
        if table.has(*PRICED):
            table.refuse_ragged("Kimi pricing")
            yield [name.lower() for name in table.header], [list(row) for row in table.rows]


def _read_row(page: Page, row: dict[str, str]) -> None:
    draft = page.listing(row["model"])
    unit = row["unit"]
    draft.state(limit_context=count_of(row.get("context window", "")))
    for name, cell in row.items():
        if name in METER_OF_COLUMN:
            draft.add(METER_OF_COLUMN[name], f"{cell} / {unit}")
        elif name not in ("model", "unit", "context window"):
            draft.unknown_column(name, cell)


def _models(text: str, url: str) -> DocumentSeen:
    page = Page("moonshotai", url, url.removesuffix(".md"))
    for table in markdown_tables(text):
        if table.has("Model Name", "Description"):
            for row in table.records():
                draft = page.listing(row["Model Name"])
                description = row["Description"].strip().lower()
                if description == "deprecated" or END.fullmatch(description):
                    ended = description != "deprecated" or END.search(table.preamble)
                    draft.state(status="retired" if ended else "deprecated")
    current = [draft.external_id for draft in page.drafts.values() if not draft.facts.get("status")]
    lines = [line[:2_000] for line in text.split("\n") if not line.lstrip().startswith("|")]
    written = latest_past(lines)
    for line in lines:
        for end in prose_ends(line, after=written):
            if end.names:
                _read_end(page, end)
    links = dict.fromkeys([*_named_pages(text), *_pages_by_name(current)])
    seen = page.seen(what="Kimi models")
    return DocumentSeen(
        url=url, listings=seen.listings, unknown=seen.unknown, skipped=seen.skipped, rows=seen.rows, links=tuple(links)
    )


def _read_end(page: Page, end: ProseEnd) -> None:
    if end.when.at is None:
        page.tally.skip("end of a model without one full date")
        return
    event = Lifecycle(
        event="retired", at=end.when.at, precision=end.when.precision, effect="error", replacements=end.replacements,
        url=page.evidence_url,
    )  # fmt: skip
    families = {draft.external_id.partition("-")[0] for draft in page.drafts.values()}
    for name, series in end.names:
        if name.partition("-")[0] not in families:
            page.tally.skip("end of something that is no model of the list")
            continue
        for draft in _of_series(page, name) if series else [page.listing(name)]:
            draft.state(status="deprecated" if end.is_coming else "retired")
            if not any(known.event == "retired" and known.at == event.at for known in draft.lifecycle):
                draft.lifecycle.append(event)


def _of_series(page: Page, name: str) -> list[Draft]:
    """The listed models of a series: those that the page marks as ended, or all where it marks none."""
    drafts = [draft for draft in page.drafts.values() if draft.external_id.startswith(f"{name}-")]
    if not drafts:
        page.tally.skip("end of a series of which no model is listed")
    return [draft for draft in drafts if draft.facts.get("status")] or drafts
