"""A row of costs as pages show it: its total, what it goes into, and the receipt, line by line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.costs import CostRow
from aimstats.domain.meters import METERS, MTOK
from aimstats.domain.money import canonical, plain
from aimstats.domain.prices import UNITS
from aimstats.domain.texts import N_, NN_
from aimstats.domain.workload.notes import NOTES
from aimstats.domain.workload.receipts import Line
from aimstats.web import formats
from aimstats.web.editions import day_of
from aimstats.web.kept import Names
from aimstats.web.language import plural, t
from aimstats.web.marks import Mark, held_mark, stale_mark
from aimstats.web.model import anchor_of

PRICES: Final = ("cost.input", "cost.cache_read", "cost.output")
"""The three prices beside a total of text: those of the offer's standard plan."""
SHARES: Final = (
    ("input", N_("input")), ("cache", N_("input from or to the cache")), ("output", N_("output")), ("other", N_("all else")),
)  # fmt: skip
COUNTED: Final[Mapping[str, tuple[str, str]]] = {
    "image": NN_("%(number)s image", "%(number)s images"),
    "second": NN_("%(number)s second", "%(number)s seconds"),
    "character": NN_("%(number)s character", "%(number)s characters"),
    "page": NN_("%(number)s page", "%(number)s pages"),
    "request": NN_("%(number)s request", "%(number)s requests"),
}
"""Quantities in the units of which one may be billed alone."""
SHARE_WIDTH: Final = 110
GAP: Final = 1
BAR_DECADES: Final = 3
"""The bar under a total is full where it is a thousand times the cheapest."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Dollars, cut at the decimal point; `exact` is every digit."""

    whole: str
    fraction: str
    exact: str

    @property
    def text(self) -> str:
        """The figure as running text has it."""
        return f"${self.whole}{self.fraction}"


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a total as a piece of its line: from `x` on, `width` units wide."""

    css: str
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """A line of a receipt, in words."""

    what: str
    terms: str
    quantity: str
    unit: str
    price: Decimal
    amount: str
    source: str
    url: str | None
    note: str
    is_starred: bool
    mark: Mark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """A row of the table of costs; `opened` is its receipt where that is shown."""

    rank: int
    id: str
    anchor: str
    model: Row | None
    seller: str
    total: Amount
    times: str
    bar: int
    shares: Sequence[Share]
    shares_said: str
    prices: Sequence[tuple[Decimal | None, str | None]]
    disputes: Sequence[tuple[str, str, Decimal, Amount]]
    is_stale: bool
    at_least: bool
    opened: Sequence[ReceiptLine] | None
    today: date

    @property
    def ends(self) -> str:
        """When its model ends, or that it has ended, in words; empty where no day is known or it is retired as a whole."""
        day = self.model["retirement_date"] if self.model and self.model["status"] != "retired" else None
        return formats.ending(day, self.model["status"], self.today) if self.model and day else ""


def amount(value: Decimal) -> Amount:
    """Dollars to the cent from one on, to the dollar from a hundred on, else to three digits.

    >>> [amount(Decimal(text)).text for text in ("1305.4", "53.449", "0.0123456", "0.5", "3", "0")]
    ['$1,305', '$53.45', '$0.0123', '$0.5', '$3.00', '$0']
    """
    places = 0 if value >= 100 or not value else 2 if value >= 1 else 2 - value.adjusted()
    shown = f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"
    whole, _, fraction = shown.partition(".")
    fraction = fraction if value >= 1 else fraction.rstrip("0")
    return Amount(whole, f".{fraction}" if fraction else "", plain(value))


def amount_text(value: Decimal) -> str:
    """The same without the sign of dollars."""
    return amount(value).text.removeprefix("$")


def times(value: Decimal, least: Decimal) -> str:
    """How many times the least a total is; empty where the least is nothing.

    >>> times(Decimal("3"), Decimal("2")), times(Decimal("3000"), Decimal("2")), times(Decimal(1), Decimal(0))
    ('1.5×', '1,500×', '')
    """
    if not least:
        return ""
    ratio = value / least
    return f"{ratio:.1f}×" if ratio < 10 else f"{ratio:,.0f}×"


def cost_line(catalogue: Catalogue, names: Names, row: CostRow, *, rank: int, least: Decimal, is_opened: bool) -> CostLine:
    """A row, `least` being the total that it is compared with; with its receipt where that is opened."""
    receipt = row.receipt
    units = {line.meter: line.unit for line in receipt.lines}
    offer = catalogue.row("offers", receipt.offer)
    absent: Mapping[str, str] = (offer["cost.absent"] or {}) if offer else {}
    ratio = float(receipt.total / least) if least else 0
    shares = _shares(receipt.lines, receipt.total)
    return CostLine(
        rank=rank,
        id=receipt.offer,
        anchor=anchor_of(receipt.offer),
        model=catalogue.model(receipt.model or ""),
        seller=names.providers.get(receipt.provider) or receipt.provider,
        total=amount(receipt.total),
        times=times(receipt.total, least),
        bar=min(20, 1 + round(19 * math.log10(ratio) / BAR_DECADES)) if ratio >= 1 else 0,
        shares=_pieces(shares),
        shares_said=", ".join(f"{t(said)} {shares[key]:.0%}" for key, said in SHARES if key in shares),
        prices=[(offer[key] if offer else None, absent.get(key.partition(".")[2])) for key in PRICES],
        disputes=[
            (formats.words(one.meter), one.source, _usd(units[one.meter], one.usd_per_unit), amount(one.total))
            for one in receipt.disputed
        ],
        is_stale=row.stale,
        at_least=receipt.at_least,
        opened=[_receipt_line(catalogue, row, line) for line in receipt.lines] if is_opened else None,
        today=day_of(catalogue),
    )


def _shares(lines: Sequence[Line], total: Decimal) -> dict[str, float]:
    """What part of the total each kind of line is."""
    found: dict[str, float] = {}
    for line in lines:
        key = "cache" if line.meter.startswith("cache") else {"reasoning": "output"}.get(line.meter, line.meter)
        key = key if key in ("input", "cache", "output") else "other"
        if total and line.amount:
            found[key] = found.get(key, 0) + float(line.amount / total)
    return found


def _pieces(shares: Mapping[str, float]) -> list[Share]:
    room = SHARE_WIDTH - GAP * max(0, len(shares) - 1)
    pieces, x = [], 0.0
    for key, _ in SHARES:
        if key in shares:
            width = shares[key] * room
            pieces.append(Share(key, round(x, 1), round(width, 1)))
            x += width + GAP
    return pieces


def per_million(unit: str, quantity: Decimal, usd: Decimal) -> tuple[Decimal, Decimal]:
    """A quantity and its price for a million tokens where the price is for fewer; else as they are.

    >>> [f"{one:f}" for one in per_million("token", Decimal(3_000_000_000), Decimal("0.0000000025"))]
    ['3000', '0.0025']
    """
    if UNITS[unit][0] != MTOK:
        return quantity, usd
    factor = UNITS[unit][1]
    return canonical(quantity / factor), canonical(usd * factor)


def _usd(unit: str, usd: Decimal) -> Decimal:
    return per_million(unit, Decimal(0), usd)[1]


def _unit(unit: str, quantity: Decimal) -> str:
    """What a quantity is of; with the number where the word bends to it."""
    if unit in COUNTED:
        number = f"{quantity:,f}"
        return plural(*COUNTED[unit], 1 if quantity == 1 else 2, number=number)
    return t("million tokens") if UNITS[unit][0] == MTOK else formats.words(unit)


def _receipt_line(catalogue: Catalogue, row: CostRow, line: Line) -> ReceiptLine:
    terms = [] if line.plan == "standard" else [formats.words(line.plan)]
    if line.min_context_tokens:
        terms.append(t("above %(tokens)s tokens", tokens=formats.tokens(line.min_context_tokens)))
    if line.window:
        terms.append(f"{line.window} UTC")
    terms += [formats.words(value) for _, value in line.conditions]
    if line.promotional_until:
        terms.append(t("until %(day)s", day=formats.day(line.promotional_until)))
    quantity, price = per_million(line.unit, line.quantity, line.usd_per_unit)
    document = catalogue.documents.get(line.document or 0)
    is_stale = line.document in catalogue.version.stale and document is not None
    return ReceiptLine(
        what=t(METERS[line.meter].label) if METERS[line.meter].label else formats.words(line.meter).capitalize(),
        terms=", ".join(terms),
        quantity="" if line.unit in COUNTED else f"{quantity:,f}",
        unit=_unit(line.unit, quantity),
        price=price,
        amount=f"{line.amount:,f}",
        source=line.source,
        url=row.url_of(line),
        note="; ".join(t(NOTES[note]) for note in dict.fromkeys(line.notes)),
        is_starred=line.starred,
        mark=held_mark(line.held) if line.held else stale_mark(document) if is_stale and document else None,
    )
