"""The one query of a list: parsed from URL parameters for HTML, JSON, CSV and feeds alike, with one canonical text."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from urllib.parse import quote_plus

from aimstats.catalogue.columns.declarations import BASES, Collection
from aimstats.catalogue.columns.kinds import read_text
from aimstats.catalogue.engine.cursor import Cursor, order_mark
from aimstats.catalogue.engine.parameters import DEFAULT_LIMIT, MAX_VALUES, Parameter, Sort, last_day, parameters
from aimstats.domain.likeness import suggestion

Arguments = Iterable[tuple[str, Sequence[str]]]
"""Parameter names with all of their values, e.g. `request.args.lists()`."""

MAX_PARAMETERS: Final = 60


class QueryError(ValueError):
    """A query that asks for what cannot be: `errors` names each parameter and says what it may be."""

    def __init__(self, errors: Sequence[Mapping[str, str]]) -> None:
        super().__init__("; ".join(f"{error['parameter']}: {error['message']}" for error in errors))
        self.errors = tuple(errors)


class _Ranks(dict[str, int]):
    """Where each parameter stands in the canonical text; what has no place in it stands last."""

    def __missing__(self, name: str) -> int:
        return len(self)


class Varying(NamedTuple):
    """A query string but for one parameter: what stands before and after it."""

    name: str
    before: str
    after: str

    def __call__(self, value: str | None) -> str:
        """The query string with this value; without the parameter where there is none."""
        if value:
            return f"{self.before}{_encoded(self.name, (value,))}{self.after}"
        return f"{self.before[:-1]}{self.after}" if self.before else self.after[1:]


@dataclass(frozen=True, slots=True)
class Query:
    """What a list was asked for. `stated` are the texts of every parameter given, in canonical order; `filters` their
    parsed values by parameter; `own` the values of a door's own parameters, `deciding` those of them that decide the order;
    `carried` are a door's own parameters that its links keep (the chosen table columns)."""

    collection: Collection
    stated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filters: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    carried: Names[str] = ()
    q: str = ""
    sort: Sort = ()
    limit: int = DEFAULT_LIMIT
    cursor: Cursor | None = None
    fields: tuple[str, ...] = ()
    basis: str = BASES[0]
    as_of: date | None = None
    known_at: datetime | None = None
    own: Mapping[str, Any] = field(default_factory=dict)
    deciding: Names[str] = ()
    encoded: tuple[dict[str, str], _Ranks] | None = field(default=None, init=False, repr=False, compare=False)
    """`_parts`, once they were asked for."""

    @property
    def text(self) -> str:
        """The canonical query string: equal questions have equal texts."""
        return self.url_with()

    @property
    def order(self) -> Sort:
        """What rows are sorted by; empty where the best match comes first."""
        if self.sort or self.q:
            return self.sort
        key = self.collection.default_sort
        return ((key.removeprefix("-"), key.startswith("-")),)

    @property
    def order_text(self) -> str:
        """A mark of what decides the order: a cursor of another order is refused."""
        own = "".join(f" {name}={self.stated[name]}" for name in sorted(self.own) if name in self.deciding)
        return order_mark(f"{self.collection.name} {self.sort} {self.basis} {self.q}{own}")

    def has(self, parameter: str, value: str | None = None) -> bool:
        """Whether a parameter is given (with that value)."""
        stated = self.stated.get(parameter, ())
        return bool(stated) if value is None else value in stated

    def url_with(self, **changes: str | int | Iterable[str] | None) -> str:
        """The query string with these parameters instead (None leaves one out). Any change begins at the first page."""
        return "&".join(self._changed(changes).values() if changes else self._parts()[0].values())

    def varying(self, name: str, **changes: str | int | Iterable[str] | None) -> Varying:
        """`url_with` for one value of a parameter after another: what stands before and after it is put together once."""
        rest, ranks = self._changed({**changes, name: None}), self._parts()[1]
        rank = ranks[name]
        before = "".join([f"{text}&" for other, text in rest.items() if ranks[other] < rank])
        after = "".join([f"&{text}" for other, text in rest.items() if ranks[other] >= rank])
        return Varying(name, before, after)

    def _changed(self, changes: Mapping[str, str | int | Iterable[str] | None]) -> dict[str, str]:
        parts, ranks = self._parts()
        made = dict(parts)
        if "cursor" not in changes:
            made.pop("cursor", None)
        is_longer = False
        for name, value in changes.items():
            text = "" if value is None else _encoded(name, (str(value),) if isinstance(value, str | int) else tuple(value))
            if text:
                is_longer = is_longer or name not in made
                made[name] = text
            else:
                made.pop(name, None)
        return {name: made[name] for name in sorted(made, key=ranks.__getitem__)} if is_longer else made

    def _parts(self) -> tuple[dict[str, str], _Ranks]:
        """The query string parameter by parameter in canonical order, and that order: a page has a hundred links that differ in
        one of them."""
        if self.encoded is None:
            parts = {name: text for name, values in self.stated.items() if (text := _encoded(name, values))}
            ranks = _ranks(self.collection, tuple(self.carried))
            object.__setattr__(self, "encoded", ({name: parts[name] for name in sorted(parts, key=ranks.__getitem__)}, ranks))
        assert self.encoded is not None
        return self.encoded

    def including(self, parameter: str, value: str) -> str:
        """The query string with one more value of a repeatable parameter."""
        return self.url_with(**{parameter: (*self.stated.get(parameter, ()), value)})

    def without(self, parameter: str, value: str | None = None) -> str:
        """The query string without a parameter, or without one of its values."""
        kept = [] if value is None else [text for text in self.stated.get(parameter, ()) if text != value]
        return self.url_with(**{parameter: kept or None})

    def fixed(self, **filters: str) -> Query:
        """The same query under further filters that the page itself sets and links leave out (a provider's page)."""
        if not filters:
            return self
        table = parameters(self.collection)
        added = {name: (table[name].read(value),) for name, value in filters.items()}
        return replace(self, filters={**self.filters, **added})


@lru_cache(maxsize=64)
def _ranks(collection: Collection, of_door: tuple[str, ...]) -> _Ranks:
    """The collection's own parameters first, then those of the door."""
    return _Ranks((name, rank) for rank, name in enumerate((*parameters(collection), *of_door)))


@lru_cache(maxsize=4_096)
def _encoded(name: str, values: tuple[str, ...]) -> str:
    """One parameter of a query string with its values; its name is plain."""
    return "&".join([f"{name}={quote_plus(value)}" for value in sorted(set(values)) if value])


def parse(
    collection: Collection,
    arguments: Arguments,
    *,
    now: datetime,
    only: Names[str] | None = None,
    own: Sequence[Parameter] = (),
    ignored: Names[str] = (),
    carried: Names[str] = (),
    limit: int = DEFAULT_LIMIT,
) -> Query:
    """The query that these URL parameters ask. `only` are the parameters that the door takes (all of them by default), `own`
    further ones of the door that it reads from `query.own`; `ignored` are texts that no link keeps (`fragment`), `carried`
    those that links keep; `limit` is that of the door where none is stated.

    Raises QueryError, naming every parameter that is unknown, repeated where it is single, or holds what it may not.
    An empty value counts as absent.
    """
    known = parameters(collection)
    table: Mapping[str, Parameter] = known
    if only is not None or own:
        table = {name: known[name] for name in (known if only is None else only)} | {
            parameter.name: parameter for parameter in own
        }
    of_door = {*ignored, *carried}
    errors: list[dict[str, str]] = []
    stated: dict[str, tuple[str, ...]] = {}
    values: dict[str, Any] = {"limit": limit}
    filters: dict[str, tuple[Any, ...]] = {}
    further: dict[str, Any] = {}
    for count, (name, texts) in enumerate(arguments):
        given = tuple(dict.fromkeys(text.strip(" ") for text in texts if text.strip(" ")))
        problem = _refusal(name, texts, table, of_door) if count < MAX_PARAMETERS else "is one too many"
        if problem:
            errors.append({"parameter": name[:100], "message": problem})
        elif given and name in carried:
            stated[name] = given
        elif given and name not in ignored:
            parameter = table[name]
            try:
                parsed = tuple(map(parameter.read, given))
            except ValueError as error:
                errors.append({"parameter": name, "message": str(error)})
                continue
            stated[name] = given if parameter.write is None else tuple(map(parameter.write, parsed))
            if parameter.lookup is not None:
                filters[name] = parsed
            elif parameter in own:
                further[name] = parsed if parameter.repeatable else parsed[0]
            else:
                values[name] = parsed[0]
    ranks = _ranks(collection, (*(parameter.name for parameter in own), *carried))
    query = Query(
        collection, {name: stated[name] for name in sorted(stated, key=ranks.__getitem__)}, filters, carried, own=further,
        deciding=frozenset(parameter.name for parameter in own if parameter.orders), **values,
    )  # fmt: skip
    errors.extend(_together(query, now))
    if errors:
        raise QueryError(errors)
    return query


def _refusal(name: str, texts: Sequence[str], table: Mapping[str, Parameter], own: Names[str]) -> str:
    """Why a parameter cannot stand as it is given; '' where it can."""
    parameter = table.get(name)
    if parameter is None:
        if name not in own:
            return f"there is no such parameter{suggestion(name[:100], table)}"
        try:
            for text in texts:
                read_text(text)
        except ValueError as error:
            return str(error)
        return ""
    if not parameter.repeatable and sum(bool(text.strip(" ")) for text in texts) > 1:
        return "may be given once only"
    if len(texts) > MAX_VALUES:
        return f"may be repeated {MAX_VALUES} times at most"
    return ""


def _together(query: Query, now: datetime) -> Iterable[dict[str, str]]:
    """What is right alone and wrong together, or at this time."""
    if query.cursor is not None:
        expected = len(query.sort) if query.sort else 1
        if query.cursor.order != query.order_text or len(query.cursor.values) != expected:
            yield {"parameter": "cursor", "message": "belongs to another order: begin again without it"}
    if query.as_of is not None and query.as_of > last_day(now):
        yield {"parameter": "as_of", "message": f"may be {last_day(now).isoformat()} at the latest"}
    if query.known_at is not None and query.known_at > now:
        yield {"parameter": "known_at", "message": "must not lie in the future"}
