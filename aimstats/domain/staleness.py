"""When what a source said is too old to lean on: one rule for ranking, for pages and for the API."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

STALE_AFTER: Final = 1.5
"""A document unread for 1.5 times its source's cadence is stale (resolution.md, Choice)."""


def stale_after(checked_at: datetime | None, cadence_hours: int) -> datetime | None:
    """Until when what was last confirmed then is fresh; None where it was never confirmed.

    >>> from datetime import UTC
    >>> stale_after(datetime(2026, 11, 12, 6, tzinfo=UTC), 24).isoformat()
    '2026-11-13T18:00:00+00:00'
    """
    return None if checked_at is None else checked_at + timedelta(hours=cadence_hours * STALE_AFTER)


def is_stale(checked_at: datetime | None, cadence_hours: int, now: datetime) -> bool:
    """Whether that was too long ago; so is what was never confirmed."""
    until = stale_after(checked_at, cadence_hours)
    return until is None or now > until
