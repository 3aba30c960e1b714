"""What the page of a table shows: its form, its rows and the links that change the query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from markupsafe import Markup

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.declarations import Collection, Column
from aimstats.catalogue.engine.parameters import DEFAULT_LIMIT, Sort
from aimstats.catalogue.engine.query import Query
from aimstats.catalogue.engine.select import Selection
from aimstats.web import retired
from aimstats.web.filters import Chip, Facet, Range, chips, facets, ranges
from aimstats.web.kept import kept
from aimstats.web.links import address
from aimstats.web.table import ROOMY_COLUMNS, Head, Layout, heads, layout, offered_columns

SIZES: Final = (25, 50, 100, 200)
MAX_PAGE: Final = 100_000
COLUMN: Final = "column"
"""The page's own parameter for the chosen columns, repeated; links keep it."""
IGNORED: Final = ("fragment", "page")
"""The page's own parameters that no link keeps."""

BASES: Final = (("first_party", "developer’s own"), ("cheapest", "cheapest offer"), ("median", "median offer"))
SORTS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "models": (
        ("-offer_count", "Most offered"),
        ("-release_date", "Newest"),
        ("cost.input", "Cheapest input"),
        ("cost.output", "Cheapest output"),
        ("-limit.context", "Longest context"),
        ("name", "Name"),
    ),
    "offers": (
        ("model", "Model"),
        ("cost.input", "Cheapest input"),
        ("cost.output", "Cheapest output"),
        ("-limit.context", "Longest context"),
    ),
    "providers": (("-model_count", "Most models"), ("name", "Name")),
    "sources": (("name", "Name"), ("-last_published", "Last good"), ("-held", "Most held")),
}
"""The sorts that the form offers; the first is the page's own where the query names none."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One box of the column chooser."""

    key: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the route says of its table: where it stands, what it is called, and the filters that it sets itself."""

    collection: Collection
    action: str
    heading: str
    lead: str
    fixed: Mapping[str, str] = field(default_factory=dict)
    about: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Browse:
    """A table page, ready to be drawn."""

    frame: Frame
    values: Mapping[str, str]
    has_filters: bool
    facets: Sequence[Facet]
    ranges: Sequence[Range]
    chips: Sequence[Chip]
    heads: Sequence[Head]
    rows: Sequence[Markup]
    columns: Sequence[ColumnChoice]
    sorts: Sequence[tuple[str, str, bool]]
    bases: Sequence[tuple[str, str, bool]]
    sizes: Sequence[tuple[int, bool]]
    kept: Sequence[tuple[str, str]]
    total: int
    of: int
    first: int
    last: int
    previous: str
    next: str
    api_query: str
    is_wide: bool
    errors: Sequence[Mapping[str, str]]

    @property
    def refused(self) -> frozenset[str]:
        """The parameters that could not be read."""
        return frozenset(error["parameter"] for error in self.errors)

    @property
    def refusals(self) -> list[tuple[str, str]]:
        """What could not be read, by the name that the form gives it, and why."""
        filters = self.frame.collection.filters
        named = []
        for error in self.errors:
            name = error["parameter"]
            column, lookup = filters.get(name, (None, None))
            bound = {"least": " at least", "most": " at most", "before": " before"}.get(lookup.how, "") if lookup else ""
            named.append((f"{column.label}{bound}" if column else name, error["message"]))
        return named

    @property
    def chosen(self) -> int:
        """How many filters the reader chose."""
        return sum(not chip.is_default for chip in self.chips)

    @property
    def hint(self) -> str:
        """What may be searched for."""
        return "Name, id, developer or provider" if self.noun in ("models", "offers") else "Name or id"

    @property
    def noun(self) -> str:
        """What the rows are."""
        return self.frame.collection.name


class Fields(dict[str, str]):
    """The texts of the form's fields; what is not given is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def browse(
    catalogue: Catalogue,
    frame: Frame,
    query: Query,
    *,
    page: int = 1,
    given: Mapping[str, str] | None = None,
    errors: Sequence[Mapping[str, str]] = (),
) -> Browse:
    """The table under a query. `given` are the texts as they were typed, for a query that could not be read."""
    asked = _sorted(query).fixed(**frame.fixed)
    selection = retired.select(catalogue, asked)
    order = selection.ordered()
    start = min((page - 1) * query.limit, max(0, (len(order) - 1) // query.limit * query.limit))
    shown = order[start : start + query.limit]
    names = kept().names(catalogue)
    layout_now = layout(query.collection, query.stated.get("column", ()), frame.fixed)
    telling = kept().telling_facets(catalogue, query.collection, frame.fixed)
    found = {name: values for name, values in selection.facets() if name in telling or query.has(name)}
    made_ranges = ranges(query, dict(selection.ranges()), frozenset(one.column.key for one in layout_now.columns))
    rows = [Row(catalogue, selection.table, row, asked.basis) for row in shown]
    number = start // query.limit + 1
    return Browse(
        frame=frame,
        values=Fields(given or {name: values[0] for name, values in query.stated.items()}),
        has_filters=bool(telling),
        facets=facets(query.collection, found, names),
        ranges=made_ranges,
        chips=[*chips(query, frame.action, names), *retired.chips(query, selection, frame.action)],
        heads=heads(asked, layout_now, frame.action),
        rows=kept().rows(catalogue, rows, layout_now, query.collection),
        columns=_columns(query.collection, layout_now, frame),
        sorts=_sorts(query),
        bases=[(value, label, value == query.basis) for value, label in BASES] if query.collection.has_basis else [],
        sizes=[(size, size == query.limit) for size in sorted({*SIZES, query.limit})],
        kept=list(_kept(query, made_ranges)),
        total=len(order),
        of=Selection(catalogue, Query(query.collection).fixed(**frame.fixed)).bits.bit_count(),
        first=start + 1,
        last=start + len(shown),
        previous=_page_link(frame, query, number - 1) if number > 1 else "",
        next=_page_link(frame, query, number + 1) if start + query.limit < len(order) else "",
        api_query=asked_of_api(asked, frame),
        is_wide=len(layout_now.columns) > ROOMY_COLUMNS,
        errors=errors,
    )


def _own_sort(collection: Collection) -> str:
    return SORTS[collection.name][0][0]


def _sorted(query: Query) -> Query:
    """The query in the page's own order where it names none and searches nothing."""
    if query.sort or query.q:
        return query
    key = _own_sort(query.collection)
    order: Sort = ((key.removeprefix("-"), key.startswith("-")),)
    return replace(query, sort=order)


def _sorts(query: Query) -> list[tuple[str, str, bool]]:
    """The choices of the sort field; what the query names and no choice offers stands first."""
    stated = ",".join(query.stated.get("sort", ()))
    choices = list(SORTS[query.collection.name])
    if query.q:
        choices.insert(0, ("", "Best match"))
    chosen = stated or ("" if query.q else choices[0][0])
    if chosen not in [value for value, _ in choices]:
        choices.insert(0, (chosen, _sort_label(query)))
    own = "" if query.q else _own_sort(query.collection)
    return [("" if value == own else value, label, value == chosen) for value, label in choices]


def _sort_label(query: Query) -> str:
    by_key = query.collection.by_key
    named = [(by_key[key].label if key in by_key else key, falls) for key, falls in query.sort]
    return ", ".join(f"{label} {'↓' if falls else '↑'}" for label, falls in named)


def _columns(collection: Collection, shown: Layout, frame: Frame) -> list[ColumnChoice]:
    chosen = {one.column.key for one in shown.columns}
    return [ColumnChoice(one.key, _full_label(one), one.key in chosen) for one in offered_columns(collection, frame.fixed)]


def _full_label(column: Column) -> str:
    return f"{column.label}, {column.unit}" if column.unit else column.label


def _kept(query: Query, shown: Sequence[Range]) -> list[tuple[str, str]]:
    """What the URL states and no field of the form shows: hidden fields carry it."""
    fields = {"q", "sort", "limit", "basis", "cursor", "column"}
    fields |= {name for one in shown for name in (one.low, one.high)}
    flags = {name for name, column in query.collection.facets.items() if column.kind.name == "flag"}
    fields |= query.collection.facets.keys() - flags
    stated = ((name, value) for name, values in query.stated.items() if name not in fields for value in values)
    return [(name, value) for name, value in stated if not (name in flags and value == "true")]


def _page_link(frame: Frame, query: Query, page: int) -> str:
    return address(frame.action, query.url_with(page=page if page > 1 else None))


def address_of(frame: Frame, query: Query, page: int) -> str:
    """The clean address of a view: without what is so by default anyway."""
    changes: dict[str, int | None] = {}
    usual = layout(query.collection, (), frame.fixed).key
    if layout(query.collection, query.stated.get("column", ()), frame.fixed).key == usual:
        changes["column"] = None
    if query.limit == DEFAULT_LIMIT:
        changes["limit"] = None
    if query.basis == BASES[0][0]:
        changes["basis"] = None
    if query.stated.get("sort") == (_own_sort(query.collection),) and not query.q:
        changes["sort"] = None
    return address(frame.action, query.url_with(**changes, page=page if page > 1 else None))


def asked_of_api(query: Query, frame: Frame) -> str:
    """The same question to the API: the filters that the page sets itself are stated, the chosen columns are not."""
    sort = ",".join(f"-{key}" if falls else key for key, falls in query.sort)
    own: dict[str, Any] = {"column": None, "cursor": None, retired.PARAMETER: None, "sort": sort or None, **frame.fixed}
    if retired.are_hidden(query):
        own[retired.STATUS] = retired.LIVING
    return query.url_with(**own)
