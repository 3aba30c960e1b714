"""Decisions on what is held."""

from datetime import datetime

from aimstats.checks.decisions import decide, open_items
from tests.ingest.worlds import World


def decide_all(world: World, decision: str, at: datetime) -> None:
    """The same decision on everything that waits for one."""
    decide(world.connection, [item.id for item in open_items(world.connection)], decision, at)
