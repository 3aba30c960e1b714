"""How much memory the weights of a model take while it runs: one formula for answers and pages."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from aimstats.domain.money import canonical

GIGABYTE: Final = 10**9
NATIVE_BITS: Final = 16
"""In which weights are published where nothing says otherwise."""
RUNTIME_SHARE: Final = Decimal("0.1")
"""What a runtime takes on top of the weights; the context's cache is not in it."""
HUNDREDTH: Final = Decimal("0.01")


def memory_gb(
    weights_bytes: int | None, total_parameters: int | None, bits: int | float | Decimal | None = None
) -> Decimal | None:
    """Gigabytes (10**9 bytes, to two decimals) of the weights and 10 % for the runtime; None where their size is not known.

    Without `bits` the native weights: `weights_bytes` as they are published, else all parameters (experts included) at 16 bits.
    With `bits` all parameters at so many bits each, whatever they are published in.

    >>> memory_gb(14_000_000_000, 7_000_000_000), memory_gb(None, 70_000_000_000), memory_gb(None, 70_000_000_000, bits=4.5)
    (Decimal('15.4'), Decimal('154'), Decimal('43.31'))
    >>> memory_gb(None, None) is None
    True
    """
    if bits is None and weights_bytes:
        size = Decimal(weights_bytes)
    elif total_parameters:
        size = Decimal(total_parameters) * Decimal(str(NATIVE_BITS if bits is None else bits)) / 8
    else:
        return None
    gigabytes = size / GIGABYTE * (1 + RUNTIME_SHARE)
    return canonical(gigabytes.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)) if gigabytes >= HUNDREDTH else canonical(gigabytes)
