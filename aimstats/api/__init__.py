"""The JSON API's door: what it owns of the URL space, and its blueprints."""

from flask import Flask, Response

from aimstats.api.beginning import beginning
from aimstats.api.benchmarks import measuring
from aimstats.api.bulk import taking
from aimstats.api.changes import changing
from aimstats.api.compare import comparing
from aimstats.api.costs import costing
from aimstats.api.departures import departing
from aimstats.api.disagreements import disagreeing
from aimstats.api.exports import exporting
from aimstats.api.frontier import weighing
from aimstats.api.history import telling
from aimstats.api.mcp import speaking
from aimstats.api.names import resolving
from aimstats.api.openapi import document
from aimstats.api.problems import problem
from aimstats.api.v1 import v1
from aimstats.extensions import current_config, current_database
from aimstats.extensions.answers import may_repeat
from aimstats.extensions.current import present_stamp
from aimstats.extensions.rate_limits.limiter import init_rate_limits

PREFIXES = ("/api", "/export", "/mcp")
COUNTED = ("/api/", "/export/")
"""Whose requests count under a limit."""


def owns(path: str) -> bool:
    """Whether an error at this path is answered as a problem document."""
    return any(path == prefix or path.startswith(prefix + "/") for prefix in PREFIXES)


def refused(detail: str, wait_s: int) -> Response:
    """The answer to a client that asked too often."""
    return problem(429, detail, headers={"Retry-After": str(wait_s)})


def register(app: Flask) -> None:
    """Add the API to the app."""
    with app.app_context():
        init_rate_limits(app, current_config(), current_database(), refused)
        if not current_config().rate_limit:  # else each request has to be counted, in Flask
            may_repeat(app, COUNTED, lambda: present_stamp(app))
    app.register_blueprint(beginning)
    app.register_blueprint(v1)
    app.register_blueprint(resolving)
    app.register_blueprint(changing)
    app.register_blueprint(telling)
    app.register_blueprint(costing)
    app.register_blueprint(comparing)
    app.register_blueprint(departing)
    app.register_blueprint(measuring)
    app.register_blueprint(weighing)
    app.register_blueprint(disagreeing)
    app.register_blueprint(exporting)
    app.register_blueprint(taking)
    app.register_blueprint(speaking)
    app.extensions["openapi"] = document
