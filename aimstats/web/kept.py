"""What pages make once for an edition and keep: rows as HTML, and what ids are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from flask import current_app

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.declarations import Collection, Column
from aimstats.catalogue.engine.query import Query
from aimstats.catalogue.engine.select import FacetSet, Selection, facet_sets
from aimstats.catalogue.notability import weight_of
from aimstats.web import formats
from aimstats.web.columns import score_columns
from aimstats.web.drawing import template
from aimstats.web.editions import day_of
from aimstats.web.language import in_english, language
from aimstats.web.marks import marks_of_row
from aimstats.web.table import Layout

KEPT_ROWS: Final = 8_192
"""Rows that stay drawn: some 1.5 KB each."""
KEPT: Final = "kept_pages"
UNKNOWN: Final = "unknown"
"""The id of the developer whom nobody names: it stands last among the choices, however many models it has."""


class Names:
    """What ids are called: developers and providers by their own names, the rest by their words."""

    def __init__(self, catalogue: Catalogue) -> None:
        models, providers = catalogue.models, catalogue.providers
        self.developers: dict[str, str] = dict(
            zip(models.values_of("developer.id"), models.values_of("developer.name"), strict=True)
        )
        self.providers: dict[str, str] = dict(zip(providers.ids, providers.values_of("name"), strict=True))
        self.benchmarks: dict[str, str] = {one: declared["name"] for one, declared in catalogue.benchmarks.items()}
        self._by_column = {
            "developer.id": self.developers,
            "developer": self.developers,
            "providers": self.providers,
            "provider": self.providers,
            "host": self.providers,
        }

    def of(self, column: Column, value: str) -> str:
        """The name of a value of a column."""
        names = self._by_column.get(column.key)
        if names is not None:
            return names.get(value) or value
        if column.key == "status" and value in formats.STATES:
            return formats.state(value)
        return formats.words(value) if column.kind.name in ("choice", "texts") else value


@dataclass(slots=True)
class _OfEdition:
    """What was made for one edition: whoever began with it goes on with it, though a newer one is shown meanwhile."""

    edition: object = None
    rows: dict[tuple[str, str, str, str], dict[int, bytes]] = field(default_factory=dict)
    names: Names | None = None
    left_out: list[int] | None = None
    score_columns: tuple[Column, ...] | None = None
    facet_sets: dict[tuple[str, str], list[FacetSet]] = field(default_factory=dict)
    shells: dict[tuple[str, ...], bytes] = field(default_factory=dict)
    telling: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[frozenset[str], int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one edition: a page asks for it once."""

    catalogue: Catalogue
    _of: _OfEdition

    def telling_facets(self, collection: Collection, fixed: Mapping[str, str]) -> tuple[frozenset[str], int]:
        """The facets of a page that part its rows at all, those with two values or more before anything is chosen; and how many
        rows those are."""
        telling = self._of.telling
        key = (collection.name, tuple(sorted(fixed.items())))
        found = telling.get(key)
        if found is None:
            selection = Selection(self.catalogue, Query(collection).fixed(**fixed))
            names = frozenset(name for name, values in selection.facets() if len(values) > 1 and name not in fixed)
            found = telling[key] = names, selection.bits.bit_count()
        return found

    def facet_sets(self, collection: Collection, name: str) -> list[FacetSet]:
        """The values of a facet in the order of the form, each with its rows."""
        sets = self._of.facet_sets
        key = (collection.name, name)
        if key not in sets:
            table = self.catalogue.tables[collection.name]
            weigh = weight_of(table)
            found = facet_sets(table, collection.facets[name])
            sets[key] = sorted(found, key=lambda one: (one[0] == UNKNOWN, -weigh(one[1]), one[0]))
        return sets[key]

    @property
    def score_columns(self) -> tuple[Column, ...]:
        """The scores of models as columns."""
        if self._of.score_columns is None:
            self._of.score_columns = score_columns(self.catalogue)
        return self._of.score_columns

    @property
    def left_out(self) -> list[int]:
        """By model, how many cheaper offers do not count as its cheapest (see `left_out` of the column `cheapest`)."""
        if self._of.left_out is None:
            models = self.catalogue.models
            rows = (Row(self.catalogue, models, index) for index in range(len(models)))
            self._of.left_out = [(row.body.get("cheapest") or {}).get("left_out") or 0 for row in rows]
        return self._of.left_out

    def shell(self, of: tuple[str, ...], make: Callable[[], bytes]) -> bytes:
        """What stands around the main part of a page, made once; `of` is all that it depends on beside the edition."""
        shells = self._of.shells
        if of not in shells:
            shells[of] = make()
        return shells[of]

    @property
    def names(self) -> Names:
        """What ids are called in this edition."""
        if self._of.names is None:
            self._of.names = Names(self.catalogue)
        return self._of.names

    def rows(self, places: Sequence[int], layout: Layout, query: Query) -> bytes:
        """The rows at these places as HTML, each drawn once for a language, price basis and choice of columns; sources, which
        change without a new edition and say how many days ago they were read, are drawn anew."""
        collection, basis = query.collection, query.basis
        table = self.catalogue.tables[collection.name]
        drawn: dict[int, bytes] = {}
        if collection.name != "sources":
            drawn = self._of.rows.setdefault((language().code, collection.name, basis, layout.key), drawn)
        found = []
        for place in places:
            html = drawn.get(place)
            if html is None:
                html = drawn[place] = _drawn(self.catalogue, Row(self.catalogue, table, place, basis), layout, collection)
            found.append(html)
        return b"\n".join(found)


class KeptTexts:
    """One for the app; what belongs to an older edition is forgotten when a newer one is shown."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept = _OfEdition()

    def of(self, catalogue: Catalogue) -> Kept:
        """What is kept of the edition that this catalogue is."""
        edition = (catalogue.version, catalogue.as_of, catalogue.known_at, day_of(catalogue))
        with self._lock:
            if edition != self._kept.edition or sum(map(len, self._kept.rows.values())) > KEPT_ROWS:
                self._kept = _OfEdition(edition)
            return Kept(catalogue, self._kept)


def kept(catalogue: Catalogue) -> Kept:
    """What this app keeps of an edition."""
    texts: KeptTexts = current_app.extensions[KEPT]
    return texts.of(catalogue)


def _drawn(catalogue: Catalogue, row: Row, layout: Layout, collection: Collection) -> bytes:
    sold = catalogue.model(row["model"] or "") if collection.name == "offers" else None
    name = sold["name"] if sold else ""
    is_model = collection.name == "models"
    marks = marks_of_row(catalogue, row, collection.name)
    html = template("parts/row.html").render(
        row=row,
        name=name,
        lead=collection.name,
        columns=layout.columns,
        evidence=is_model,
        marks=marks,
        in_english=in_english(),
        today=day_of(catalogue),
    )
    return html.encode()
