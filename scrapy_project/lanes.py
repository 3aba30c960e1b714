"""One lane a host: over all spiders of a crawl, one request at a time, with pauses where the host asks for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aimstats.domain.reasons import Reason

TICK_SECONDS = 0.2
"""How often a waiting request looks whether the crawl is to stop."""


class TooLongError(Exception):
    """The host asked for a pause that is longer than we wait."""

    def __init__(self, wait_s: float) -> None:
        self.reason = Reason("asked_to_wait", seconds=f"{wait_s:.0f}")
        super().__init__(self.reason)


class Stopping(Exception):  # noqa: N818  # no error: the crawl was asked to end
    """The crawl was asked to end while a request waited."""


class HostLanes:
    """Locks and pauses by host, shared by all spiders of one crawl; made for one event loop.

    `gap_seconds` pass at least between two requests to a host; none waits longer than `longest_wait_seconds`.
    """

    def __init__(self, gap_seconds: float = 0.0, longest_wait_seconds: float = 120.0) -> None:
        self._gap = gap_seconds
        self._longest = longest_wait_seconds
        self._locks: dict[str, asyncio.Lock] = {}
        self._not_before: dict[str, float] = {}

    def hold(self, host: str, seconds: float) -> None:
        """Ask nothing of the host for that long."""
        self._not_before[host] = max(self._not_before.get(host, 0.0), time.monotonic() + seconds)

    @asynccontextmanager
    async def lane(self, host: str, is_running: Callable[[], bool]) -> AsyncIterator[None]:
        """Wait for the host's turn, pauses included. Raises TooLongError, and Stopping once the crawl is to end."""
        async with self._locks.setdefault(host, asyncio.Lock()):
            while (wait := self._not_before.get(host, 0.0) - time.monotonic()) > 0:
                if wait > self._longest:
                    raise TooLongError(wait)
                if not is_running():
                    raise Stopping
                await asyncio.sleep(min(wait, TICK_SECONDS))
            if not is_running():
                raise Stopping
            try:
                yield
            finally:
                self.hold(host, self._gap)
