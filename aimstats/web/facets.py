"""The facets of a table's form: a closed one sends its heading and what is chosen of it, an open one its values with counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import urlencode

from markupsafe import escape

from aimstats.catalogue.columns.declarations import Collection, Column
from aimstats.catalogue.engine.query import Query
from aimstats.catalogue.engine.select import FacetSet, FacetValue, Selection
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


class _State(NamedTuple):
    """What an address says of the facets: which it opens, closes that are open at first, and shows whole."""

    opened: tuple[str, ...]
    shut: tuple[str, ...]
    whole: tuple[str, ...]

    def has_open(self, name: str) -> bool:
        """Whether a facet is open."""
        return name in self.opened or (name in OPEN_AT_FIRST and name not in self.shut)

    def turned(self, name: str, *, is_open: bool, is_whole: bool = False) -> str:
        """The query string of the state with this facet open or closed, the others as they are."""
        opened, shut, whole = (tuple(one for one in names if one != name) for names in self)
        if name in OPEN_AT_FIRST:
            shut += () if is_open else (name,)
        elif is_open:
            opened += (name,)
        whole += (name,) if is_whole else ()
        return urlencode([(OPEN, one) for one in opened] + [(SHUT, one) for one in shut] + [(ALL, one) for one in whole])


def _box(name: str, found: FacetValue, label: str) -> str:
    """The box of a value with its label and how many rows it would leave under the other filters; a whole facet has 250 of them,
    so they are no template."""
    empty = ' class="empty"' if found.count == 0 and not found.chosen else ""
    return f"<label{empty}>{_ticked_box(name, found.text, label, found.chosen)}<span>{found.count:,}</span></label>"


@lru_cache(maxsize=4_096)
def _ticked_box(name: str, value: str, label: str, is_ticked: bool) -> str:
    """A box and its label, uncounted."""
    name, value, label = escape(name), escape(value), escape(label)
    tick = " checked" if is_ticked else ""
    return f'<input type="checkbox" id="f-{name}-{value}" name="{name}" value="{value}"{tick}><b>{label}</b>'


@lru_cache(maxsize=1_024)
def _heading(name: str, label: str, state: _State, joint: str) -> tuple[str, str, str]:
    """A facet up to its boxes, parted where the page's address stands; its heading leads to where it is open (or closed again).
    Its state goes with the form. A page has fifteen, so they are no template."""
    is_open, is_first_open = state.has_open(name), name in OPEN_AT_FIRST
    turned = SHUT if is_first_open else OPEN
    kept = "" if is_open == is_first_open else f'<input type="hidden" name="{turned}" value="{name}">'
    before, between, after = _link(name, state.turned(name, is_open=not is_open), joint)
    return (
        f'<div class="facet{" open" if is_open else ""}" id="facet-{name}" hx-target="this"><h3><a id="head-{name}"{before}',
        between,
        f'{after} aria-expanded="{"true" if is_open else "false"}">{escape(label)}</a></h3>{kept}',
    )


@lru_cache(maxsize=1_024)
def _all(name: str, said: str, state: _State, joint: str) -> tuple[str, str, str]:
    """The link to all values of a facet, parted where the page's address stands."""
    before, between, after = _link(name, state.turned(name, is_open=True, is_whole=True), joint)
    return f"<a{before}", between, f'{after} class="more" id="all-{name}" hx-target="#facet-{name}">{escape(said)}</a>'


class _Place(NamedTuple):
    """Where the form stands (`action`), and the page's address with the filters, escaped, to which `joint` ties a `state`."""

    action: str
    address: str
    joint: str
    state: _State

    def heading(self, name: str, label: str) -> str:
        """A facet up to its boxes."""
        return self.address.join(_heading(name, label, self.state, self.joint))

    def all_of(self, name: str, said: str) -> str:
        """The link to all values of a facet."""
        return self.address.join(_all(name, said, self.state, self.joint))


def _link(name: str, state: str, joint: str) -> tuple[str, str, str]:
    """The attributes of a link that brings this one facet, parted where the page's address stands: with `state` that says all, so
    that no field of the form goes with it."""
    rest = f"{joint}{escape(state)}" if state else ""
    return ' href="', f'{rest}" hx-get="', f'{rest}" hx-include="unset" hx-vals=\'{_asked(name)}\''


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
    query = selection.query
    shown = tuple(name for name in query.collection.facets if name in telling or query.has(name))
    state = _State(query.stated.get(OPEN, ()), query.stated.get(SHUT, ()), query.stated.get(ALL, ()))
    here = _Place(action, str(escape(place)), "&amp;" if "?" in place else "?", state)
    for name, label, parameters in groups(query.collection, shown):
        if only and name != only:
            continue
        parts = [here.heading(name, t(label))]
        if state.has_open(name):
            parts += _open_values(of_edition, selection, name, t(label), parameters, here)
        elif ticked := _ticked(query, parameters, of_edition.names):
            parts += [_values(name, action, False), *ticked, "</div>"]
        yield "".join((*parts, "</div>"))


def _ticked(query: Query, parameters: Sequence[str], names: Names) -> list[str]:
    """The boxes of a closed facet: those that are ticked, uncounted."""
    columns = query.collection.facets
    stated = ((name, columns[name], value) for name in parameters for value in query.stated.get(name, ()))
    return [
        f"<label>{_ticked_box(name, value, _label(column, value, names), True)}</label>"
        for name, column, value in stated
        if column.kind.name != "flag" or value == TRUE
    ]


def _open_values(
    of_edition: Kept, selection: Selection, name: str, label: str, parameters: Sequence[str], here: _Place
) -> Iterator[str]:
    """What an open facet has below its heading: its values with counts, those in sight where it has many."""
    sets = of_edition.facet_sets(selection.query.collection, name) if name != ABILITIES else []
    is_long, is_whole = len(sets) > FIRST_CHOICES + 1, name in here.state.whole
    sought = next(iter(selection.query.stated.get(FIND + name, ())), "")
    is_cut = is_long and not is_whole
    if is_whole:
        yield f'<input type="hidden" name="{ALL}" value="{name}">'
    if is_long:
        before, after = _field(name, label, here.action)
        yield f"{before}{escape(sought)}{after}"
    yield _values(name, here.action, is_whole)
    boxes = _boxes(of_edition, selection, parameters, sets, sought, is_cut=is_cut)
    yield from boxes
    if is_cut:
        yield here.all_of(name, t("All %(number)s", number=len(sets)))
    elif not boxes:
        none = t("None of these.")
        yield f'<p class="quiet small">{escape(none)}</p>'
    yield "</div>"


def _boxes(
    of_edition: Kept, selection: Selection, parameters: Sequence[str], sets: Sequence[FacetSet], sought: str, *, is_cut: bool
) -> list[str]:
    """The boxes in sight of an open facet."""
    collection, names = selection.query.collection, of_edition.names
    made = []
    for name in parameters:
        column = collection.facets[name]
        is_flag = column.kind.name == "flag"
        wanted = of_edition.facet_sets(collection, name) if is_flag else sets
        if sought and not is_flag:
            wanted = [one for one in sets if sought.casefold() in _label(column, one[0], names).casefold()]
        made += [
            _box(name, found, _label(column, found.text, names))
            for found in selection.facet(name, wanted, FIRST_CHOICES if is_cut else None)
            if not is_flag or found.text == TRUE
        ]
    return made


def _label(column: Column, value: str, names: Names) -> str:
    """What a value is called among the choices."""
    if column.kind.name == "flag":
        return t(column.label)
    return t(NONE_KNOWN) if value == column.kind.missing else names.of(column, value)
