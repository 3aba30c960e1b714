"""How often one client may ask the API: what Flask-Limiter counts, what the headers say, and the 429."""

import hashlib
import logging
import math
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Flask, Response, request
from flask_limiter import Limiter, RateLimitExceeded, RequestLimit

from aimstats.api.problems import problem
from aimstats.config import Config
from aimstats.extensions import new_limiter
from aimstats.store.database import Database
from aimstats.store.rate_windows import PatientFixedWindow, Standing

LIMITED_PATHS = ("/api/v1", "/export")


def init_limits(app: Flask, config: Config, database: Database) -> None:
    """Limit LIMITED_PATHS of the app as RATE_LIMIT says; nothing where it is empty."""
    if not config.rate_limit:
        return
    limiter = new_limiter(config, database, client=current_client, counted_as=counted_as)
    limiter.init_app(app)
    # It tells each refusal at INFO: a line that whoever is refused could have us write without end.
    limiter.logger.setLevel(logging.WARNING)

    @app.errorhandler(RateLimitExceeded)
    def refuse(error: RateLimitExceeded) -> Response:
        standing = current_standing(limiter)
        wait_s = max(1, math.ceil(standing.resets_in_s)) if standing else 1
        detail = f"More than {config.rate_limit} requests; ask again in {wait_s} seconds."
        return problem(429, detail, headers={"Retry-After": str(wait_s)})

    @app.after_request
    def say_where_the_client_stands(response: Response) -> Response:
        standing = current_standing(limiter)
        if standing is not None:
            response.headers["RateLimit-Limit"] = str(standing.limit)
            response.headers["RateLimit-Remaining"] = str(standing.remaining)
            response.headers["RateLimit-Reset"] = str(math.ceil(standing.resets_in_s))
        return response


def current_standing(limiter: Limiter) -> Standing | None:
    """Where this request's client stands against its tightest limit; None where the request was not counted."""
    standings = [standing for limit in limiter.current_limits if (standing := _standing(limiter, limit))]
    return min(standings, key=lambda standing: (not standing.refused, standing.remaining), default=None)


def _standing(limiter: Limiter, limit: RequestLimit) -> Standing | None:
    strategy = limiter.limiter
    assert isinstance(strategy, PatientFixedWindow), "new_limiter names the strategy"
    return strategy.standing(limit.limit, *limit.request_args)


def current_client() -> str:
    """Who sent this request, as counts are kept by."""
    return client_digest(request.remote_addr)


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


def counted_as() -> str:
    """What this request counts as: one scope for all limited paths, those that lead nowhere too; '' does not count."""
    return "api" if request.method != "OPTIONS" and is_limited(request.path) else ""


def is_limited(path: str) -> bool:
    """Whether requests of this path count."""
    return any(path == prefix or path.startswith((prefix + "/", prefix + ".")) for prefix in LIMITED_PATHS)
