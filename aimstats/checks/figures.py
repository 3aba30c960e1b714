"""Figures that can be compared: what a claim states as a number, and what the same series stated before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from aimstats.domain.claims import ClaimRow, Flat, ListingKey, ListingRows, json_value
from aimstats.domain.money import canonical
from aimstats.domain.prices import UNITS

Place = tuple[int, ListingKey, str, str]
"""Where a series stands: (document, listing key, kind, key); the listings of one key share it."""
LIMITS: Final = "limit."
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def number_of(kind: str, key: str, usd: Decimal | None, value: Any) -> Decimal | None:
    """The number that a claim states: a price in the key's unit and currency, a limit, a score; None for anything else.

    >>> number_of("price", "input|standard|0|||EUR|", None, {"amount": "0.002", "unit": "1K tokens"})
    Decimal('2')
    """
    if kind == "price":
        if usd is not None:
            return usd
        return canonical(Decimal(value["amount"]) * UNITS[value["unit"]][1]) if "amount" in value else None
    if kind == "score" or (kind == "fact" and key.startswith(LIMITS)):
        stated = value["value"] if isinstance(value, dict) else value
        try:
            return Decimal(str(stated))
        except InvalidOperation:
            return None
    return None


def number_in(claim: ClaimRow) -> Decimal | None:
    """The number of a claim that has not been written yet."""
    if claim.kind == "price" and claim.usd is not None:
        return claim.usd
    if claim.kind in ("price", "score") or claim.key.startswith(LIMITS):
        return number_of(claim.kind, claim.key, None, json_value(claim.value))
    return None


def field_of(kind: str, key: str) -> str:
    """What a document may have renamed: meter and plan of a price, a fact's name, a benchmark, a lifecycle event.

    >>> field_of("price", "input|batch|200000|||USD|"), field_of("score", "gpqa|v1||||epoch")
    ('input|batch', 'gpqa')
    """
    if kind == "price":
        return "|".join(key.split("|", 2)[:2])
    return key.split("|", 1)[0].split("#", 1)[0]


def field_in(claim: ClaimRow) -> str:
    """The field of a claim that has not been written yet; a lifecycle event with a date is another field than one without."""
    field = field_of(claim.kind, claim.key)
    return f"{field}, dated" if claim.kind == "lifecycle" and json_value(claim.value).get("at") else field


def factor(now: Decimal, before: Decimal) -> Decimal | None:
    """How many times dearer it is; None where one of the two is zero."""
    return now / before if now > 0 and before > 0 else None


def is_far(now: Decimal, other: Decimal, times: Decimal) -> bool:
    """Whether two positive figures are so many times apart, either way."""
    return now >= other * times or other >= now * times


@dataclass(slots=True, eq=False)
class Figure:
    """One number of a document with what its series stated before (None: the series is new)."""

    document: int
    listing: ListingRows
    claim: ClaimRow
    now: Decimal
    before: Decimal | None

    @property
    def is_price(self) -> bool:
        """Whether it is money."""
        return self.claim.kind == "price"

    @property
    def item(self) -> dict[str, Any]:
        """The claim as `held` keeps it."""
        return {"kind": self.claim.kind, "key": self.claim.key, "value": json_value(self.claim.value)}

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
                now = number_in(claim)
                if now is not None:
                    earlier = before.get((document, listing.key, claim.kind, claim.key), ())
                    yield Figure(document, listing, claim, now, nearest(earlier, claim, now))
