"""Amazon Bedrock's model lifecycle: legacy and end-of-life dates by model and region."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycle_dates import dates_in, states_no_date, when
from scrapy_project.base.lifecycles import Lives, distinct_names, ended, model_ids, names_in, rows_of
from scrapy_project.formats.tables import Table, page_tables, text_of

NAMES = ("Model version", "Model name", "Model")
ENDS = ("EOL date", "End-of-life date", "End of life date", "End-of-Life (EOL) date")
REPLACEMENTS = ("Recommended model version replacement", "Recommended replacement", "Recommended model ID")
PASSED_OVER = ("Model provider", "Provider", "Public extended access date", "Public extended access start date")
_REGION = re.compile(r"\b[a-z]{2}(?:-gov)?-(?:central|east|west|north|south|northeast|northwest|southeast|southwest)-\d\b")


class BedrockLifecycleSpider(SourceSpider):
    """Reads the tables of active, legacy and ended versions; since 2026 the page has one of legacy models alone.

    The table of active versions has one header cell less than its rows (the page's own slip), so that its floor is found by
    its words, "No sooner than". Where an end names regions, each is a listing of its own; a column of regions names all that
    have the model, and counts only where the regions of one model end on different days.
    """

    source = Source(
        id="bedrock_lifecycle",
        name="Amazon Bedrock model lifecycle",
        kind="lifecycle",
        provider="amazon-bedrock",
        url="https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html",
        license=None,
        terms_url="https://aws.amazon.com/service-terms/",
        attribution="Amazon Web Services",
        hosts=("docs.aws.amazon.com",),
        priority=20,
    )
    start_urls = ("https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model id or version name; refuses a page without a table of ends. It is HTML, or Markdown in an archive."""
        text = text_of(body, "Bedrock's model lifecycle")
        tables = page_tables(text)
        active = [table for table in tables if table.has("Model ID", "Model name", "Launch date")]
        ends = [
            table for table in tables if table.has("Legacy date") and any(map(table.has, ENDS)) and any(map(table.has, NAMES))
        ]
        if not ends:
            raise DocumentRefusedError(f"Bedrock's model lifecycle: no table with `Legacy date` and one of {', '.join(ENDS)}")
        tally = Tally()
        lives = Lives("amazon-bedrock", tally)
        for table in tables:
            if table not in active and table not in ends:
                tally.count_unknown(f"columns {', '.join(table.header)}")
        for table in active:
            _read_active(table, lives, tally)
        for table in ends:
            _read_ends(table, lives, tally)
        rows = sum(len(table.rows) for table in (*active, *ends))
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=rows)


def _read_active(table: Table, lives: Lives, tally: Tally) -> None:
    for row, cells in zip(table.records(), table.rows, strict=True):
        dated = [when(cell) for cell in cells if dates_in(cell)]
        floors = [stated for stated in dated if stated.precision == "floor"]
        if len(dated) > 1 and len(floors) != 1:  # the launch is a plain date
            tally.count_unknown("active version: not one date with `No sooner than` beside the launch")
        for name in names_in(row["Model ID"], tally):
            lives.add(name, [ended(stated) for stated in floors[:1]], facts={"name": row["Model name"]}, is_page_name=False)


def _read_ends(table: Table, lives: Lives, tally: Tally) -> None:
    name_column, end_column = (next(filter(table.has, names)) for names in (NAMES, ENDS))
    optional = ("Model ID", "Regions", *REPLACEMENTS, *PASSED_OVER)
    rows = list(rows_of(table, tally, name_column, "Legacy date", end_column, optional=optional))
    days: dict[str, set[str]] = {}
    for row in rows:
        days.setdefault(row.get("Model ID") or row[name_column], set()).add(row[end_column])
    for row in rows:
        replacements = _replacements(row)
        events = [*_event("legacy", row["Legacy date"], tally), *_event("retired", row[end_column], tally, replacements)]
        name = row.get("Model ID") or row[name_column]
        where = row.get("Regions", "") if len(days[name]) > 1 else ""
        for region in _REGION.findall(row[end_column]) or _REGION.findall(where) or [""]:
            if row.get("Model ID"):
                lives.add(name, events, region=region, facts={"name": row[name_column]}, is_page_name=False)
            else:
                lives.add(name, events, region=region, is_page_name=True)


def _replacements(row: dict[str, str]) -> tuple[str, ...]:
    """The ids that a row recommends, or the names where it has none."""
    ids = [name for name in model_ids(row.get("Recommended model ID", "")) if "." in name]
    stated = row.get("Recommended model version replacement") or row.get("Recommended replacement", "")
    names = re.split(r"\s{0,9},\s{0,9}|\s{1,9}(?:and|or)\s{1,9}", stated)
    return distinct_names(ids or [name for name in names if name and not states_no_date(name)])


def _event(event: str, cell: str, tally: Tally, replacements: tuple[str, ...] = ()) -> Iterator[Lifecycle]:
    stated = when(cell)
    if len(dates_in(cell)) == 1 and stated.at:
        effect = "error" if event == "retired" else ""
        yield Lifecycle(event=event, at=stated.at, precision=stated.precision, effect=effect, replacements=replacements)
    elif not states_no_date(cell):
        tally.count_unknown(f"{event}: not one date in the cell")
