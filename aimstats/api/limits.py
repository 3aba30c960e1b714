"""How often one client may ask the API: the limit, its headers and the 429."""

import hashlib
import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Protocol

from flask import Flask, Response, g, request
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string

from aimstats.api.problems import problem
from aimstats.config import Config
from aimstats.store.database import Database
from aimstats.store.rate_limit import CountError, PostgresCounter, Window

LIMITED_PATHS = ("/api/v1", "/export")
WARN_EVERY_S = 60.0
# After a failure the store is left alone this long, so that requests do not each wait for its time-out.
REST_AFTER_FAILURE_S = 5.0
REMEMBERED_CLIENTS = 10_000
REDIS_TIMEOUT_S = 0.5

log = logging.getLogger(__name__)


class Counter(Protocol):
    """Where counts are kept; ``count`` adds one request and raises CountError when the store is out of reach."""

    def count(self, key: str, window_s: int) -> Window:
        """Return the key's window, this request included."""
        ...


class SharedStorageCounter:
    """Counts kept in a storage of the ``limits`` library (``redis://``, ``memory://``)."""

    def __init__(self, url: str) -> None:
        timeouts = {"socket_timeout": REDIS_TIMEOUT_S, "socket_connect_timeout": REDIS_TIMEOUT_S}
        options = timeouts if url.startswith("redis") else {}
        storage = storage_from_string(url, wrap_exceptions=True, **options)
        assert isinstance(storage, Storage)
        self._storage = storage

    def count(self, key: str, window_s: int) -> Window:
        """Add one request to the key's window."""
        try:
            hits = self._storage.incr(key, window_s)
            expires = self._storage.get_expiry(key)
        except StorageError as error:
            raise CountError(str(error)) from error
        return Window(hits=hits, ends_in_s=max(0.0, expires - time.time()))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a client stands against its tightest limit."""

    limit: int
    remaining: int
    resets_in_s: float
    refused: bool


class Limiter:
    """Decides request by request; a refused client is remembered until its window ends, without asking the store."""

    def __init__(self, limits: Sequence[RateLimitItem], counter: Counter, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._counter = counter
        self._clock = clock
        self._refused: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()
        self._warned_at = -math.inf
        self._resting_until = -math.inf

    def standing(self, client: str) -> Standing | None:
        """Count one request of the client; None where the store is out of reach, and the request passes."""
        now = self._clock()
        remembered = self._refused.get(client)
        if remembered is not None and remembered[0] > now:
            return Standing(limit=remembered[1], remaining=0, resets_in_s=remembered[0] - now, refused=True)
        if now < self._resting_until:
            return None
        try:
            return self._count(client, now)
        except CountError as error:
            self._resting_until = now + REST_AFTER_FAILURE_S
            if now - self._warned_at >= WARN_EVERY_S:
                self._warned_at = now
                log.warning("rate limits are not counted: the store cannot be reached: %s", error)
            return None

    def _count(self, client: str, now: float) -> Standing:
        tightest: Standing | None = None
        for limit in self._limits:
            window = self._counter.count(f"{client}/{limit.amount}/{limit.get_expiry()}", limit.get_expiry())
            refused = window.hits > limit.amount
            standing = Standing(limit.amount, max(0, limit.amount - window.hits), window.ends_in_s, refused)
            if refused:
                self._remember(client, now, standing)
                return standing
            if tightest is None or standing.remaining < tightest.remaining:
                tightest = standing
        assert tightest is not None, "a limiter has at least one limit"
        return tightest

    def _remember(self, client: str, now: float, standing: Standing) -> None:
        with self._lock:
            if len(self._refused) >= REMEMBERED_CLIENTS:
                self._refused = {known: until for known, until in self._refused.items() if until[0] > now}
            if len(self._refused) < REMEMBERED_CLIENTS:
                self._refused[client] = (now + standing.resets_in_s, standing.limit)


def client_digest(address: str | None) -> str:
    """Return what stands for a client in the store: a digest, for no address is kept; IPv6 counts by its /64 network,
    since one client has all of it.
    """
    text = address or "unknown"
    try:
        parsed = ip_address(text)
    except ValueError:
        parsed = None
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        text = str(mapped) if mapped else str(ip_network((parsed, 64), strict=False))
    return hashlib.blake2b(text.encode(), digest_size=12, person=b"aimstats limits").hexdigest()


def init_limits(app: Flask, config: Config, database: Database) -> None:
    """Limit LIMITED_PATHS of the app as RATE_LIMIT says; nothing where it is empty."""
    if not config.rate_limit:
        return
    url = config.rate_limit_storage_url
    counter: Counter = SharedStorageCounter(url) if url else PostgresCounter(database)
    limiter = Limiter(parse_many(config.rate_limit), counter)

    @app.before_request
    def refuse_the_hasty() -> Response | None:
        if request.method == "OPTIONS" or not is_limited(request.path):
            return None
        standing = g.rate_standing = limiter.standing(client_digest(request.remote_addr))
        if standing is None or not standing.refused:
            return None
        wait_s = math.ceil(standing.resets_in_s)
        return problem(
            429,
            f"More than {config.rate_limit} requests; ask again in {wait_s} seconds.",
            headers={"Retry-After": str(max(1, wait_s))},
        )

    @app.after_request
    def say_where_the_client_stands(response: Response) -> Response:
        standing: Standing | None = g.get("rate_standing")
        if standing is not None:
            response.headers["RateLimit-Limit"] = str(standing.limit)
            response.headers["RateLimit-Remaining"] = str(standing.remaining)
            response.headers["RateLimit-Reset"] = str(math.ceil(standing.resets_in_s))
        return response


def is_limited(path: str) -> bool:
    """Whether requests of this path count."""
    return any(path == prefix or path.startswith((prefix + "/", prefix + ".")) for prefix in LIMITED_PATHS)
