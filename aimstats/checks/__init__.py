"""The gate: what fails a check is held with its reason and never published."""

from aimstats.checks.gate import Gate, HeldDocument, Verdict
from aimstats.checks.others import Meant

__all__ = ["Gate", "HeldDocument", "Meant", "Verdict"]
