"""Whether the process lives (/healthz) and whether it has something to serve (/readyz)."""

from dataclasses import dataclass

import orjson
from flask import Blueprint, Response
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from aimstats.extensions import current_database
from aimstats.store.migrate import COMMAND, schema_state
from aimstats.store.tables.published import Version

health = Blueprint("health", __name__)


@dataclass(frozen=True, slots=True)
class Unready:
    """Why nothing can be served: a word for machines, a sentence and the command that mends it."""

    problem: str
    detail: str
    command: str


def reason_not_ready() -> Unready | None:
    """Return what is wrong with the database's reach, schema or data; None when all is well. Never about age."""
    try:
        with current_database().engine.connect() as connection:
            state = schema_state(connection)
            if state in ("empty", "older"):
                said = "has never been migrated" if state == "empty" else "is older than this release"
                return Unready(f"schema_{state}", f"The database schema {said}.", COMMAND)
            if connection.scalar(select(Version.published_at)) is None:
                detail = "The catalogue is empty: no data has been published yet."
                return Unready("no_data", detail, "python -m jobs.scrape")
    except SQLAlchemyError:
        detail = "The database cannot be reached: check that it runs and that DATABASE_URL is right."
        return Unready("database_unreachable", detail, 'pg_isready -d "$DATABASE_URL"')
    return None


@health.get("/healthz")
def alive() -> Response:
    """Answer 200 while the process lives; asks nothing of the database."""
    return _answer(200, {"status": "ok"})


@health.get("/readyz")
def ready() -> Response:
    """Answer 200 when the database is reached, migrated and holds published data, else 503 with the reason."""
    unready = reason_not_ready()
    if unready is None:
        return _answer(200, {"status": "ready"})
    body = {"problem": unready.problem, "detail": unready.detail, "command": unready.command}
    return _answer(503, {"status": "unavailable"} | body)


def _answer(status: int, body: dict[str, str]) -> Response:
    response = Response(orjson.dumps(body), status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
