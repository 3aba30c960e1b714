"""What a bill comes to: each line's quantity times its stated price, rounded once, and the total, which is the lines' sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import add
from typing import Final, NamedTuple

from aimstats.domain.workload import notes
from aimstats.domain.workload.asked import Workload
from aimstats.domain.workload.bills import NOT_POSSIBLE, Bill, Charge, Measure, Refusal, bill_of
from aimstats.domain.workload.tariffs import RATE_PLACES, Schedule, Tariff, scaled_amount

AMOUNT_PLACES: Final = 12
QUANTITY_PLACES: Final = 18
_UNROUNDED: Final[int] = 10 ** (QUANTITY_PLACES + RATE_PLACES - AMOUNT_PLACES)
_HALF: Final[int] = _UNROUNDED // 2


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

    __slots__ = ("_found", "_measures", "_minutes", "_shares", "_texts")

    def __init__(self, workload: Workload) -> None:
        self._measures = {name: _ratio(quantity) for name, quantity in workload.measures.items()}
        self._shares = [_ratio(workload.requests * share) for _, share in workload.parts]
        self._minutes = workload.minutes.bit_count()
        self._found: dict[Measure, int] = {}
        self._texts: dict[Measure, str] = {}

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

    def text(self, measure: Measure) -> str:
        """The same as a decimal number."""
        found = self._texts.get(measure)
        if found is None:
            found = self._texts[measure] = decimal_text(self.scaled(measure), QUANTITY_PLACES)
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


def decimal_text(scaled: int, places: int) -> str:
    """A number that is stated in units of its last decimal, without trailing zeros and without exponent; it is not negative.

    >>> decimal_text(3_625, 12), decimal_text(2 * 10**12, 12)
    ('0.000000003625', '2')
    """
    digits = str(scaled).zfill(places + 1)
    return f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")


def amount_of(quantity: int, rate: int) -> int:
    """Quantity times price, both scaled, in units of 10**-12 US dollars, halves rounded up.

    >>> amount_of(5 * 10**16, 3 * 10**30)  # 0.05 million tokens at $3
    150000000000
    """
    return (quantity * rate + _HALF) // _UNROUNDED


def roughly(quantities: Sequence[int], columns: Sequence[Sequence[float]]) -> list[float]:
    """The totals of many tariffs at once in US dollars, to some fifteen digits: each quantity (scaled) with the prices for it.

    Up to three are summed in one go, which takes half the time of one after the other.
    """
    if len(columns) > 3:
        return list(map(add, roughly(quantities[:3], columns[:3]), roughly(quantities[3:], columns[3:])))
    first, *further = [quantity / 10**QUANTITY_PLACES for quantity in quantities]
    if not further:
        return [first * price for price in columns[0]]
    if len(further) == 1:
        second = further[0]
        return [first * one + second * two for one, two in zip(*columns, strict=True)]
    second, third = further
    return [first * one + second * two + third * three for one, two, three in zip(*columns, strict=True)]


def charges_of(schedule: Schedule, bill: Bill, quantities: Quantities) -> tuple[Charge, ...]:
    """The charges that make the total: where there are choices, with the cheapest of them."""
    if not bill.choices:
        return bill.charges
    return bill.charges + min(bill.choices, key=lambda choice: sum(amounts_of(schedule, choice, quantities)))


def amounts_of(schedule: Schedule, charges: Iterable[Charge], quantities: Quantities) -> list[int]:
    """The amount of each charge in units of 10**-12 US dollars: the total is their sum."""
    prices, scaled = schedule.scaled, quantities.scaled
    return [amount_of(scaled(charge.measure), prices[charge.rate]) for charge in charges]


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
    charges = charges_of(tariff.schedule, bill, quantities)
    amounts = amounts_of(tariff.schedule, charges, quantities)
    total = sum(amounts)
    disputed = any(tariff.marks[charge.rate].disputed for charge in charges)
    return Receipt(
        offer=tariff.offer,
        model=tariff.model,
        provider=tariff.provider,
        total=_dollars(total),
        at_least=bill.at_least,
        disputed=_disputed(tariff, charges, quantities, total) if disputed else (),
        lines=tuple([_line(tariff, charge, quantities, amount) for charge, amount in zip(charges, amounts, strict=True)]),
    )


def _line(tariff: Tariff, charge: Charge, quantities: Quantities, amount: int) -> Line:
    rate, mark = tariff.schedule.rates[charge.rate], tariff.marks[charge.rate]
    said = (*charge.notes, notes.ALLOWANCE_NOT_DEDUCTED) if mark.allowance else charge.notes
    return Line(
        meter=charge.meter,
        plan=rate.plan,
        min_context_tokens=rate.tier,
        window=rate.window,
        conditions=rate.conditions,
        promotional_until=mark.until if rate.promotional else None,
        quantity=Decimal(quantities.text(charge.measure)),
        unit=rate.unit,
        usd_per_unit=rate.amount,
        amount=_dollars(amount),
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
    return Decimal(decimal_text(amount, AMOUNT_PLACES))
