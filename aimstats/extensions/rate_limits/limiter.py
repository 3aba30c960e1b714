"""How often one client may ask the API: what Flask-Limiter counts, what the headers say, and the 429."""

import logging
import math
from collections.abc import Callable
from typing import Any

from flask import Flask, Response
from flask_limiter import Limiter, RateLimitExceeded, RequestLimit

from aimstats.config import Config
from aimstats.extensions.rate_limits.clients import counted_as, current_client
from aimstats.extensions.rate_limits.storage import SCHEME, counting_engine
from aimstats.extensions.rate_limits.windows import STRATEGY, PatientFixedWindow, Standing
from aimstats.store.database import Database

REDIS_TIMEOUT_S = 0.5

Refused = Callable[[str, int], Response]
"""The answer to a client that asked too often: from a sentence and the seconds to wait."""


def init_rate_limits(app: Flask, config: Config, database: Database, refused: Refused) -> None:
    """Limit what `clients.LIMITED_PATHS` names as RATE_LIMIT says; nothing where it is empty."""
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
        return refused(detail, wait_s)

    @app.after_request
    def say_where_the_client_stands(response: Response) -> Response:
        standing = current_standing(limiter)
        if standing is not None:
            response.headers["RateLimit-Limit"] = str(standing.limit)
            response.headers["RateLimit-Remaining"] = str(standing.remaining)
            response.headers["RateLimit-Reset"] = str(math.ceil(standing.resets_in_s))
        return response


def new_limiter(config: Config, database: Database, *, client: Callable[[], str], counted_as: Callable[[], str]) -> Limiter:
    """Return the limiter of one app (it holds that app's storage): RATE_LIMIT in all for what ``counted_as`` names, by
    ``client``; counts are kept in PostgreSQL, or where RATE_LIMIT_STORAGE_URL says.
    """
    url, options = storage_of(config, database)
    return Limiter(
        client,
        application_limits=[config.rate_limit],
        request_identifier=counted_as,
        strategy=STRATEGY,
        storage_uri=url,
        storage_options=options,
        headers_enabled=False,
    )


def storage_of(config: Config, database: Database) -> tuple[str, dict[str, Any]]:
    """Where counts are kept: the storage's address and its options."""
    url = config.rate_limit_storage_url or f"{SCHEME}://"
    options: dict[str, Any] = {"wrap_exceptions": True}
    if config.rate_limit_storage_url is None:
        options["engine"] = counting_engine(database)
    elif url.startswith("redis"):
        options |= {"socket_timeout": REDIS_TIMEOUT_S, "socket_connect_timeout": REDIS_TIMEOUT_S}
    return url, options


def current_standing(limiter: Limiter) -> Standing | None:
    """Where this request's client stands against its tightest limit; None where the request was not counted."""
    standings = [standing for limit in limiter.current_limits if (standing := _standing(limiter, limit))]
    return min(standings, key=lambda standing: (not standing.refused, standing.remaining), default=None)


def _standing(limiter: Limiter, limit: RequestLimit) -> Standing | None:
    strategy = limiter.limiter
    assert isinstance(strategy, PatientFixedWindow), "new_limiter names the strategy"
    return strategy.standing(limit.limit, *limit.request_args)
