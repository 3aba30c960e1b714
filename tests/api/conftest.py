"""The app over a small published catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL

from aimstats.config import Config
from aimstats.factory import create_app
from tests.api.published import publish_small


@pytest.fixture
def writer(database_url: URL) -> Iterator[Engine]:
    """An engine that writes to this test's database, as the job does."""
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def small(writer: Engine, config: Config) -> Iterator[Flask]:
    """The app on a database that holds the small catalogue, without a rate limit."""
    with writer.begin() as connection:
        publish_small(connection)
    app = create_app(replace(config, rate_limit=""))
    yield app
    app.extensions["database"].close()


@pytest.fixture
def api(small: Flask) -> FlaskClient:
    """A client of that app."""
    return small.test_client()
