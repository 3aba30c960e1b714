"""What a table by price says of its cheap end: free rows stand behind paid ones, what does not count is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.catalogue.engine.select import Selection
from aimstats.domain.texts import NN_
from aimstats.web.filters import Chip
from aimstats.web.kept import kept
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


def in_order(selection: Selection) -> tuple[Sequence[int], int]:
    """The rows in the order of the page, and how many free ones stand behind the paid ones in it: by a price from the lowest on a
    free offer would else hide what the paid ones cost."""
    rows, query = selection.ordered(), selection.query
    key, falls = query.order[0] if len(query.order) == 1 else ("", False)
    if falls or not key.startswith("cost.") or query.has(PARAMETER):
        return rows, 0
    prices = selection.table.values_of(selection.table.key_of(query.collection.by_key[key], query.basis))
    free = next((place for place, row in enumerate(rows) if prices[row] != 0), len(rows))
    known = next((place for place, row in enumerate(rows) if prices[row] is None), len(rows))
    return [*rows[free:known], *rows[:free], *rows[known:]], free


def chips(catalogue: Catalogue, query: Query, selection: Selection, free: int, action: str) -> Iterator[Chip]:
    """The chips that say how many free ones stand last and bring them first, and what is left out of the cheapest."""
    if query.has(PARAMETER):
        yield Chip(t("Free ones first"), address(action, query.without(PARAMETER)))
    elif free:
        yield Chip(plural(*FREE_LAST, free), address(action, query.url_with(**{PARAMETER: FIRST})), is_default=True)
    if query.basis == BASIS and query.collection.name == "models":
        counted = kept().left_out(catalogue)
        left_out = sum(counted[row] for row in selection.ordered())
        if left_out:
            yield Chip(plural(*LEFT_OUT, left_out), link("methodology", anchor="prices"), is_default=True, is_note=True)
