"""Tables of pages: what a route says of its own, which columns a query gives it, its address here and in the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from markupsafe import escape

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.declarations import Collection
from aimstats.catalogue.engine.query import Query, Varying
from aimstats.catalogue.engine.select import Selection
from aimstats.domain.texts import N_
from aimstats.web import facets, model_types, retired
from aimstats.web.columns import OF_TYPE, OVERVIEW, PRESETS
from aimstats.web.kept import Kept, kept
from aimstats.web.language import language, t
from aimstats.web.links import OPEN, address, links_of, switch_link
from aimstats.web.ordering import own_sort
from aimstats.web.table import Layout, layout

ROWS: Final = 25
"""Rows of a page unless the URL says otherwise."""
ROWS_OF: Final = {"sources": 100}
"""Tables that are read as a whole."""
COLUMN: Final = "column"
"""The page's own parameter for the chosen columns, repeated; links keep it."""
VIEW: Final = "view"
"""The page's own parameter for a set of columns."""
BASES: Final = (("first_party", N_("developer’s own")), ("cheapest", N_("cheapest offer")), ("median", N_("median offer")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the route says of its table: where it stands, what it is called (in the head of its page `title`, where that says
    more), and the filters that it sets itself."""

    collection: Collection
    action: str
    heading: str
    lead: str
    title: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    about: Sequence[tuple[str, str, str]] = ()
    has_types: bool = False

    @property
    def rows(self) -> int:
        """Rows of a page unless the URL says otherwise."""
        return ROWS_OF.get(self.collection.name, ROWS)


def layout_of(of_edition: Kept, frame: Frame, query: Query) -> Layout:
    """The columns that a table shows: those chosen, those of the chosen set, else those of what its rows are."""
    chosen, fixed = query.stated.get(COLUMN, ()), tuple(frame.fixed)
    if query.collection.name != "models":
        return layout(query.collection, chosen, fixed)
    view = next(iter(query.stated.get(VIEW, ())), "")
    shown = model_types.shown_type(query, frame.has_types)
    usual = PRESETS[view][1] if view else OF_TYPE.get(shown, OF_TYPE["text"])
    return layout(query.collection, chosen, fixed, usual, of_edition.score_columns)


def views(query: Query, action: str) -> str:
    """The switch between sets of columns as HTML; none of them is shown where columns are chosen."""
    shown = () if query.has(COLUMN) else query.stated.get(VIEW, ("",))
    links = links_of(action, query.varying(VIEW, **{COLUMN: None, facets.OPEN: None}))
    return links.put(_views(shown, language().code))


@lru_cache(maxsize=64)
def _views(shown: tuple[str, ...], code: str) -> str:
    """The links to sets of columns in a language, to be put on a page."""
    choices = (("", OVERVIEW), *((name, label) for name, (label, _) in PRESETS.items()))
    return "\n".join(switch_link(OPEN.to(name), escape(t(label)), is_shown=name in shown) for name, label in choices)


def address_of(catalogue: Catalogue, frame: Frame, query: Query, page: int) -> str:
    """The clean address of a view: without what is so by default anyway."""
    without_columns = {name: values for name, values in query.stated.items() if name != COLUMN}
    changes: dict[str, int | None] = dict.fromkeys(facets.page_parameters(query.collection))
    if set(query.stated.get(COLUMN, ())) == layout_of(kept(catalogue), frame, replace(query, stated=without_columns)).keys:
        changes[COLUMN] = None
    if query.limit == frame.rows:
        changes["limit"] = None
    if query.basis == BASES[0][0]:
        changes["basis"] = None
    if query.stated.get("sort") == (own_sort(query.collection),) and not query.q:
        changes["sort"] = None
    return address(frame.action, query.url_with(**changes, page=page if page > 1 else None))


def asked_of_api(selection: Selection, frame: Frame) -> Varying:
    """The same question to the API, for one choice of fields or another: the filters that the page sets itself are stated, the
    chosen columns are not."""
    query = selection.query
    sort = ",".join(f"-{key}" if falls else key for key, falls in query.sort)
    own: dict[str, Any] = {
        **dict.fromkeys(query.stated.keys() & query.carried),
        "cursor": None,
        "sort": sort or None,
        **frame.fixed,
    }
    if frame.has_types and model_types.is_text_alone(query):
        own[model_types.TYPE] = model_types.TEXT
    return query.varying("fields", **own, **retired.asked_of_api(query, selection))
