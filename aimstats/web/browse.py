"""What the page of a table shows: its form, its rows and the links that change the query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from markupsafe import Markup, escape

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.declarations import Collection, Column
from aimstats.catalogue.engine.query import Query
from aimstats.domain.texts import N_, NN_
from aimstats.web import formats, retired
from aimstats.web.facets import COLUMNS, OPEN, facets, page_parameters
from aimstats.web.filters import Chip, chips, range_fields, ranges
from aimstats.web.kept import kept
from aimstats.web.language import plural, t
from aimstats.web.links import address
from aimstats.web.ordering import in_order, own_sort, sort_choices
from aimstats.web.table import heads, layout, offered_columns

ROWS: Final = 25
"""Rows of a page unless the URL says otherwise."""
SIZES: Final = (ROWS, 50, 100, 200)
MAX_PAGE: Final = 100_000
COLUMN: Final = "column"
"""The page's own parameter for the chosen columns, repeated; links keep it."""
IGNORED: Final = ("fragment", "page", "facet")
"""The page's own parameters that no link keeps; `facet` is the one that a fragment draws."""

BASES: Final = (("first_party", N_("developer’s own")), ("cheapest", N_("cheapest offer")), ("median", N_("median offer")))


BOUNDS: Final = {"least": N_("%(label)s at least"), "most": N_("%(label)s at most"), "before": N_("%(label)s before")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a table of one kind of rows says of them; a sentence each, since languages decline them."""

    rows: str
    find: str
    search: str
    show: tuple[str, str]
    found: tuple[str, str]
    some: tuple[str, str]
    all: str


WORDS: Final = {
    "models": Words(
        rows=N_("Models"),
        find=N_("Find models"),
        search=N_("Search models"),
        show=NN_("Show %(number)s model", "Show %(number)s models"),
        found=NN_("%(number)s model", "%(number)s models"),
        some=NN_("%(some)s of %(number)s model", "%(some)s of %(number)s models"),
        all=N_("see all models"),
    ),
    "offers": Words(
        rows=N_("Offers"),
        find=N_("Find offers"),
        search=N_("Search offers"),
        show=NN_("Show %(number)s offer", "Show %(number)s offers"),
        found=NN_("%(number)s offer", "%(number)s offers"),
        some=NN_("%(some)s of %(number)s offer", "%(some)s of %(number)s offers"),
        all=N_("see all offers"),
    ),
    "providers": Words(
        rows=N_("Providers"),
        find=N_("Find providers"),
        search=N_("Search providers"),
        show=NN_("Show %(number)s provider", "Show %(number)s providers"),
        found=NN_("%(number)s provider", "%(number)s providers"),
        some=NN_("%(some)s of %(number)s provider", "%(some)s of %(number)s providers"),
        all=N_("see all providers"),
    ),
    "sources": Words(
        rows=N_("Sources"),
        find=N_("Find sources"),
        search=N_("Search sources"),
        show=NN_("Show %(number)s source", "Show %(number)s sources"),
        found=NN_("%(number)s source", "%(number)s sources"),
        some=NN_("%(some)s of %(number)s source", "%(some)s of %(number)s sources"),
        all=N_("see all sources"),
    ),
}


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


class Fields(dict[str, str]):
    """The texts of the form's fields; what is not given is empty."""

    def __missing__(self, key: str) -> str:
        return ""


class Browse:
    """A table page under a query. What only some of its blocks show is made when they are drawn: a page that was sorted or turned
    asks for no facets. `given` are the texts as they were typed, for a query that could not be read."""

    def __init__(
        self,
        catalogue: Catalogue,
        frame: Frame,
        query: Query,
        *,
        page: int = 1,
        given: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, str]] = (),
    ) -> None:
        self.frame = frame
        self.query = query
        self.errors = errors
        self.values = Fields(given or {name: values[0] for name, values in query.stated.items()})
        self._catalogue = catalogue
        self._asked = in_order(query).fixed(**frame.fixed)
        self._selection = retired.select(catalogue, self._asked)
        order = self._selection.ordered()
        start = min((page - 1) * query.limit, max(0, (len(order) - 1) // query.limit * query.limit))
        self._shown = order[start : start + query.limit]
        self._layout = layout(query.collection, query.stated.get(COLUMN, ()), tuple(frame.fixed))
        self._telling, self.of = kept().telling_facets(catalogue, query.collection, frame.fixed)
        self.total = len(order)
        self.first = start + 1
        self.last = start + len(self._shown)
        number = start // query.limit + 1
        self.previous = _page_link(frame, query, number - 1) if number > 1 else ""
        self.next = _page_link(frame, query, number + 1) if self.last < self.total else ""

    @property
    def noun(self) -> str:
        """What the rows are: the key of `WORDS`."""
        return self.frame.collection.name

    @property
    def words(self) -> Words:
        """The sentences of a table of such rows."""
        return WORDS[self.noun]

    @property
    def found(self) -> str:
        """How many rows there are."""
        return plural(*self.words.found, self.total)

    @property
    def showing(self) -> str:
        """What the button says that closes the sheet of filters."""
        return plural(*self.words.show, self.total)

    @property
    def total_of(self) -> Markup:
        """How many rows of how many are shown, the first number in bold."""
        bold = Markup("<b>{}</b>").format(formats.count(self.total))
        if self.total == self.of:
            return Markup(escape(plural(*self.words.found, self.total, number="%(number)s"))) % {"number": bold}
        text = plural(*self.words.some, self.of, some="%(some)s")
        return Markup(escape(text)) % {"some": bold}

    @property
    def has_filters(self) -> bool:
        """Whether there is anything to filter by."""
        return bool(self._telling)

    def facets(self, only: str = "") -> Markup:
        """The facets of the form, or the one that is named."""
        shut = dict.fromkeys(page_parameters(self.query.collection))
        place = address(self.frame.action, self.query.url_with(**shut))
        made = facets(self._catalogue, self._selection, self._telling, place, only)
        return Markup("\n".join(facet.html(self.frame.action) for facet in made))

    @property
    def ranges(self) -> Markup:
        """The pairs of fields for numbers and dates."""
        made = ranges(self.query, self._selection, self._shown_keys)
        return Markup("\n".join(one.html(self.values, self.refused) for one in made))

    @cached_property
    def chips(self) -> list[Chip]:
        """The chosen filters, and what is left out unless the URL says otherwise."""
        names = kept().names(self._catalogue)
        own = retired.chips(self.query, self._selection, self.frame.action)
        return [*chips(self.query, self.frame.action, names), *own]

    @property
    def chosen(self) -> int:
        """How many filters the reader chose."""
        return sum(not chip.is_default for chip in self.chips)

    @property
    def heads(self) -> Markup:
        """The heads of the columns."""
        return Markup("\n".join(head.html for head in heads(self._asked, self._layout, self.frame.action)))

    @property
    def rows(self) -> Markup:
        """The rows in sight."""
        table, basis = self._selection.table, self._asked.basis
        rows = [Row(self._catalogue, table, row, basis) for row in self._shown]
        return Markup("\n").join(kept().rows(self._catalogue, rows, self._layout, self.query.collection))

    @property
    def is_choosing(self) -> bool:
        """Whether the column chooser is open."""
        return self.query.has(OPEN, COLUMNS)

    @property
    def columns(self) -> list[ColumnChoice]:
        """The boxes of the column chooser."""
        chosen = self._shown_keys
        offered = offered_columns(self.query.collection, self.frame.fixed)
        return [ColumnChoice(one.key, _full_label(one), one.key in chosen) for one in offered]

    @property
    def chosen_columns(self) -> Sequence[str]:
        """The columns that the reader chose: hidden fields carry them where the chooser is closed."""
        return self.query.stated.get(COLUMN, ())

    @property
    def chooser(self) -> str:
        """Where the column chooser is open."""
        opened = (*self.query.stated.get(OPEN, ()), COLUMNS)
        return address(self.frame.action, self.query.url_with(**{OPEN: opened}))

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """The choices of the sort field."""
        return sort_choices(self.query)

    @property
    def bases(self) -> list[tuple[str, str, bool]]:
        """The choices of the price basis."""
        chosen = self.query.basis
        return [(value, t(label), value == chosen) for value, label in BASES] if self.query.collection.has_basis else []

    @property
    def sizes(self) -> list[tuple[int, bool]]:
        """How many rows a page may have."""
        return [(size, size == self.query.limit) for size in sorted({*SIZES, self.query.limit})]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the URL states and no field of the form shows: hidden fields carry it."""
        return list(_kept(self.query))

    @property
    def api_query(self) -> str:
        """The same question to the API."""
        return asked_of_api(self._asked, self.frame)

    @property
    def csv_query(self) -> str:
        """The same question to the API for a file that holds the id and the columns of this table."""
        keys = [column.column.key for column in self._layout.columns if column.column.key != "id"]
        return asked_of_api(self._asked, self.frame, fields=",".join(["id", *keys]))

    @property
    def is_wide(self) -> bool:
        """Whether the table has a scroller of its own: where columns are chosen none gives way to the width."""
        return bool(self.chosen_columns)

    @property
    def hint(self) -> str:
        """What may be searched for."""
        return t("Name, id, developer or provider") if self.noun in ("models", "offers") else t("Name or id")

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
            text = BOUNDS.get(lookup.how, "%(label)s") if lookup else "%(label)s"
            named.append((t(text, label=t(column.label)) if column else name, error["message"]))
        return named

    @property
    def _shown_keys(self) -> frozenset[str]:
        return self._layout.keys


def _full_label(column: Column) -> str:
    return f"{t(column.label)}, {t(column.unit)}" if column.unit else t(column.label)


def _kept(query: Query) -> Iterator[tuple[str, str]]:
    fields = {"q", "sort", "limit", "basis", "cursor", COLUMN, *page_parameters(query.collection)}
    fields.update(name for fields_of_column in range_fields(query.collection).values() for name in fields_of_column.values())
    flags = {name for name, column in query.collection.facets.items() if column.kind.name == "flag"}
    fields |= query.collection.facets.keys() - flags
    stated = ((name, value) for name, values in query.stated.items() if name not in fields for value in values)
    yield from ((name, value) for name, value in stated if not (name in flags and value == "true"))


def _page_link(frame: Frame, query: Query, page: int) -> str:
    return address(frame.action, query.url_with(page=page if page > 1 else None))


def address_of(frame: Frame, query: Query, page: int) -> str:
    """The clean address of a view: without what is so by default anyway."""
    changes: dict[str, int | None] = dict.fromkeys(page_parameters(query.collection))
    usual = layout(query.collection, (), tuple(frame.fixed)).keys
    if layout(query.collection, query.stated.get(COLUMN, ()), tuple(frame.fixed)).keys == usual:
        changes["column"] = None
    if query.limit == ROWS:
        changes["limit"] = None
    if query.basis == BASES[0][0]:
        changes["basis"] = None
    if query.stated.get("sort") == (own_sort(query.collection),) and not query.q:
        changes["sort"] = None
    return address(frame.action, query.url_with(**changes, page=page if page > 1 else None))


def asked_of_api(query: Query, frame: Frame, **further: str) -> str:
    """The same question to the API: the filters that the page sets itself are stated, the chosen columns are not."""
    sort = ",".join(f"-{key}" if falls else key for key, falls in query.sort)
    own: dict[str, Any] = {**dict.fromkeys(query.carried), "cursor": None, "sort": sort or None, **frame.fixed, **further}
    if retired.are_hidden(query):
        own[retired.STATUS] = retired.LIVING
    return query.url_with(**own)
