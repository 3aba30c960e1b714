"""Questions to the small catalogue of `bodies.py`, and the rows that answer them."""

from __future__ import annotations

from typing import Any

from aimstats.catalogue.columns.declarations import Collection
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.engine.query import Query, parse
from aimstats.catalogue.engine.select import Page, select
from tests.catalogue import bodies

CATALOGUE = bodies.catalogue()


def asked(collection: Collection = MODELS, **parameters: Any) -> Query:
    """The query of these parameters; a list repeats one."""
    pairs = [(name, value if isinstance(value, list) else [str(value)]) for name, value in parameters.items()]
    return parse(collection, pairs, now=bodies.NOW)


def page(collection: Collection = MODELS, **parameters: Any) -> Page:
    """The page that these parameters ask for, with facets."""
    return select(CATALOGUE, asked(collection, **parameters), facets=True)


def slugs(collection: Collection = MODELS, **parameters: Any) -> list[str]:
    """The last words of the ids on that page."""
    return [row.id.rpartition("/")[2] for row in page(collection, **parameters).rows]
