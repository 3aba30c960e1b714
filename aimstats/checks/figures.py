"""Figures that can be compared: what a claim states as numbers, and what the same series stated before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from aimstats.domain.claims import ClaimRow, Flat, ListingKey, ListingRows, json_value
from aimstats.domain.money import canonical
from aimstats.domain.prices import UNITS
from aimstats.domain.reasons import Reason

Place = tuple[int, ListingKey, str, str, str]
"""Where a series stands: (document, listing key, kind, key, part of the claim); the listings of one key share it."""
COUNTED: Final = ("limit.", "limits.", "parameters.", "embedding_dimensions", "weights_bytes")
"""How the keys of facts begin that are numbers."""
COSTS: Final = {"run_cost_usd": "cost_of_run", "cost_per_task_usd": "cost_of_task"}
"""The parts of a score that are money, with what reasons call them."""
_PRICE: Final = Reason("price")
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def numbers_of(kind: str, key: str, usd: Decimal | None, value: Any) -> Iterator[tuple[str, Decimal]]:
    """The numbers that a claim states, by part: a price in the key's unit and currency, a count, a score and its costs.

    >>> list(numbers_of("price", "input|standard|0|||EUR|", None, {"amount": "0.002", "unit": "1K tokens"}))
    [('', Decimal('2'))]
    >>> list(numbers_of("score", "gpqa|v1||||epoch", None, {"value": "71.5", "run_cost_usd": "12"}))
    [('', Decimal('71.5')), ('run_cost_usd', Decimal('12'))]
    """
    if kind == "price":
        if usd is not None:
            yield "", usd
        elif "amount" in value:
            yield "", canonical(Decimal(value["amount"]) * UNITS[value["unit"]][1])
        return
    stated = value if kind == "score" else {"value": value} if key.startswith(COUNTED) else {}
    for part in ("value", *COSTS):
        if part in stated:
            try:
                yield "" if part == "value" else part, Decimal(str(stated[part]))
            except InvalidOperation:
                continue


def numbers_in(claim: ClaimRow) -> Iterator[tuple[str, Decimal]]:
    """The numbers of a claim that has not been written yet."""
    if claim.kind == "price" and claim.usd is not None:
        yield "", claim.usd
    elif claim.kind in ("price", "score") or (claim.kind == "fact" and claim.key.startswith(COUNTED)):
        yield from numbers_of(claim.kind, claim.key, None, json_value(claim.value))


def field_of(kind: str, key: str) -> str:
    """What a document may have renamed: meter and plan of a price, a fact's name, a benchmark, a lifecycle event.

    >>> field_of("price", "input|batch|200000|||USD|"), field_of("score", "gpqa|v1||||epoch")
    ('input|batch', 'gpqa')
    """
    if kind == "price":
        return "|".join(key.split("|", 2)[:2])
    return key.split("|", 1)[0].split("#", 1)[0]


def set_of(key: str) -> str:
    """The plan and window of a price: what is shown and taken together of a listing.

    >>> set_of("input|batch|200000|1630-0030||USD|")
    'batch|1630-0030'
    """
    parts = key.split("|")
    return f"{parts[1]}|{parts[3]}"


def item_of(claim: ClaimRow) -> dict[str, Any]:
    """A claim as `held` keeps it."""
    return {"kind": claim.kind, "key": claim.key, "value": json_value(claim.value)}


def fields_in(claim: ClaimRow) -> Iterator[str]:
    """The fields of a claim that has not been written yet.

    A lifecycle event with a date is another field than one without, a price that is said to be absent another one than a figure;
    each cost of a score is one beside it.
    """
    field = field_of(claim.kind, claim.key)
    if claim.kind == "lifecycle":
        yield f"{field}, dated" if json_value(claim.value).get("at") else field
        return
    if is_absent(claim):
        yield f"{field}, absent"
        return
    yield field
    if claim.kind == "score":
        yield from (f"{field}, {part}" for part in COSTS if f'"{part}"' in claim.value)


def is_absent(claim: ClaimRow) -> bool:
    """Whether a price says only why there is none."""
    return claim.kind == "price" and '"absent"' in claim.value


def factor(now: Decimal, before: Decimal) -> Decimal | None:
    """How many times dearer it is; None where one of the two is zero."""
    return now / before if now > 0 and before > 0 else None


def ratio_of(one: Decimal, other: Decimal) -> Decimal:
    """How many times two positive figures are apart, whichever way."""
    return max(one / other, other / one)


@dataclass(slots=True, eq=False)
class Figure:
    """One number of a document with what its series stated before (None: the series is new); `part`: of a score, its cost."""

    document: int
    listing: ListingRows
    claim: ClaimRow
    now: Decimal
    before: Decimal | None
    part: str = ""

    @property
    def is_price(self) -> bool:
        """Whether it is a price; a cost inside a score is none."""
        return self.claim.kind == "price"

    @property
    def is_money(self) -> bool:
        """Whether it is a price or a cost."""
        return self.is_price or bool(self.part)

    @property
    def set_of(self) -> str:
        """Which prices of its listing are shown beside it: those of its plan and window."""
        return set_of(self.claim.key)

    @property
    def group(self) -> str:
        """What moves together where a unit changes: all prices, one kind of cost, one benchmark, one fact."""
        field = field_of(self.claim.kind, self.claim.key)
        return _PRICE if self.is_price else Reason(COSTS[self.part], benchmark=field) if self.part else field

    @property
    def item(self) -> dict[str, Any]:
        """The claim as `held` keeps it."""
        return item_of(self.claim)

    @property
    def is_changed(self) -> bool:
        """Whether the series stated another figure before."""
        return self.before is not None and self.before != self.now

    @property
    def is_first(self) -> bool:
        """Whether no figure but "free" stood there before: others are what it can be held against."""
        return not self.before

    @property
    def is_fresh(self) -> bool:
        """Whether it is to be judged: new or changed."""
        return self.before != self.now


def nearest(candidates: Sequence[tuple[datetime | None, Decimal]], claim: ClaimRow, now: Decimal) -> Decimal | None:
    """What the series stated before: the step of the same start, else the latest; of several equal ones the closest."""
    if not candidates:
        return None
    same = [number for start, number in candidates if start == claim.valid_from]
    if not same:
        latest = max((start or _LONG_AGO for start, _ in candidates))
        same = [number for start, number in candidates if (start or _LONG_AGO) == latest]
    return min(same, key=lambda number: abs(number - now))


def figures(flats: dict[int, Flat], before: dict[Place, list[tuple[datetime | None, Decimal]]]) -> Iterator[Figure]:
    """All numbers of the documents beside what stood there before."""
    for document, flat in flats.items():
        for listing in flat.listings:
            for claim in listing.claims:
                for part, now in numbers_in(claim):
                    earlier = before.get((document, listing.key, claim.kind, claim.key, part), ())
                    yield Figure(document, listing, claim, now, nearest(earlier, claim, now), part)
