"""What crawls found changed, read from the ledger's events: filtered, in order, page by page."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, Engine, text

from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.declarations import IS, Collection, Column, Lookup
from aimstats.catalogue.columns.kinds import COUNT, DATE, KEY, NUMBER, Kind, choice, read_date, structure
from aimstats.catalogue.engine.cursor import Cursor
from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.catalogue.engine.table import instant
from aimstats.domain.keeping import CHANGES_SPAN
from aimstats.domain.money import plain
from aimstats.store.patience import longer

KINDS: Final = (
    "model_added",
    "model_removed",
    "model_merged",
    "price_changed",
    "price_restated",
    "status_changed",
    "retirement_date_changed",
    "deprecation_date_changed",
)
PARAMETERS: Final = ("sort", "limit", "cursor", "fields", "as_of", "known_at", "since", "kind", "model", "provider", "developer")
BATCH_ROWS: Final = 1_000
COLUMNS: Final = "id, at, kind, model, offer, field, before, after, ratio, source, weight"
SINCE: Final = Lookup("since", "least", False, "Only what was published then or later; a date, or a time with its offset.")


def read_since(stated: str) -> datetime:
    """The instant at which a date (as precise as it is given) begins, or an RFC 3339 time. Raises ValueError for anything else.

    >>> read_since("2026-03").isoformat(), read_since("2026-03-01T12:00:00+02:00").isoformat()
    ('2026-03-01T00:00:00+00:00', '2026-03-01T10:00:00+00:00')
    """
    if len(stated) <= 10:
        year, month, day = (int(part) for part in (*read_date(stated).split("-"), "1", "1")[:3])
        year = max(year, 1)
        return datetime(year, month, min(day, monthrange(year, month)[1]), tzinfo=UTC)
    refusal = ValueError("must be a date, such as 2026-03-01, or a time with its offset (RFC 3339)")
    try:
        at = datetime.fromisoformat(stated.upper().replace(" ", "+"))
    except ValueError:
        raise refusal from None
    if len(stated) < 20 or stated[10] not in "Tt" or at.tzinfo is None:
        raise refusal
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return at.replace(tzinfo=UTC)


_SINCE_SCHEMA: Final = {"anyOf": [DATE.parameter, {"type": "string", "format": "date-time"}]}
_WHEN: Final = Kind(name="instant", schema={"type": "string", "format": "date-time"}, parameter=_SINCE_SCHEMA, read=read_since)
_FIGURE: Final = structure({"type": ["string", "number"]})

CHANGES: Final = Collection(
    name="changes",
    singular="change",
    columns=(
        Column(key="id", label="Id", help="The event's number.", kind=COUNT, sort=False),
        Column(key="at", label="At", help="When it was published.", kind=_WHEN, lookups=(SINCE,)),
        Column(key="kind", label="Kind", help="What changed.", kind=choice(KINDS), lookups=(IS,), sort=False),
        Column(key="model", label="Model", help="The model's id.", kind=KEY, lookups=(IS,), sort=False),
        Column(key="offer", label="Offer", help="The offer's id; null where the model itself changed.", kind=KEY, sort=False),
        Column(key="field", label="Field", help="Which field of it changed.", kind=KEY, sort=False),
        Column(key="from", label="From", help="What it was: a number for prices, else text.", kind=_FIGURE, sort=False),
        Column(key="to", label="To", help="What it is.", kind=_FIGURE, sort=False),
        Column(key="ratio", label="Ratio", help="Of a price: what it is over what it was.", kind=NUMBER, sort=False),
        Column(key="source", label="Source", help="Whose statement it is.", kind=KEY, sort=False),
        Column(key="weight", label="Weight", help="How much it matters: the greater the more (api.md, Changes).", kind=NUMBER),
        Column(key="provider", label="Provider", help="Who sells the offer.", kind=KEY, lookups=(IS,), served=False),
        Column(key="developer", label="Developer", help="Whose model it is.", kind=KEY, lookups=(IS,), served=False),
    ),
    exact=lambda body: (),
    words=lambda body: (),
    default_sort="-at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One event: of a model, or of one offer of it. `before` and `after` are texts (amounts as decimals)."""

    id: int
    at: datetime
    kind: str
    model: str | None
    offer: str | None
    field: str | None
    before: str | None
    after: str | None
    ratio: Decimal | None
    source: str | None
    weight: Decimal

    @property
    def provider(self) -> str | None:
        """Who sells the offer."""
        return self.offer.partition("/")[0] if self.offer else None

    @property
    def is_price(self) -> bool:
        """Whether `before` and `after` are amounts."""
        return (self.field or "").startswith(("cost.", "prices."))

    def body(self) -> dict[str, Any]:
        """The object that answers print (api.md, Changes)."""
        before, after = self.before, self.after
        figures = [None if value is None else wire.number(value) if self.is_price else value for value in (before, after)]
        return {
            "id": self.id, "at": instant(self.at), "kind": self.kind, "model": self.model, "offer": self.offer,
            "field": self.field, "from": figures[0], "to": figures[1], "ratio": self.ratio, "source": self.source,
            "weight": wire.number(plain(self.weight)),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """One page of events; `next` is the cursor of the following page."""

    changes: tuple[Change, ...]
    total: int
    next: str | None


def changes_page(connection: Connection, catalogue: Catalogue, query: Query) -> ChangesPage:
    """The events that a query asks for, none newer than the catalogue. Raises QueryError for a cursor that is none of ours."""
    where, values = conditions(catalogue, query)
    total = connection.execute(text(f"select count(*) from event where {where}"), values).scalar_one()
    order = _Order(query)
    rows = _rows(connection, where, values, order, order.place(query.cursor), query.limit + 1)
    shown, more = rows[: query.limit], len(rows) > query.limit
    cursor = Cursor(catalogue.version.dataset, query.order_text, order.texts(shown[-1]), str(shown[-1].id)) if more else None
    return ChangesPage(tuple(shown), total, str(cursor) if cursor else None)


def all_changes(engine: Engine, catalogue: Catalogue, query: Query) -> Iterator[list[Change]]:
    """Every event that a query asks for (as many as its `limit`, where that is given), in batches."""
    where, values = conditions(catalogue, query)
    order = _Order(query)
    place, left = order.place(query.cursor), query.limit if query.has("limit") else None
    while left is None or left > 0:
        wanted = BATCH_ROWS if left is None else min(left, BATCH_ROWS)
        with longer(), engine.connect() as connection:
            rows = _rows(connection, where, values, order, place, wanted)
        if rows:
            yield rows
        if len(rows) < wanted:
            return
        place, left = order.values(rows[-1]), None if left is None else left - len(rows)


Place = tuple[Any, ...]


class _Order:
    """The order of a query: its sort keys, then the event's number, each of which may go down."""

    def __init__(self, query: Query) -> None:
        first = query.order[0][1]
        self.keys = (*query.order, ("id", first))

    @property
    def text(self) -> str:
        """As SQL says it."""
        return ", ".join(f"{key} desc" if down else key for key, down in self.keys)

    @property
    def after(self) -> str:
        """The SQL condition of what comes after a place, whose values are `place_0`, `place_1`, ..."""
        cases = []
        for number, (key, down) in enumerate(self.keys):
            same = [f"{before} = :place_{place}" for place, (before, _) in enumerate(self.keys[:number])]
            cases.append(" and ".join([*same, f"{key} {'<' if down else '>'} :place_{number}"]))
        return " or ".join(f"({case})" for case in cases)

    def values(self, change: Change) -> Place:
        """The place of an event."""
        return tuple(getattr(change, key) for key, _ in self.keys)

    def texts(self, change: Change) -> tuple[str, ...]:
        """The sort values of an event, as a cursor has them."""
        return tuple(_text_of(value) if isinstance(value, datetime) else plain(value) for value in self.values(change)[:-1])

    def place(self, cursor: Cursor | None) -> Place | None:
        """Where a page begins. Raises QueryError for a cursor that none of our pages gave."""
        if cursor is None:
            return None
        try:
            found = [
                _instant_of(text or "") if key == "at" else _number_of(text or "")
                for (key, _), text in zip(self.keys, cursor.values, strict=False)
            ]
            number = int(cursor.id)
            if not 0 <= number < 2**63:
                raise ValueError
        except ValueError:
            raise QueryError([{"parameter": "cursor", "message": "must be a cursor that meta.next gave"}]) from None
        return (*found, number)


def _rows(
    connection: Connection, where: str, values: Mapping[str, Any], order: _Order, place: Place | None, limit: int
) -> list[Change]:
    after = f"and ({order.after})" if place else ""
    places = {f"place_{number}": value for number, value in enumerate(place or ())}
    found = connection.execute(
        text(f"select {COLUMNS} from event where {where} {after} order by {order.text} limit :limit"),
        {**values, **places, "limit": limit},
    )
    return [Change(**row._mapping) for row in found]


def conditions(catalogue: Catalogue, query: Query) -> tuple[str, dict[str, Any]]:
    """The SQL condition of a query's filters and days, with its values."""
    conditions = ["dataset <= :dataset", "kind = any(:kinds)"]
    values: dict[str, Any] = {"dataset": catalogue.version.dataset, "kinds": list(query.filters.get("kind", KINDS))}

    def add(condition: str, name: str, value: Any) -> None:
        conditions.append(condition)
        values[name] = value

    if (published := catalogue.version.published_at) is not None:
        # Of the edition and not of the clock, since the edition is what an answer's validator names.
        add("at >= :oldest", "oldest", published - CHANGES_SPAN)
    for since in query.filters.get("since", ()):
        add("at >= :since", "since", since)
    if query.as_of is not None:
        add("at < :until", "until", _end_of(query.as_of))
    if query.known_at is not None:
        add("at <= :known_at", "known_at", query.known_at)
    if models := query.filters.get("model"):
        add("model = any(:models)", "models", sorted(_with_merged(catalogue, models)))
    if providers := query.filters.get("provider"):
        add("split_part(offer, '/', 1) = any(:providers)", "providers", list(providers))
    if developers := query.filters.get("developer"):
        add("split_part(model, '/', 1) = any(:developers)", "developers", list(developers))
    return " and ".join(conditions), values


def _with_merged(catalogue: Catalogue, models: tuple[str, ...]) -> set[str]:
    """The models with the ids that were merged into them; an id that was merged means the model that it leads to."""
    redirects = catalogue.redirects.models
    surviving = {redirects.get(model, model) for model in models}
    return surviving | {old for old, target in redirects.items() if target in surviving}


def _end_of(day: date) -> datetime:
    try:
        return datetime.combine(day + timedelta(days=1), time(), UTC)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _text_of(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _instant_of(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at


def _number_of(text: str) -> Decimal:
    if len(text) > 30 or not text.replace(".", "", 1).isdecimal():
        raise ValueError(text)
    return Decimal(text)
