"""In which order a table stands, and which orders its form offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from aimstats.catalogue.columns.declarations import Collection
from aimstats.catalogue.engine.parameters import Sort
from aimstats.catalogue.engine.query import Query
from aimstats.domain.texts import N_
from aimstats.web.language import t

SORTS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "models": (
        ("-notability", N_("Most notable")),
        ("-offer_count", N_("Most offered")),
        ("-release_date", N_("Newest")),
        ("cost.input", N_("Cheapest input")),
        ("cost.output", N_("Cheapest output")),
        ("-limit.context", N_("Longest context")),
        ("name", N_("Name")),
    ),
    "offers": (
        ("model", N_("Model")),
        ("cost.input", N_("Cheapest input")),
        ("cost.output", N_("Cheapest output")),
        ("-limit.context", N_("Longest context")),
    ),
    "providers": (("-model_count", N_("Most models")), ("name", N_("Name"))),
    "sources": (("name", N_("Name")), ("-last_published", N_("Last good")), ("-held", N_("Most held"))),
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


def sort_choices(query: Query, scored: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """The choices of the sort field, the scores in the table (`scored`, by key) among them; what the query names and no choice
    offers stands first."""
    stated = ",".join(query.stated.get("sort", ()))
    choices = [*SORTS[query.collection.name], *((f"-{key}", label) for key, label in scored.items())]
    if query.q:
        choices.insert(0, ("", N_("Best match")))
    chosen = stated or ("" if query.q else choices[0][0])
    if chosen not in [value for value, _ in choices]:
        choices.insert(0, (chosen, _sort_label(query, scored)))
    own = "" if query.q else own_sort(query.collection)
    return [("" if value == own else value, t(label), value == chosen) for value, label in choices]


def _sort_label(query: Query, scored: Mapping[str, str]) -> str:
    by_key = query.collection.by_key
    named = [(t(by_key[key].label) if key in by_key else scored.get(key, key), falls) for key, falls in query.sort]
    return ", ".join(f"{label} {'↓' if falls else '↑'}" for label, falls in named)
