"""A published catalogue with small invented rows, and pages on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from tests.catalogue.bodies import MODELS, OFFERS
from tests.web.publishing import publish
from tests.web.sample import evidence_of_model, listings_of_offer


def small_evidence() -> dict[str, Any]:
    """What two sources say of every model and offer of the small catalogue."""
    said: dict[str, Any] = {body["id"]: evidence_of_model(body) for body in MODELS}
    return said | {body["id"]: listings_of_offer(body) for body in OFFERS}


@pytest.fixture
def engine(database_url: URL) -> Iterator[Engine]:
    """A way to this test's own database."""
    engine = create_engine(database_url, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def published(engine: Engine, app: Flask) -> Flask:
    """The app over the small catalogue, in which `alpha/ode-4-5` was merged into `alpha/ode-4.5`."""
    with engine.begin() as connection:
        publish(connection, MODELS, OFFERS, evidence=small_evidence())
        connection.execute(
            text(
                "insert into published_model (id, first_published, redirect, redirected_at, reason) "
                "values ('alpha/ode-4-5', now(), 'alpha/ode-4.5', now(), 'one model under two names')"
            )
        )
    return app


@pytest.fixture
def pages(published: Flask) -> FlaskClient:
    """A client of the pages of the small catalogue."""
    return published.test_client()
