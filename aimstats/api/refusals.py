"""What the API answers when a question cannot be answered: each refusal of the catalogue as a problem document."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response

from aimstats.api.problems import problem
from aimstats.catalogue.engine.query import QueryError
from aimstats.catalogue.holder import CatalogueUnavailableError, EmptyCatalogueError
from aimstats.catalogue.other_days import BusyError

RETRY_AFTER_S: Final = 5
RETRY_EMPTY_AFTER_S: Final = 60


def bad_query(error: QueryError) -> Response:
    """400, naming each parameter."""
    return problem(400, "The query cannot be answered as it stands.", errors=error.errors)


def busy(error: BusyError) -> Response:
    """503: another day's catalogue is being built."""
    return problem(503, f"Just now {error}.", headers={"Retry-After": str(error.retry_after)})


def unavailable(error: CatalogueUnavailableError) -> Response:
    """503: the database is away, and nothing is held."""
    return problem(503, f"Just now {error}.", headers={"Retry-After": str(RETRY_AFTER_S)})


def empty(error: EmptyCatalogueError) -> Response:
    """503: nothing was ever published."""
    return problem(
        503, "The catalogue is empty: nothing has been published yet.", headers={"Retry-After": str(RETRY_EMPTY_AFTER_S)}
    )


def register_refusals(blueprint: Blueprint) -> None:
    """Let the blueprint answer so."""
    blueprint.register_error_handler(QueryError, bad_query)
    blueprint.register_error_handler(BusyError, busy)
    blueprint.register_error_handler(CatalogueUnavailableError, unavailable)
    blueprint.register_error_handler(EmptyCatalogueError, empty)
