"""The JSON API's door: what it owns of the URL space, and its blueprints."""

from flask import Flask

from aimstats.api.changes import changing
from aimstats.api.limits import init_limits
from aimstats.api.openapi import document
from aimstats.api.resolve import resolving
from aimstats.api.v1 import v1
from aimstats.extensions import current_config, current_database

PREFIXES = ("/api", "/export")


def owns(path: str) -> bool:
    """Whether an error at this path is answered as a problem document."""
    return any(path == prefix or path.startswith(prefix + "/") for prefix in PREFIXES)


def register(app: Flask) -> None:
    """Add the API to the app."""
    with app.app_context():
        init_limits(app, current_config(), current_database())
    app.register_blueprint(v1)
    app.register_blueprint(resolving)
    app.register_blueprint(changing)
    app.extensions["openapi"] = document
