"""What offers are compared by where no workload is chosen: three input tokens to one output token."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Final

from aimstats.domain.prices import MTOK
from aimstats.domain.workload.asked import Workload
from aimstats.domain.workload.receipts import Receipt, receipt_of
from aimstats.domain.workload.tariffs import Mark, Rate, Schedule, Tariff

THREE_TO_ONE: Final = Workload(requests=Decimal(250_000), input_tokens=Decimal(3), output_tokens=Decimal(1))
READ_ALONE: Final = Workload(requests=Decimal(250_000), input_tokens=Decimal(4))
"""As many tokens, for offers that bill nothing for output."""


@lru_cache(maxsize=8_192)
def blended(input_price: Decimal | None, output_price: Decimal | None, *, bills_output: bool = True) -> Decimal | None:
    """US dollars per million tokens at three input tokens to one output token, by which prices are compared where no workload is
    chosen (resolution.md, Price basis); the input price alone where nothing is billed for output. None where a price that
    counts is not known: unknown is not free.

    >>> blended(Decimal(3), Decimal(15)), blended(Decimal(3), None, bills_output=False), blended(Decimal(3), None)
    (Decimal('6'), Decimal('3'), None)
    """
    stated = (("input", input_price), ("output", output_price))
    rates = tuple(Rate(meter, "standard", 0, "", (), MTOK, price, False, "") for meter, price in stated if price is not None)
    workload = THREE_TO_ONE if output_price is not None or bills_output else READ_ALONE
    found = receipt_of(Tariff("", None, "", Schedule(rates), (Mark(),) * len(rates)), workload)
    return found.total if isinstance(found, Receipt) else None
