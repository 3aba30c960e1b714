"""What the page of a table shows: its form, its rows and the links that change the query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import Final

from markupsafe import Markup, escape

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.declarations import Collection, Column
from aimstats.catalogue.engine.query import Query, Varying
from aimstats.web import cheapest, formats, model_types, retired
from aimstats.web.facets import COLUMNS, OPEN, TRUE, facets, page_parameters
from aimstats.web.filters import MIN_SCORE, SCORE_FIELD, Chip, chips, least_scores, range_fields, ranges, unknown_chip
from aimstats.web.frames import BASES, COLUMN, ROWS, Frame, asked_of_api, layout_of, views
from aimstats.web.kept import kept
from aimstats.web.language import plural, t
from aimstats.web.links import address
from aimstats.web.ordering import in_order, options, sort_choices
from aimstats.web.table import heads, offered_columns
from aimstats.web.words import BOUNDS, WORDS, Words

SIZES: Final = (ROWS, 50, 100, 200)
FIND_COLUMN: Final = "find_column"
"""What is looked for in the column chooser."""
MAX_PAGE: Final = 100_000
IGNORED: Final = ("fragment", "page", "facet")
"""The page's own parameters that no link keeps; `facet` is the one that a fragment draws."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One box of the column chooser."""

    key: str
    label: str
    chosen: bool


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
        self.values = Fields(given or {**{name: values[0] for name, values in query.stated.items()}, **least_scores(query)})
        self._kept = kept(catalogue)
        self._asked = in_order(query).fixed(**frame.fixed)
        self._selection = retired.select(catalogue, self._asked)
        if frame.has_types and model_types.is_text_alone(query):
            model_types.narrow(self._selection)
        self.total = self._selection.bits.bit_count()
        order, self._free = cheapest.in_order(self._selection)
        start = min((page - 1) * query.limit, max(0, (self.total - 1) // query.limit * query.limit))
        self._shown = list(islice(order, start, start + query.limit))
        self._layout = layout_of(self._kept, frame, query)
        self._telling, self.of = self._kept.telling_facets(query.collection, frame.fixed)
        self.first = start + 1
        self.last = start + len(self._shown)
        number = start // query.limit + 1
        self.previous = _page_link(frame, query, number - 1) if number > 1 else ""
        self.next = _page_link(frame, query, number + 1) if self.last < self.total else ""

    @property
    def has_days(self) -> bool:
        """Whether the form asks for a day: it then carries it itself."""
        return self.has_filters and self.query.collection.has_days

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
    def caption(self) -> str:
        """What the table is called for those who do not see it."""
        return t("%(found)s, sorted as the heads say", found=self.found)

    @property
    def part(self) -> str:
        """Which of all rows are in sight."""
        first, last, total = map(formats.count, (self.first, self.last, self.total))
        return t("Rows %(first)s–%(last)s of %(total)s", first=first, last=last, total=total)

    @property
    def total_of(self) -> Markup:
        """How many rows of how many are shown, the first number in bold."""
        bold = {"bold": f"<b>{formats.count(self.total)}</b>"}
        if self.total == self.of:
            return Markup(str(escape(plural(*self.words.found, self.total, number="%(bold)s"))) % bold)
        return Markup(str(escape(plural(*self.words.some, self.of, some="%(bold)s"))) % bold)

    @property
    def has_filters(self) -> bool:
        """Whether there is anything to filter by."""
        return bool(self._telling)

    def facets(self, only: str = "") -> Markup:
        """The facets of the form, or the one that is named."""
        shut = dict.fromkeys(self.query.stated.keys() & page_parameters(self.query.collection))
        place = address(self.frame.action, self.query.url_with(**shut))
        telling = self._telling - {model_types.TYPE} if self.frame.has_types else self._telling
        return Markup("\n".join(facets(self._kept, self._selection, telling, place, self.frame.action, only)))

    @property
    def ranges(self) -> Markup:
        """The pairs of fields for numbers and dates."""
        shown = [one.column for one in self._layout.columns]
        return Markup("\n".join(ranges(self.query, self._selection, shown, self.values, self.refused)))

    @cached_property
    def chips(self) -> list[Chip]:
        """The chosen filters, and what is left out unless the URL says otherwise."""
        own = [
            *retired.chips(self.query, self._selection, self.frame.action),
            *unknown_chip(self._selection),
            *cheapest.chips(self._kept, self.query, self._selection, self._free, self.frame.action),
        ]
        switched = {model_types.TYPE} if self.frame.has_types else set()
        return [*chips(self.query, self.frame.action, self._kept.names, switched), *own]

    @property
    def chip_items(self) -> Markup:
        """The chips as HTML."""
        return Markup("".join(chip.html(place) for place, chip in enumerate(self.chips, 1)))

    @property
    def chosen(self) -> int:
        """How many filters the reader chose."""
        return sum(not chip.is_default for chip in self.chips)

    @property
    def heads(self) -> Markup:
        """The heads of the columns."""
        return Markup(heads(self.query, self._asked.order, self._layout, self.frame.action))

    def rows(self) -> bytes:
        """The rows in sight."""
        return self._kept.rows(self._shown, self._layout, self._asked)

    @property
    def types(self) -> Markup:
        """The switch between types, on the page that has one."""
        return Markup(
            "\n".join(model_types.switch(self.query, self._selection, self.frame.action) if self.frame.has_types else ())
        )

    @property
    def views(self) -> Markup:
        """The switch between sets of columns."""
        return Markup(views(self.query, self.frame.action) if self.noun == "models" else "")

    @property
    def is_choosing(self) -> bool:
        """Whether the column chooser is open."""
        return self.query.has(OPEN, COLUMNS)

    @property
    def columns(self) -> list[ColumnChoice]:
        """The boxes of the column chooser."""
        shown = self._layout.keys
        sought = self.values[FIND_COLUMN].casefold()
        scores = self._kept.score_columns if self.noun == "models" else ()
        offered = [*offered_columns(self.query.collection, self.frame.fixed), *scores]
        choices = [ColumnChoice(one.key, _full_label(one), one.key in shown) for one in offered]
        return [one for one in choices if one.chosen or sought in one.label.casefold()]

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
    def sorts(self) -> Markup:
        """The choices of the sort field."""
        scored = {one.column.key: one.column.label for one in self._layout.columns if one.column.kind.name == "score"}
        return options(sort_choices(self.query, scored))

    @property
    def bases(self) -> Markup:
        """The choices of the price basis."""
        chosen = self.query.basis
        return options(
            tuple((value, t(label), value == chosen) for value, label in BASES) if self.query.collection.has_basis else ()
        )

    @property
    def sizes(self) -> Markup:
        """How many rows a page may have."""
        return options(tuple((None, str(size), size == self.query.limit) for size in sorted({*SIZES, self.query.limit})))

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the URL states and no field of the form shows: hidden fields carry it."""
        scored = {f"{SCORE_FIELD}{key.partition('.')[2]}" for key in self._layout.keys}
        in_fields = {MIN_SCORE, "as_of"} if self.has_days else {MIN_SCORE}
        kept = (pair for pair in _kept(self.query, self.frame) if pair[0] not in in_fields)
        return [*kept, *((name, figure) for name, figure in least_scores(self.query).items() if name not in scored)]

    @property
    def api_query(self) -> Varying:
        """The same question to the API, for all fields or some."""
        return asked_of_api(self._selection, self.frame)

    @property
    def csv_fields(self) -> str:
        """The fields of a file that holds the id and the columns of this table."""
        return ",".join(dict.fromkeys(("id", *(one.column.key for one in self._layout.columns))))

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


def _full_label(column: Column) -> str:
    return f"{t(column.label)}, {t(column.unit)}" if column.unit else t(column.label)


def _kept(query: Query, frame: Frame) -> Iterator[tuple[str, str]]:
    fields, flags = _fields(query.collection, frame.has_types)
    stated = ((name, value) for name, values in query.stated.items() if name not in fields for value in values)
    yield from ((name, value) for name, value in stated if not (name in flags and value == TRUE))


@lru_cache(maxsize=16)
def _fields(collection: Collection, has_types: bool) -> tuple[frozenset[str], frozenset[str]]:
    """The parameters that a field of the form carries, and the facets of which it carries only that they are so."""
    fields = {"q", "sort", "limit", "basis", "cursor", COLUMN, *page_parameters(collection)}
    fields.update(name for fields_of_column in range_fields(collection).values() for name in fields_of_column.values())
    flags = frozenset(name for name, column in collection.facets.items() if column.kind.name == "flag")
    fields |= collection.facets.keys() - flags
    return frozenset(fields - {model_types.TYPE} if has_types else fields), flags


def _page_link(frame: Frame, query: Query, page: int) -> str:
    return address(frame.action, query.url_with(page=page if page > 1 else None))
