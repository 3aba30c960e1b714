"""The facets of a table's form: a closed one sends its heading and what is chosen of it, an open one its values with counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import urlencode

from markupsafe import escape

from aimstats.catalogue.columns.declarations import Collection, Column
from aimstats.catalogue.engine.query import Query
from aimstats.catalogue.engine.select import FacetSet, Selection
from aimstats.domain.texts import N_
from aimstats.web.kept import Kept, Names
from aimstats.web.language import t

OPEN: Final = "open"
SHUT: Final = "shut"
ALL: Final = "all"
COLUMNS: Final = "columns"
"""`open=columns` is the column chooser: it sends no boxes either until it is opened."""
FIND: Final = "find_"
"""`find_developer=anth` leaves in sight the values of that facet whose names hold the text."""
OPEN_AT_FIRST: Final = frozenset({"developer", "abilities", "plan"})
"""The facets that are open until `shut` names them; the others are closed until `open` does."""
FIRST_CHOICES: Final = 8
"""Values of an open facet in sight; `all` names the facets that show every one."""
FACET_ORDER: Final = (
    "model", "developer", "provider", "abilities", "type", "modality_in", "modality_out", "use_case", "status", "plan",
    "billing", "kind", "host", "region", "family", "license", "source",
)  # fmt: skip
ABILITIES: Final = "abilities"
TRUE: Final = "true"
NONE_KNOWN: Final = N_("none known")
"""How the rows without a value are called among the choices."""


class Choice(NamedTuple):
    """One box of a facet: how many rows it would leave under the other filters; None where that was not counted."""

    name: str
    value: str
    label: str
    number: int | None
    chosen: bool

    @property
    def html(self) -> str:
        """The box with its label and count; a whole facet has 250 of them, so they are no template."""
        start, end = _box(self.name, self.value, self.label)
        empty = "" if self.number != 0 or self.chosen else ' class="empty"'
        counted = "" if self.number is None else f"<span>{self.number:,}</span>"
        return f"<label{empty}>{start}{' checked' if self.chosen else ''}{end}{counted}</label>"


@lru_cache(maxsize=4_096)
def _box(name: str, value: str, label: str) -> tuple[str, str]:
    """What stands before and after the tick of a box."""
    name, value, label = escape(name), escape(value), escape(label)
    start = f'<input type="checkbox" id="f-{name}-{value}" name="{name}" value="{value}"'
    return start, f"><b>{label}</b>"


class Facet(NamedTuple):
    """One filter: its heading leads to `href`, where it is open (or closed again); `all_href` leads to all `of` its
    values where some are out of sight. `find` is the text that its values are searched for, None where there is no such field."""

    id: str
    label: str
    is_open: bool
    is_first_open: bool
    is_whole: bool
    href: str
    choices: Sequence[Choice]
    of: int = 0
    all_href: str = ""
    find: str | None = None

    def html(self, action: str) -> str:
        """The facet on the page at `action`; a page has fifteen and draws them anew for every filter, so they are no template."""
        before, after = _heading(self.id, self.label, self.is_open, self.is_first_open)
        parts = [before, *_link(self.href, self.id), after]
        if self.is_whole:
            parts.append(f'<input type="hidden" name="{ALL}" value="{self.id}">')
        if self.find is not None:
            name, label = _field(self.id, self.label, action)
            parts += [name, escape(self.find), label]
        if self.choices or self.is_open:
            parts.append(_values(self.id, action, self.is_whole))
            parts += [choice.html for choice in self.choices]
            if self.all_href:
                said = escape(t("All %(number)s", number=self.of))
                target = f' class="more" id="all-{self.id}" hx-target="#facet-{self.id}">{said}</a>'
                parts += ["<a", *_link(self.all_href, self.id), target]
            elif not self.choices:
                said = escape(t("None of these."))
                parts.append(f'<p class="quiet small">{said}</p>')
            parts.append("</div>")
        return "".join((*parts, "</div>"))


@lru_cache(maxsize=512)
def _heading(name: str, label: str, is_open: bool, is_first_open: bool) -> tuple[str, str]:
    """A facet up to the address in its heading, and from there to its boxes. Its state goes with the form."""
    turn = SHUT if is_first_open else OPEN
    state = "" if is_open == is_first_open else f'<input type="hidden" name="{turn}" value="{name}">'
    return (
        f'<div class="facet{" open" if is_open else ""}" id="facet-{name}" hx-target="this"><h3><a id="head-{name}"',
        f' aria-expanded="{"true" if is_open else "false"}">{escape(label)}</a></h3>{state}',
    )


def _link(href: str, name: str) -> tuple[str, ...]:
    """The attributes of a link that brings this one facet: its address says all, so that no field of the form goes with it."""
    place = escape(href)
    return f' href="{place}" hx-get="{place}" hx-include="unset" hx-vals=\'', _asked(name), "'"


@lru_cache(maxsize=256)
def _field(name: str, label: str, action: str) -> tuple[str, str]:
    """The field that a facet's values are searched with, before and after its text."""
    find, told = escape(t("Find")), escape(t("Find in %(facet)s", facet=label))
    return (
        f'<input type="search" class="find-in" id="find-{name}" name="{FIND}{name}" value="',
        f'" placeholder="{find}" aria-label="{told}" autocomplete="off" spellcheck="false" maxlength="60" '
        f'hx-get="{escape(action)}" hx-vals=\'{_asked(name)}\' hx-trigger="input changed delay:200ms" '
        f'hx-target="#values-{name}" hx-select="#values-{name}">',
    )


@lru_cache(maxsize=256)
def _values(name: str, action: str, is_whole: bool) -> str:
    """What opens the boxes of a facet: ticking one asks for the table and the facets."""
    return (
        f'<div class="values{" whole" if is_whole else ""}" id="values-{name}" hx-get="{escape(action)}" hx-trigger="change" '
        'hx-target="#results" hx-vals=\'{"fragment":"found"}\'>'
    )


@lru_cache(maxsize=256)
def _asked(name: str) -> str:
    """What htmx asks for one facet with, beside the address."""
    return json.dumps({"fragment": "facet", "facet": name}, separators=(",", ":"))


@lru_cache(maxsize=256)
def groups(collection: Collection, names: tuple[str, ...]) -> list[tuple[str, str, Sequence[str]]]:
    """These facets in the order of the form, with what each is called and the parameters that it sets: yes-or-no columns share
    one."""
    found: dict[str, tuple[str, list[str]]] = {}
    for name in names:
        column = collection.facets[name]
        if column.kind.name == "flag":
            found.setdefault(ABILITIES, (N_("Abilities"), []))[1].append(name)
        else:
            found[name] = (column.label, [name])
    ranks = {name: rank for rank, name in enumerate(FACET_ORDER)}
    ordered = sorted(found.items(), key=lambda group: ranks.get(group[0], len(ranks)))
    return [(name, label, parameters) for name, (label, parameters) in ordered]


@lru_cache(maxsize=16)
def page_parameters(collection: Collection) -> tuple[str, ...]:
    """The page's own parameters of its facets: which are open, and what is looked for in each."""
    return (OPEN, SHUT, ALL, FIND + "column", *(FIND + name for name in collection.facets))


@lru_cache(maxsize=16)
def can_be_open(collection: Collection) -> frozenset[str]:
    """What `open`, `shut` and `all` may name."""
    return frozenset({COLUMNS, *(name for name, _, _ in groups(collection, tuple(collection.facets)))})


def facets(
    of_edition: Kept, selection: Selection, telling: Iterable[str], place: str, action: str, only: str = ""
) -> Iterator[str]:
    """The facets of the form at `action` (or the one that is named) as HTML: `telling` are those that part the rows, `place` is
    the page's address with the filters and without what is open."""
    query, names = selection.query, of_edition.names
    shown = tuple(name for name in query.collection.facets if name in telling or query.has(name))
    open_now, shut = query.stated.get(OPEN, ()), query.stated.get(SHUT, ())
    for name, label, parameters in groups(query.collection, shown):
        if only and name != only:
            continue
        is_first_open = name in OPEN_AT_FIRST
        is_open = name in open_now or (is_first_open and name not in shut)
        sets = of_edition.facet_sets(query.collection, name) if is_open and name != ABILITIES else []
        is_long = len(sets) > FIRST_CHOICES + 1
        sought = next(iter(query.stated.get(FIND + name, ())), "")
        is_whole = is_open and name in query.stated.get(ALL, ())
        is_cut = is_long and not is_whole
        if is_open:
            choices = _opened_choices(of_edition, selection, parameters, sets, sought, is_cut=is_cut)
        else:
            choices = _ticked(query, parameters, names)
        yield Facet(
            id=name,
            label=t(label),
            is_open=is_open,
            is_first_open=is_first_open,
            is_whole=is_whole,
            href=_opened(place, query, name, is_open=not is_open),
            choices=choices,
            of=len(sets),
            all_href=_opened(place, query, name, is_open=True, whole=True) if is_cut else "",
            find=sought if is_long else None,
        ).html(action)


def _ticked(query: Query, parameters: Sequence[str], names: Names) -> list[Choice]:
    """The boxes of a closed facet: those that are ticked, uncounted."""
    columns = query.collection.facets
    stated = ((name, columns[name], value) for name in parameters for value in query.stated.get(name, ()))
    return [
        Choice(name, value, _label(column, value, names), None, True)
        for name, column, value in stated
        if column.kind.name != "flag" or value == TRUE
    ]


def _opened_choices(
    of_edition: Kept, selection: Selection, parameters: Sequence[str], sets: Sequence[FacetSet], sought: str, *, is_cut: bool
) -> list[Choice]:
    """The boxes in sight of an open facet."""
    collection, names = selection.query.collection, of_edition.names
    made = []
    for name in parameters:
        column = collection.facets[name]
        wanted = sets
        if column.kind.name == "flag":
            wanted = [one for one in of_edition.facet_sets(collection, name) if one[0] == TRUE]
        elif sought:
            wanted = [one for one in sets if sought.casefold() in _label(column, one[0], names).casefold()]
        for found in selection.facet(name, wanted, FIRST_CHOICES if is_cut else None):
            if column.kind.name != "flag" or found.text == TRUE:
                made.append(Choice(name, found.text, _label(column, found.text, names), found.count, found.chosen))
    return made


def _opened(place: str, query: Query, name: str, *, is_open: bool, whole: bool = False) -> str:
    """The page's address with this facet open or closed, the others as they are."""
    stated: Mapping[str, tuple[str, ...]] = query.stated
    state = _state(stated.get(OPEN, ()), stated.get(SHUT, ()), stated.get(ALL, ()), name, is_open, whole)
    return f"{place}{'&' if '?' in place else '?'}{state}" if state else place


@lru_cache(maxsize=1_024)
def _state(
    opened: tuple[str, ...], shut: tuple[str, ...], whole: tuple[str, ...], name: str, is_open: bool, is_whole: bool
) -> str:
    """What an address says of the facets, with this one open or closed."""
    opened, shut, whole = (tuple(one for one in names if one != name) for names in (opened, shut, whole))
    if name in OPEN_AT_FIRST:
        shut += () if is_open else (name,)
    elif is_open:
        opened += (name,)
    whole += (name,) if is_whole else ()
    return urlencode([(OPEN, one) for one in opened] + [(SHUT, one) for one in shut] + [(ALL, one) for one in whole])


def _label(column: Column, value: str, names: Names) -> str:
    """What a value is called among the choices."""
    if column.kind.name == "flag":
        return t(column.label)
    return t(NONE_KNOWN) if value == column.kind.missing else names.of(column, value)
