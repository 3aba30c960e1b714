"""The switch between types of models: the first page shows those of text unless its URL says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from markupsafe import escape

from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.catalogue.engine.select import Selection
from aimstats.web import formats
from aimstats.web.language import language
from aimstats.web.links import address, links_of, switch_link

PARAMETER: Final = "types"
ALL: Final = "all"
"""`types=all` is the table with every type; so is any search, which must find what was asked for."""
TYPE: Final = "type"
TEXT: Final = "text"
OTHERWISE: Final = frozenset({TYPE, PARAMETER, "q", "id", "modality_out", "use_case"})
"""What says or implies a type itself."""


def check(query: Query) -> None:
    """Raises QueryError where the parameter says something else than `all`."""
    if query.stated.get(PARAMETER, (ALL,)) != (ALL,):
        raise QueryError([{"parameter": PARAMETER, "message": f"may only be {ALL!r}"}])


def is_text_alone(query: Query) -> bool:
    """Whether the first page leaves the other types out."""
    return not any(map(query.has, OTHERWISE))


def shown_type(query: Query, has_types: bool) -> str:
    """The one type that the table shows; empty where it shows several."""
    stated = query.stated.get(TYPE, ())
    if len(stated) == 1:
        return stated[0]
    return TEXT if has_types and is_text_alone(query) else ""


def narrow(selection: Selection) -> None:
    """Leave the models of text in the selection."""
    selection.by_column[TYPE] = selection.table.index(TYPE, many=False).all_bits().get(TEXT, 0)
    selection.bits = selection.without(None)


def switch(query: Query, selection: Selection, action: str) -> Iterator[str]:
    """The links to the types, most models first, and to all of them, as HTML, with how many models of each the other filters
    leave."""
    shown = shown_type(query, has_types=True)
    rest = {PARAMETER: None, "view": None}
    of_type = links_of(action, query.varying(TYPE, **rest))
    total = 0
    for value in selection.facet(TYPE):
        total += value.count
        href = of_type.to(None if value.text == TEXT and not query.q else value.text)
        yield switch_link(href, _label(value.text, value.count), is_shown=value.text == shown)
    everything = query.url_with(**{**rest, TYPE: None, PARAMETER: None if query.q else ALL})
    yield switch_link(escape(address(action, everything)), _label(ALL, total), is_shown=not shown)


def _label(name: str, number: int) -> str:
    return f"{_called(name, language().code)} <span>{formats.count(number)}</span>"


@lru_cache(maxsize=64)
def _called(name: str, code: str) -> str:
    """A type in a language, as HTML."""
    return escape(formats.words(name).capitalize())
