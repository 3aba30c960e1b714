"""Addresses on this site: whatever leads to figures keeps the day that its page is of."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from flask import request
from markupsafe import escape

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.engine.query import Varying
from aimstats.web.drawing import hole
from aimstats.web.language import Language, prefixed, unprefixed
from aimstats.web.routes import DATED, path_of

DAYS: Final = ("as_of", "known_at")
_SHOWN: Final[ContextVar[Mapping[str, str]]] = ContextVar("shown_days", default={})  # noqa: B039  # nobody writes to it
"""The day that this request shows; asked some hundred times for a page, so it stands in no proxy."""
_PLAIN: Final = "/:@!$&'()*+,;=~"


def address(path: str, query: str = "", *, anchor: str = "", base: str = "", keeps_day: bool = True) -> str:
    """The address of a path below `base` (none for pages, which then are in the language of the request), with an encoded query
    and an anchor.

    `as_of` and `known_at` of the catalogue that the request shows go with it where it leads to figures, unless the query says
    another day or the link is there to leave the day (`keeps_day`).
    """
    days = _SHOWN.get() if keeps_day else {}
    asked = query
    if days and unprefixed(path).split("/")[1].partition(".")[0] in DATED:
        stated = dict(parse_qsl(query, keep_blank_values=True))
        parts = [query, urlencode({name: value for name, value in days.items() if name not in stated})]
        asked = "&".join(filter(None, parts))
    path = path if base else prefixed(path)
    return f"{base}{_quoted(path)}{f'?{asked}' if asked else ''}{f'#{anchor}' if anchor else ''}"


class Links(NamedTuple):
    """A page's address under one value of a parameter after another, as it stands in HTML: escaped once, parted at the value."""

    before: str
    after: str
    without: str

    def to(self, value: str | None) -> str:
        """The address with a value that is plain in a query (an id, a key); without the parameter where there is none."""
        return f"{self.before}{value}{self.after}" if value else self.without

    def put(self, html: str) -> str:
        """A text that is kept with addresses of `OPEN` parts, for this page."""
        return html.replace(OPEN.before, self.before).replace(OPEN.after, self.after).replace(OPEN.without, self.without)


OPEN: Final = Links(hole("before"), hole("after"), hole("without"))
"""Stands in texts that are kept for all queries, until `put` says which page they are on."""


def links_of(path: str, varying: Varying) -> Links:
    """The addresses of a page whose query varies in one parameter."""
    value = hole("value")
    before, after = escape(address(path, varying(value))).split(value)
    return Links(before, after, escape(address(path, varying(None))))


def switch_link(href: str, label: str, *, is_shown: bool) -> str:
    """One link of a row of them above a table, of which one leads to what is shown; both texts are HTML."""
    current = ' aria-current="true"' if is_shown else ""
    return f'<a href="{href}"{current}>{label}</a>'


@lru_cache(maxsize=4_096)
def _quoted(path: str) -> str:
    return quote(path, safe=_PLAIN)


def link(name: str, *values: str, query: str = "", anchor: str = "", keeps_day: bool = True) -> str:
    """The address of a page or feed by its name in the table of routes; `values` are what its rule leaves open, in order."""
    return address(path_of(name, *values), query, anchor=anchor, keeps_day=keeps_day)


def in_language(asked: Language) -> str:
    """This very page, with its query, in another language."""
    query = request.query_string.decode("ascii", "replace")
    return f"{_quoted(prefixed(request.path, asked))}{f'?{query}' if query else ''}"


def show_days(catalogue: Catalogue) -> None:
    """From here on links of this request keep the `as_of` and `known_at` of this catalogue."""
    _SHOWN.set({name: value for name in DAYS if (value := getattr(catalogue, name))})


def forget_days(error: BaseException | None) -> None:
    """The end of a request: the next one of this thread shows the present until it says otherwise."""
    _SHOWN.set({})


def present_address() -> str:
    """This very page without its day."""
    rest = [(name, value) for name, values in request.args.lists() for value in values if name not in DAYS]
    return address(request.path, urlencode(rest), keeps_day=False)
