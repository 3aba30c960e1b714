"""What is held, and decisions on it."""

from datetime import datetime

from aimstats.checks.decisions import decide, open_items
from tests.ingest.worlds import World


def decide_all(world: World, decision: str, at: datetime) -> None:
    """The same decision on everything that waits for one."""
    decide(world.connection, [item.id for item in open_items(world.connection)], decision, at)


def held(world: World) -> dict[str, str]:
    """Meter or field -> check of everything that is held."""
    rows = world.rows('select item, "check" from held where decided is null')
    return {item.get("key", "").split("|")[0]: check for item, check in rows}
