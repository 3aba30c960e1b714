"""What a table by price says of its cheap end: free rows stand behind paid ones, what does not count is counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from aimstats.catalogue.engine.bits import rows_of
from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.catalogue.engine.select import Selection
from aimstats.domain.texts import NN_
from aimstats.web.filters import Chip
from aimstats.web.kept import Kept
from aimstats.web.language import plural, t
from aimstats.web.links import address, link

PARAMETER: Final = "free"
FIRST: Final = "first"
"""`free=first` brings the free ones before the paid ones."""
BASIS: Final = "cheapest"
FREE_LAST: Final = NN_("%(number)s free one last", "%(number)s free ones last")
LEFT_OUT: Final = NN_("%(number)s cheaper offer does not count", "%(number)s cheaper offers do not count")


def check(query: Query) -> None:
    """Raises QueryError where the parameter says something else than `first`."""
    if query.stated.get(PARAMETER, (FIRST,)) != (FIRST,):
        raise QueryError([{"parameter": PARAMETER, "message": f"may only be {FIRST!r}"}])


def in_order(selection: Selection) -> tuple[Iterable[int], int]:
    """The rows in the order of the page, as they are taken, and how many free ones stand behind the paid ones in it: by a price
    from the lowest on a free offer would else hide what the paid ones cost."""
    query = selection.query
    key, falls = query.order[0] if len(query.order) == 1 else ("", False)
    if falls or not key.startswith("cost.") or query.has(PARAMETER):
        return selection.in_order(selection.bits), 0
    free, stated = selection.at_most(key, 0), selection.stated(key)
    parts = (stated & ~free, free, selection.bits & ~stated) if free else (selection.bits,)
    return chain.from_iterable(map(selection.in_order, parts)), free.bit_count()


def chips(of_edition: Kept, query: Query, selection: Selection, free: int, action: str) -> Iterator[Chip]:
    """The chips that say how many free ones stand last and bring them first, and what is left out of the cheapest."""
    if query.has(PARAMETER):
        yield Chip(t("Free ones first"), address(action, query.without(PARAMETER)))
    elif free:
        yield Chip(plural(*FREE_LAST, free), address(action, query.url_with(**{PARAMETER: FIRST})), is_default=True)
    if query.basis == BASIS and query.collection.name == "models":
        counted = of_edition.left_out
        left_out = sum(counted[row] for row in rows_of(selection.bits))
        if left_out:
            yield Chip(plural(*LEFT_OUT, left_out), link("methodology", anchor="prices"), is_default=True, is_note=True)
