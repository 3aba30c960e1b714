"""In which order a table stands, and which orders its form offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from aimstats.catalogue.columns.declarations import Collection
from aimstats.catalogue.engine.parameters import Sort
from aimstats.catalogue.engine.query import Query

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


def own_sort(collection: Collection) -> str:
    """The page's own order where the query names none."""
    return SORTS[collection.name][0][0]


def in_order(query: Query) -> Query:
    """The query in the page's own order where it names none and searches nothing."""
    if query.sort or query.q:
        return query
    key = own_sort(query.collection)
    order: Sort = ((key.removeprefix("-"), key.startswith("-")),)
    return replace(query, sort=order)


def sort_choices(query: Query) -> list[tuple[str, str, bool]]:
    """The choices of the sort field; what the query names and no choice offers stands first."""
    stated = ",".join(query.stated.get("sort", ()))
    choices = list(SORTS[query.collection.name])
    if query.q:
        choices.insert(0, ("", "Best match"))
    chosen = stated or ("" if query.q else choices[0][0])
    if chosen not in [value for value, _ in choices]:
        choices.insert(0, (chosen, _sort_label(query)))
    own = "" if query.q else own_sort(query.collection)
    return [("" if value == own else value, label, value == chosen) for value, label in choices]


def _sort_label(query: Query) -> str:
    by_key = query.collection.by_key
    named = [(by_key[key].label if key in by_key else key, falls) for key, falls in query.sort]
    return ", ".join(f"{label} {'↓' if falls else '↑'}" for label, falls in named)
