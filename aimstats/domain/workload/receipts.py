"""What a bill comes to: each line's quantity times its stated price, rounded once, and the total, which is the lines' sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import repeat
from operator import add, mul
from typing import Final, NamedTuple

from aimstats.domain.workload import notes
from aimstats.domain.workload.asked import Workload
from aimstats.domain.workload.bills import NOT_POSSIBLE, Bill, Charge, Measure, Refusal, bill_of
from aimstats.domain.workload.tariffs import RATE_PLACES, Schedule, Tariff, scaled_amount

AMOUNT_PLACES: Final = 12
QUANTITY_PLACES: Final = 18
_UNROUNDED: Final[int] = 10 ** (QUANTITY_PLACES + RATE_PLACES - AMOUNT_PLACES)
_HALF: Final[int] = _UNROUNDED // 2
_WIDE: Final = Context(prec=80, rounding=ROUND_HALF_UP)


class Line(NamedTuple):
    """One line of a receipt: `quantity` in `unit` times `usd_per_unit` is `amount`, in US dollars at twelve decimals."""

    meter: str
    plan: str
    min_context_tokens: int
    window: str
    conditions: tuple[tuple[str, str], ...]
    promotional_until: str | None
    quantity: Decimal
    unit: str
    usd_per_unit: Decimal
    amount: Decimal
    source: str
    document: int | None
    url: str | None
    derived: str | None
    held: Mapping[str, str] | None
    starred: bool
    notes: tuple[str, ...]
    """The keys of what is to be said of it (`aimstats.domain.workload.notes`)."""

    @property
    def note(self) -> str | None:
        """The same in English, as one text."""
        return notes.sentence(self.notes)


@dataclass(frozen=True, slots=True)
class DisputedTotal:
    """What another source says of the price of a meter, and what the total would be by it."""

    meter: str
    source: str
    usd_per_unit: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a workload costs at one offer, in US dollars; `at_least` where a price of it is not understood."""

    offer: str
    model: str | None
    provider: str
    total: Decimal
    at_least: bool
    disputed: tuple[DisputedTotal, ...]
    lines: tuple[Line, ...]


class Quantities:
    """The quantities of one workload in units of their last decimal, each made when first asked for."""

    __slots__ = ("_found", "_measures", "_minutes", "_shares")

    def __init__(self, workload: Workload) -> None:
        self._measures = {name: _ratio(quantity) for name, quantity in workload.measures.items()}
        self._shares = [_ratio(workload.requests * share) for _, share in workload.parts]
        self._minutes = workload.minutes.bit_count()
        self._found: dict[Measure, int] = {}

    def exact(self, measure: Measure) -> Fraction:
        """The quantity in the rate's unit, unrounded."""
        return Fraction(*self._parts(measure))

    def scaled(self, measure: Measure) -> int:
        """The quantity at 18 decimals, halves rounded up, as a whole number of the last of them."""
        found = self._found.get(measure)
        if found is None:
            above, below = self._parts(measure)
            found = self._found[measure] = (2 * above * 10**QUANTITY_PLACES + below) // (2 * below)
        return found

    def _parts(self, measure: Measure) -> tuple[int, int]:
        """Numerator and denominator of the quantity, which may have common factors: so it is an order faster than a Fraction."""
        above, below = self._measures[measure.name]
        share, shares = self._shares[measure.part]
        above, below = above * share * (measure.minutes or self._minutes), below * shares * self._minutes
        things = measure.things
        return above * things.denominator, below * things.numerator


def _ratio(number: Decimal | Fraction | int) -> tuple[int, int]:
    return number.as_integer_ratio()


def amount_of(quantity: int, rate: int) -> int:
    """Quantity times price, both scaled, in units of 10**-12 US dollars, halves rounded up.

    >>> amount_of(5 * 10**16, 3 * 10**30)  # 0.05 million tokens at $3
    150000000000
    """
    return (quantity * rate + _HALF) // _UNROUNDED


def roughly(quantities: Sequence[int], columns: Sequence[Sequence[float]]) -> list[float]:
    """The totals of many tariffs at once in US dollars, to some fifteen digits: each quantity (scaled) with the prices for it."""
    totals: list[float] = [0.0] * len(columns[0])
    for quantity, prices in zip(quantities, columns, strict=True):
        totals = list(map(add, totals, map(mul, repeat(quantity / 10**QUANTITY_PLACES), prices)))
    return totals


def total_of(schedule: Schedule, bill: Bill, quantities: Quantities) -> tuple[int, tuple[Charge, ...]]:
    """The total in units of 10**-12 US dollars and the charges that make it."""
    charges = bill.charges
    if bill.choices:
        charges += min(bill.choices, key=lambda choice: _sum_of(schedule, choice, quantities))
    return _sum_of(schedule, charges, quantities), charges


def _sum_of(schedule: Schedule, charges: Iterable[Charge], quantities: Quantities) -> int:
    prices = schedule.scaled
    return sum(amount_of(quantities.scaled(charge.measure), prices[charge.rate]) for charge in charges)


def exact_total(tariff: Tariff, bill: Bill, quantities: Quantities) -> Fraction:
    """The total before any rounding."""

    def of(charges: Iterable[Charge]) -> Fraction:
        rates = tariff.schedule.rates
        return sum((quantities.exact(one.measure) * Fraction(rates[one.rate].amount) for one in charges), Fraction(0))

    return of(bill.charges) + (min(map(of, bill.choices)) if bill.choices else 0)


def receipt_of(tariff: Tariff, workload: Workload) -> Receipt | Refusal:
    """The receipt of a workload at one offer, or why there is none."""
    if not tariff.limits.allow(workload.input_tokens, workload.output_tokens):
        return Refusal(NOT_POSSIBLE)
    bill = bill_of(tariff.schedule, workload, tariff.schedule.reach(workload.input_tokens))
    return bill if isinstance(bill, Refusal) else receipt_of_bill(tariff, bill, Quantities(workload))


def receipt_of_bill(tariff: Tariff, bill: Bill, quantities: Quantities) -> Receipt:
    """The receipt of a bill that is known already."""
    total, charges = total_of(tariff.schedule, bill, quantities)
    disputed = any(tariff.marks[charge.rate].disputed for charge in charges)
    return Receipt(
        offer=tariff.offer,
        model=tariff.model,
        provider=tariff.provider,
        total=_dollars(total),
        at_least=bill.at_least,
        disputed=_disputed(tariff, charges, quantities, total) if disputed else (),
        lines=tuple([_line(tariff, charge, quantities.scaled(charge.measure)) for charge in charges]),
    )


def _line(tariff: Tariff, charge: Charge, quantity: int) -> Line:
    rate, mark = tariff.schedule.rates[charge.rate], tariff.marks[charge.rate]
    said = (*charge.notes, notes.ALLOWANCE_NOT_DEDUCTED) if mark.allowance else charge.notes
    return Line(
        meter=charge.meter,
        plan=rate.plan,
        min_context_tokens=rate.tier,
        window=rate.window,
        conditions=rate.conditions,
        promotional_until=mark.until if rate.promotional else None,
        quantity=_shortest(quantity, QUANTITY_PLACES),
        unit=rate.unit,
        usd_per_unit=rate.amount,
        amount=_dollars(amount_of(quantity, tariff.schedule.scaled[charge.rate])),
        source=mark.source,
        document=mark.document,
        url=mark.url,
        derived=mark.derived,
        held=mark.held,
        starred=bool(said) and not notes.STARRED.isdisjoint(said),
        notes=said,
    )


def _disputed(tariff: Tariff, charges: tuple[Charge, ...], quantities: Quantities, total: int) -> tuple[DisputedTotal, ...]:
    """For each price that another source contradicts, the total with that source's."""
    found = []
    for place in dict.fromkeys(charge.rate for charge in charges):
        rate = tariff.schedule.rates[place]
        measured = [quantities.scaled(charge.measure) for charge in charges if charge.rate == place]
        for source, usd in tariff.marks[place].disputed:
            ours, theirs = tariff.schedule.scaled[place], scaled_amount(usd)
            change = sum(amount_of(quantity, theirs) - amount_of(quantity, ours) for quantity in measured)
            found.append(DisputedTotal(rate.meter, source, usd, _dollars(total + change)))
    return tuple(found)


def _dollars(amount: int) -> Decimal:
    return _shortest(amount, AMOUNT_PLACES)


@lru_cache(maxsize=16_384)
def _shortest(scaled: int, places: int) -> Decimal:
    """The number without trailing zeros and without exponent."""
    value = _WIDE.scaleb(Decimal(scaled), -places).normalize(_WIDE)
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1), context=_WIDE) if isinstance(exponent, int) and exponent > 0 else value
