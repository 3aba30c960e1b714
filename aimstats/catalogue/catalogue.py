"""One dataset version in memory: models, offers and providers, immutable, with the documents they stand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import orjson

from aimstats.catalogue import wire
from aimstats.catalogue.columns.declarations import Body, at
from aimstats.catalogue.engine.table import FIRST_PARTY, OBJECT_BYTES, Table, instant
from aimstats.domain.staleness import is_stale, stale_after
from aimstats.resolution.version import RESOLVER_VERSION


@dataclass(frozen=True, slots=True)
class Version:
    """What was published last. `dataset` moves when a row changes, `checked` when a document is confirmed; `stale` are the
    documents that have since become too old by the clock, of which the database knows nothing. `resolver_version` is of the
    resolver that made the rows: after an update another one than this release's, until the next crawl."""

    dataset: int
    checked: int
    published_at: datetime | None
    rules_version: str
    stale: frozenset[int] = frozenset()
    resolver_version: str = RESOLVER_VERSION


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What is joined to figures by document when they are served: when it was last read well, its own date, its
    address, and how often its source is read; `stale` is how publishing ranked it, not how it stands now."""

    checked_at: datetime | None
    document_date: datetime | None
    url: str
    source: str
    stale: bool
    cadence_hours: int = 24

    @property
    def stale_after(self) -> datetime | None:
        """Until when it is fresh; None where it was never read well."""
        return stale_after(self.checked_at, self.cadence_hours)


@dataclass(frozen=True, slots=True)
class Redirects:
    """Where withdrawn ids lead."""

    models: Mapping[str, str] = field(default_factory=dict)
    offers: Mapping[str, str] = field(default_factory=dict)


Pages = tuple[tuple[int | None, str | None], ...]
"""Document and own address of each price of an offer, in the order of its `prices`."""

JOINED: Final = ("checked_at", "stale_after")
"""The columns of a row that come from the documents it stands on when it is served."""


class Row:
    """One row under one price basis. `row["cost.input"]` is the typed value of a column (Decimal, int, bool, text,
    tuple or None); `body` is the whole object as an answer has it, numbers as int and Decimal."""

    __slots__ = ("_body", "_catalogue", "_table", "basis", "index")

    def __init__(self, catalogue: Catalogue, table: Table, index: int, basis: str = FIRST_PARTY) -> None:
        self._catalogue = catalogue
        self._table = table
        self.index = index
        self.basis = basis
        self._body: dict[str, Any] | None = None

    @property
    def id(self) -> str:
        """The row's id."""
        return self._table.ids[self.index]

    def __getitem__(self, key: str) -> Any:
        """The typed value of a column; a structure (`cost.absent`) as its object. Raises KeyError for no such
        column."""
        column = self._table.collection.by_key.get(key)
        if column is None:
            if not key.startswith("scores."):
                raise KeyError(key)
            return self._table.values_of(key)[self.index]
        if column.joined and key in JOINED:
            return instant(getattr(self, key))
        values = self._table.values.get(self._table.key_of(column, self.basis))
        return at(self.body, key) if values is None else values[self.index]

    @property
    def checked_at(self) -> datetime | None:
        """When the documents that the row stands on were last confirmed: the latest of them; where a headline figure stays
        because its successor is held, when that was.
        """
        return self.frozen_at or self._catalogue.checked_at(self._table.documents[self.index])

    @property
    def frozen_at(self) -> datetime | None:
        """When a headline figure of the row was last confirmed whose successor is held back; None where none is."""
        return self._table.frozen.get(self.id)

    @property
    def stale_after(self) -> datetime | None:
        """When the first of the documents that the row stands on is too old, or a figure whose successor is held back is."""
        return self._catalogue.stale_after(self._table.documents[self.index], self.frozen_at)

    @property
    def stale_documents(self) -> list[DocumentFacts]:
        """The documents that the row stands on and that are too old now."""
        stale = self._catalogue.version.stale
        return [self._catalogue.documents[one] for one in self._table.documents[self.index] if one in stale]

    @property
    def json(self) -> bytes:
        """The row's JSON object."""
        opened = self._table.json[self.index] if self.basis == FIRST_PARTY else wire.dumps(self._based())[:-1]
        checked = self._table.collection.by_key.get("checked_at")
        if checked is None or not checked.joined:
            return opened + b"}"
        times = ((key, instant(getattr(self, key))) for key in JOINED)
        joined = (b',"%b":%b' % (key.encode(), b"null" if at is None else b'"%b"' % at.encode()) for key, at in times)
        return b"%b%b}" % (opened, b"".join(joined))

    @property
    def body(self) -> dict[str, Any]:
        """The row's object, parsed when first asked for."""
        if self._body is None:
            self._body = wire.parsed(self.json)
        return self._body

    @property
    def detail(self) -> dict[str, Any]:
        """What only the page of this one row shows: aliases, snapshots, variants."""
        found: dict[str, Any] = orjson.loads(self._table.details[self.index])
        return found

    @property
    def documents(self) -> tuple[int, ...]:
        """The ids of the documents that the row stands on."""
        return self._table.documents[self.index]

    def _based(self) -> dict[str, Any]:
        """The stored object with the cost of the row's price basis in the place of the first party's."""
        body = wire.parsed(self._table.json[self.index] + b"}")
        if self._table.patch is not None:
            self._table.patch(self.index, body)
        cost, basis = self._catalogue.cost_on(body, self.basis)
        body["cost"] = cost
        body["cost_basis"] = basis
        return body


@dataclass(frozen=True)
class Catalogue:
    """Everything of one version, or of a past or coming day; `as_of` and `known_at` are None for the present.

    `benchmarks` is what sources declare of them, by id, with the edition that tables show. `evidence` is what another day's rows
    stand on, kept with them; the present's is read from its tables. `pages` says by offer on which document each of its prices
    stands, and at which address of its own; `days_otherwise` by offer all days on which sources say that it ends, where they
    differ. `made_of_rows` is what was computed of the rows, for as long as they are the same.
    `ledger_since` is when anything was read first that says what is sold.
    """

    version: Version
    tables: Mapping[str, Table]
    documents: Mapping[int, DocumentFacts]
    redirects: Redirects = field(default_factory=Redirects)
    benchmarks: Mapping[str, Body] = field(default_factory=dict)
    as_of: str | None = None
    known_at: str | None = None
    evidence: Mapping[str, bytes] | None = None
    pages: Mapping[str, Pages] = field(default_factory=dict, repr=False)
    days_otherwise: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict, repr=False)
    ledger_since: datetime | None = None
    made_of_rows: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _checked: dict[tuple[int, ...], datetime | None] = field(default_factory=dict, repr=False)
    _stale_after: dict[tuple[int, ...], datetime | None] = field(default_factory=dict, repr=False)

    @cached_property
    def last_checked(self) -> datetime | None:
        """When any document was last read well; None where none ever was."""
        return max((one.checked_at for one in self.documents.values() if one.checked_at), default=None)

    @property
    def is_before_evidence(self) -> bool:
        """Whether it is of a day, or of a knowledge, before anything was read: it holds only what sources date themselves."""
        since = self.ledger_since
        if since is None:
            return False
        is_known = self.known_at is None or datetime.fromisoformat(self.known_at) >= since
        return not is_known or (self.as_of is not None and self.as_of < since.date().isoformat())

    def rechecked(self, version: Version, documents: Mapping[int, DocumentFacts]) -> Catalogue:
        """The same rows, their documents confirmed anew."""
        return replace(self, version=version, documents=documents, _checked={}, _stale_after={})

    @property
    def held_bytes(self) -> int:
        """About how much memory its rows and evidence take."""
        evidence = sum(len(key) + len(stated) + OBJECT_BYTES for key, stated in (self.evidence or {}).items())
        return evidence + sum(table.held_bytes for table in self.tables.values())

    @property
    def priced_models(self) -> int:
        """Of how many models a token price is known, be it free."""
        return sum(price is not None for price in self.models.values_of("cost.input"))

    @property
    def models(self) -> Table:
        """The models."""
        return self.tables["models"]

    @property
    def offers(self) -> Table:
        """The offers."""
        return self.tables["offers"]

    @property
    def providers(self) -> Table:
        """The providers."""
        return self.tables["providers"]

    def including(self, table: Table) -> Catalogue:
        """The same catalogue with a further table (the sources, which are read apart)."""
        return replace(self, tables={**self.tables, table.collection.name: table})

    def row(self, name: str, identifier: str, basis: str = FIRST_PARTY) -> Row | None:
        """One row of a collection, or None."""
        table = self.tables[name]
        index = table.positions.get(identifier)
        return None if index is None else Row(self, table, index, basis)

    def model(self, identifier: str, basis: str = FIRST_PARTY) -> Row | None:
        """One model, or None."""
        return self.row("models", identifier, basis)

    def offers_of(self, model: str) -> list[Row]:
        """Every offer of a model, by id."""
        rows = self.offers.index("model", many=False).rows(model)
        return [Row(self, self.offers, row) for row in rows]

    def offers_by(self, provider: str) -> list[Row]:
        """Every offer of a provider, by id."""
        rows = self.offers.index("provider", many=False).rows(provider)
        return [Row(self, self.offers, row) for row in rows]

    def checked_at(self, documents: tuple[int, ...]) -> datetime | None:
        """When the latest of these documents was confirmed."""
        if documents not in self._checked:
            stated = (self.documents[document].checked_at for document in documents if document in self.documents)
            self._checked[documents] = max((time for time in stated if time is not None), default=None)
        return self._checked[documents]

    def stale_after(self, documents: tuple[int, ...], frozen_at: datetime | None = None) -> datetime | None:
        """When the first of these documents is too old, or what was last confirmed at `frozen_at` is."""
        found = (self.documents[document] for document in documents if document in self.documents)
        if frozen_at is not None:
            ages = ((min(one.checked_at or frozen_at, frozen_at), one.cadence_hours) for one in found)
            return min((until for checked_at, hours in ages if (until := stale_after(checked_at, hours))), default=None)
        if documents not in self._stale_after:
            times = (one.stale_after for one in found)
            self._stale_after[documents] = min((time for time in times if time is not None), default=None)
        return self._stale_after[documents]

    def judged(self, now: datetime) -> Catalogue:
        """The same rows, with the documents that are too old by the clock; the very same object where no more are than were."""
        documents = self.documents.items()
        stale = frozenset(id_ for id_, one in documents if is_stale(one.checked_at, one.cadence_hours, now))
        return self if stale == self.version.stale else replace(self, version=replace(self.version, stale=stale))

    def dated(self, stated: Mapping[str, Any]) -> dict[str, Any]:
        """One line of evidence with when what it states is too old (`stale_after`), where it stands on a document."""
        document = self.documents.get(stated.get("document") or 0)
        if document is None:
            return dict(stated)
        return {**stated, "stale_after": instant(stale_after(self.confirmed_at(stated), document.cadence_hours))}

    def confirmed_at(self, stated: Mapping[str, Any]) -> datetime | None:
        """When what one line of evidence states was last confirmed: with its document, or earlier where its successor is held."""
        if "confirmed_at" in (stated.get("held") or {}):
            return datetime.fromisoformat(stated["held"]["confirmed_at"])
        document = self.documents.get(stated.get("document") or 0)
        return document.checked_at if document else None

    def cost_on(self, body: Body, basis: str) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """The served `cost` and `cost_basis` of a served model for a price basis other than its developer's own
        price."""
        chosen = body.get(basis)
        own = body["cost"]
        if chosen is None:
            return wire.cost_of({"absent": own["absent"]}), None
        offer = self.row("offers", chosen.get("offer") or "")
        if offer is not None:
            return offer.body["cost"], {"offer": offer.id, "basis": basis}
        cost = wire.cost_of({"absent": own["absent"], "windowed": own["windowed"], "incomplete": own["incomplete"]})
        cost.update({meter: chosen[meter] for meter in ("input", "output") if chosen.get(meter) is not None})
        cost["absent"] = {meter: why for meter, why in cost["absent"].items() if cost.get(meter) is None}
        return cost, {"offer": chosen.get("offer"), "basis": basis}
