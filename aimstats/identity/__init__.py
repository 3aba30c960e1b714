"""Which AI model a name means: pure, explainable rules over the names that sources give."""

from aimstats.identity.names import Name, Resolution
from aimstats.identity.resolve import RULES_VERSION, resolve

__all__ = ["RULES_VERSION", "Name", "Resolution", "resolve"]
