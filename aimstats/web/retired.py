"""What is retired, which tables of models and of offers leave out unless their URL says otherwise; nothing else is left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.declarations import Collection
from aimstats.catalogue.engine.bits import rows_of
from aimstats.catalogue.engine.parameters import MAX_VALUES
from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.catalogue.engine.select import Selection
from aimstats.domain.facts import STATUSES
from aimstats.web.filters import Chip
from aimstats.web.language import plural, t
from aimstats.web.links import address

PARAMETER: Final = "retired"
SHOWN: Final = "shown"
"""`retired=shown` is the table with everything; so is any table that names a status itself."""
COLLECTIONS: Final = ("models", "offers")
STATUS: Final = "status"
RETIRED: Final = "retired"
LIVING: Final = tuple(status for status in STATUSES if status != RETIRED)


def carried_by(collection: Collection) -> tuple[str, ...]:
    """The page's own parameter of this table, which its links keep."""
    return (PARAMETER,) if collection.name in COLLECTIONS else ()


def check(query: Query) -> None:
    """Raises QueryError where the parameter says something else than `shown`."""
    if query.stated.get(PARAMETER, (SHOWN,)) != (SHOWN,):
        raise QueryError([{"parameter": PARAMETER, "message": f"may only be {SHOWN!r}"}])


def are_hidden(query: Query) -> bool:
    """Whether the table leaves out what is retired."""
    return query.collection.name in COLLECTIONS and not query.has(PARAMETER) and not query.has(STATUS)


def select(catalogue: Catalogue, query: Query) -> Selection:
    """The rows that the table shows: among them a model whose status nobody states, and one whose very name or id is searched."""
    selection = Selection(catalogue, query)
    if are_hidden(query):
        retired = selection.table.index(STATUS, many=False).all_bits().get(RETIRED, 0)
        selection.by_column[STATUS] = (selection.table.everything & ~retired) | selection.exact
        selection.bits = selection.without(None)
    return selection


def asked_of_api(query: Query, selection: Selection) -> dict[str, tuple[str, ...]]:
    """What the API, which hides nothing of its own accord, is asked for in its place: the other statuses, or the very rows where
    a retired one is among them (a name that is a model's own finds few)."""
    if not are_hidden(query):
        return {}
    if selection.exact & selection.bits & selection.table.index(STATUS, many=False).all_bits().get(RETIRED, 0):
        rows = rows_of(selection.bits)
        if len(rows) <= MAX_VALUES:
            return {"id": tuple(selection.table.ids[row] for row in rows)}
    unstated = query.collection.by_key[STATUS].kind.missing
    return {STATUS: (*LIVING, unstated) if unstated else LIVING}


def chips(query: Query, selection: Selection, action: str) -> Iterator[Chip]:
    """The chip that says how many are hidden and shows them, or that they are shown and hides them again."""
    if query.has(PARAMETER):
        yield Chip(t("Retired shown"), address(action, query.without(PARAMETER)))
    elif are_hidden(query):
        hidden = selection.without(STATUS).bit_count() - selection.bits.bit_count()
        if hidden:
            shown = address(action, query.url_with(**{PARAMETER: SHOWN}))
            yield Chip(plural("%(number)s retired hidden", "%(number)s retired hidden", hidden), shown, is_default=True)
