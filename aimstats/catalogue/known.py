"""Whether a word that a query names was ever published: one that never was is a mistake, one that is gone today is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, text

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.models import SCORES
from aimstats.catalogue.engine.parameters import SCORE_PREFIX
from aimstats.catalogue.engine.query import Query
from aimstats.domain.licences import licence
from aimstats.domain.likeness import nearest
from aimstats.domain.reasons import Reason

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
_NEVER_HERE: Final = ("never_here", "never_here_but")
_NO_BENCHMARK: Final = ("no_benchmark", "no_benchmark_but")
"""Codes of reasons: the latter where a known word may be meant."""


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
            yield {"parameter": name, "message": _refused(_NEVER_HERE, word[:60], nearest(word, known))}


def unknown_benchmarks(
    catalogues: tuple[Catalogue, ...], query: Query, further: Iterable[tuple[str, str]] = ()
) -> Iterator[dict[str, str]]:
    """Why the benchmarks are refused that a query sorts by, filters by or names as fields and that none of these catalogues has;
    `further` are those of other parameters, each with its name. The first of a parameter has the known one that is most like it.
    """
    named = [*further, *_benchmarks_of(query)]
    if not named:
        return
    known = set().union(*map(benchmarks_known, catalogues))
    suggested: set[str] = set()
    for parameter, benchmark in dict.fromkeys(named):
        if benchmark not in known:
            meant = nearest(benchmark[:60], known) if parameter not in suggested else None
            suggested.add(parameter)
            yield {"parameter": parameter, "message": _refused(_NO_BENCHMARK, benchmark[:60], meant)}


def _refused(codes: tuple[str, str], word: str, meant: str | None) -> Reason:
    plain, guessed = codes
    return Reason(plain, word=repr(word)) if meant is None else Reason(guessed, word=repr(word), meant=repr(meant))


def benchmarks_known(catalogue: Catalogue) -> set[str]:
    """The ids of the benchmarks that are declared, or on which a model has a score."""
    scored = {key.removeprefix(SCORE_PREFIX) for key in catalogue.models.values if key.startswith(SCORE_PREFIX)}
    return {*catalogue.benchmarks, *scored}


def _benchmarks_of(query: Query) -> Iterator[tuple[str, str]]:
    """The benchmarks that a query names, each with its parameter."""
    collection = query.collection
    for name, words in query.filters.items():
        if collection.filters[name][0].kind is SCORES:
            yield from ((name, benchmark) for benchmark, _ in words)
    scores = collection.by_key.get(SCORE_PREFIX[:-1])
    if scores is not None and scores.kind is SCORES:
        for name, keys in (("sort", [key for key, _ in query.sort]), ("fields", query.fields)):
            yield from ((name, key.removeprefix(SCORE_PREFIX)) for key in keys if key.startswith(SCORE_PREFIX))


def _held(catalogue: Catalogue, name: str) -> Iterator[Mapping[Any, Any]]:
    for table, key, many in HELD[name]:
        yield catalogue.tables[table].index(key, many=many).all_bits()
