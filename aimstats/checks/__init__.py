"""The gate: what fails a check is held with its reason and never published."""

from aimstats.checks.gate import Gate
from aimstats.checks.others import Meant

__all__ = ["Gate", "Meant"]
