"""The strategy by which Flask-Limiter counts: fixed windows that remember refusals and do without a store that is away."""

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import StorageTypes
from limits.strategies import STRATEGIES, FixedWindowRateLimiter
from limits.util import WindowStats

from aimstats.extensions.rate_limits.storage import PostgresStorage, Window
from aimstats.store.patience import waiting

STRATEGY = "patient-fixed-window"
WARN_EVERY_S = 60.0
# After a failure the store is left alone this long, so that requests do not each wait for its time-out.
REST_AFTER_FAILURE_S = 5.0
REMEMBERED_CLIENTS = 10_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a client stands against one limit."""

    limit: int
    remaining: int
    resets_in_s: float
    refused: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Which limit refused a client, and until when (the strategy's clock)."""

    item: RateLimitItem
    until: float


class PatientFixedWindow(FixedWindowRateLimiter):
    """Fixed windows; a refused client is remembered until its window ends, without asking the store, and a store out of
    reach lets requests pass, with one warning a minute.
    """

    def __init__(self, storage: StorageTypes, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(storage)
        self._clock = clock
        self._refusals: dict[tuple[str, ...], Refusal] = {}
        self._lock = threading.Lock()
        self._warned_at = -math.inf
        self._resting_until = -math.inf
        # One thread serves one request at a time: what it last saw of each limit is that request's.
        self._seen = threading.local()

    def hit(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Count one request and return whether it may pass."""
        now = self._clock()
        standing: Standing | None = None
        refusal = self._refusals.get(identifiers)
        if refusal is not None and refusal.until > now:
            if refusal.item == item:
                standing = Standing(item.amount, 0, refusal.until - now, refused=True)
        elif now >= self._resting_until:
            standing = self._counted(item, identifiers, cost, now)
        self._seen.__dict__[item.key_for()] = (identifiers, standing)
        return standing is None or not standing.refused

    def standing(self, item: RateLimitItem, *identifiers: str) -> Standing | None:
        """Return what this thread's last hit of the limit saw, for the same client; None where it was not counted."""
        whose, standing = self._seen.__dict__.get(item.key_for(), (None, None))
        return standing if whose == identifiers else None

    def get_window_stats(self, item: RateLimitItem, *identifiers: str) -> WindowStats:
        """Return when the window ends (Unix time) and what remains, without asking the store again after a hit."""
        standing = self.standing(item, *identifiers)
        if standing is None:
            return super().get_window_stats(item, *identifiers)
        return WindowStats(time.time() + standing.resets_in_s, standing.remaining)

    def _counted(self, item: RateLimitItem, identifiers: tuple[str, ...], cost: int, now: float) -> Standing | None:
        try:
            window = self._window(item.key_for(*identifiers), item.get_expiry(), cost)
        except StorageError as error:
            self._rest(now, error.storage_error)
            return None
        standing = Standing(item.amount, max(0, item.amount - window.hits), window.ends_in_s, window.hits > item.amount)
        if standing.refused:
            self._remember(identifiers, Refusal(item, now + window.ends_in_s), now)
        return standing

    def _window(self, key: str, window_s: int, cost: int) -> Window:
        if isinstance(self.storage, PostgresStorage):
            return self.storage.count(key, window_s, cost)
        with waiting():
            hits = self.storage.incr(key, window_s, cost)
            return Window(hits, max(0.0, self.storage.get_expiry(key) - time.time()))

    def _rest(self, now: float, error: Exception) -> None:
        self._resting_until = now + REST_AFTER_FAILURE_S
        if now - self._warned_at >= WARN_EVERY_S:
            self._warned_at = now
            said = " ".join(str(getattr(error, "orig", None) or error).split())
            log.warning("rate limits are not counted: the store cannot be reached: %s", said)

    def _remember(self, identifiers: tuple[str, ...], refusal: Refusal, now: float) -> None:
        with self._lock:
            if len(self._refusals) >= REMEMBERED_CLIENTS:
                self._refusals = {known: held for known, held in self._refusals.items() if held.until > now}
            if len(self._refusals) < REMEMBERED_CLIENTS:
                self._refusals[identifiers] = refusal


STRATEGIES[STRATEGY] = PatientFixedWindow
