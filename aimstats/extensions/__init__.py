"""The Flask extensions, and the way to the process's configuration and database inside a request."""

from typing import Any

from flask import Flask, current_app
from flask_cors import CORS
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine

from aimstats.config import Config
from aimstats.extensions.answers import init_answers
from aimstats.extensions.current import init_catalogue, present_stamp, stamp_at_once
from aimstats.extensions.front import Front
from aimstats.store.database import Database
from aimstats.store.migrate import MIGRATIONS
from aimstats.store.tables import Base

EXPOSED_HEADERS = [
    "Accept-Ranges", "Content-Range", "ETag", "Link", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After",
]  # fmt: skip


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
    init_catalogue(app, config, database)
    app.wsgi_app = Front(  # type: ignore[method-assign]  # Flask's documented way
        app.wsgi_app, lambda: present_stamp(app), lambda: stamp_at_once(app)
    )
    CORS(
        app,
        resources={r"/(?:(?:api|export)/.*|mcp)": {"origins": list(config.api_cors_origins)}},
        methods=["GET", "HEAD", "POST", "OPTIONS"],
        expose_headers=EXPOSED_HEADERS,
        send_wildcard=config.api_cors_origins == ("*",),
        max_age=86_400,
    )


def current_config() -> Config:
    """Return the configuration of the app that serves this request."""
    config: Config = current_app.config["AIMSTATS"]
    return config


def current_database() -> Database:
    """Return the database of the app that serves this request."""
    database: Database = current_app.extensions["database"]
    return database
