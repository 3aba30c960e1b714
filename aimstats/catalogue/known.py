"""Whether a word that a filter names was ever published: one that never was is a mistake, one that is gone today is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, text

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.engine.query import Query
from aimstats.domain.licences import licence
from aimstats.domain.likeness import suggestion

HELD: Final[Mapping[str, tuple[tuple[str, str, bool], ...]]] = {
    "provider": (("offers", "provider", False), ("models", "providers", True)),
    "host": (("offers", "host", False),),
    "region": (("offers", "region", False),),
    "source": (("offers", "sources", True),),
    "developer": (("models", "developer.id", False), ("offers", "developer", False)),
    "family": (("models", "family", False),),
    "license": (("models", "license", False),),
}
"""By filter where its words stand in the tables: of which list, in which column, whether that holds several."""
_EVER: Final = {
    "provider": "select distinct provider from offer",
    "host": "select distinct host from offer",
    "region": "select distinct region from offer",
    "source": "select id from source",
    "developer": "select distinct split_part(id, '/', 1) from published_model",
    "family": "select distinct value #>> '{}' from claim where kind = 'fact' and key = 'family'",
    "license": "select distinct value #>> '{}' from claim where kind = 'fact' and key = 'license'",
}


def unheld(catalogues: tuple[Catalogue, ...], query: Query) -> list[tuple[str, str]]:
    """The filters of a query, each with a word that none of these catalogues has there."""
    asked = [(name, word) for name, words in query.filters.items() if name in HELD for word in words if isinstance(word, str)]
    return [(name, word) for name, word in asked if not any(word in words for one in catalogues for words in _held(one, name))]


def refusals(connection: Connection, present: Catalogue, words: list[tuple[str, str]]) -> Iterator[dict[str, str]]:
    """Why those of the words that were never published are refused, a filter's first with the known word that is most like it."""
    for name in dict.fromkeys(name for name, _ in words):
        ever = {row[0] for row in connection.execute(text(_EVER[name]))}
        if name == "license":
            ever = {licence(one) for one in ever if one}
        never = [word for other, word in words if other == name and word not in ever]
        for place, word in enumerate(never):
            known = {one for held in _held(present, name) for one in held} if place == 0 else ()
            yield {"parameter": name, "message": f"there never was {word[:60]!r} here{suggestion(word, known)}"}


def _held(catalogue: Catalogue, name: str) -> Iterator[Mapping[Any, Any]]:
    for table, key, many in HELD[name]:
        yield catalogue.tables[table].index(key, many=many).all_bits()
