"""Anthropic's overview of models: a column a model, with its ids, limits, cutoffs and list prices."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from aimstats.domain.items import DocumentSeen
from scrapy_project.base.lifecycle_dates import dates_in
from scrapy_project.base.pages import Draft, Page
from scrapy_project.base.price_cells import amounts, count_of
from scrapy_project.formats.tables import markdown_tables, plain_markdown
from scrapy_project.spiders.anthropic.names import read_name

ROWS: Final = frozenset(
    {
        "description", "claude api id", "claude api alias", "aws bedrock id", "bedrock id", "amazon bedrock id", "vertex ai id",
        "gcp vertex ai id", "google cloud id", "pricing", "extended thinking", "adaptive thinking", "priority tier",
        "comparative latency", "context window", "max output", "reliable knowledge cutoff", "training data cutoff",
    }
)  # fmt: skip
"""The rows that are read or state nothing that we keep."""
BEDROCK: Final = ("aws bedrock id", "amazon bedrock id", "bedrock id")
VERTEX: Final = ("google cloud id", "gcp vertex ai id", "vertex ai id")

_LABEL_END = re.compile(r"(?:\s{0,9}\(.{0,200}|(?<=[a-z])\s{0,9}\d{1,2})\Z")
_PRICE = re.compile(r"(\$[\d.,]{1,20}) ?/ ?(input|output) MTok(?:\d(?!\d))?")
_MONTH = re.compile(r"([A-Z][a-z]{2,8}) (20\d\d)\d?\Z")
_INTRODUCTORY = re.compile(
    r"Introductory pricing of (\$[\d.]{1,20}) ?/ ?(\$[\d.]{1,20}) per MTok applies to ([\w .-]{3,60}?)"
    r" (?:through|until) ([^.\n]{4,40})"
)

Introductory = dict[str, tuple[dict[str, Decimal], datetime]]


def read_overview(text: str, url: str) -> DocumentSeen:
    """One listing an API id; refuses a document without a row of API ids.

    Raised footnote marks are lost in some generations of the page ("Jan 20262", "Pricing1"): where only that reading makes sense,
    the digit is taken for one.
    """
    page = Page("anthropic", url, url.removesuffix(".md"))
    sees_images = "All current Claude models support text and image input, text output" in text
    introductory = _introductory(plain_markdown(text))
    for table in markdown_tables(text):
        rows = {_LABEL_END.sub("", row[0].strip().lower()): row for row in table.rows if row}
        if "claude api id" not in rows:
            continue
        table.refuse_ragged("Anthropic models")
        for unknown in rows.keys() - ROWS:
            page.tally.count_unknown(f"row: {unknown}")
        for column in range(1, len(table.header)):
            cells = {label: row[column] for label, row in rows.items()}
            draft, stated = page.listing(cells["claude api id"]), read_name(table.header[column])
            draft.state(name=stated.name, status=stated.status)
            if sees_images and not stated.status and "Latest" in table.title:
                draft.state(modalities_input=["text", "image"], modalities_output=["text"])
            _read_facts(draft, cells)
            _read_prices(draft, cells.get("pricing", ""), introductory.get(stated.name))
    return page.seen(what="Anthropic models: no table with the row `Claude API ID`")


def _introductory(text: str) -> Introductory:
    """Prices that a footnote gives for a while, by the model's name, and when they end."""
    found: Introductory = {}
    for cost_in, cost_out, name, stated in _INTRODUCTORY.findall(" ".join(text.split("\n"))):
        dates = dates_in(stated)
        if len(dates) == 1 and dates[0][2]:
            figures = {"input": amounts(cost_in)[0], "output": amounts(cost_out)[0]}
            found[name] = (figures, datetime(*dates[0], tzinfo=UTC) + timedelta(days=1))
    return found


def _read_prices(draft: Draft, cell: str, introductory: tuple[dict[str, Decimal], datetime] | None) -> None:
    flat = " ".join(cell.split("\n"))
    if rest := _PRICE.sub("", flat).strip(" -"):
        draft.unknown(f"pricing: {rest}")
    for stated, meter in _PRICE.findall(flat):
        if introductory is None:
            draft.add(meter, stated)
            continue
        figures, ends = introductory
        draft.add(meter, f"${figures[meter]}", valid_to=ends)
        if amounts(stated)[0] != figures[meter]:
            draft.add(meter, stated, valid_from=ends)


def _read_facts(draft: Draft, cells: dict[str, str]) -> None:
    thinking = [cells.get(label, "").lower() for label in ("extended thinking", "adaptive thinking")]
    draft.state(
        limit_context=count_of(cells.get("context window", "")),
        limit_output=count_of(cells.get("max output", "")),
        knowledge=_month(cells.get("reliable knowledge cutoff", "")),
        reasoning=True if any(cell.startswith("yes") for cell in thinking) else False if thinking[0] == "no" else None,
    )
    alias = cells.get("claude api alias", "")
    if alias and alias != draft.external_id:
        draft.aliases.append(alias)
    bedrock, vertex = (next((cells[label] for label in labels if cells.get(label)), "") for labels in (BEDROCK, VERTEX))
    marked = re.fullmatch(rf"(anthropic\.{re.escape(draft.external_id)})\d", bedrock)
    draft.evidence |= {"bedrock_id": marked[1] if marked else bedrock, "vertex_id": vertex}


def _month(text: str) -> str:
    """`Jan 2026` as `2026-01`, also with a footnote's digit behind it; '' for anything else."""
    found = _MONTH.match(text.strip())
    try:
        return datetime.strptime(f"{found[1][:3]} {found[2]}", "%b %Y").strftime("%Y-%m") if found else ""
    except ValueError:
        return ""
