"""The switch between types of models: the first page shows those of text unless its URL says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.catalogue.engine.select import Selection
from aimstats.web.links import address

PARAMETER: Final = "types"
ALL: Final = "all"
"""`types=all` is the table with every type; so is any search, which must find what was asked for."""
TYPE: Final = "type"
TEXT: Final = "text"
OTHERWISE: Final = frozenset({TYPE, PARAMETER, "q", "id", "modality_out", "use_case"})
"""What says or implies a type itself."""


class TypeLink(NamedTuple):
    """One type, how many models of it the other filters leave, and where it is shown."""

    label: str
    number: int
    href: str
    is_shown: bool


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


def switch(query: Query, selection: Selection, action: str) -> Iterator[TypeLink]:
    """The types, most models first, and all of them."""
    shown = shown_type(query, has_types=True)
    rest = {PARAMETER: None, "view": None}
    of_type = query.varying(TYPE, **rest)
    total = 0
    for value in selection.facet(TYPE):
        total += value.count
        href = address(action, of_type(None if value.text == TEXT and not query.q else value.text))
        yield TypeLink(value.text, value.count, href, value.text == shown)
    everything = query.url_with(**{**rest, TYPE: None, PARAMETER: None if query.q else ALL})
    yield TypeLink(ALL, total, address(action, everything), not shown)
