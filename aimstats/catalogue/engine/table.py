"""One immutable list of rows in memory: typed values by column, JSON by row, indexes made when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import islice
from typing import Any, Final

from aimstats.catalogue import wire
from aimstats.catalogue.columns.declarations import BASES, Body, Collection, Column
from aimstats.catalogue.engine.bits import Order, Values, bits_of, rows_of
from aimstats.catalogue.engine.search import Found, Texts, haystack, is_usable, needles, words_of

FIRST_PARTY: Final = BASES[0]
OBJECT_BYTES: Final = 49
"""What Python adds to a text."""
VALUE_BYTES: Final = 16
"""A place in a list, and its share of values that are shared."""
HIDDEN: Final = frozenset({"documents", "key_snapshot", "frozen_at", "own_word", "seller", "disagreements"})
"""Keys of a resolved row that no answer about it shows: ids of documents and keys are the ledger's own, the rest has rows."""
DETAILS: Final = ("aliases", "snapshots", "variants")
"""Keys that only the answer about one row shows, unless they are columns."""
SCORES: Final = "scores"
CHANGED_AT: Final = "changed_at"
CHUNK: Final = 500
KEPT_WORDS: Final = 1_024
"""Words of searches whose rows stay found, some 300 bytes each."""
KEPT_SEARCHES: Final = 32
"""Searches that stay put in order, 8 bytes for each row that they find."""

MOST_OFFERS: Final = 2**16 - 1
ELSEWHERE: Final = 2**16
RETIRED: Final = 2**17
OTHERWISE: Final = 2**18
"""What the rank of a row that a search finds is made of; below OTHERWISE it is exact."""

StoredRow = tuple[Body, datetime | None]
"""A resolved row and when it last changed (None for another day's)."""
Patch = Callable[[int, dict[str, Any]], None]
"""Changes the served object of a row, by its place."""
OtherCosts = Callable[[Body], Mapping[str, Any]]
"""From a resolved row to its `cost` under each price basis but the first."""


@lru_cache(maxsize=4_096)
def instant(at: datetime | None) -> str | None:
    """A time as answers print it, in UTC to the second.

    >>> instant(datetime(2026, 3, 1, 12, tzinfo=UTC))
    '2026-03-01T12:00:00Z'
    """
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Table:
    """Rows of one collection, in the order of their ids.

    `json[i]` is row i's object without its closing brace, so that what is joined when it is served (`checked_at`) is
    appended (and because a slice is no longer than it must be: orjson's own bytes hold up to 7 KB for 2);
    `details[i]` holds what only the answer about that one row adds; `frozen` is by id the age of rows whose successor is held
    back, which does not follow their documents. Values of priced columns exist for every basis
    (see `key_of`).
    """

    def __init__(self, collection: Collection, stated: Iterable[StoredRow], other_costs: OtherCosts | None = None) -> None:
        self.collection = collection
        self.ids: list[str] = []
        self.json: list[bytes] = []
        self.details: list[bytes] = []
        self.documents: list[tuple[int, ...]] = []
        self.frozen: dict[str, datetime] = {}
        self.values: dict[str, list[Any]] = {}
        self.patch: Patch | None = None
        self._names: list[tuple[str, str]] = []
        self._searchable: tuple[list[str], Texts] | None = None
        self._found: dict[str, int] = {}
        self._searches: dict[str, Found] = {}
        self._values: dict[str, Values] = {}
        self._orders: dict[str, Order] = {}
        self._take(stated, other_costs)
        self._sort()
        self.positions: dict[str, int] = {identifier: row for row, identifier in enumerate(self.ids)}

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def digest(self) -> str:
        """A mark of all that its rows say."""
        mark = blake2b(digest_size=12)
        for row in self.json:
            mark.update(row)
        return mark.hexdigest()

    @property
    def held_bytes(self) -> int:
        """About how much memory the rows take, values and searchable names included."""
        texts = sum(len(row) + OBJECT_BYTES for rows in (self.json, self.details) for row in rows)
        names = sum(len(own) + len(words) + 2 * OBJECT_BYTES for own, words in self._names)
        return texts + names + sum(len(values) for values in self.values.values()) * VALUE_BYTES

    @property
    def everything(self) -> int:
        """The set of all rows."""
        return (1 << len(self.ids)) - 1

    def key_of(self, column: Column, basis: str) -> str:
        """Under which key a column's values stand for a price basis."""
        return f"{column.key}@{basis}" if column.priced and basis != FIRST_PARTY else column.key

    def forget_indexes(self) -> None:
        """Give up the indexes of columns whose values depend on the price basis; a table that was copied keeps its own."""
        self._values = {key: index for key, index in self._values.items() if "@" not in key}
        self._orders = {key: order for key, order in self._orders.items() if "@" not in key}

    def values_of(self, key: str) -> list[Any]:
        """The values of a column by row; a benchmark that no row has is blank everywhere."""
        found = self.values.get(key)
        return [None] * len(self.ids) if found is None else found

    def index(self, key: str, *, many: bool) -> Values:
        """The equality index of a column, made once."""
        if key not in self._values:
            self._values[key] = Values(self.values_of(key), many=many)
        return self._values[key]

    def order(self, key: str, column: Column) -> Order:
        """The order of a column, made once; an unknown benchmark's is not kept."""
        found = self._orders.get(key)
        if found is None:
            found = Order(self.values_of(key), column.kind.order)
            if key in self.values:
                self._orders[key] = found
        return found

    def search(self, query: str) -> Found:
        """The rows that have every word of the query: those of which it is exactly a name or id come first (their rank is below
        OTHERWISE), then the living before the retired, those that have it whole in a name before those that have its words
        anywhere, and those that are sold most before others."""
        found = self._searches.get(query)
        if found is None:
            if len(self._searches) >= KEPT_SEARCHES:
                self._searches.clear()
            ranks = self._ranks(query)
            exact = [row for row, rank in ranks.items() if rank < OTHERWISE]
            found = self._searches[query] = Found(ranks, exact, len(self))
        return found

    def _ranks(self, query: str) -> dict[int, int]:
        wanted = needles(query)
        if not wanted:
            return {}
        names, _ = self._haystacks()
        bits = self.everything
        for parted, squeezed in wanted:
            bits &= self._having(parted, squeezed)
        rows, words = rows_of(bits), words_of(query)
        whole, line = f" {words}", f"\n {words}\n"
        unparted = f"\n{words.replace(' ', '')}\n" if is_usable(words) else line
        standing, found = self._standing, {}
        for row in rows:
            own = names[row]
            if whole in own:
                found[row] = standing[row] if line in own else standing[row] + OTHERWISE
            else:
                found[row] = standing[row] + (ELSEWHERE if unparted in own else ELSEWHERE + OTHERWISE)
        return found

    def _having(self, parted: str, squeezed: str) -> int:
        """The rows that hold a word: found once, as people ask for the same few under many filters."""
        found = self._found.get(parted)
        if found is None:
            _, hay = self._haystacks()
            if len(self._found) >= KEPT_WORDS:
                self._found.clear()
            found = self._found[parted] = bits_of(hay.having_any(parted, squeezed), len(self))
        return found

    @cached_property
    def _standing(self) -> list[int]:
        """By row how it stands among what a search finds: the retired behind the living, then by how many offers there are."""
        statuses, offers = self.values_of("status"), self.values_of("offer_count")
        return [
            RETIRED * (status == "retired") + MOST_OFFERS - min(count or 0, MOST_OFFERS)
            for status, count in zip(statuses, offers, strict=True)
        ]

    def _haystacks(self) -> tuple[list[str], Texts]:
        """The searchable names of each row, one a line, and all of its searchable texts."""
        if self._searchable is None:
            names = [f"\n{haystack(names.splitlines())}\n" for names, _ in self._names]
            hay = (own + haystack(words.splitlines()) for own, (_, words) in zip(names, self._names, strict=True))
            self._searchable = names, Texts(hay)
        return self._searchable

    def _take(self, stated: Iterable[StoredRow], other_costs: OtherCosts | None) -> None:
        """Read each row once, keeping only what is served, compared and searched."""
        columns = [column for column in self.collection.columns if not column.joined and column.key != CHANGED_AT]
        kept = [column for column in columns if column.kind.name != "structure" and column.key != SCORES]
        readers = [(self.values.setdefault(column.key, []), column.reader()) for column in kept]
        priced = [
            (basis, self.values.setdefault(self.key_of(column, basis), []), column.reader())
            for column in kept
            if column.priced and other_costs
            for basis in BASES[1:]
        ]
        changes = self.values.setdefault(CHANGED_AT, []) if CHANGED_AT in self.collection.by_key else None
        scores: list[Mapping[str, str]] = []
        keep_json = self._json_keeper()
        rows = iter(stated)
        while chunk := list(islice(rows, CHUNK)):
            bodies = [body for body, _ in chunk]
            for values, read in readers:
                values.extend(map(read, bodies))
            costs = [other_costs(body) for body in bodies] if other_costs else []
            for basis, values, read in priced:
                values.extend(read({"cost": cost[basis]}) for cost in costs)
            if changes is not None:
                changes.extend(instant(changed_at) for _, changed_at in chunk)
            for body, changed_at in chunk:
                keep_json(body, changed_at)
            scores.extend(body.get(SCORES) or {} for body in bodies)
        if SCORES in self.collection.by_key:
            self._take_scores(scores)

    def _json_keeper(self) -> Callable[[Body, datetime | None], None]:
        """A function that keeps of a row what is served and searched."""
        serve = wire.server(self.collection, HIDDEN | self._detail_keys)
        detail_keys = tuple(key for key in DETAILS if key in self._detail_keys)
        document_sets: dict[tuple[int, ...], tuple[int, ...]] = {}
        details: dict[bytes, bytes] = {}
        checked = self.collection.by_key.get("checked_at")
        stands_on_documents = checked is not None and checked.joined
        has_changes = CHANGED_AT in self.collection.by_key

        def keep(body: Body, changed_at: datetime | None) -> None:
            self.ids.append(body["id"])
            served = serve(body)
            if has_changes:
                served[CHANGED_AT] = instant(changed_at)
            self.json.append(wire.dumps(served)[:-1])
            detail = wire.dumps({key: body.get(key) or [] for key in detail_keys})
            self.details.append(details.setdefault(detail, detail))
            if "frozen_at" in body:
                self.frozen[body["id"]] = datetime.fromisoformat(body["frozen_at"])
            documents = tuple(sorted(body.get("documents") or ())) if stands_on_documents else ()
            self.documents.append(document_sets.setdefault(documents, documents))
            names, words = self.collection.exact(body), self.collection.words(body)
            self._names.append(("\n".join(filter(None, names)), "\n".join(filter(None, words))))

        return keep

    def _take_scores(self, scores: list[Mapping[str, str]]) -> None:
        stored = self.collection.by_key[SCORES].kind.stored
        for row, by_benchmark in enumerate(scores):
            for benchmark, score in by_benchmark.items():
                self.values.setdefault(f"{SCORES}.{benchmark}", [None] * len(scores))[row] = stored(score)

    @property
    def _detail_keys(self) -> frozenset[str]:
        return frozenset(DETAILS) - self.collection.by_key.keys()

    def _sort(self) -> None:
        """Put the rows into the order of their ids (by code point), which they mostly have."""
        order = sorted(range(len(self.ids)), key=self.ids.__getitem__)
        if order == list(range(len(order))):
            return
        for rows in (self.ids, self.json, self.details, self.documents, self._names, *self.values.values()):
            rows[:] = [rows[row] for row in order]  # type: ignore[index]  # lists of different types
