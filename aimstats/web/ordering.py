"""In which order a table stands, which orders its form offers, and choices of a field as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from markupsafe import Markup, escape

from aimstats.catalogue.columns.declarations import Collection
from aimstats.catalogue.engine.parameters import Sort
from aimstats.catalogue.engine.query import Query
from aimstats.domain.texts import N_
from aimstats.web.language import language, t

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


def sort_choices(query: Query, scored: Mapping[str, str]) -> tuple[tuple[str, str, bool], ...]:
    """The choices of the sort field, the scores in the table (`scored`, by key) among them; what the query names and no choice
    offers stands first."""
    stated = ",".join(query.stated.get("sort", ()))
    return _choices(query.collection, stated, query.sort, bool(query.q), tuple(scored.items()), language().code)


@lru_cache(maxsize=512)
def _choices(
    collection: Collection, stated: str, sort: Sort, is_search: bool, scored: tuple[tuple[str, str], ...], code: str
) -> tuple[tuple[str, str, bool], ...]:
    choices = [*SORTS[collection.name], *((f"-{key}", label) for key, label in scored)]
    if is_search:
        choices.insert(0, ("", N_("Best match")))
    chosen = stated or ("" if is_search else choices[0][0])
    if chosen not in [value for value, _ in choices]:
        choices.insert(0, (chosen, _sort_label(collection, sort, dict(scored))))
    own = "" if is_search else own_sort(collection)
    return tuple(("" if value == own else value, t(label), value == chosen) for value, label in choices)


def _sort_label(collection: Collection, sort: Sort, scored: Mapping[str, str]) -> str:
    by_key = collection.by_key
    named = [(t(by_key[key].label) if key in by_key else scored.get(key, key), falls) for key, falls in sort]
    return ", ".join(f"{label} {'↓' if falls else '↑'}" for label, falls in named)


@lru_cache(maxsize=512)
def options(choices: tuple[tuple[str | None, str, bool], ...]) -> Markup:
    """The choices of a field, each with its value (None where that is its label) and whether it is chosen."""
    made = []
    for value, label, is_chosen in choices:
        stated = "" if value is None else f' value="{escape(value)}"'
        made.append(f"<option{stated}{' selected' if is_chosen else ''}>{escape(label)}</option>")
    return Markup("".join(made))
