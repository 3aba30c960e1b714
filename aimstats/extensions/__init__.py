"""The Flask extensions, and the way to the process's configuration and database inside a request."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from flask_cors import CORS
from flask_limiter import Limiter
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine

from aimstats.catalogue.rows import resolved_at
from aimstats.config import Config
from aimstats.extensions.answers import init_answers
from aimstats.extensions.front import Front
from aimstats.extensions.held import init_catalogue, present_stamp
from aimstats.store.database import Database
from aimstats.store.migrate import MIGRATIONS
from aimstats.store.rate_limit import SCHEME, counting_engine
from aimstats.store.rate_windows import STRATEGY
from aimstats.store.tables import Base

EXPOSED_HEADERS = ["ETag", "Link", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"]
REDIS_TIMEOUT_S = 0.5


class SharedEngine(SQLAlchemy):
    """Flask-SQLAlchemy over the engine that the process opened, so that there is one pool and not two."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        database: Database = app.extensions["database"]
        return database.engine


db = SharedEngine(metadata=Base.metadata)
migrate = Migrate(directory=str(MIGRATIONS))


def init_extensions(app: Flask, config: Config, database: Database) -> None:
    """Bind every extension to the app."""
    app.config["AIMSTATS"] = config
    app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql+psycopg2://"
    app.extensions["database"] = database
    db.init_app(app)
    migrate.init_app(app, db)
    init_answers(app)
    init_catalogue(app, database, resolved_at)
    app.wsgi_app = Front(app.wsgi_app, lambda: present_stamp(app))  # type: ignore[method-assign]  # Flask's documented way
    CORS(
        app,
        resources={r"/(api|export)/.*": {"origins": list(config.api_cors_origins)}},
        methods=["GET", "HEAD", "POST", "OPTIONS"],
        expose_headers=EXPOSED_HEADERS,
        send_wildcard=config.api_cors_origins == ("*",),
        max_age=86_400,
    )


def new_limiter(config: Config, database: Database, *, client: Callable[[], str], counted_as: Callable[[], str]) -> Limiter:
    """Return the limiter of one app (it holds that app's storage): RATE_LIMIT in all for what ``counted_as`` names, by
    ``client``; counts are kept in PostgreSQL, or where RATE_LIMIT_STORAGE_URL says.
    """
    url = config.rate_limit_storage_url or f"{SCHEME}://"
    options: dict[str, Any] = {"wrap_exceptions": True}
    if config.rate_limit_storage_url is None:
        options["engine"] = counting_engine(database)
    elif url.startswith("redis"):
        options |= {"socket_timeout": REDIS_TIMEOUT_S, "socket_connect_timeout": REDIS_TIMEOUT_S}
    return Limiter(
        client,
        application_limits=[config.rate_limit],
        request_identifier=counted_as,
        strategy=STRATEGY,
        storage_uri=url,
        storage_options=options,
        headers_enabled=False,
    )


def current_config() -> Config:
    """Return the configuration of the app that serves this request."""
    config: Config = current_app.config["AIMSTATS"]
    return config


def current_database() -> Database:
    """Return the database of the app that serves this request."""
    database: Database = current_app.extensions["database"]
    return database
