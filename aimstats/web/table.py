"""The table of any collection: which columns are shown, its heads, and its rows as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from markupsafe import escape

from aimstats.catalogue.columns.declarations import Collection, Column
from aimstats.catalogue.engine.parameters import Sort
from aimstats.catalogue.engine.query import Query
from aimstats.web.columns import REDRAWN
from aimstats.web.language import language, t
from aimstats.web.links import OPEN, links_of

PHONE_COLUMNS: Final = 3
"""On a phone a row is the name and three figures; the other columns are hidden there."""
PHONE_FIRST: Final = ("cost.input", "cost.output", "limit.context", "status", "last_published", "held")
"""The figures that come first there, where the table has them."""
LEAST_ROOM: Final = {"held": "w4"}
"""Which of them give way at 320 pixels: what is held of a source is told below its row."""
LEAD_WIDTH, NUMBER_WIDTH, TEXT_WIDTH = 260, 92, 150
WIDTHS: Final = {"date": 108, "instant": 116, "flag": 92, "choice": 104, "structure": 130}
"""About how wide columns stand, in pixels, by kind."""
ROOM_STEP: Final = 80
MOST_ROOM: Final = 18
"""`w9` is the class of a column that stands there from 9 steps of 80 pixels on; `table.css` has a rule for each."""
GROUPS: Final = ("Offer", "Price", "Scores", "Limits", "Abilities", "Life", "Weights", "Model", "Evidence")
"""The order of columns in the table, by group."""
COVERED: Final[dict[str, frozenset[str]]] = {
    "models": frozenset({"id", "name", "developer.id", "developer.name", "agreement.sources"}),
    "offers": frozenset({"id", "name", "model", "external_id", "snapshot", "variant", "sku", "region"}),
    "providers": frozenset({"id", "name"}),
    "sources": frozenset({"id", "name", "url", "error", "note"}),
}
"""What a row shows anyway, in its first or last cell: no columns of their own are needed."""
ALSO_SHOWN: Final[dict[str, frozenset[str]]] = {
    "offers": frozenset({"cost.cache_read", "limit.context", "limit.output"}),
    "providers": frozenset({"cheapest"}),
}
"""What a page has room for beside the columns that are shown by default."""
UNTOLD: Final = frozenset(
    {
        "prices",
        "cost.tiers",
        "cost.plans",
        "cost.absent",
        "cost_basis",
        "median",
        "scores",
        "evidence",
        "held_reasons",
        "unknown",
        "note_because",
        "error_because",
    }
)
"""Structures that no cell can hold; the page of the one row shows them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A column in the table, with the classes of its cells."""

    column: Column
    css: str


@dataclass(frozen=True, eq=False)
class Layout:
    """The columns of a table, in order; equal choices have equal keys and are one object."""

    key: str
    columns: tuple[Shown, ...]

    @cached_property
    def keys(self) -> frozenset[str]:
        """Which columns they are."""
        return frozenset(one.column.key for one in self.columns)


def offered_columns(collection: Collection, fixed: Iterable[str] = ()) -> list[Column]:
    """The columns that a visitor may choose, in table order; not those that are the same in every row (`fixed`)."""
    hidden = COVERED[collection.name] | UNTOLD | set(fixed)
    found = [column for column in collection.columns if column.key not in hidden and column.served]
    return sorted(found, key=lambda column: GROUPS.index(column.group) if column.group in GROUPS else len(GROUPS))


@lru_cache(maxsize=512)
def layout(
    collection: Collection,
    chosen: tuple[str, ...],
    fixed: tuple[str, ...] = (),
    usual: tuple[str, ...] = (),
    scores: tuple[Column, ...] = (),
) -> Layout:
    """The columns of the table: those chosen, which all stand there however wide the table becomes, else those that are `usual`
    (or shown by default), of which only those stand there that there is room for. `scores` may be chosen too."""
    offered = [*offered_columns(collection, fixed), *scores]
    if chosen:
        columns = [column for column in offered if column.key in chosen]
        shown = tuple(Shown(column, _css(column, "")) for column in columns)
        return Layout(",".join(column.key for column in columns) + "!", shown)
    by_key = {**REDRAWN, **{column.key: column for column in offered}}
    if usual:
        columns = ranked = [by_key[key] for key in usual if key in by_key]
    else:
        also = ALSO_SHOWN.get(collection.name, frozenset())
        columns = [column for column in offered if column.shown or column.key in also]
        ranked = sorted(columns, key=_rank_on_phones)
    rooms = _rooms(ranked)
    shown = tuple(Shown(column, _css(column, rooms.get(column.key, ""))) for column in columns)
    return Layout(",".join(f"{column.key} {rooms.get(column.key, '')}" for column in columns), shown)


def _rooms(ranked: Sequence[Column]) -> dict[str, str]:
    """The class of each column that says from which width of the table on it stands there: the columns of phones always do."""
    needed = LEAD_WIDTH + sum(map(_width, ranked[:PHONE_COLUMNS]))
    rooms = {column.key: LEAST_ROOM[column.key] for column in ranked[:PHONE_COLUMNS] if column.key in LEAST_ROOM}
    for column in ranked[PHONE_COLUMNS:]:
        needed += _width(column)
        rooms[column.key] = f"w{min(-(-needed // ROOM_STEP), MOST_ROOM)}"
    return rooms


def _width(column: Column) -> int:
    return WIDTHS.get(column.kind.name, NUMBER_WIDTH if column.kind.numeric else TEXT_WIDTH)


def _rank_on_phones(column: Column) -> tuple[int, bool]:
    place = PHONE_FIRST.index(column.key) if column.key in PHONE_FIRST else len(PHONE_FIRST)
    return place, not column.kind.numeric


def _css(column: Column, room: str) -> str:
    classes = []
    if column.kind.numeric:
        classes.append({"money": "n", "minute": "n", "score": "n k s"}.get(column.kind.name, "n k"))
    elif column.kind.name != "text":
        classes.append("short" if column.kind.name != "texts" else "list")
    return " ".join([*classes, *([room] if room else [])])


def heads(query: Query, order: Sort, shown: Layout, action: str) -> str:
    """The heads as HTML: the first is the row's name, each links to the table sorted by it, the other way when it is already."""
    sorted_by = next(iter(order), ("", False))
    return links_of(action, query.varying("sort")).put(_heads(query.collection, shown, sorted_by, language().code))


@lru_cache(maxsize=256)
def _heads(collection: Collection, shown: Layout, sorted_by: tuple[str, bool], code: str) -> str:
    """The heads of a table in an order and a language, to be put on a page."""
    lead = Shown(collection.by_key["name"], "lead")
    return "\n".join(_head(collection, one, sorted_by) for one in (lead, *shown.columns))


def _head(collection: Collection, shown: Shown, sorted_by: tuple[str, bool]) -> str:
    column, (key, falls) = shown.column, sorted_by
    is_sorted = column.key == key
    order = f' aria-sort="{"descending" if falls else "ascending"}"' if is_sorted else ""
    label = collection.singular.capitalize() if shown.css == "lead" else column.label
    told = f' title="{escape(t(column.help))}">{escape(t(label))}'
    linked = f"<span{told}</span>"
    if column.sortable:
        is_falling = not falls if is_sorted else column.kind.name in ("count", "date", "score")
        href = OPEN.to(f"{'-' if is_falling else ''}{column.key}")
        linked = f'<a href="{href}" hx-get="{href}" id="sort-{escape(column.key)}"{told}</a>'
    counted = f' <span class="unit">{escape(t(column.unit))}</span>' if column.unit else ""
    return f'<th scope="col" class="{escape(shown.css)}"{order}>{linked}{counted}</th>'
