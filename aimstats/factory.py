"""The application, put together from its parts; never refuses to start because of the database."""

import logging
import re
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, ServiceUnavailable
from werkzeug.middleware.proxy_fix import ProxyFix

from aimstats import api, web
from aimstats.api.problems import problem_of
from aimstats.config import Config
from aimstats.config.values import PROJECT_ROOT
from aimstats.extensions import init_extensions
from aimstats.log import configure_logging, trace_id
from aimstats.store.database import Database, open_database, reason
from aimstats.web.health import health

RETRY_AFTER_S = 5
_TRACE = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})\b")
"""W3C's `traceparent`, and Google's header with as much put before it."""

log = logging.getLogger(__name__)


class _App(Flask):
    """Flask without asking of each function, ten times a request, whether it is a coroutine: none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(config: Config) -> Flask:
    """Return the app that serves what ``config.serve`` names; both health checks are always there."""
    configure_logging(config.log_level, release=config.release, secrets=config.secrets, project=config.google_cloud_project)
    app = _App("aimstats", template_folder=str(PROJECT_ROOT / "templates"), static_folder="web/static")
    # Otherwise an address with two slashes leads to one made of the Host header, which anybody may write.
    app.url_map.merge_slashes = False
    if config.forwarded_hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # the way that Flask's documentation gives
            app.wsgi_app, x_for=config.forwarded_hops, x_proto=0, x_host=0
        )
    init_extensions(app, config, _database(config))
    _register_errors(app)
    _note_traces(app)
    app.register_blueprint(health)
    if "api" in config.serve:
        api.register(app)
    if "web" in config.serve:
        web.register(app)
    else:
        web.register_reference(app)
    return app


def _database(config: Config) -> Database:
    """Open the database; the embedded one is also migrated, and what goes wrong there is said, not raised."""
    database = open_database(config)
    if database.is_embedded:
        try:
            database.prepare()
        except SQLAlchemyError as error:
            log.error("the embedded database is not ready: %s", reason(error))
    return database


def _note_traces(app: Flask) -> None:
    """Let what is logged within a request name the trace that its proxy gave it."""

    @app.before_request
    def begin() -> None:
        stated = request.environ.get  # a missing header of `request.headers` is an exception first
        found = _TRACE.match(stated("HTTP_TRACEPARENT", "")) or _TRACE.match("00-" + stated("HTTP_X_CLOUD_TRACE_CONTEXT", ""))
        trace_id.set(found[1] if found else "")

    @app.teardown_request
    def end(_: BaseException | None) -> None:
        trace_id.set("")


def _register_errors(app: Flask) -> None:
    """Answer errors in the form of the door that was knocked at."""

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        return problem_of(error) if api.owns(request.path) else web.page_of(error)

    @app.errorhandler(OperationalError)
    @app.errorhandler(PoolTimeoutError)
    def database_error(error: SQLAlchemyError) -> Response:
        log.error("the database did not answer: %s", reason(error))
        description = "The database cannot be reached just now."
        return http_error(ServiceUnavailable(description, retry_after=RETRY_AFTER_S))
