"""What open weights fit on: devices by their memory, and the bits that weights are commonly run in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aimstats.domain.memory import memory_gb
from aimstats.domain.texts import N_

USABLE_SHARE: Final = Decimal("0.9")
"""So much of a device's memory may be taken: the rest is for the system, and for the beginning of a context."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device, or several as one, by their memory in gigabytes (10**9 bytes)."""

    label: str
    gigabytes: int

    def fits(self, gigabytes: Decimal) -> bool:
        """Whether weights with their runtime fit.

        >>> Device("24 GB", 24).fits(Decimal("21.6")), Device("24 GB", 24).fits(Decimal("21.61"))
        (True, False)
        """
        return gigabytes <= self.gigabytes * USABLE_SHARE


DEVICES: Final = (
    Device(N_("a laptop with 16 GB"), 16),
    Device(N_("one card with 24 GB"), 24),
    Device(N_("one card with 80 GB"), 80),
    Device(N_("eight cards with 80 GB"), 640),
)
BITS: Final = (Decimal(16), Decimal(8), Decimal("4.5"))
"""Half precision, eight bits, and what four bits come to with their scales."""


@dataclass(frozen=True, slots=True)
class Need:
    """What weights need at so many bits each (as they are published where that is None), and the smallest device that has it."""

    bits: Decimal | None
    gigabytes: Decimal
    device: Device | None


def needs_of(weights_bytes: int | None, total_parameters: int | None) -> list[Need]:
    """What weights need: as they are published, where that is known, then at fewer and fewer bits a parameter.

    >>> [(str(need.bits), str(need.gigabytes), need.device and need.device.gigabytes) for need in needs_of(None, 70 * 10**9)]
    [('16', '154', 640), ('8', '77', 640), ('4.5', '43.31', 80)]
    """
    asked: list[tuple[Decimal | None, Decimal | None]] = []
    if weights_bytes:
        asked.append((None, memory_gb(weights_bytes, None)))
    asked += [(bits, memory_gb(None, total_parameters, bits)) for bits in BITS]
    found = [(bits, size) for bits, size in asked if size is not None]
    return [Need(bits, size, next((device for device in DEVICES if device.fits(size)), None)) for bits, size in found]
