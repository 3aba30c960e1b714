"""How many catalogues of other days one client may have built: nobody pays for another's curiosity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import has_request_context
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string

from aimstats.catalogue.other_days import BusyError
from aimstats.config import Config
from aimstats.extensions.rate_limits.clients import current_client
from aimstats.extensions.rate_limits.limiter import storage_of
from aimstats.extensions.rate_limits.windows import PatientFixedWindow
from aimstats.store.database import Database

BUILDS: Final = RateLimitItemPerMinute(12, namespace="builds")
"""A build takes a second or two of a worker (2026-11)."""


def build_counter(config: Config, database: Database) -> Callable[[], None]:
    """What counts a building for the client of this request and raises BusyError where it had too many.

    Counts are kept where those of requests are; nothing is counted where RATE_LIMIT is empty.
    """
    if not config.rate_limit:
        return lambda: None
    url, options = storage_of(config, database)
    strategy = PatientFixedWindow(storage_from_string(url, **options))

    def count() -> None:
        client = current_client() if has_request_context() else ""
        if strategy.hit(BUILDS, client):
            return
        standing = strategy.standing(BUILDS, client)
        wait_s = max(1, round(standing.resets_in_s)) if standing else 60
        raise BusyError("too many other days were asked for at once", wait_s)

    return count
