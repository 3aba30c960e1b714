"""The gate: what fails a check is held with its reason and never published."""

from aimstats.checks.gate import Gate, HeldSource

__all__ = ["Gate", "HeldSource"]
