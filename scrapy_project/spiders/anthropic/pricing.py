"""Anthropic's pricing document: the table of models, the plans, the long context, the fees of tools, US-only inference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from aimstats.domain.absence import Absence
from aimstats.domain.items import DocumentRefusedError, DocumentSeen
from aimstats.domain.money import decimal_of
from aimstats.domain.prices import price
from scrapy_project.base.pages import Draft, Page
from scrapy_project.base.price_cells import count_of
from scrapy_project.formats.tables import Table, markdown_tables, plain_markdown
from scrapy_project.spiders.anthropic.caching import derive_caching
from scrapy_project.spiders.anthropic.names import by_name, meant, named, split_names

COLUMNS: Final = (
    (r"(?:base )?input(?: tokens?)?(?: prices?)?", "input", ""),
    (r"output(?: tokens?)?(?: prices?)?", "output", ""),
    (r"(?:(?:5[ -]?m(?:in(?:ute)?s?)?) )?(?:prompt )?cache writes?", "cache_write", ""),
    (r"(?:1[ -]?h(?:our)?) (?:prompt )?cache writes?", "cache_write_1h", ""),
    (r"(?:prompt )?cache (?:hits?(?: (?:&|and) (?:refreshes|reads?))?|reads?)", "cache_read", ""),
    (r"batch (?:input|in)(?: tokens?)?", "input", "batch"),
    (r"batch (?:output|out)(?: tokens?)?", "output", "batch"),
)
"""What a column of these words states: meter, and plan where it is not that of the table."""
LONG_CONTEXT_TOKENS: Final = 200_000
"""Where the long context began while it had prices of its own (until 2026-03)."""

_TIER = re.compile(r"(>|≥|\bover\b|\babove\b|\bmore than\b)|(≤|<|\bup to\b|\bunder\b|\bbelow\b)", re.IGNORECASE)
_LABELLED = re.compile(r"\s{0,9}([A-Za-z][\w &-]{0,40}?)\s{0,9}:\s{0,9}(\$.{1,60})")
_FLAT = re.compile(r"\s(?:has|have|includes?) the full [^\n]{0,60}?context window[^\n]{0,40}? at standard pric", re.IGNORECASE)
_SUPPORTED = re.compile(r"supported on ([^\n]{0,500}?):")
_RESIDENCY = re.compile(
    r"\bFor ((?:[^.]|\.\d){0,400}?),? specifying US-only inference[^.]{0,300}?incurs a ([\d.]{1,20})x multiplier"
)
_SEARCH = re.compile(r"[Ww]eb search is available[^.]{0,500}?(\$[\d.]{1,20} per [\d,]{1,20} searches)")
_CODE_HOURS = re.compile(r"receives ([\d,]{1,20}) free hours of usage[^.\n]{0,60}? per (month|day)")
_CODE_PRICE = re.compile(r"billed at (\$[\d.]{1,20})(?: USD)? per hour, per container")


def read_pricing(text: str, url: str) -> DocumentSeen:
    """One listing a model and tool; refuses a document without a table of models with input and output tokens."""
    page = Page("anthropic", url, url.removesuffix(".md"))
    main: list[Table] = []
    others: list[Table] = []
    for table in markdown_tables(text):
        (main if _is_price_list(table) else others).append(table)
    if not any({"input", "output"} <= {meter for meter, plan in _columns(table).values() if not plan} for table in main):
        raise DocumentRefusedError("Anthropic pricing: no table with a model, base input and output tokens")
    for table in main:
        _read_table(page, table, plan="standard")
    for table in others:
        title = table.title.lower()
        if title.startswith("session") and table.has("SKU", "Rate"):
            for row in table.records():
                page.listing(row["SKU"], is_page_name=True, kind="other").add("session", row["Rate"])
        elif title.startswith(("fast mode", "long context")):
            _read_premium(page, table, plan="fast" if title.startswith("fast") else "standard")
        elif "$" in "".join(map("".join, table.rows)):
            page.tally.skip(f"table that is no price list: {table.title}")
    plain = plain_markdown(text)
    _without_tier(page, plain)
    derive_caching(page, text)
    _tools(page, plain)
    _residency(page, plain)
    return page.seen()


def _columns(table: Table) -> dict[str, tuple[str, str]]:
    """The columns that are meters: (meter, plan), with '' for the plan of the table."""
    known: dict[str, tuple[str, str]] = {}
    for name in table.header:
        if found := _meter(name):
            known[name] = found
    return known


def _meter(words: str) -> tuple[str, str] | None:
    flat = " ".join(words.lower().split())
    return next(((meter, plan) for form, meter, plan in COLUMNS if re.fullmatch(form, flat)), None)


def _is_price_list(table: Table) -> bool:
    """Whether it lists models with prices in its columns; fast mode and the long context have sections of their own."""
    columns = [place for place, name in enumerate(table.header) if _meter(name)]
    is_premium = table.title.lower().startswith(("fast mode", "long context"))
    return not is_premium and table.has("Model") and any("$" in row[place] for row in table.rows for place in columns)


def _read_table(page: Page, table: Table, plan: str) -> None:
    table.refuse_ragged("Anthropic pricing")
    page.rows += len(table.rows)
    columns = _columns(table)
    model_column = next(name for name in table.header if name.lower() == "model")
    for row in table.records():
        try:
            draft, validity = named(page, row[model_column])
        except ValueError as error:
            raise DocumentRefusedError(f"Anthropic pricing: {error}") from error
        for name, (meter, own_plan) in columns.items():
            draft.add(meter, row[name], plan=own_plan or plan, **validity)
        for name in row.keys() - {model_column} - columns.keys():
            draft.unknown_column(name, row[name])


def _read_premium(page: Page, table: Table, plan: str) -> None:
    """Prices that stand beside the list: their columns are meters, or sizes of the request with the meter in each cell; or a cell
    of each row states the size.

    The models stand in a column, whose empty cells go on with the model above, or in the text before the table.
    """
    table.refuse_ragged("Anthropic pricing")
    page.rows += len(table.rows)
    columns = [(name, *_premium_column(name)) for name in table.header if name.lower() != "model"]
    drafts: list[Draft] = []
    if not table.has("Model"):
        stated = _SUPPORTED.search(table.preamble)
        drafts = meant(page, stated[1] if stated else _sentence_of_models(table.preamble))
    for row in ({name.lower(): cell for name, cell in row.items()} for row in table.records()):
        if row.get("model"):
            drafts = [draft for name in split_names(row["model"]) if (draft := by_name(page, name))]
        if not drafts:
            page.tally.count_unknown(f"price: {table.title} of no known model")
        floor = max((_floor(row[name.lower()]) for name, meter, _ in columns if not meter), default=0)
        for draft in drafts:
            for name, meter, tier in columns:
                for found, stated_price in _parts(row[name.lower()], meter):
                    if found:
                        draft.add(found, stated_price, plan=plan, min_context_tokens=tier or floor)
                    elif not _TIER.search(stated_price):
                        draft.unknown_column(name, stated_price)


def _floor(cell: str) -> int:
    """The tokens from which a row's prices hold, where a cell of it says so: `> 200K input tokens`."""
    size = _TIER.search(cell)
    return (count_of(cell) or 0) if size and size[1] and "$" not in cell else 0


def _sentence_of_models(preamble: str) -> str:
    """The line that says what its prices are for: the first that speaks of a price or of what exceeds a size."""
    return next((line for line in preamble.split("\n") if re.search(r"exceed|premium|pricing", line)), "")


def _premium_column(name: str) -> tuple[str, int]:
    """The meter of a column ('' where its cells name it), and the tokens from which on it holds."""
    size, found = (
        _TIER.search(name),
        _meter(re.sub(r"\s{0,9}\(.{0,60}\)|[≤<>≥]\s?\d+[kKmM]\s?(?:input )?(?:tokens)?", "", name).strip()),
    )
    tokens = count_of(name) if size and size[1] else None
    return found[0] if found else "", tokens or 0


def _parts(cell: str, meter: str) -> Iterator[tuple[str, str]]:
    """The prices of a cell with their meters: `Input: $3 / MTok`, a line each, or one price of the column's meter."""
    for line in cell.split("\n"):
        labelled = _LABELLED.fullmatch(line)
        found = _meter(labelled[1]) if labelled else None
        yield (found[0] if found else "", labelled[2]) if labelled else (meter, line)


def _without_tier(page: Page, text: str) -> None:
    """Models that "include the full 1M token context window at standard pricing" have no dearer long context."""
    for line in text.split("\n"):
        flat = _FLAT.search(line)
        for draft in meant(page, line[: flat.start()]) if flat else ():
            meters = [stated.key.meter for stated in draft.prices if stated.key.plan == "standard" and not stated.key.unit]
            tiers = {
                key.meter for key in (stated.key for stated in draft.prices) if key.min_context_tokens and key.plan == "standard"
            }
            draft.prices += [
                price(meter, None, absent=Absence.NOT_OFFERED, min_context_tokens=LONG_CONTEXT_TOKENS)
                for meter in dict.fromkeys(meters)
                if meter not in tiers
            ]


def _tools(page: Page, text: str) -> None:
    """Fees for server-side tools, stated in running text."""
    if search := _SEARCH.search(text):
        page.listing("Web search tool", is_page_name=True, kind="other").add("web_search", search[1])
    hours, rate = _CODE_HOURS.search(text), _CODE_PRICE.search(text)
    if rate:
        allowance: Mapping[str, str] | None = None
        if hours:
            allowance = {"quantity": hours[1].replace(",", ""), "unit": "hour", "period": hours[2]}
        draft = page.listing("Code execution tool", is_page_name=True, kind="other")
        draft.add("session", f"{rate[1]} per hour", allowance=allowance)


def _residency(page: Page, text: str) -> None:
    """US-only inference: a stated multiple of every token price for the models that it names, or from a version on."""
    stated = _RESIDENCY.search(" ".join(text.split("\n")))
    drafts = meant(page, stated[1]) if stated else []
    if not stated or not drafts:
        page.tally.skip("no sentence on the price of US-only inference")
        return
    page.derive(drafts, region="us", factor=decimal_of(stated[2]), because=f"{stated[2]}x for US-only inference")
