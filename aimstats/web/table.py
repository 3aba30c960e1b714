"""The table of any collection: which columns are shown, its heads, and its rows as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from markupsafe import escape

from aimstats.catalogue.columns.declarations import Collection, Column
from aimstats.catalogue.engine.query import Query
from aimstats.web.columns import REDRAWN
from aimstats.web.language import t
from aimstats.web.links import address

PHONE_COLUMNS: Final = 3
"""On a phone a row is the name and three figures; the other columns are hidden there."""
PHONE_FIRST: Final = ("cost.input", "cost.output", "limit.context", "status", "last_published", "held")
"""The figures that come first there, where the table has them."""
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
    {"prices", "cost.tiers", "cost.plans", "cost.absent", "cost_basis", "median", "scores", "evidence", "held_reasons", "unknown"}
)
"""Structures that no cell can hold; the page of the one row shows them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A column in the table, with the classes of its cells."""

    column: Column
    css: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table, in order; equal choices have equal keys."""

    key: str
    columns: tuple[Shown, ...]

    @property
    def keys(self) -> frozenset[str]:
        """Which columns they are."""
        return frozenset(one.column.key for one in self.columns)


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: `sort` is ascending or descending where rows are sorted by it; `href` sorts by it."""

    key: str
    label: str
    unit: str
    help: str
    css: str
    sort: str
    href: str

    @property
    def html(self) -> str:
        """The head of the column; a page has a dozen and draws them anew for every order, so they are no template."""
        before, after = _head_parts(self.key, self.label, self.unit, self.help, self.css, bool(self.href))
        href = escape(self.href)
        sorted_by = f' aria-sort="{self.sort}"' if self.sort else ""
        link = f'<a href="{href}" hx-get="{href}"' if href else "<span"
        return f"{before}{sorted_by}>{link}{after}"


@lru_cache(maxsize=1_024)
def _head_parts(key: str, label: str, unit: str, help_text: str, css: str, is_link: bool) -> tuple[str, str]:
    """What stands before and after the link of a head."""
    told = f' title="{escape(help_text)}">{escape(label)}'
    linked = f' id="sort-{escape(key)}"{told}</a>' if is_link else f"{told}</span>"
    counted = f' <span class="unit">{escape(unit)}</span>' if unit else ""
    return f'<th scope="col" class="{escape(css)}"', f"{linked}{counted}</th>"


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
    rooms = {}
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


def heads(query: Query, shown: Layout, action: str) -> list[Head]:
    """The heads: the first is the row's name, each links to the table sorted by it, the other way when it is already."""
    lead = query.collection.by_key["name"]
    return [_head(query, Shown(lead, "lead"), action), *(_head(query, column, action) for column in shown.columns)]


def _head(query: Query, shown: Shown, action: str) -> Head:
    column = shown.column
    direction = dict(query.order[:1]).get(column.key)
    sort = "" if direction is None else "descending" if direction else "ascending"
    falls_first = column.kind.name in ("count", "date", "score")
    is_falling = falls_first if direction is None else not direction
    href = ""
    if column.sortable:
        href = address(action, query.url_with(sort=("-" if is_falling else "") + column.key))
    label = query.collection.singular.capitalize() if shown.css == "lead" else column.label
    return Head(column.key, t(label), t(column.unit) if column.unit else "", t(column.help), shown.css, sort, href)
